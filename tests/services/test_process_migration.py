"""Running processes and new versions of their map (C-15): nothing by itself; seen before, and undone."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.route.process_moves import replay
from crm_tui.domain.route.route_json import as_json
from crm_tui.domain.route.route_map import Duration, EndPoint, Outcome, Route, Step, TimerPoint, Unit
from crm_tui.services.interest import interests
from crm_tui.services.process import process_migration, process_state, processes
from crm_tui.services.process.process_preview import Moving, Preview
from crm_tui.services.task import tasks
from crm_tui.store import undo
from crm_tui.store.tables import Task
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken, RouteMap, RouteMapVersion
from tests.services.process_office import Floor, approval, contract, route, sale, way


def new_version(floor: Floor, map_id: int, drawn: Route) -> int:
    """Put another version of the map in force; its id."""
    with floor.store.facts("maps") as work:
        number = len(work.all(RouteMapVersion, map_id=map_id)) + 1
        version = work.add(RouteMapVersion(map_id=map_id, number=number, route=as_json(drawn), at=work.now))
        work.change(work.get(RouteMap, map_id), version_id=version.key)
    return version.key


def seen(floor: Floor, map_id: int, version_id: int, **mapping: str) -> Preview:
    """The preview."""
    with floor.store.read() as connection:
        return process_migration.preview(connection, map_id, version_id, mapping)


def trouble(moving: Moving) -> str:
    """Code of what keeps the process from being moved."""
    return moving.trouble.code if moving.trouble is not None else ""


def moved(floor: Floor, preview: Preview) -> tuple[int, ...]:
    """Carry the preview out."""
    with floor.work("process.migrate") as work:
        return process_migration.migrate(work, preview)


def with_call(**more: Any) -> Route:
    """The sale with a step more between meeting and proposal, and the meeting called otherwise."""
    drawn = sale(**more)
    points = [replace(point, name="First call") if point.id == "meeting" else point for point in drawn.points]
    flows = [replace(flow, target="think") if flow.source == "meeting" else flow for flow in drawn.flows]
    return replace(
        drawn,
        points=(*points, Step(id="think", name="Think", state="waiting")),
        flows=(*flows, *way(("think", "proposal"))),
    )


def without_meeting() -> Route:
    """The sale that begins with a talk instead of a meeting."""
    drawn = sale()
    points = [
        Step(id="talk", name="Talk", state="proposal") if point.id == "meeting" else point for point in drawn.points
    ]  # fmt: skip
    swap = {"meeting": "talk"}
    flows = [
        replace(flow, source=swap.get(flow.source, flow.source), target=swap.get(flow.target, flow.target))
        for flow in drawn.flows
    ]
    return replace(drawn, points=tuple(points), flows=tuple(flows))


def only_step(floor: Floor, interest: int) -> int:
    """The task of the one open step."""
    (task,) = floor.open_steps(interest).values()
    return task


def test_c_15_a_process_ends_by_the_version_it_began_with(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    old = floor.interest("Old")
    new_version(floor, map_id, with_call())
    new = floor.interest("New")
    floor.do(only_step(floor, old))
    assert list(floor.open_steps(old)) == ["Proposal"], "version 2 has a step between"
    floor.do(only_step(floor, old), "won")
    assert floor.state(old) == "won"
    assert list(floor.open_steps(new)) == ["First call"]
    floor.do(only_step(floor, new))
    assert list(floor.open_steps(new)) == ["Think"]


def test_c_15_a_process_is_moved_as_the_preview_said_and_goes_on_by_the_new_version(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    first, second = floor.interest("First"), floor.interest("Second")
    floor.do(only_step(floor, second))
    task = only_step(floor, first)
    version = new_version(floor, map_id, with_call())
    preview = seen(floor, map_id, version)
    assert [
        (one.card, one.version, one.waits[0].name, one.waits[0].target_name) for one in preview.processes
    ] == [
        ("First", 1, "Meeting", "First call"),
        ("Second", 1, "Proposal", "Proposal"),
    ]
    assert (preview.gone, len(preview.ready)) == ((), 2)
    before = floor.everything()
    moved(floor, preview)
    (process, other) = floor.processes(map_id=map_id)
    assert (process.version_id, other.version_id) == (version, version)
    assert floor.open_steps(first) == {"First call": task}, "the task is the same, by its new name"
    assert seen(floor, map_id, version).processes == ()
    with pytest.raises(Refused, match="migrate_nothing"):
        moved(floor, seen(floor, map_id, version))
    # It is taken back whole, and done again whole.
    actor = floor.office.actor
    undo.undo(floor.store, actor)
    assert floor.everything() == before
    undo.redo(floor.store, actor)
    floor.do(only_step(floor, first))
    assert floor.state(first) == "waiting"
    floor.do(only_step(floor, first))
    floor.do(only_step(floor, first), "won")
    for process in floor.processes(map_id=map_id):
        with floor.store.read() as connection:
            since, log = process_migration.log_of(connection, process.key)
            drawn = processes.route_of(connection, process.version_id)
            assert replay(drawn, log, since) == process_state.instance_of(connection, process)


def test_c_15_of_a_point_that_is_gone_a_person_says_where_it_goes_on(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    interest = floor.interest()
    with floor.work() as work:
        (waits,) = work.all(ProcessToken)
    version = new_version(floor, map_id, without_meeting())
    preview = seen(floor, map_id, version)
    (moving,) = preview.processes
    assert trouble(moving) == "migrate_point_gone"
    (gone,) = preview.gone
    assert (gone.point, gone.name, gone.waiting) == ("meeting", "Meeting", 1)
    assert gone.places == (("talk", "Talk"), ("proposal", "Proposal"))
    with pytest.raises(Refused, match="migrate_nothing"):
        moved(floor, preview)
    preview = seen(floor, map_id, version, meeting="talk")
    assert (preview.processes[0].state, preview.ready) == ("proposal", (moving.process_id,))
    moved(floor, preview)
    assert floor.state(interest) == "proposal", "the state is that of the point it landed at"
    with floor.work() as work:
        (landed,) = work.all(ProcessToken)
        assert (landed.point, landed.entered_at, landed.task_id) == ("talk", waits.entered_at, waits.task_id)
        (event,) = work.all(ProcessEvent, kind="migrated")
        assert event.facts["was"] == [[1, "meeting"]]
    floor.do(only_step(floor, interest))
    floor.do(only_step(floor, interest), "won")
    assert floor.state(interest) == "won"


def test_c_15_who_went_on_meanwhile_is_not_moved_by_an_old_preview(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    interest = floor.interest()
    preview = seen(floor, map_id, new_version(floor, map_id, with_call()))
    floor.do(only_step(floor, interest))
    with pytest.raises(Conflict):
        moved(floor, preview)
    assert list(floor.open_steps(interest)) == ["Proposal"]
    assert floor.processes()[0].version_id != preview.version_id


def test_c_15_branches_land_together_or_not_at_all(floor: Floor) -> None:
    floor.enforce(approval())
    map_id = floor.enforce(contract())
    waiting, early = floor.interest("One branch waits"), floor.interest("Both go on")
    floor.do(floor.open_steps(waiting)["Warehouse reserve"])
    # The same map with another step in the branch: both can be moved, the join knows its branch again.
    drawn = contract()
    longer = replace(
        drawn,
        points=(*drawn.points, Step(id="check", name="Check")),
        flows=tuple(
            replace(flow, target="check") if flow.source == "split" and flow.target == "agree" else flow
            for flow in drawn.flows
        )
        + way(("check", "agree")),
    )
    longer = replace(
        longer, flows=tuple(replace(flow, controls=flow.target == "check") for flow in longer.flows)
    )
    version = new_version(floor, map_id, longer)
    preview = seen(floor, map_id, version)
    assert [one.trouble for one in preview.processes] == [None, None]
    moved(floor, preview)
    floor.do(floor.open_steps(waiting)["Contract agreed"])
    floor.do(floor.open_steps(waiting)["Approve"])
    assert floor.state(waiting) == "won"
    # One after the other instead: two tokens would run on where one is meant.
    row = route(
        Step(id="agree", name="Contract agreed", state="contract"),
        Step(id="reserve", name="Warehouse reserve"),
        EndPoint(id="sold", state="won"),
        flows=way(("start", "agree"), ("agree", "reserve"), ("reserve", "sold")),
        number="1.3", name="Contract",
    )  # fmt: skip
    preview = seen(floor, map_id, new_version(floor, map_id, row))
    (moving,) = preview.processes
    assert moving.object_id == early
    assert trouble(moving) == "migrate_no_way_on"
    # A branch that came to the join already, and is another one now.
    floor.do(floor.open_steps(early)["Warehouse reserve"])
    swapped = replace(
        drawn,
        points=tuple(Step(id="pick", name="Pick") if one.id == "reserve" else one for one in drawn.points),
        flows=tuple(
            replace(
                flow,
                source="pick" if flow.source == "reserve" else flow.source,
                target="pick" if flow.target == "reserve" else flow.target,
            )
            for flow in drawn.flows
        ),
    )
    version = new_version(floor, map_id, swapped)
    (moving,) = seen(floor, map_id, version).processes
    assert trouble(moving) == "migrate_join_changed"
    (moving,) = seen(floor, map_id, version, reserve="pick").processes
    assert moving.trouble is None


def test_c_15_a_version_for_something_else_takes_nothing_over(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    floor.interest()
    for drawn, code in (
        (sale(scenario="service"), "migrate_other_scenario"),
        (sale(object_kind="customer"), "migrate_other_kind"),
    ):
        (moving,) = seen(floor, map_id, new_version(floor, map_id, drawn)).processes
        assert trouble(moving) == code
    other = floor.enforce(approval())
    with floor.work() as work:
        version = work.get(RouteMap, other).version_id or 0
    with pytest.raises(Refused, match="migrate_other_map"):
        seen(floor, map_id, version)


def test_c_15_a_timer_keeps_its_time_and_only_timers_take_its_place(floor: Floor) -> None:
    waits = route(
        TimerPoint(id="pause", name="Pause", duration=Duration(2, Unit.CALENDAR_DAYS)),
        Step(id="ask", name="Ask", outcomes=(Outcome("a", "A"), Outcome("b", "B"))),
        EndPoint(id="done"),
        flows=way(("start", "pause"), ("pause", "ask"), ("ask", "done", "a"), ("ask", "pause", "b")),
        kind=approval().kind,
    )
    map_id = floor.enforce(waits)
    interest = floor.interest()
    with floor.work("process.start") as work:
        processes.start(work, map_id, "interest", interest)
    with floor.work() as work:
        (before,) = work.all(ProcessToken)
    longer = replace(
        waits,
        points=tuple(
            replace(one, duration=Duration(9, Unit.CALENDAR_DAYS)) if isinstance(one, TimerPoint) else one
            for one in waits.points
        ),
    )
    version = new_version(floor, map_id, longer)
    (moving,) = seen(floor, map_id, version, pause="ask").processes
    assert trouble(moving) == "migrate_point_gone"
    moved(floor, seen(floor, map_id, version))
    with floor.work() as work:
        (after,) = work.all(ProcessToken)
        assert after.due_at == before.due_at
        assert work.all(Task) == []
        assert [one.version_id for one in work.all(Process)] == [version]


def test_c_15_of_many_processes_all_is_asked_for_together(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    version_id = new_version(floor, map_id, with_call())
    asked: list[int] = []
    with floor.store.facts("maps") as work:  # new ones begin by the first version again
        work.change(work.get(RouteMap, map_id), version_id=1)
    for count in (1, 3):
        while len(floor.processes()) < count:
            floor.interest()
        with floor.store.read() as connection:
            event.listen(connection, "before_cursor_execute", lambda *_told, of=count: asked.append(of))
            found = process_migration.preview(connection, map_id, version_id)
        assert [one.card for one in found.processes] == ["Pumps"] * count
    assert asked.count(1) == asked.count(3)


def test_c_15_many_processes_are_moved_together_and_taken_back_by_one_undo(floor: Floor) -> None:
    """What is asked of the store does not grow with the processes: nobody waits for a thousand of them."""
    map_id = floor.enforce(sale())
    for number in range(3):
        floor.interest(f"Pumps {number}")
    counts = []
    version_id = new_version(floor, map_id, with_call(scenario="sale"))
    for more in (0, 30):
        for number in range(more):
            with floor.work() as work:
                interest = interests.add(work, f"More {number}", owner_id=floor.office.user.key)
                assert interest.key
        with floor.store.facts("back") as work:  # they all run by the first version
            work.change_many(Process, [one.key for one in work.all(Process)], version_id=1)
            for task in work.all(Task, kind="process"):
                tasks.rename(work, task.key, "Meeting")
        before = floor.rows("process", "process_token", "process_event", "task", "reminder")
        preview = seen(floor, map_id, version_id)
        asked: list[str] = []
        with floor.work("process.migrate") as work:
            event.listen(work.connection, "before_cursor_execute", lambda *told, to=asked: to.append(told[2]))
            assert len(process_migration.migrate(work, preview)) == 3 + more
        counts.append(sum(not one.startswith("INSERT") for one in asked))
        with floor.work() as work:
            assert {task.title for task in work.all(Task, kind="process")} == {"First call"}
            assert {one.version_id for one in work.all(Process)} == {version_id}
        undo.undo(floor.store, floor.office.actor)
        assert floor.rows("process", "process_token", "process_event", "task", "reminder") == before
    assert counts[0] == counts[1]
