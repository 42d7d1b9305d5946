"""The scenarios that ship with the program.

Their names are English source texts, shown through gettext: a store made by a Russian reads well to an Englishman.
"""

from sqlalchemy import Connection, select

from crm_tui.domain.errors import NotFound
from crm_tui.i18n import N_
from crm_tui.store.tables import Scenario, State, table_of
from crm_tui.store.work import Work

SHIPPED: dict[str, tuple[str, tuple[tuple[str, str, str], ...]]] = {
    "sale": (
        N_("Sale"),
        (
            ("meeting", N_("Meeting"), "open"),
            ("proposal", N_("Proposal"), "open"),
            ("waiting", N_("Waiting for client"), "open"),
            ("contract", N_("Contract"), "open"),
            ("control", N_("Control"), "open"),
            ("won", N_("Won"), "won"),
            ("lost", N_("Lost"), "lost"),
        ),
    ),
    "service": (
        N_("Service request"),
        (
            ("new", N_("New"), "open"),
            ("in_work", N_("In work"), "open"),
            ("check", N_("Check"), "open"),
            ("solved", N_("Solved"), "won"),
            ("refused", N_("Refused"), "lost"),
        ),
    ),
}

FIRST_TASKS = {"sale": N_("Meeting — call the client"), "service": N_("Find out what is wrong")}
"""The task that a new Interest of the scenario begins with."""

PURPOSES = (("purchase", N_("Purchase"), "sale"), ("service", N_("Service"), "service"))
"""What an inquiry is about: code, name, scenario."""


def are_shipped(connection: Connection) -> bool:
    """Whether the shipped scenarios are all there."""
    return SHIPPED.keys() <= set(connection.scalars(select(table_of(Scenario).c.code)))


def ensure_shipped(work: Work) -> None:
    """Put the shipped scenarios into a store that lacks them."""
    for position, (code, (name, states)) in enumerate(SHIPPED.items()):
        if work.find(Scenario, code=code) is not None:
            continue
        scenario = work.add(Scenario(code=code, name=name, position=position))
        for place, (state_code, state_name, outcome) in enumerate(states):
            work.add(
                State(
                    scenario_id=scenario.key,
                    code=state_code,
                    name=state_name,
                    position=place,
                    outcome=outcome,
                )
            )


def by_code(work: Work, code: str) -> Scenario:
    """The scenario with this code. Raises NotFound."""
    found = work.find(Scenario, code=code)
    if found is None:
        raise NotFound("no_such_scenario", code=code)
    return found


def first_state(work: Work, scenario_id: int) -> State:
    """The state a new Interest of the scenario stands in."""
    return min(work.all(State, scenario_id=scenario_id), key=lambda state: state.position)
