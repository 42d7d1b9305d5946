"""Verbs of the Interest (RM-03, KZ-14). Its lines, receipts, people and checklists have modules of their own.

The state is written here and in ``interest_moves``, nowhere else: ``move`` and ``move_many``, ``add`` for the first
one, and ``interest_moves.by_process``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import Connection

from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.services.interest import currency, interest_moves, scenarios
from crm_tui.services.process import trigger_events
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, LetterLink, Scenario, State, StateChange
from crm_tui.store.work import Work

FIRST_TASK_WORK = timedelta(hours=4)
"""Working time until the first task of a new Interest is due."""

StateWriter = Callable[[Connection, Sequence[int]], Mapping[int, str]]


def _processes(connection: Connection, interest_ids: Sequence[int]) -> Mapping[int, str]:
    from crm_tui.services.process import process_hold  # read when a state is moved, not at the start

    return process_hold.holders(connection, interest_ids)


STATE_WRITERS: list[StateWriter] = [_processes]
"""Who else may own the state. Each is asked which of these Interests it holds, and by what: Interest → name of the
process. A person does not move those (BP-05)."""


class Fields(TypedDict, total=False):
    """What can be said of an Interest when it is made and later; named as the columns."""

    lead_id: int | None
    customer_id: int | None
    contact_id: int | None
    owner_id: int | None
    amount_minor: int | None
    currency: str
    probability: int | None
    expected_close: date | None
    source: str
    purpose: str
    terms: str
    short_status: str
    next_contact_at: datetime | None
    custom: dict[str, Any]


class Changes(Fields, total=False):
    """What can be changed."""

    name: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a move of several Interests."""

    changes: tuple[StateChange, ...]
    refused: Mapping[int, CrmError]
    """Interest → why it stays where it is."""


def add(
    work: Work,
    name: str,
    *,
    scenario: str | Scenario = "sale",
    state: str | State = "",
    created_at: datetime | None = None,
    closed_at: datetime | None = None,
    close_reason: str = "",
    starts: bool = True,
    **fields: Unpack[Fields],
) -> Interest:
    """A new Interest in a state of its scenario, both by code or at hand; in the first state when none
    is named.

    What a map in force starts on a new Interest begins with it (RM-06), unless ``starts`` forbids. An Interest that
    was closed elsewhere (import) brings when it was begun and closed, and why.
    Raises Invalid for an empty name or a value out of bounds, NotFound for an unknown scenario or state.
    """
    found = scenario if isinstance(scenario, Scenario) else scenarios.by_code(work, scenario)
    if isinstance(state, State):
        stands = state
    elif state:
        stands = scenarios.state_by_code(work, found.key, state)
    else:
        stands = scenarios.first_state(work, found.key)
    if "currency" not in fields:
        fields["currency"] = currency.of_company(work.connection)
    begun = created_at or work.now
    closed = (closed_at or work.now) if stands.outcome != "open" else None
    interest = work.add(
        Interest(
            **_cleaned({**fields, "name": name}),
            scenario_id=found.key,
            state_id=stands.key,
            state_since=closed or begun,
            closed_at=closed,
            close_reason=clean(close_reason) if stands.outcome == "lost" else "",
            created_at=begun,
            changed_at=work.now,
        )
    )
    interest_moves.note(work, {interest.key: None}, stands, "", "", work.actor.name)
    if starts and stands.outcome == "open":
        from crm_tui.services.process import process_hold  # its tables are read only where a map is in force

        process_hold.start_created(work, "interest", interest.key, found.key)
    trigger_events.happened(work, "interest", (interest.key,), "created")
    return interest


def change(
    work: Work, interest_id: int, *, expected_version: int | None = None, **fields: Unpack[Changes]
) -> Interest:
    """Write what is given; the state is moved, not changed. Raises Invalid for an empty name or a value out of
    bounds, Conflict when it changed since it was read, Refused when it is in the trash, or another currency is given
    while lines or receipts stand in this one."""
    interest = work.get(Interest, interest_id)
    if interest.trashed_at is not None:
        raise Refused("in_the_trash", name=interest.name)
    values = _cleaned(fields)
    if values.get("currency", interest.currency) != interest.currency:
        _refuse_relabelling(work, interest)
    if any(getattr(interest, name) != value for name, value in values.items()):
        work.change(interest, expected_version=expected_version, **values, changed_at=work.now)
        trigger_events.happened(work, "interest", (interest_id,), "changed")
    return interest


def trash(work: Work, interest_ids: Sequence[int]) -> None:
    """Put Interests into the trash: they stand in no list, and what was to be done in them is cancelled as when they
    are lost, their processes end; what was made within them stays."""
    from crm_tui.services.interest import interest_closing  # it reads tables that the start does not need

    interest_closing.wind_up(work, interest_ids, held_too=True)
    work.change_many(Interest, interest_ids, trashed_at=work.now)


