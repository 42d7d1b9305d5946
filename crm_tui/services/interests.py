"""Verbs of the Interest."""

from datetime import datetime, timedelta

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.services import scenarios, tasks
from crm_tui.store.tables import Interest, LetterLink, State, StateChange
from crm_tui.store.work import Work

FIRST_TASK_WORK = timedelta(hours=4)
"""Working time until the first task of a new Interest is due."""


def create(
    work: Work,
    name: str,
    *,
    scenario: str = "sale",
    owner_id: int,
    lead_id: int | None = None,
    customer_id: int | None = None,
    contact_id: int | None = None,
    source: str = "",
    purpose: str = "",
) -> Interest:
    """A new Interest in the first state of its scenario. Raises Invalid for an empty name."""
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="interest")
    found = scenarios.by_code(work, scenario)
    state = scenarios.first_state(work, found.key)
    interest = work.add(
        Interest(
            name=name,
            name_fold=fold(name),
            scenario_id=found.key,
            state_id=state.key,
            lead_id=lead_id,
            customer_id=customer_id,
            contact_id=contact_id,
            owner_id=owner_id,
            source=source,
            purpose=purpose,
            state_since=work.now,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    _note_move(work, interest, None, state.key, "")
    return interest


def change_state(work: Work, interest_id: int, state_id: int, comment: str = "") -> Interest:
    """Move the Interest to another state of its scenario, with a comment (ELMA-15).

    Raises Refused for a state of another scenario, Invalid when it is closed as lost without a comment (ELMA-11).
    """
    interest = work.get(Interest, interest_id)
    state = work.get(State, state_id)
    if state.scenario_id != interest.scenario_id:
        raise Refused("state_of_other_scenario", state=state.name)
    if state.key == interest.state_id:
        raise Refused("already_in_state", state=state.name)
    comment = clean(comment, multiline=True).strip()
    if state.outcome == "lost" and not comment:
        raise Invalid("lost_needs_reason", state=state.name)
    before = interest.state_id
    closed = state.outcome != "open"
    work.change(
        interest,
        state_id=state.key,
        state_since=work.now,
        closed_at=work.now if closed else None,
        close_reason=comment if state.outcome == "lost" else "",
        changed_at=work.now,
    )
    _note_move(work, interest, before, state.key, comment)
    return interest


def set_amount(work: Work, interest_id: int, amount_minor: int | None, currency: str) -> Interest:
    """Set what the Interest is worth, in minor units of the currency (ISO 4217)."""
    interest = work.get(Interest, interest_id)
    work.change(interest, amount_minor=amount_minor, currency=currency.upper(), changed_at=work.now)
    return interest


def rename(work: Work, interest_id: int, name: str, *, expected_version: int | None = None) -> Interest:
    """Give the Interest another name. Raises Invalid, or Conflict when it changed since it was read."""
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="interest")
    interest = work.get(Interest, interest_id)
    work.change(
        interest, expected_version=expected_version, name=name, name_fold=fold(name), changed_at=work.now
    )
    return interest


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


def _note_move(work: Work, interest: Interest, before: int | None, after: int, comment: str) -> None:
    work.add(
        StateChange(
            interest_id=interest.key,
            from_state_id=before,
            to_state_id=after,
            comment=comment,
            actor=work.actor.name,
            at=work.now,
        )
    )
