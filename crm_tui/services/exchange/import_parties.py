"""A row of a file becomes a customer, contact person or lead, or what an existing one lacks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.services.exchange import import_match, import_record
from crm_tui.services.exchange.import_context import Context, country
from crm_tui.services.exchange.import_fields import RECORD_KIND
from crm_tui.services.exchange.import_match import Match, Sought
from crm_tui.services.exchange.import_record import Record
from crm_tui.services.party import contact_info, contacts, customers, leads
from crm_tui.services.party.contact_info import Info
from crm_tui.store.tables import Contact, Customer, Lead
from crm_tui.store.tables.base import Record as Stored
from crm_tui.store.work import Work

_MODELS: Mapping[str, type[Customer] | type[Contact] | type[Lead]] = {
    "customer": Customer,
    "contact": Contact,
    "lead": Lead,
}
_VERBS: Mapping[str, tuple[Callable[..., Stored], Callable[..., Stored]]] = {
    "customer": (customers.add, customers.change),
    "contact": (contacts.add, contacts.change),
    "lead": (leads.add, leads.change),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: ``new``, ``changed`` or ``duplicate``, and of whom."""

    verb: str
    id: int
    match: Match | None = None
    """Who it is; of a new one who it may be."""


@dataclass(frozen=True, slots=True)
class Values:
    """What a row says, as the verbs want it."""

    name: str
    columns: Mapping[str, Any]
    infos: Sequence[Info]
    odd_numbers: Sequence[str]
    company: str


def carry_out(context: Context, record: Record) -> Outcome:
    """Do what the row asks for. Raises Invalid with nothing written where the row cannot be used."""
    kind = RECORD_KIND[context.plan.kind]
    values = _values(context, record, kind)
    customer_id = None
    if kind == "contact" and values.company != values.name:
        customer_id = context.customer(values.company)
    sought = Sought(
        kind,
        values.name,
        values.infos,
        company=values.company,
        customer_id=customer_id,
        tax_number=values.columns.get("tax_number", ""),
        city=values.columns.get("city", ""),
    )
    match = import_match.party(context.work.connection, sought)
    alike = context.everybody.likest(sought) if match is None else None
    columns = dict(values.columns)
    if kind == "contact" and customer_id is not None:
        columns["customer_id"] = customer_id
    if kind == "lead" and values.company:
        columns["company"] = values.company
    if alike is not None and context.plan.alike != "new":
        match = alike
    if match is None:
        return Outcome("new", _add(context, kind, values, columns), alike)
    left_out = context.plan.mode == "skip" or (match is alike and context.plan.alike == "skip")
    if match.kind != kind or left_out:
        return Outcome("duplicate", match.id, match)
    changed = _bring_up_to_date(context, match, values, columns)
    return Outcome("changed" if changed else "duplicate", match.id, match)


def differing(row: Stored, columns: Mapping[str, Any], mode: str) -> dict[str, Any]:
    """The values to write: those of empty fields, and with the mode ``update`` all that differ."""
    found: dict[str, Any] = {}
    for name, value in columns.items():
        now = getattr(row, name)
        if name == "custom":
            filled = {key: one for key, one in now.items() if one not in ("", None)}
            whole = {**now, **value, **filled} if mode == "fill" else {**now, **value}
            if whole != now:
                found[name] = whole
        elif value not in ("", None) and value != now and (mode == "update" or now in ("", None)):
            found[name] = value
    return found


def _add(context: Context, kind: str, values: Values, columns: dict[str, Any]) -> int:
    if kind != "contact":
        columns.setdefault("owner_id", context.work.actor.user_id)
    added = _VERBS[kind][0](context.work, values.name, infos=values.infos, **columns)
    for number in values.odd_numbers:
        contact_info.add_as_typed(context.work, kind, added.key, number)
    return added.key


def _bring_up_to_date(context: Context, match: Match, values: Values, columns: Mapping[str, Any]) -> bool:
    work = context.work
    row = work.get(_MODELS[match.kind], match.id)
    written = differing(row, {**columns, "name": values.name}, context.plan.mode)
    infos = _joined(work, match, values.infos)
    if written or infos is not None:
        extra = {} if infos is None else {"infos": infos}
        _VERBS[match.kind][1](work, match.id, **extra, **written)
    odd = [contact_info.add_as_typed(work, match.kind, match.id, one) for one in values.odd_numbers]
    return bool(written) or infos is not None or any(odd)


def _joined(work: Work, match: Match, more: Sequence[Info]) -> list[Info] | None:
    """All that is noted, and what the row has beside; None when that is nothing."""
    there = contact_info.of(work.connection, match.kind, match.id)
    known = {_normal(one) for one in there}
    new = [one for one in more if _normal(one) not in known]
    return [*there, *new] if new else None


def _normal(info: Info) -> str:
    try:
        return contact_info.understood(*info)[2]
    except Invalid:
        return info[1]


def _values(context: Context, record: Record, kind: str) -> Values:
    infos, odd = import_record.infos(record)
    columns: dict[str, Any] = {"notes": record.all("notes")}
    owner = context.owner(record)
    if owner is not None:
        columns["owner_id"] = owner
    own = context.own_values(record)
    if own:
        columns["custom"] = own
    columns |= _COLUMNS[kind](context, record)
    name = import_record.person_name(record)
    if not name:
        raise Invalid("name_missing", kind=kind)
    return Values(
        name,
        {key: one for key, one in columns.items() if one not in ("", None)},
        infos,
        odd,
        record.one("company"),
    )


def _of_contact(context: Context, record: Record) -> dict[str, Any]:
    return {
        "role": record.one("role"),
        "address": import_record.addresses(record),
        "birthday": import_record.born(record),
    }


def _of_customer(context: Context, record: Record) -> dict[str, Any]:
    code = country(record.one("country"))
    # A country that we have no code for stands in the address rather than nowhere.
    order = ("address", "street", "zip") if code else ("address", "street", "zip", "country")
    touch = import_record.number(record.one("touch_days"))
    return {
        "kind": context.word("customer_kind", record.one("kind")),
        "status": context.word("customer_status", record.one("status")),
        "source": context.word("source", record.one("source"), free=True),
        "tax_number": _tax_number(record.one("tax_number")),
        "activity": record.one("activity"),
        "address": import_record.addresses(record, order),
        "city": record.one("city"),
        "region": record.one("region"),
        "country": code,
        "birthday": import_record.born(record),
        "touch_days": touch,
    }


def _of_lead(context: Context, record: Record) -> dict[str, Any]:
    return {
        "role": record.one("role"),
        "city": record.one("city"),
        "source": context.word("source", record.one("source"), free=True),
        "purpose": record.one("purpose"),
    }


def _tax_number(text: str) -> str:
    """The digits, of ``7701234567/770101001`` those of the number itself. Raises Invalid."""
    digits = "".join(c for c in text.partition("/")[0] if c.isdecimal())
    if text and not digits:
        raise Invalid("import_not_a_number", value=text)
    return digits


_COLUMNS: Mapping[str, Callable[[Context, Record], dict[str, Any]]] = {
    "contact": _of_contact,
    "customer": _of_customer,
    "lead": _of_lead,
}
