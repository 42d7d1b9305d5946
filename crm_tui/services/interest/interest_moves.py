"""The writing of the state of an Interest: for ``interests``, and for the process that holds it (BP-05)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.text import clean
from crm_tui.services.process import trigger_events
from crm_tui.store.tables import Interest, State, StateChange, table_of
from crm_tui.store.work import Work


def by_process(
    work: Work,
    interest_id: int,
    state: State,
    *,
    actor: str,
    comment: str = "",
    reason: str = "",
    checked: bool = False,
) -> StateChange | None:
    """The process that holds the state moves the Interest, as ``actor`` (BP-05); None where it stands there already.

    The process sees to what ends with a lost one. ``checked``: raises Refused, as ``interests.move`` does, for what
    is to be done before a move onwards.
    """
    from crm_tui.services.interest import move_rules  # it reads tables that the start does not need

    before = states_of(work.connection, [interest_id])
    if before.get(interest_id) == state.key:
        return None
    if checked:
        for error in move_rules.refusals(work.connection, [interest_id], state).values():
            raise error
    return write(work, before, state, comment, "", reason, actor)[0]


def write(
    work: Work,
    moving: Mapping[int, int],
    state: State,
    comment: str,
    status: str,
    reason: str,
    actor: str,
) -> tuple[StateChange, ...]:
    """Write the state into Interests that stand somewhere else (Interest → state), and note the moves. Whether they
    may be moved is for the caller to know."""
    values: dict[str, Any] = {"short_status": status} if status else {}
    if state.outcome == "lost":
        values["next_contact_at"] = None
    work.change_many(
        Interest,
        moving,
        state_id=state.key,
        state_since=work.now,
        closed_at=None if state.outcome == "open" else work.now,
        close_reason=clean(reason).strip() if state.outcome == "lost" else "",
        changed_at=work.now,
        **values,
    )
    return note(work, moving, state, clean(comment, multiline=True).strip(), status, actor)


def states_of(connection: Connection, interest_ids: Sequence[int]) -> dict[int, int]:
    """Interest → the state that it stands in."""
    interest = table_of(Interest)
    query = select(interest.c.id, interest.c.state_id).where(interest.c.id.in_(interest_ids))
    return {row.id: row.state_id for row in connection.execute(query)}


def note(
    work: Work,
    before: Mapping[int, int | None],
    state: State,
    comment: str,
    short_status: str,
    actor: str,
) -> tuple[StateChange, ...]:
    """Note that the Interests came from these states (None: they are new) to another."""
    trigger_events.happened(work, "interest", before, "state")
    return tuple(
        work.add(
            StateChange(
                interest_id=interest_id,
                from_state_id=stood,
                to_state_id=state.key,
                comment=comment,
                short_status=short_status,
                actor=actor,
                at=work.now,
            )
        )
        for interest_id, stood in before.items()
    )
