"""Fields that the company adds to its records (ELMA-05), defined by an administrator; the values lie in ``custom``.

A value is kept by its type: a text; a number; money in minor units of the company's currency; a day in ISO 8601; yes
or no as a truth value; a choice as its word.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain import money
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import name_key
from crm_tui.domain.money import Money
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import N_, _
from crm_tui.services import users
from crm_tui.services.interest import currency
from crm_tui.store.tables import table_of
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.work import Work

KINDS: dict[str, str] = {
    "customer": N_("Customers"),
    "contact": N_("Contact persons"),
    "lead": N_("Leads"),
    "interest": N_("Interests"),
    "document": N_("Documents"),
}
"""Kinds of records that can have fields of the company's own."""
TYPES: dict[str, str] = {
    "text": N_("text"),
    "long_text": N_("long text"),
    "number": N_("number"),
    "money": N_("money"),
    "date": N_("date"),
    "yes_no": N_("yes or no"),
    "choice": N_("choice from a list"),
    "link": N_("web address"),
}
NEEDS: dict[str, str] = {"": N_("may be empty"), "recommended": N_("recommended"), "required": N_("required")}
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)
_NO_CODE = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class OwnField:
    """A field that the company added."""

    id: int
    record_kind: str
    code: str
    label: str
    type: str
    choices: tuple[str, ...]
    need: str
    archived: bool
    currency: str = currency.SHIPPED
    """Of money: the company's."""


def of_kind(connection: Connection, kind: str, *, archived: bool = False) -> list[OwnField]:
    """The fields of a kind of record in their order; archived ones only when asked for."""
    field = table_of(CustomField)
    query = select(field).where(field.c.record_kind == kind).order_by(field.c.position, field.c.id)
    if not archived:
        query = query.where(~field.c.archived)
    rows = connection.execute(query).all()
    has_money = any(row.type == "money" for row in rows)
    of_company = currency.of_company(connection) if has_money else currency.SHIPPED
    return [
        OwnField(
            row.id,
            kind,
            row.code,
            row.label,
            row.type,
            tuple(map(str, row.choices)),
            row.need,
            row.archived,
            of_company,
        )
        for row in rows
    ]


def add(
    work: Work, kind: str, label: str, type: str, *, choices: Sequence[str] = (), need: str = ""
) -> CustomField:
    """A new field at the end of the form of a kind; its code is made of its label and never changes.

    Raises Invalid for a kind, type or need that is none, an empty or taken label, a choice of nothing; Refused where
    the person is no administrator.
    """
    _check_right(work)
    if kind not in KINDS:
        raise Invalid("no_such_record", kind=clean(kind), id="")
    if type not in TYPES:
        raise Invalid("no_such_field_type", value=clean(type))
    there = of_kind(work.connection, kind, archived=True)
    values = _checked(there, None, type, label=label, choices=choices, need=need)
    code = base = _code(values["label"])
    number = 2
    while any(one.code == code for one in there):
        code, number = f"{base}_{number}", number + 1
    return work.add(CustomField(record_kind=kind, code=code, type=type, position=len(there), **values))


def change(
    work: Work, field_id: int, *, label: str, choices: Sequence[str] = (), need: str = ""
) -> CustomField:
    """Another label, other choices, another need; the type stays, for the values have it. Raises as ``add``."""
    _check_right(work)
    field = work.get(CustomField, field_id)
    there = of_kind(work.connection, field.record_kind, archived=True)
    work.change(field, **_checked(there, field_id, field.type, label=label, choices=choices, need=need))
    return field


def archive(work: Work, field_id: int, archived: bool = True) -> None:
    """Ask for the field no more, or again; what was entered is kept. Raises Refused."""
    _check_right(work)
    work.change(work.get(CustomField, field_id), archived=archived)


def move(work: Work, field_id: int, step: int) -> None:
    """Put the field ``step`` places further down its form, or up when negative. Raises Refused."""
    _check_right(work)
    kind = work.get(CustomField, field_id).record_kind
    order = [one.id for one in of_kind(work.connection, kind, archived=True)]
    here = order.index(field_id)
    order.insert(max(0, min(len(order) - 1, here + step)), order.pop(here))
    for place, key in enumerate(order):
        work.change(work.get(CustomField, key), position=place)


def value_of(field: OwnField, typed: str, day: Callable[[str], date]) -> Any:
    """The value of what is typed into the field; None for nothing. ``day`` reads a date.

    Raises Invalid for what is no value of its type.
    """
    text = clean(typed, multiline=field.type == "long_text").strip()
    if not text:
        return None
    match field.type:
        case "number":
            digits = re.sub(r"\s", "", text)
            if not _NUMBER.fullmatch(digits):
                raise Invalid("import_not_a_number", value=text)
            number = float(digits.replace(",", "."))
            return int(number) if number.is_integer() else number
        case "money":
            worth = money.parse(text, field.currency)
            if worth is None or worth.currency != field.currency:
                raise Invalid("not_an_amount", value=text)
            return worth.minor
        case "date":
            return day(text).isoformat()
        case "yes_no":
            return text == "yes"
        case "choice":
            return next((one for one in field.choices if fold(one) == fold(text)), text)
        case "link":
            if not text.lower().startswith(("http://", "https://")):
                raise Invalid("not_a_link", value=text)
    return text


def typed_of(field: OwnField, value: Any) -> str:
    """The value as it stands in the field of a form."""
    if value is None or value == "":
        return ""
    match field.type:
        case "money":
            return money.as_typed(Money(int(value), field.currency))
        case "date":
            return f"{date.fromisoformat(str(value)):%d.%m.%Y}"
        case "yes_no":
            return "yes" if value else "no"
    return str(value)


def shown_of(field: OwnField, value: Any) -> str:
    """The value in one line, for cards and lists; empty for none."""
    if field.type == "yes_no" and value is not None:
        return _("yes") if value else _("no")
    return " ".join(clean(typed_of(field, value), multiline=True).split())


def merged(before: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a record keeps: the new values over the old ones, of archived fields too; nothing for an empty one."""
    return {code: value for code, value in {**before, **values}.items() if value is not None}


def _checked(
    there: Sequence[OwnField],
    field_id: int | None,
    type: str,
    *,
    label: str,
    choices: Sequence[str],
    need: str,
) -> dict[str, Any]:
    label = " ".join(clean(label).split())
    if not label:
        raise Invalid("name_missing", kind="custom_field")
    if any(fold(one.label) == fold(label) and one.id != field_id for one in there):
        raise Invalid("word_is_there", value=label)
    if need not in NEEDS:
        raise Invalid("no_such_field_need", value=clean(need))
    words = list(dict.fromkeys(word for one in choices if (word := " ".join(clean(one).split()))))
    if type == "choice" and not words:
        raise Invalid("field_needs_choices")
    return {"label": label, "choices": words if type == "choice" else [], "need": need}


def _code(label: str) -> str:
    latin = "_".join(word if word.isascii() else "_".join(name_key.words(word)) for word in label.split())
    code = _NO_CODE.sub("_", latin.lower()).strip("_")[:40]
    return code if code[:1].isalpha() else f"field_{code}".rstrip("_")


def _check_right(work: Work) -> None:
    if not users.may(work.connection, work.actor.user_id, users.ADMIN):
        raise Refused("needs_an_administrator")
