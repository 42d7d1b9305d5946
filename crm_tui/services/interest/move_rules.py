"""What keeps an Interest from moving to another state: its scenario, its checklist, a key person who is missing."""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from crm_tui.domain.errors import CrmError, NotFound, Refused
from crm_tui.services.interest import checklists, participants
from crm_tui.store.tables import Interest, State, table_of

interest, state = table_of(Interest), table_of(State)


def refusals(connection: Connection, interest_ids: Sequence[int], target: State) -> dict[int, CrmError]:
    """Interest → why it cannot move to the state; those that can are left out.

    What must be done first counts for a move onwards only: nothing keeps an Interest from failing or going back.
    """
    query = (
        select(interest.c.id, interest.c.name, interest.c.scenario_id, interest.c.state_id, state.c.position)
        .join(state, state.c.id == interest.c.state_id)
        .where(interest.c.id.in_(interest_ids), interest.c.trashed_at.is_(None))
    )
    there = {row.id: row for row in connection.execute(query)}
    refused: dict[int, CrmError] = {}
    for one in interest_ids:
        row = there.get(one)
        if row is None:
            refused[one] = NotFound("no_such_record", kind="interest", id=one)
        elif row.scenario_id != target.scenario_id:
            refused[one] = Refused("state_of_other_scenario", state=target.name)
        elif row.state_id == target.key:
            refused[one] = Refused("already_in_state", state=target.name)
    onwards = [
        one
        for one, row in there.items()
        if one not in refused and target.outcome != "lost" and row.position < target.position
    ]
    for one, items in checklists.unchecked(connection, onwards).items():
        refused[one] = Refused(
            "checklist_open", items=", ".join(item.text for item in items), ids=[item.id for item in items]
        )
    for one in participants.without_key_person(connection, onwards):
        refused.setdefault(one, Refused("key_person_missing"))
    return refused


def closing_state(connection: Connection, interest_id: int, outcome: str) -> int | None:
    """The state of the Interest's scenario that it is closed in as ``won`` or ``lost``; None where it has none."""
    mine = select(interest.c.scenario_id).where(interest.c.id == interest_id).scalar_subquery()
    query = select(state.c.id).where(state.c.scenario_id == mine, state.c.outcome == outcome)
    found: int | None = connection.execute(query.order_by(state.c.position).limit(1)).scalar()
    return found
