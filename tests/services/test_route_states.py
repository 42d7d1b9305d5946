"""A state that a map leads to stays: its processes could not go on without it."""

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.services.interest import scenarios
from crm_tui.services.process import processes
from crm_tui.store.tables import Scenario, State
from crm_tui.store.tables.processes import RouteMap
from tests.services.process_office import Floor, sale


def state(floor: Floor, code: str) -> State:
    with floor.work() as work:
        found = work.find(Scenario, code="sale")
        assert found is not None
        return scenarios.state_by_code(work, found.key, code)


def remove(floor: Floor, code: str) -> None:
    key = state(floor, code).key
    with floor.work("scenario.remove_state") as work:
        scenarios.remove_state(work, key)


def close(floor: Floor, code: str) -> None:
    one = state(floor, code)
    with floor.work("scenario.change_state") as work:
        scenarios.change_state(
            work, one.key, name=one.name, outcome="lost", probability=0, rot_days=None, instruction=""
        )


def test_bp_12_a_state_stays_while_a_map_in_force_or_a_process_leads_to_it(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    remove(floor, "contract")  # no map leads to it
    for act in (remove, close):
        with pytest.raises(Refused, match="state_of_map"):
            act(floor, "proposal")
    interest = floor.interest()
    with floor.store.facts("suspended") as work:
        work.change(work.get(RouteMap, map_id), status="suspended")
    with pytest.raises(Refused, match="state_of_map"):
        remove(floor, "proposal")  # the process that runs will come to it
    floor.do(floor.open_steps(interest)["Meeting"])
    floor.do(floor.open_steps(interest)["Proposal"], "won")
    close(floor, "control")


def test_a_state_of_a_map_that_nothing_runs_by_may_go(floor: Floor) -> None:
    floor.enforce(sale(), status="archived")
    close(floor, "proposal")
    remove(floor, "proposal")


def test_bp_11_an_interest_of_a_scenario_that_the_map_has_no_states_of_goes_without_a_process(
    floor: Floor,
) -> None:
    map_id = floor.enforce(sale(scenario="", early_termination=False, termination_state=""))
    other = floor.interest("Repair", scenario="service")
    assert floor.processes() == []
    with pytest.raises(Refused, match="map_of_other_scenario"), floor.work("process.start") as work:
        processes.start(work, map_id, "interest", other)
    floor.interest("Pumps")
    assert len(floor.processes()) == 1
