"""The head of an Interest's card: its states as a way, and the facts in a few lines."""

from collections.abc import Iterable
from datetime import datetime, tzinfo

from sqlalchemy import Connection

from crm_tui.i18n import _
from crm_tui.screens.interest.interest_source import NO_NEXT, age_text, amount_text
from crm_tui.screens.wording import due_text
from crm_tui.services.record import lists
from crm_tui.store.queries.interest_card import InterestCard

PASSED, PRESENT, COMING = "●", "◉", "○"


def states_line(card: InterestCard) -> str:
    """The states as a way: passed, present, coming; of the closing ones only the one that is reached. One that came
    to nothing passed those before the state that it was closed from."""
    places = {state.id: index for index, state in enumerate(card.states)}
    present = places[card.state_id]
    passed = present
    if card.states[present].outcome == "lost":
        passed = places.get(card.closed_from_id, -1) + 1 if card.closed_from_id is not None else 0
    drawn = []
    for index, state in enumerate(card.states):
        if state.outcome == "open" or index == present:
            sign = PRESENT if index == present else PASSED if index < passed else COMING
            drawn.append(f"{sign} {_(state.name)}")
    return "  ".join(drawn)


def card_facts(connection: Connection, card: InterestCard, now: datetime, zone: tzinfo) -> str:
    """Who it is for; what it is worth and when; how it stands."""
    lines = (_who(card), _worth(card), _standing(connection, card, now, zone), [card.terms], _to_do(card))
    told = (" · ".join(part for part in line if part) for line in lines)
    return "\n".join(line for line in told if line)


def _who(card: InterestCard) -> list[str]:
    who = [card.party, card.person] if card.party or card.person else [_("nobody yet")]
    return [*who, *(value for _kind, value in card.contacts)]


def _to_do(card: InterestCard) -> Iterable[str]:
    """What the state asks for, as the administrator wrote it (CORP-52)."""
    state = next(state for state in card.states if state.id == card.state_id)
    if state.instruction:
        yield _("To do here: {text}").format(text=state.instruction)


def _worth(card: InterestCard) -> Iterable[str]:
    row = card.row
    yield _(row.scenario)
    yield amount_text(row.amount_minor, row.currency)
    if row.probability is not None and row.outcome == "open":
        yield _("probability {percent} %").format(percent=row.probability)
    if row.expected_close is not None:
        yield _("expected {date}").format(date=f"{row.expected_close:%d.%m.%y}")
    if row.owner:
        yield _("owner {name}").format(name=row.owner)


def _standing(connection: Connection, card: InterestCard, now: datetime, zone: tzinfo) -> Iterable[str]:
    row = card.row
    if card.trashed_at is not None:
        yield "! " + _("In the trash since {date}.").format(date=due_text(card.trashed_at, now, zone))
    if row.outcome != "open":
        closed = due_text(row.closed_at, now, zone)
        reason = lists.name_of(connection, "lost_reason", card.close_reason)
        yield _("{state} {date}").format(state=_(row.state), date=closed)
        yield reason
    else:
        yield _("in this state for {age}").format(age=age_text(row, now))
        coming = due_text(row.next_at, now, zone)
        if coming:
            yield _("next action {date}").format(date=coming)
        elif not row.has_next:
            yield _("{sign} no next action").format(sign=NO_NEXT)
    yield row.short_status
