"""Scenarios of Interests: those that ship with the program, and what an administrator makes of them (IDX-26).

Names that are shipped are English source texts, shown through gettext: a store made by a Russian reads well to an
Englishman. What the company writes is shown as it is.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import N_
from crm_tui.services import users
from crm_tui.store import records
from crm_tui.store.tables import Interest, Scenario, State, StateChange, table_of
from crm_tui.store.work import Work

SHIPPED: dict[str, tuple[str, tuple[tuple[str, str, str, int], ...]]] = {
    "sale": (
        N_("Sale"),
        (
            ("meeting", N_("Meeting"), "open", 10),
            ("proposal", N_("Proposal"), "open", 30),
            ("waiting", N_("Waiting for client"), "open", 50),
            ("contract", N_("Contract"), "open", 75),
            ("control", N_("Control"), "open", 90),
            ("won", N_("Won"), "won", 100),
            ("lost", N_("Lost"), "lost", 0),
        ),
    ),
    "service": (
        N_("Service request"),
        (
            ("new", N_("New"), "open", 50),
            ("in_work", N_("In work"), "open", 70),
            ("check", N_("Check"), "open", 90),
            ("solved", N_("Solved"), "won", 100),
            ("refused", N_("Refused"), "lost", 0),
        ),
    ),
    "order": (
        N_("Repeat order"),
        (
            ("taken", N_("Order taken"), "open", 70),
            ("invoiced", N_("Invoice sent"), "open", 80),
            ("paid", N_("Paid"), "open", 95),
            ("delivered", N_("Delivered"), "won", 100),
            ("cancelled", N_("Cancelled"), "lost", 0),
        ),
    ),
}
"""Code → name and states: code, name, outcome, probability in per cent. Of these the repeat order goes by no route
map: whoever looks after it moves it on by hand (IDX-25)."""

FIRST_TASKS = {
    "sale": N_("Meeting — call the client"),
    "service": N_("Find out what is wrong"),
    "order": N_("Confirm the order"),
}
"""The task that a new Interest of the scenario begins with."""

PURPOSES = (("purchase", N_("Purchase"), "sale"), ("service", N_("Service"), "service"))
"""What an inquiry is about: code, name, scenario."""

OUTCOMES = ("open", "won", "lost")


def are_shipped(connection: Connection) -> bool:
    """Whether the shipped scenarios are all there."""
    return SHIPPED.keys() <= set(connection.scalars(select(table_of(Scenario).c.code)))


def ensure_shipped(work: Work) -> None:
    """Put the shipped scenarios into a store that lacks them."""
    for position, (code, (name, shipped)) in enumerate(SHIPPED.items()):
        if work.find(Scenario, code=code) is not None:
            continue
        scenario = work.add(Scenario(code=code, name=name, position=position))
        for place, (state_code, state_name, outcome, probability) in enumerate(shipped):
            work.add(
                State(
                    scenario_id=scenario.key,
                    code=state_code,
                    name=state_name,
                    position=place,
                    outcome=outcome,
                    probability=probability,
                )
            )


def by_code(work: Work, code: str) -> Scenario:
    """The scenario with this code. Raises NotFound."""
    found = work.find(Scenario, code=code)
    if found is None:
        raise NotFound("no_such_scenario", code=code)
    return found


def state_by_code(work: Work, scenario_id: int, code: str) -> State:
    """The state of the scenario with this code. Raises NotFound."""
    found = work.find(State, scenario_id=scenario_id, code=code)
    if found is None:
        raise NotFound("no_such_state", code=code)
    return found


def state(connection: Connection, state_id: int) -> State:
    """The state as stored now. Raises NotFound."""
    row = connection.execute(select(table_of(State)).where(table_of(State).c.id == state_id)).first()
    if row is None:
        raise NotFound("no_such_record", kind="state", id=state_id)
    return records.load(State, dict(row._mapping))


def states(work: Work, scenario_id: int) -> list[State]:
    """The states of a scenario in their order."""
    return sorted(work.all(State, scenario_id=scenario_id), key=lambda state: state.position)


def first_state(work: Work, scenario_id: int) -> State:
    """The state a new Interest of the scenario stands in."""
    return states(work, scenario_id)[0]


def add(work: Work, name: str, state_names: Sequence[str]) -> Scenario:
    """A new scenario with these open states, and one each for success and failure. Raises Invalid."""
    users.need_administrator(work.connection, work.actor)
    wanted = [_name(one) for one in state_names]
    if not wanted:
        raise Invalid("states_missing")
    last = max((one.position for one in work.all(Scenario)), default=-1)
    scenario = work.add(Scenario(code="", name=_name(name), position=last + 1))
    work.change(scenario, code=f"own_{scenario.key}")
    for one in wanted:
        add_state(work, scenario.key, one)
    add_state(work, scenario.key, N_("Won"), outcome="won", probability=100)
    add_state(work, scenario.key, N_("Lost"), outcome="lost", probability=0)
    return scenario


def rename(work: Work, scenario_id: int, name: str) -> None:
    """Show the scenario under another name. Raises Invalid."""
    users.need_administrator(work.connection, work.actor)
    work.change(work.get(Scenario, scenario_id), name=_name(name))


def add_state(
    work: Work,
    scenario_id: int,
    name: str,
    *,
    outcome: str = "open",
    probability: int | None = None,
    rot_days: int | None = None,
    instruction: str = "",
) -> State:
    """A new state: behind the last of its kind, the open ones before the closing ones. Raises Invalid."""
    users.need_administrator(work.connection, work.actor)
    there = states(work, scenario_id)
    state = work.add(
        State(
            scenario_id=scenario_id,
            code=f"new_{len(there)}",
            name=_name(name),
            position=len(there),
            instruction=clean(instruction, multiline=True).strip(),
            **_checked(outcome, probability, rot_days),
        )
    )
    work.change(state, code=f"own_{state.key}")
    place = next(
        (index for index, one in enumerate(there) if OUTCOMES.index(one.outcome) > OUTCOMES.index(outcome)),
        len(there),
    )
    _put_in_order(work, [*there[:place], state, *there[place:]])
    return state


def change_state(
    work: Work,
    state_id: int,
    *,
    name: str,
    outcome: str,
    probability: int | None,
    rot_days: int | None,
    instruction: str,
    expected_version: int | None = None,
) -> State:
    """Write what a state is. Raises Invalid, Conflict when it changed since it was read, and Refused when Interests
    stand in it that another outcome would close or open."""
    users.need_administrator(work.connection, work.actor)
    state = work.get(State, state_id)
    if outcome != state.outcome:
        if _standing(work.connection, state_id):
            raise Refused("state_in_use", state=state.name)
        _refuse_last_open(work, state)
        _refuse_of_map(work, state)
    work.change(
        state,
        expected_version=expected_version,
        name=_name(name),
        instruction=clean(instruction, multiline=True).strip(),
        **_checked(outcome, probability, rot_days),
    )
    return state


def move_state(work: Work, state_id: int, step: int) -> None:
    """Put a state so many places further on its way, or back when negative."""
    users.need_administrator(work.connection, work.actor)
    state = work.get(State, state_id)
    order = states(work, state.scenario_id)
    here = next(index for index, one in enumerate(order) if one.key == state_id)
    order.insert(max(0, min(len(order) - 1, here + step)), order.pop(here))
    _put_in_order(work, order)


def remove_state(work: Work, state_id: int) -> None:
    """Take a state away that no Interest stands in or ever stood in, and no map leads to. Raises Refused."""
    users.need_administrator(work.connection, work.actor)
    from crm_tui.store.tables.deals import ChecklistItem  # the start needs the scenarios, not the checklists

    state = work.get(State, state_id)
    passed = table_of(StateChange)
    was_there = select(passed.c.id).where(
        (passed.c.to_state_id == state_id) | (passed.c.from_state_id == state_id)
    )
    if _standing(work.connection, state_id) or work.connection.execute(was_there.limit(1)).first():
        raise Refused("state_in_use", state=state.name)
    _refuse_last_open(work, state)
    if work.find(ChecklistItem, state_id=state_id) is not None:
        raise Refused("state_has_checklist", state=state.name)
    _refuse_of_map(work, state)
    work.remove(state)
    _put_in_order(work, states(work, state.scenario_id))


def _put_in_order(work: Work, order: Sequence[State]) -> None:
    for place, state in enumerate(order):
        if state.position != place:
            work.change(state, position=place)


def _standing(connection: Connection, state_id: int) -> int:
    interest = table_of(Interest)
    query = select(func.count()).select_from(interest).where(interest.c.state_id == state_id)
    return int(connection.execute(query).scalar_one())


def _refuse_last_open(work: Work, state: State) -> None:
    """A scenario keeps a state to begin in."""
    others = [
        one for one in states(work, state.scenario_id) if one.outcome == "open" and one.key != state.key
    ]
    if not others:
        raise Refused("last_open_state")


def _refuse_of_map(work: Work, state: State) -> None:
    from crm_tui.services.route import route_states  # the start needs the scenarios, not the maps

    title = route_states.map_with(work.connection, state)
    if title:
        raise Refused("state_of_map", state=state.name, map=title)


def _checked(outcome: str, probability: int | None, rot_days: int | None) -> dict[str, Any]:
    if outcome not in OUTCOMES:
        raise Invalid("no_such_outcome", value=outcome)
    if probability is not None and not 0 <= probability <= 100:
        raise Invalid("not_a_probability", value=str(probability))
    if rot_days is not None and rot_days < 1:
        raise Invalid("not_days", value=str(rot_days))
    return {"outcome": outcome, "probability": probability, "rot_days": rot_days}


def _name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="scenario")
    return name
