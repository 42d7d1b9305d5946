"""What the clock does to processes: timers, late steps, circles; found on an index and done once (assurance 20)."""

import threading
from typing import Any

from sqlalchemy import event

from crm_tui.domain.route.route_map import (
    Duration,
    EndPoint,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
    Unit,
)
from crm_tui.services.process import process_switch, process_tick
from crm_tui.store.tables import Reminder, Task
from crm_tui.store.tables.processes import ProcessEvent, ProcessToken
from tests.services.process_office import CREATED, Floor, route, waiting_hour, way


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
        process_switch.switch(work, False)
    floor.office.clock.move(hours=1)
    assert process_tick.run(floor.store) == 0
    with floor.work() as work:
        process_switch.switch(work, True)
    assert process_tick.run(floor.store) == 1
    assert floor.state(interest) == "contract"
