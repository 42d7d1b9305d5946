"""One field of a card set by a rule, a trigger or an action of a map: ``source=site``, ``expected_close=+14d``.

Only fields that may have one value in many records can be set so (``bulk.CHANGEABLE``), and the company's own. The
state is not among them: it has one writer (BP-05).
"""

from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.conditions.record_fields import FIELDS, RecordField
from crm_tui.domain.conditions.record_subjects import CUSTOM
from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates
from crm_tui.domain.text import clean, fold
from crm_tui.services.record import bulk, custom_fields, lists
from crm_tui.store.tables import User, found, table_of
from crm_tui.store.work import Work

_YES = ("yes", "true", "1", "да", "так", "иә")


def settable(connection: Connection, kind: str) -> dict[str, str]:
    """The fields of a kind of card that can be set, with their labels (source texts; own fields' as they are)."""
    named = {name: FIELDS[kind][name].label for name in bulk.CHANGEABLE.get(kind, ())}
    own = {CUSTOM + one.code: clean(one.label) for one in custom_fields.of_kind(connection, kind)}
    return named | own if kind in bulk.CHANGERS else {}


def split(setting: str) -> tuple[str, str]:
    """Field and value of ``field=value``. Raises Invalid (``field_setting_shape``)."""
    name, sign, value = setting.partition("=")
    if not sign or not name.strip():
        raise Invalid("field_setting_shape", value=clean(setting))
    return name.strip(), value.strip()


def set_field(work: Work, kind: str, record_id: int, name: str, text: str, zone: tzinfo) -> None:
    """Write the value that ``text`` says into the field of the card; an empty text empties it.

    Raises Invalid: ``field_not_settable`` (the state for one), and what the value's kind demands.
    """
    if name not in settable(work.connection, kind):
        raise Invalid("field_not_settable", field=clean(name), kind=kind)
    if name.startswith(CUSTOM):
        code = name.removeprefix(CUSTOM)
        own = next(one for one in custom_fields.of_kind(work.connection, kind) if one.code == code)
        value = custom_fields.value_of(own, text, lambda typed: _day(typed, work.now, zone))
        table = found(kind)
        before = work.connection.scalar(select(table.c.custom).where(table.c.id == record_id))
        bulk.CHANGERS[kind](work, record_id, custom=custom_fields.merged(before or {}, {code: value}))
        return
    bulk.CHANGERS[kind](work, record_id, **{name: _value(work, FIELDS[kind][name], text, zone)})


def _value(work: Work, field: RecordField, text: str, zone: tzinfo) -> Any:
    if field.holds in ("text", "long_text"):
        return text
    if field.holds == "word":
        return lists.code_of(work.connection, field.of, text)
    if field.holds == "yes_no":
        return fold(text) in _YES
    if not text:
        return None
    if field.holds == "record":
        return user_named(work.connection, text)
    if field.holds == "date":
        return _day(text, work.now, zone)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise Invalid("not_a_number", value=clean(text))
    return int(text)


def user_named(connection: Connection, text: str) -> int:
    """The user of this login or name. Raises Invalid (``no_such_user``)."""
    user = table_of(User)
    for row in connection.execute(select(user.c.id, user.c.login, user.c.name).order_by(user.c.id)):
        if fold(text) in (fold(row.login), fold(row.name)):
            return int(row.id)
    raise Invalid("no_such_user", name=clean(text))


def _day(text: str, now: datetime, zone: tzinfo) -> date:
    moment = dates.parse(text, now, zone)
    if moment is None:
        raise Invalid("not_a_date", value=clean(text))
    return moment.date
