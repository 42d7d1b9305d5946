"""The ways of the Interests of a scenario through its states, for ``domain.interest.deal_figures`` (L-25)."""

from datetime import datetime

from sqlalchemy import Connection, select

from crm_tui.domain.interest.deal_figures import Way
from crm_tui.store.tables import Interest, State, StateChange, table_of

interest, state, change = (table_of(one) for one in (Interest, State, StateChange))


def ways(connection: Connection, scenario_id: int, owner_id: int | None = None) -> list[Way]:
    """Of each Interest that stands in the scenario now and not in the trash, or of those of an owner. A move to the
    state in which an Interest is already is none; of one whose moves nobody wrote down, an imported one, only where
    it stands is known."""
    moves: dict[int, list[tuple[int | None, int, datetime]]] = {}
    here = [interest.c.scenario_id == scenario_id, interest.c.trashed_at.is_(None)]
    if owner_id is not None:
        here.append(interest.c.owner_id == owner_id)
    moved = (
        select(change.c.interest_id, change.c.from_state_id, change.c.to_state_id, change.c.at)
        .join(interest, interest.c.id == change.c.interest_id)
        .where(*here)
        .order_by(change.c.interest_id, change.c.at, change.c.id)
    )
    for interest_id, from_id, to_id, at in connection.execute(moved):
        moves.setdefault(interest_id, []).append((from_id, to_id, at))
    standing = (
        select(
            interest.c.id,
            interest.c.created_at,
            interest.c.state_id,
            interest.c.state_since,
            interest.c.closed_at,
            state.c.outcome,
        )
        .join(state, state.c.id == interest.c.state_id)
        .where(*here)
    )
    found = []
    for row in connection.execute(standing):
        known = moves.get(row.id, [])
        first = known[0][0] if known else row.state_id
        steps = [] if first is None else [(first, row.created_at)]
        for _from_id, to_id, at in known:
            if not steps or to_id != steps[-1][0]:
                steps.append((to_id, at))
        if not known and row.outcome != "open":
            steps.append((row.state_id, row.closed_at or row.state_since))
        states, entered = (tuple(one[0] for one in steps), tuple(one[1] for one in steps))
        found.append(Way(states, entered, row.outcome, row.id))
    return found
