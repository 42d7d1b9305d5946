"""Values of fields as words: a code by its name, a reference by the name of its record, a date by the zone."""

from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain import money
from crm_tui.domain.conditions import record_fields
from crm_tui.domain.money import Money
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import N_, _, language
from crm_tui.services.record import lists
from crm_tui.store.tables import found, table_of
from crm_tui.store.tables.cards import CustomField

INFO_LABELS = {
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "mobile": N_("Mobile"),
    "web": N_("Web"),
    "messenger": N_("Messenger"),
}


def field_label(connection: Connection, kind: str, name: str) -> str:
    """What a field is called: a column, ``custom.<code>``, or an address ``info.<kind>``."""
    first, _dot, rest = name.partition(".")
    if first == "info":
        return _(INFO_LABELS[rest]) if rest in INFO_LABELS else rest
    if first == "custom":
        field = table_of(CustomField)
        query = select(field.c.label).where(field.c.record_kind == kind, field.c.code == rest)
        return str(connection.execute(query).scalar_one_or_none() or rest)
    return _(record_fields.label(kind, name))


def value_text(connection: Connection, kind: str, name: str, value: Any, zone: tzinfo) -> str:
    """A value as it is shown in one line; empty for none. Instants may be texts, as the database has them."""
    field = record_fields.FIELDS.get(kind, {}).get(name)
    if value is None or value == "":
        return ""
    match field.holds if field else "":
        case "word":
            return lists.name_of(connection, field.of if field else "", str(value))
        case "record":
            return record_name(connection, field.of if field else "", value)
        case "yes_no":
            return _("yes") if value else _("no")
        case "money":
            return money.shown(Money(int(value), ""), language()).strip()
        case "instant":
            at = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            return f"{to_wall(at if at.tzinfo else at.replace(tzinfo=UTC), zone):%d.%m.%Y %H:%M}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return " ".join(clean(str(value), multiline=True).split())


def record_name(connection: Connection, table_name: str, record_id: Any) -> str:
    """What the record is called; its number when it is gone."""
    table = found(table_name)
    column = next(table.c[name] for name in ("name", "title", "subject", "summary") if name in table.c)
    name = connection.execute(select(column).where(table.c.id == record_id)).scalar_one_or_none()
    return clean(str(name)) if name is not None else f"#{record_id}"