def move(
    work: Work,
    interest_id: int,
    state_id: int,
    comment: str = "",
    *,
    short_status: str = "",
    reason: str = "",
) -> StateChange:
    """Move the Interest to another state of its scenario, with a comment and how it stands in a few words (ELMA-15).

    ``reason`` is a code of the list ``lost_reason`` and demanded where the state is a failure: Invalid
    (``lost_needs_reason``, ELMA-11). Raises Refused: ``state_of_other_scenario``, ``already_in_state``,
    ``state_held`` by a process, ``checklist_open`` with the ``items`` that are to be checked first (IDX-34),
    ``key_person_missing`` (IDX-06).
    """
    moved = move_many(work, [interest_id], state_id, comment, short_status=short_status, reason=reason)
    for error in moved.refused.values():
        raise error
    return moved.changes[0]


def move_many(
    work: Work,
    interest_ids: Sequence[int],
    state_id: int,
    comment: str = "",
    *,
    short_status: str = "",
    reason: str = "",
) -> Moved:
    """Move Interests together; those that ``move`` would refuse stay where they are, and why is told.

    Raises Invalid (``lost_needs_reason``).
    """
    from crm_tui.services.interest import (  # they read tables that the start does not need
        interest_closing,
        move_rules,
    )

    state = work.get(State, state_id)
    if state.outcome == "lost" and not reason.strip():
        raise Invalid("lost_needs_reason", state=state.name)
    before = interest_moves.states_of(work.connection, interest_ids)
    refused = move_rules.refusals(work.connection, list(dict.fromkeys(interest_ids)), state)
    refused |= _held(work.connection, [one for one in before if one not in refused])
    moving = {one: stood for one, stood in before.items() if one not in refused}
    status = " ".join(clean(short_status).split())
    changes = interest_moves.write(work, moving, state, comment, status, reason, work.actor.name)
    if state.outcome == "lost":
        interest_closing.wind_up(work, list(moving))
    return Moved(changes, refused)


def close(
    work: Work,
    interest_id: int,
    outcome: str,
    comment: str = "",
    *,
    short_status: str = "",
    reason: str = "",
) -> StateChange:
    """Close the Interest as ``won`` or ``lost``: move it to the first such state of its scenario. Raises as ``move``,
    and Refused (``no_closing_state``) where the scenario has none."""
    interest = work.get(Interest, interest_id)
    closing = [one for one in scenarios.states(work, interest.scenario_id) if one.outcome == outcome]
    if not closing:
        raise Refused("no_closing_state", outcome=outcome)
    return move(work, interest_id, closing[0].key, comment, short_status=short_status, reason=reason)


def reopen(work: Work, interest_id: int, comment: str = "") -> StateChange:
    """A closed Interest goes on in the state that it was closed from. Raises Refused when it is not closed."""
    interest = work.get(Interest, interest_id)
    if interest.closed_at is None:
        raise Refused("interest_not_closed")
    way = work.all(StateChange, interest_id=interest_id)
    open_states = {one.key for one in scenarios.states(work, interest.scenario_id) if one.outcome == "open"}
    stood = [change.from_state_id for change in way if change.from_state_id in open_states]
    target = stood[-1] if stood else scenarios.first_state(work, interest.scenario_id).key
    assert target is not None
    return move(work, interest_id, target, comment)


def link_letter(work: Work, interest_id: int, letter_id: int) -> None:
    """Put a letter on the timeline of the Interest; nothing happens when it is there."""
    if work.find(LetterLink, letter_id=letter_id, kind="interest", record_id=interest_id) is None:
        work.add(LetterLink(letter_id=letter_id, kind="interest", record_id=interest_id))


def first_task(work: Work, interest: Interest, *, title: str, due_at: datetime, letter_id: int | None) -> int:
    """The task that a new Interest begins with; answers its id."""
    assert interest.owner_id is not None
    task = tasks.add(
        work,
        title,
        assignee_id=interest.owner_id,
        due_at=due_at,
        interest_id=interest.key,
        customer_id=interest.customer_id,
        letter_id=letter_id,
    )
    return task.key


def _refuse_relabelling(work: Work, interest: Interest) -> None:
    from crm_tui.store.tables.deals import InterestLine, Receipt  # not needed at the start

    if any(work.find(model, interest_id=interest.key) for model in (InterestLine, Receipt)):
        raise Refused("currency_in_use", name=interest.name, currency=interest.currency)


def _cleaned(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The values of columns made fit to store. Raises Invalid."""
    values: dict[str, Any] = {
        name: clean(value, multiline=name == "terms").strip() if isinstance(value, str) else value
        for name, value in fields.items()
    }
    if "name" in values:
        values["name"] = " ".join(values["name"].split())
        values["name_fold"] = fold(values["name"])
        if not values["name"]:
            raise Invalid("name_missing", kind="interest")
    if "currency" in values:
        values["currency"] = values["currency"].upper()
    probability = values.get("probability")
    if probability is not None and not 0 <= probability <= 100:
        raise Invalid("not_a_probability", value=str(probability))
    return values


def _held(connection: Connection, interest_ids: Sequence[int]) -> dict[int, CrmError]:
    return {
        interest_id: Refused("state_held", process=holder)
        for writer in STATE_WRITERS
        for interest_id, holder in writer(connection, interest_ids).items()
    }
