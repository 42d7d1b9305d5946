"""A row of a file becomes an Interest with its customer, contact person, state and product."""

from typing import Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.services.exchange import import_match, import_record
from crm_tui.services.exchange.import_context import Context
from crm_tui.services.exchange.import_match import Sought
from crm_tui.services.exchange.import_parties import Outcome, differing
from crm_tui.services.exchange.import_record import Record
from crm_tui.services.interest import interests
from crm_tui.services.party import contacts
from crm_tui.store.tables import Interest, Scenario, State
from crm_tui.store.tables.deals import InterestLine

_OUTCOMES = {
    "won": (
        "won",
        "closed won",
        "success",
        "успех",
        "успешно",
        "выиграна",
        "выиграно",
        "продано",
        "успішно",
        "жеңіс",
    ),
    "lost": (
        "lost",
        "closed lost",
        "failed",
        "провал",
        "отказ",
        "проиграна",
        "проиграно",
        "програно",
        "сәтсіз",
    ),
}
"""How other programs call the two ends, whatever the scenario calls them."""
_MOST_PERCENT = 100


def carry_out(context: Context, record: Record) -> Outcome:
    """Do what the row asks for. Raises Invalid or NotFound with nothing written where it cannot be used."""
    name = " ".join(record.one("name").split())
    if not name:
        raise Invalid("name_missing", kind="interest")
    scenario = _scenario(context, record.one("scenario"))
    state = _state(context, scenario, record.one("state"))
    values = _values(context, record, state)
    customer_id = context.customer(record.one("customer"))
    match = import_match.interest(context.work.connection, name, customer_id)
    if match is not None:
        return _known(context, match, values)
    values["customer_id"] = customer_id
    values["contact_id"] = _contact(context, record.one("contact"), customer_id)
    values.setdefault("owner_id", context.work.actor.user_id)
    begun = import_record.instant(record.one("created"), context.plan)
    closed = import_record.instant(record.one("closed"), context.plan)
    added = interests.add(
        context.work,
        name,
        scenario=scenario,
        state=state,
        created_at=begun,
        closed_at=closed,
        starts=False,  # what is on its way already begins no process, and nobody is written to about it
        close_reason=context.word("lost_reason", record.one("close_reason"), free=True),
        **values,
    )
    if record.one("product"):
        # The only line, and its price is the amount: what the verb would work out from all lines is known.
        name, price = record.one("product"), values.get("amount_minor", 0)
        context.work.add(InterestLine(interest_id=added.key, name=name, price_minor=price))
    return Outcome("new", added.key)


def _known(context: Context, match: import_match.Match, values: dict[str, Any]) -> Outcome:
    """An Interest that is here: its state is never moved by a file, for that asks for a comment and a reason."""
    if context.plan.mode == "skip":
        return Outcome("duplicate", match.id, match)
    row = context.work.get(Interest, match.id)
    written: dict[str, Any] = differing(row, values, context.plan.mode)
    if written:
        interests.change(context.work, match.id, **written)
    return Outcome("changed" if written else "duplicate", match.id, match)


def _values(context: Context, record: Record, state: State) -> dict[str, Any]:
    found: dict[str, Any] = {
        "source": context.word("source", record.one("source"), free=True),
        "purpose": record.one("purpose"),
        "short_status": " ".join(record.one("short_status").split()),
        "terms": record.all("terms"),
        "owner_id": context.owner(record),
        "expected_close": import_record.day(record.one("expected_close"), context.plan),
        "probability": import_record.number(record.one("probability")),
    }
    if state.outcome == "open" and found["expected_close"] is None:
        # What a pipeline calls the close of an open deal is when it is expected.
        found["expected_close"] = import_record.day(record.one("closed"), context.plan)
    if not 0 <= (found["probability"] or 0) <= _MOST_PERCENT:
        raise Invalid("not_a_probability", value=record.one("probability"))
    worth = import_record.amount(record.one("amount"), record.one("currency").upper() or context.currency)
    if worth is not None:
        found |= {"amount_minor": worth.minor, "currency": worth.currency}
    own = context.own_values(record)
    if own:
        found["custom"] = own
    return {key: value for key, value in found.items() if value not in ("", None)}


def _scenario(context: Context, text: str) -> Scenario:
    wanted = fold(text)
    for one in context.scenarios:
        if not wanted or wanted in (fold(one.code), fold(one.name), fold(_(one.name))):
            return one
    raise Invalid("import_no_such_scenario", value=text)


def _state(context: Context, scenario: Scenario, text: str) -> State:
    states = context.states(scenario.key)
    wanted = fold(text)
    for one in states:
        if not wanted or wanted in (fold(one.code), fold(one.name), fold(_(one.name))):
            return one
    for outcome, words in _OUTCOMES.items():
        if wanted in words:
            ends = [one for one in states if one.outcome == outcome]
            if ends:
                return ends[0]
    raise Invalid("import_no_such_state", value=text)


def _contact(context: Context, name: str, customer_id: int | None) -> int | None:
    if not name:
        return None
    found = import_match.party(context.work.connection, Sought("contact", name, (), customer_id=customer_id))
    return found.id if found else contacts.add(context.work, name, customer_id=customer_id).key
