"""Random runs of a process and their undo: each step taken back leaves every row as it was, byte for byte; and at
every moment the log played again says what the rows say."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.process import Status
from crm_tui.domain.route.route_map import EndPoint, Outcome, Step, StepEvent
from crm_tui.services.process import processes
from crm_tui.services.task import tasks
from crm_tui.store import undo
from crm_tui.store.tables import Outbox, Task
from crm_tui.store.tables.processes import ProcessEvent, ProcessNotice, RouteMap
from crm_tui.store.work import Work
from tests.services.conftest import Office
from tests.services.process_office import (
    CREATED,
    TOUCHED,
    Floor,
    approval,
    contract,
    lead_to_welcome,
    route,
    sale,
    way,
    welcoming,
)

Act = tuple[str, int, str]
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["do", "do", "do", "assign", "end", "undo", "redo"]),
        st.integers(0, 3),
        st.sampled_from(["", "won", "lost"]),
    ),
    min_size=1,
    max_size=10,
)
"""What is done, with which of the open steps, by which outcome."""


@given(name=st.sampled_from(["Sale", "Contract"]), acts=ACTS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bp_05_what_is_taken_back_is_byte_for_byte_as_it_was(
    office: Office, name: str, acts: list[Act]
) -> None:
    floor = Floor(office)
    maps = _maps(floor)
    interest = floor.interest(lead_id=1)
    with floor.store.facts("start") as work:
        processes.start(work, maps[name], "interest", interest)
    before, after = [floor.rows(*TOUCHED)], list[Any]()
    for what, number, outcome in acts:
        office.clock.move(minutes=7)
        if what == "undo" and len(before) > 1:
            after.append(before.pop())
            undo.undo(floor.store, office.actor)
        elif what == "redo" and after:
            before.append(after.pop())
            undo.redo(floor.store, office.actor)
        elif what not in ("undo", "redo") and _done(floor, interest, what, number, outcome):
            before.append(floor.rows(*TOUCHED))
            after.clear()
        assert floor.rows(*TOUCHED) == before[-1]
        for process in floor.processes(interest_id=interest):
            stands, played = floor.replayed(process.key)
            assert stands == played
            holds = process.controlling and process.status == Status.RUNNING
            assert (process.held_state_id is not None) == holds
    while len(before) > 1:
        before.pop()
        undo.undo(floor.store, office.actor)
        assert floor.rows(*TOUCHED) == before[-1]


def _maps(floor: Floor) -> dict[str, int]:
    with floor.work() as work:
        known = {one.name: one.key for one in work.all(RouteMap)}
    if not known:
        floor.enforce(approval())
        floor.enforce(contract(start_event=""))
        floor.enforce(welcoming(welcoming(sale(start_event="")), "proposal", StepEvent.COMPLETING))
        lead_to_welcome(floor)
        return _maps(floor)
    return known


def _done(floor: Floor, interest: int, what: str, number: int, outcome: str) -> bool:
    """Whether it could be done and changed something."""
    with floor.work() as work:
        last = work.all(ProcessEvent)[-1].key
    try:
        with floor.work(f"process.{what}") as work:
            verb = _verb(work, interest, what, number, outcome)
            if verb is None:
                return False
            verb()
    except CrmError:
        return False
    with floor.work() as work:
        return bool(work.all(ProcessEvent)[-1].key > last)


def _verb(work: Work, interest: int, what: str, number: int, outcome: str) -> Callable[[], Any] | None:
    steps = [one for one in work.all(Task, interest_id=interest, status="open") if one.kind == tasks.PROCESS]
    held = processes.controlling(work.connection, interest)
    if what == "end" and held is not None:
        return lambda: processes.terminate(work, held.id, "price" if outcome else "")
    if not steps:
        return None
    task = steps[number % len(steps)]
    if what == "assign":
        return lambda: tasks.assign(work, task.key, task.assignee_id)
    return lambda: processes.complete_task(work, task.key, outcome, reason="price" if number else "")


def test_rm_11_after_an_undo_the_other_way_has_its_own_letter(office: Office) -> None:
    """The letter of the way that was taken back had gone; the step of the other way is entered by a token with the
    same number, and its letter is another one."""
    floor = Floor(office)
    lead_id = lead_to_welcome(floor)
    floor.enforce(
        welcoming(
            welcoming(
                route(
                    Step(id="ask", name="Ask", state="meeting", outcomes=(Outcome("yes", ""), Outcome("no", ""))),
                    Step(id="good", name="Good"),
                    Step(id="bad", name="Bad"),
                    EndPoint(id="sold", state="won"),
                    flows=way(
                        ("start", "ask"), ("ask", "good", "yes"), ("ask", "bad", "no"),
                        ("good", "sold"), ("bad", "sold"),
                    ),
                    **CREATED,
                ),
                "good",
            ),
            "bad",
        )
    )  # fmt: skip
    interest = floor.interest(lead_id=lead_id)
    floor.do(floor.open_steps(interest)["Ask"], "yes")
    with floor.store.facts("sync.sent") as work:
        work.change(work.all(Outbox)[0], status="sent")
    undo.undo(floor.store, office.actor)
    floor.do(floor.open_steps(interest)["Ask"], "no")
    with floor.work() as work:
        assert [one.status for one in work.all(Outbox)] == ["sent", "queued"]
        assert [one.outbox_id for one in work.all(ProcessNotice) if one.step == "Bad"] == [2]
