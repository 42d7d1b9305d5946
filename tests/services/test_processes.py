"""Processes by their verbs: start, steps, one writer of the state, ends, nesting, switching off (RM, BP)."""

import pytest

from crm_tui.domain.errors import Invalid
from tests.services.conftest import Office
from tests.services.process_office import Floor, approval, contract, sale


@pytest.fixture
def floor(office: Office) -> Floor:
    return Floor(office)


def test_rm_06_a_new_interest_starts_the_process_in_its_own_transaction(floor: Floor) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    (process,) = floor.processes(interest_id=interest)
    assert (process.status, process.controlling, floor.state(interest)) == ("running", True, "meeting")
    (task,) = floor.open_steps(interest).values()
    floor.do(task)
    assert floor.state(interest) == "proposal"
    (task,) = floor.open_steps(interest).values()
    with pytest.raises(Invalid, match="outcome_missing"):
        floor.do(task)
    with pytest.raises(Invalid, match="lost_needs_reason"):
        floor.do(task, "lost")
    ended = floor.do(task, "lost", reason="price")
    assert (ended.status, ended.successful, ended.held_state_id, ended.reason) == (
        "completed",
        False,
        None,
        "price",
    )
    assert floor.state(interest) == "lost"
    stands, played = floor.replayed(process.key)
    assert stands == played


def test_bp_19_bp_20(floor: Floor) -> None:
    floor.enforce(approval())
    floor.enforce(contract())
    interest = floor.interest()
    assert floor.state(interest) == "contract"
    steps = floor.open_steps(interest)
    assert set(steps) == {"Contract agreed", "Warehouse reserve"}
    floor.do(steps["Warehouse reserve"])
    assert floor.state(interest) == "contract"
    floor.do(steps["Contract agreed"])
    assert floor.state(interest) == "control"
    steps = floor.open_steps(interest)
    assert set(steps) == {"Approve"}
    floor.do(steps["Approve"])
    assert floor.state(interest) == "won"
    assert {one.status for one in floor.processes(interest_id=interest)} == {"completed"}
