"""What the clock does to processes: timers, late steps, circles; found on an index and done once (assurance 20)."""

import threading
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, text

from crm_tui.domain.errors import Refused
from crm_tui.domain.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    NestedPoint,
    Route,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
    TimerPoint,
    Unit,
)
from crm_tui.services import interests, messages, process_run, process_tick, processes
from crm_tui.services.process_run import MOST_DEPTH
from crm_tui.store.tables import Notification, Reminder, Task
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken
from tests.services.conftest import Office
from tests.services.process_office import CREATED, Floor, approval, route, waiting_hour, way


@pytest.fixture
def floor(office: Office) -> Floor:
    return Floor(office)


def told(floor: Floor) -> list[str]:
    with floor.work() as work:
        return [messages.of_notification(one.code, one.facts) for one in work.all(Notification)]


def test_bp_15_a_timer_goes_on_when_its_time_has_come_and_only_once(floor: Floor) -> None:
    floor.enforce(waiting_hour())
    interest = floor.interest()
    assert floor.state(interest) == "proposal"
    floor.office.clock.move(minutes=59)
    assert process_tick.run(floor.store) == 0
    floor.office.clock.move(minutes=1)
    assert (process_tick.run(floor.store), process_tick.run(floor.store)) == (1, 0)
    assert floor.state(interest) == "contract"
    with floor.work() as work:
        last = work.all(ProcessEvent)[-1]
    assert (last.actor, last.user_id, last.kind) == ("rule:1.2 Sale / pause", None, "completed")


def test_rm_11_of_a_late_step_it_is_told_once(floor: Floor) -> None:
    late = StepRule(StepEvent.OVERDUE, RuleAction.REMINDER, None, "Late: {{ interest.name }}")
    step = Step(
        id="ring", name="Ring", state="meeting", duration=Duration(4, Unit.WORKING_HOURS), rules=(late,)
    )
    floor.enforce(
        route(
            step, EndPoint(id="sold", state="won"), flows=way(("start", "ring"), ("ring", "sold")), **CREATED
        )
    )
    interest = floor.interest()
    with floor.work() as work:
        (token,) = work.all(ProcessToken)
    assert token.due_at is not None
    floor.office.clock.now = token.due_at
    assert (process_tick.run(floor.store), process_tick.run(floor.store)) == (1, 0)
    with floor.work() as work:
        assert [one.text for one in work.all(Reminder, subject_kind="interest")] == ["Late: Pumps"]
        (token,) = work.all(ProcessToken)
        assert (token.due_at, token.deadline_at, token.left_at) == (None, floor.office.clock.now, None)
    floor.do(floor.open_steps(interest)["Ring"])


def test_two_programs_do_what_is_due_once_between_them(floor: Floor) -> None:
    floor.enforce(waiting_hour())
    for number in range(6):
        floor.interest(f"Pumps {number}")
    floor.office.clock.move(hours=1)
    found = []
    with floor.store.read() as connection:
        found = list(process_tick.due(connection, floor.office.clock.now))
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(process_tick.run(floor.store))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(found), sum(done)) == (6, 6)
    with floor.work() as work:
        assert len(work.all(Task, kind="process")) == 6


def test_due_ones_are_found_on_an_index_however_many_run(floor: Floor) -> None:
    statements: list[tuple[str, Any]] = []
    with floor.store.read() as connection:

        @event.listens_for(connection, "before_cursor_execute")
        def _note(_c: object, _u: object, statement: str, parameters: Any, *_more: object) -> None:
            statements.append((statement, parameters))

        assert process_tick.due(connection, floor.office.clock.now) == []
        process_tick.next_due(connection)
        plans = [
            [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            for statement, parameters in statements[1:3]  # after BEGIN
        ]
    index = "process_token USING INDEX ix_process_token_due"
    assert plans == [
        [f"SEARCH {index} (due_at<?)", "SEARCH process USING INTEGER PRIMARY KEY (rowid=?)"],
        [f"SEARCH {index} (due_at>?)"],
    ]


def test_rm_01_switched_off_nothing_is_due(floor: Floor) -> None:
    floor.enforce(waiting_hour())
    interest = floor.interest()
    with floor.work() as work:
        processes.switch(work, False)
    floor.office.clock.move(hours=1)
    assert process_tick.run(floor.store) == 0
    with floor.work() as work:
        processes.switch(work, True)
    assert process_tick.run(floor.store) == 1
    assert floor.state(interest) == "contract"


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
