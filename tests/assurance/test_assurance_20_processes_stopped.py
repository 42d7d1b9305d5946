"""Row 20: what goes in circles or starts itself is stopped by a budget, and who answers for it is told."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    NestedPoint,
    Route,
    Step,
    TimerPoint,
    Unit,
)
from crm_tui.services import messages
from crm_tui.services.interest import interests
from crm_tui.services.process import process_run, process_tick, processes
from crm_tui.services.process.process_budget import MOST_DEPTH
from crm_tui.store.tables import Notification
from crm_tui.store.tables.processes import Process, ProcessEvent
from tests.services.conftest import floor, office
from tests.services.process_office import CREATED, Floor, approval, route, waiting_hour, way

__all__ = ["floor", "office"]


def told(floor: Floor) -> list[str]:
    with floor.work() as work:
        return [messages.of_notification(one.code, one.facts) for one in work.all(Notification)]


def circle() -> Route:
    """An action that leads back to itself: no person and no time to wait for."""
    again = ActionPoint(
        id="note", name="Note", action="set_field", settings={"field": "short_status", "value": "x"}
    )
    return route(
        Step(id="ring", name="Ring", state="meeting"),
        again,
        flows=way(("start", "ring"), ("ring", "note"), ("note", "note")),
        **CREATED,
    )


def test_assurance_20_actions_in_a_circle_are_stopped_by_a_budget_and_the_owner_is_told(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_run, "MOST_ACTIONS", 20)
    floor.enforce(circle())
    interest = floor.interest()
    floor.do(floor.open_steps(interest)["Ring"])
    (process,) = floor.processes()
    assert (process.status, process.held_state_id is not None) == ("stopped", True)
    assert told(floor) == ["The process 1.2 Sale was stopped: it goes in circles, or no way on holds"]
    with floor.work() as work:
        assert len(work.all(ProcessEvent)) < 30
        with pytest.raises(Refused, match="state_held"):
            interests.close(work, interest, "won")
        assert processes.may_terminate(work.connection, interest)
        processes.terminate(work, process.key, "no_need")
    assert [one.status for one in floor.processes()] == ["terminated"]


def test_assurance_20_a_process_that_starts_itself_is_stopped(floor: Floor) -> None:
    start = ActionPoint(id="again", name="Again", action="start_process", settings={"map": "again"})
    map_id = floor.enforce(
        route(start, EndPoint(id="end"), flows=way(("start", "again"), ("again", "end")), name="Again",
              kind=approval().kind, object_kind=""), "again",
    )  # fmt: skip
    interest = floor.interest()
    with floor.work() as work:
        processes.start(work, map_id, "interest", interest)
        stopped = work.all(Process, status="stopped")
        assert 0 < len(work.all(Process)) <= MOST_DEPTH + 1
    assert len(stopped) == 1
    assert len(told(floor)) == 1


def test_assurance_20_maps_that_nest_each_other_are_stopped(floor: Floor) -> None:
    nested = NestedPoint(id="in", name="In", map="again")
    map_id = floor.enforce(
        route(nested, EndPoint(id="end"), flows=way(("start", "in"), ("in", "end")), name="Again",
              kind=approval().kind, object_kind=""), "again",
    )  # fmt: skip
    interest = floor.interest()
    with floor.work() as work:
        processes.start(work, map_id, "interest", interest)
        assert len(work.all(Process)) <= MOST_DEPTH + 2
        assert len(work.all(Process, status="stopped")) == 1


def test_assurance_20_a_timer_that_runs_in_a_circle_is_stopped_after_a_day_of_it(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_tick, "MOST_A_DAY", 5)
    floor.enforce(
        route(TimerPoint(id="tick", duration=Duration(1, Unit.MINUTES), state="meeting"),
              flows=way(("start", "tick"), ("tick", "tick")), **CREATED)
    )  # fmt: skip
    floor.interest()
    done = 0
    for _minute in range(process_tick.MOST_A_DAY + 10):
        floor.office.clock.move(minutes=1)
        done += process_tick.run(floor.store)
    assert done == process_tick.MOST_A_DAY + 1
    assert [one.status for one in floor.processes()] == ["stopped"]
    assert len(told(floor)) == 1


def test_assurance_20_what_the_clock_cannot_do_stops_the_process_and_not_the_clock(floor: Floor) -> None:
    broken = ChoicePoint(id="which")
    first = waiting_hour(name="Broken")
    points = (*first.points[:2], broken, *first.points[2:])
    flows = (
        Flow("start", "pause"), Flow("pause", "which"),
        Flow("which", "ring", condition={"field": "no such field", "op": "filled"}), Flow("ring", "sold"),
    )  # fmt: skip
    floor.enforce(replace(first, points=points, flows=flows))
    held = floor.interest("Broken")
    with floor.store.facts("off") as work:
        work.connection.execute(text("UPDATE route_map SET status = 'suspended'"))
    floor.enforce(waiting_hour(name="Whole"))
    whole = floor.interest("Whole")
    floor.office.clock.move(hours=1)
    assert process_tick.run(floor.store) == 2
    assert (floor.state(held), floor.state(whole)) == ("proposal", "contract")
    (notice,) = told(floor)
    assert notice.startswith("The process 1.2 Broken was stopped: ")
    assert process_tick.run(floor.store) == 0
