"""Tasks of processes that are switched off, and what becomes of their steps when they are used again (RM-01)."""

from datetime import timedelta

import pytest

from crm_tui.domain.route.route_map import EndPoint, Outcome, Requirement, Step
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import process_switch, process_tick, process_view
from crm_tui.services.task import tasks
from crm_tui.store import undo
from crm_tui.store.tables import Notification, Reminder, Task, User
from crm_tui.store.tables.processes import Process, ProcessToken
from tests.services.process_office import CREATED, Floor, contract, route, sale, way


def switch(floor: Floor, on: bool) -> None:
    with floor.work("processes.switch") as work:
        process_switch.switch(work, on)


def off_with_task(floor: Floor, title: str = "Meeting", **fields: str) -> tuple[int, int]:
    """An Interest whose process rests, and the open task of its step."""
    interest = floor.interest(**fields)
    task = floor.open_steps(interest)[title]
    switch(floor, False)
    return interest, task


def done(floor: Floor, task: int, result: str = "") -> None:
    with floor.work("task.done") as work:
        tasks.done(work, task, result)


def status(floor: Floor, task: int) -> str:
    with floor.work() as work:
        return work.get(Task, task).status


def test_rm_01_a_step_done_while_processes_were_off_is_completed_when_they_are_used_again(
    floor: Floor,
) -> None:
    floor.enforce(sale())
    interest, task = off_with_task(floor)
    done(floor, task, "They want twenty")
    assert floor.open_steps(interest) == {}
    assert floor.state(interest) == "meeting", "the process stands still"
    assert process_tick.run(floor.store) == 0
    switch(floor, True)
    assert (process_tick.run(floor.store), process_tick.run(floor.store)) == (1, 0)
    assert floor.state(interest) == "proposal"
    assert list(floor.open_steps(interest)) == ["Proposal"]
    with floor.work() as work:
        token = work.find(ProcessToken, task_id=task)
        assert token is not None
        assert token.result == "They want twenty"
        assert token.left_at is not None
        assert len(work.all(Task, interest_id=interest)) == 2, "nothing doubled"
    rows, replayed = floor.replayed(1)
    assert rows == replayed


def asking() -> Step:
    return Step(id="ring", name="Ring", state="meeting", outcomes=(Outcome("a", "A"), Outcome("b", "B")))


@pytest.mark.parametrize(
    "why", ["two ways", "result", "moved by hand", "cancelled", "fails", "needs a document"]
)
def test_rm_01_a_step_that_asks_for_something_has_its_task_open_again(floor: Floor, why: str) -> None:
    steps = {
        "two ways": asking(),
        "result": Step(id="ring", name="Ring", state="meeting", ask_result=True),
        "needs a document": Step(
            id="ring", name="Ring", state="meeting", requirements=(Requirement("document", "call"),)
        ),
    }
    step = steps.get(why, Step(id="ring", name="Ring", state="meeting"))
    end = (
        EndPoint(id="lost", state="lost", successful=False)
        if why == "fails"
        else EndPoint(id="won", state="won")
    )
    flows = (
        way(("start", "ring"), ("ring", end.id, "a"), ("ring", end.id, "b"))
        if step.outcomes
        else way(("start", "ring"), ("ring", end.id))
    )
    floor.enforce(route(step, end, flows=flows, **CREATED))
    interest, task = off_with_task(floor, "Ring")
    with floor.work("test") as work:
        if why == "cancelled":
            tasks.cancel(work, task)
        else:
            tasks.done(work, task, "" if why == "result" else "Rang twice")
        if why == "moved by hand":
            interests.move(work, interest, scenarios.state_by_code(work, 1, "contract").key)
    switch(floor, True)
    assert (process_tick.run(floor.store), process_tick.run(floor.store)) == (1, 0)
    assert status(floor, task) == "open"
    with floor.work() as work:
        (told,) = work.all(Notification, code="process_step_again")
        assert (told.subject_id, told.facts["step"], told.facts["name"]) == (task, "Ring", "Pumps")
        (process,) = work.all(Process)
        assert process.status == "running"
        assert len(work.all(Task)) == 1, "nothing doubled"
        (now,) = process_view.of_process(work.connection, process.key).steps
        assert now.said == ("" if why in ("result", "cancelled") else "Rang twice"), "nothing lost"


def test_rm_01_another_day_and_another_performer_given_while_off_are_taken_over(floor: Floor) -> None:
    floor.enforce(sale())
    with floor.store.facts("setup") as work:
        ivan = work.add(User(login="ivan", name="Ivan", zone="Asia/Almaty")).key
    interest, task = off_with_task(floor)
    with floor.work("task.move") as work:
        until = work.now + timedelta(days=3)
        tasks.reschedule(work, task, until)
        tasks.assign(work, task, ivan)
    switch(floor, True)
    assert process_tick.run(floor.store) == 0
    with floor.work() as work:
        token = work.find(ProcessToken, task_id=task)
        assert token is not None
        assert (token.performer_id, token.deadline_at, token.due_at) == (ivan, until, until)
        assert work.get(Task, task).assignee_id == ivan
        assert work.find(Reminder, subject_kind="task", subject_id=task, user_id=ivan) is not None
    assert floor.state(interest) == "meeting"


def test_rm_01_an_interest_lost_while_off_takes_its_tasks_along_and_its_process_ends(floor: Floor) -> None:
    floor.enforce(contract())
    interest, task = off_with_task(floor, "Contract agreed")
    with floor.work("interest.fail") as work:
        interests.close(work, interest, "lost", reason="price")
    assert (status(floor, task), floor.open_steps(interest)) == ("cancelled", {})
    switch(floor, True)
    assert process_tick.run(floor.store) == 0
    assert [one.status for one in floor.processes(interest_id=interest)] == ["terminated"]
    assert status(floor, task) == "cancelled"


def test_rm_01_the_switch_is_taken_back_by_undo_as_long_as_nothing_followed(floor: Floor) -> None:
    floor.enforce(sale())
    _interest, task = off_with_task(floor)
    done(floor, task)
    before = floor.rows("process", "process_token", "task", "setting")
    switch(floor, True)
    undo.undo(floor.store, floor.office.actor)
    after = floor.rows("process", "process_token", "task", "setting")
    assert after == before
    assert process_tick.run(floor.store) == 0
    switch(floor, True)
    assert process_tick.run(floor.store) == 1
