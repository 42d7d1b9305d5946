"""Processes: transitions a second, what is due of very many, past Interests on a map.

``python -m benchmarks.process [--transitions N] [--running N] [--past N]`` measures processor time, which a busy
machine changes least. A transition is the verb ``processes.complete`` in a unit of work of its own: token game, task,
state of the Interest, journal, search index, commit. Beside it SpiffWorkflow 3.2 (``pip install -e '.[dev]'``) runs
the same map from our BPMN and keeps each workflow as JSON in SQLite, as its own documentation does: read, complete,
write, commit. What is due is looked for among ``--running`` processes that each wait at a step with a deadline.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text

from benchmarks import process_past
from crm_tui.domain.route.bpmn_out import as_bpmn
from crm_tui.domain.route.process import Completed, Instance, Started
from crm_tui.domain.route.process_moves import advance
from crm_tui.domain.route.route_json import as_json
from crm_tui.domain.route.route_map import (
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    Outcome,
    ProcessKind,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    Unit,
)
from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import process_replay, process_tick, processes
from crm_tui.services.route import route_maps
from crm_tui.store.engine import Store
from crm_tui.store.tables import table_of
from crm_tui.store.tables.processes import Process, ProcessToken, RouteMap, RouteMapVersion

HOURS = Duration(4, Unit.WORKING_HOURS)
PER_PROCESS = 5
"""Transitions of one process of ``demo_route``."""


def demo_route(kind: ProcessKind) -> Route:
    """Qualify → proposal and demo side by side → payment, asked twice: with states, or bound to nothing."""
    of_object = kind is ProcessKind.OBJECT
    points = (
        StartPoint(id="start"),
        Step(id="qualify", name="Qualify", state="meeting", duration=HOURS),
        SplitPoint(id="split"),
        Step(id="proposal", name="Proposal", state="proposal", duration=HOURS),
        Step(id="demo", name="Demo", duration=HOURS),
        JoinPoint(id="join"),
        Step(
            id="payment", name="Payment", state="control", duration=HOURS,
            outcomes=(Outcome("paid", "Paid"), Outcome("again", "Not yet")),
        ),
        EndPoint(id="won", state="won"),
    )  # fmt: skip
    flows = (
        Flow("start", "qualify"), Flow("qualify", "split"), Flow("split", "proposal", controls=of_object),
        Flow("split", "demo"), Flow("proposal", "join"), Flow("demo", "join"), Flow("join", "payment"),
        Flow("payment", "won", "paid"), Flow("payment", "payment", "again"),
    )  # fmt: skip
    plain = points if of_object else tuple(replace(one, state="") for one in points)
    return Route("9", f"Benchmark {kind}", kind, "interest", points=plain, flows=flows)


def outcomes() -> list[tuple[str, str]]:
    """What is done with each process: the step and its outcome."""
    return [("qualify", ""), ("proposal", ""), ("demo", ""), ("payment", "again"), ("payment", "paid")]


def cpu(act: Callable[[], Any]) -> tuple[Any, float]:
    """What it answers, and the seconds of processor time that it took."""
    begun = time.process_time()
    found = act()
    return found, time.process_time() - begun


def enforce(store: Store, route: Route, code: str) -> int:
    """Put the route in force as it is; the id of the map."""
    with store.facts("maps") as work:
        row = work.add(
            RouteMap(
                code=code, number=route.number, name=route.name, kind=route.kind.value,
                object_kind=route.object_kind, status="in_force", changed_at=work.now,
            )
        )  # fmt: skip
        version = work.add(RouteMapVersion(map_id=row.key, number=1, route=as_json(route), at=work.now))
        work.change(row, version_id=version.key)
        return row.key


def transitions(folder: Path, kind: ProcessKind, count: int) -> float:
    """CPU seconds a transition of our engine."""
    store = Store(folder / "crm.db")
    user = users.current(store)
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    map_id = enforce(store, demo_route(kind), "benchmark")
    actor, ids = users.actor_of(user), []
    for number in range(count // PER_PROCESS):
        with store.work(actor, "start") as work:
            card = interests.add(work, f"Deal {number}", owner_id=user.key)
            ids.append(processes.start(work, map_id, "interest", card.key).key)

    def run() -> None:
        for process_id in ids:
            for point, outcome in outcomes():
                with store.work(actor, "process.do") as work:
                    row = work.find(ProcessToken, process_id=process_id, point=point, left_at=None)
                    assert row is not None
                    processes.complete(work, process_id, row.token, outcome)

    _none, seconds = cpu(run)
    with store.read() as connection:
        left = connection.scalar(
            select(table_of(Process).c.id).where(table_of(Process).c.status != "completed").limit(1)
        )
    assert left is None, "every process came to its end"
    store.close()
    return seconds / (len(ids) * PER_PROCESS)


def spiff_transitions(folder: Path, kind: ProcessKind, count: int) -> float | None:
    """CPU seconds a transition of SpiffWorkflow with its own serializer; None where it is not installed."""
    try:
        from SpiffWorkflow.bpmn import BpmnWorkflow
        from SpiffWorkflow.bpmn.parser import BpmnParser
        from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
        from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
        from SpiffWorkflow.util.task import TaskState
    except ImportError:
        return None
    parser = BpmnParser()
    parser.add_bpmn_io(BytesIO(as_bpmn(demo_route(kind), "benchmark")))
    spec = parser.get_spec("benchmark")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    base = sqlite3.connect(folder / "spiff.db")
    base.execute("PRAGMA journal_mode=WAL")
    base.execute("CREATE TABLE workflow (id INTEGER PRIMARY KEY, state TEXT)")
    made = count // PER_PROCESS
    for number in range(1, made + 1):
        workflow = BpmnWorkflow(spec, script_engine=PythonScriptEngine())
        workflow.do_engine_steps()
        base.execute("INSERT INTO workflow VALUES (?, ?)", (number, serializer.serialize_json(workflow)))
    base.commit()

    def run() -> None:
        for number in range(1, made + 1):
            for point, outcome in outcomes():
                (state,) = base.execute("SELECT state FROM workflow WHERE id = ?", (number,)).fetchone()
                workflow = serializer.deserialize_json(state)
                ready = workflow.get_tasks(manual=True)
                task = next(
                    one for one in ready if one.task_spec.bpmn_id == point and one.state == TaskState.READY
                )
                task.set_data(outcome=outcome)
                task.run()
                workflow.refresh_waiting_tasks()
                workflow.do_engine_steps()
                kept = serializer.serialize_json(workflow)
                base.execute("UPDATE workflow SET state = ? WHERE id = ?", (kept, number))
                base.commit()

    _none, seconds = cpu(run)
    left = sum(not json.loads(state)["completed"] for (state,) in base.execute("SELECT state FROM workflow"))
    assert not left, "every workflow came to its end"
    base.close()
    return seconds / (made * PER_PROCESS)


def game(count: int) -> float:
    """CPU seconds a transition of the token game alone: what SpiffWorkflow does between reading and writing."""
    route = demo_route(ProcessKind.OBJECT)

    def run() -> None:
        for _number in range(count // PER_PROCESS):
            instance = advance(route, Instance(), Started(), bool).instance
            for point, outcome in outcomes():
                token = next(one.id for one in instance.tokens if one.point == point)
                instance = advance(route, instance, Completed(token, outcome), bool).instance

    _none, seconds = cpu(run)
    return seconds / count


def due(folder: Path, count: int) -> tuple[float, float, str]:
    """CPU ms to look for the 100 oldest that are due, and for when the next is; how SQLite looks for them."""
    store = Store(folder / "crm.db")
    users.current(store)
    map_id = enforce(store, demo_route(ProcessKind.INDEPENDENT), "benchmark")
    now = datetime.now(UTC)  # noqa: TID251
    with store.facts("fill") as work:
        processes_of, tokens_of = [], []
        for number in range(1, count + 1):
            begun = now - timedelta(minutes=number)
            at = now + timedelta(minutes=number - 100)
            processes_of.append(
                {
                    "map_id": map_id, "version_id": 1, "object_kind": "interest", "object_id": number,
                    "controlling": False, "status": "running", "last_token": 1, "last_event": 1,
                    "started_at": begun,
                }
            )  # fmt: skip
            tokens_of.append(
                {
                    "process_id": number, "map_id": map_id, "token": 1, "point": "qualify", "kind": "step",
                    "entered_at": begun, "due_at": at, "deadline_at": at,
                }
            )  # fmt: skip
        for start in range(0, count, 5000):
            work.connection.execute(insert(table_of(Process)), processes_of[start : start + 5000])
            work.connection.execute(insert(table_of(ProcessToken)), tokens_of[start : start + 5000])
    with store.read() as connection:
        process_tick.due(connection, now)  # the first compiles the statement
        looks = 50
        _found, found = cpu(lambda: [process_tick.due(connection, now) for _again in range(looks)])
        process_tick.next_due(connection)
        _next, following = cpu(lambda: [process_tick.next_due(connection) for _again in range(looks)])
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT id FROM process_token WHERE left_at IS NULL AND due_at <= :now"
                " ORDER BY due_at LIMIT 100"
            ),
            {"now": str(now)},
        )
        how = "; ".join(row[3] for row in plan)
    store.close()
    return found / looks * 1000, following / looks * 1000, how


def replay(folder: Path, count: int) -> tuple[float, process_replay.Replay]:
    """CPU seconds of flying the Interests through the shipped quick sale."""
    store = Store(folder / "crm.db")
    process_past.fill(store, count)
    with store.read() as connection:
        map_id = route_maps.by_code(connection, "sale_quick").id
        route = route_maps.draft_or_current(connection, map_id)
        found, seconds = cpu(lambda: process_replay.replay(connection, route, store.clock(), limit=count))
    store.close()
    return seconds, found


def main() -> int:
    """Print what was measured; 1 where a budget of issue 5 is not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transitions", type=int, default=1000)
    parser.add_argument("--running", type=int, default=100_000)
    parser.add_argument("--past", type=int, default=10_000)
    args = parser.parse_args()
    met = True
    shm = Path("/dev/shm")
    places = {"memory": shm if shm.is_dir() else None, "disk": None}
    for kind in (ProcessKind.OBJECT, ProcessKind.INDEPENDENT):
        for place, parent in places.items():
            with tempfile.TemporaryDirectory(dir=parent) as folder:
                ours = transitions(Path(folder), kind, args.transitions)
                theirs = spiff_transitions(Path(folder), kind, args.transitions)
            beside = (
                ""
                if theirs is None
                else f"; SpiffWorkflow {theirs * 1000:.2f} ms ({1 / theirs:.0f} a second)"
            )
            print(f"transition, {kind}, in {place}: {ours * 1000:.2f} ms ({1 / ours:.0f} a second){beside}")
    print(f"token game alone: {game(args.transitions) * 1e6:.0f} us a transition")
    with tempfile.TemporaryDirectory() as folder:
        found, following, how = due(Path(folder), args.running)
    print(f"due of {args.running}: the 100 oldest {found:.2f} ms, when the next is {following:.2f} ms; {how}")
    met &= found < 10 and "INDEX" in how
    with tempfile.TemporaryDirectory() as folder:
        seconds, flown = replay(Path(folder), args.past)
    print(
        f"replay of {len(flown.flown)}: {seconds:.1f} s; {flown.stands.most_common(4)},"
        f" {flown.broken.total()} deadlines broken, {flown.letters.total()} letters"
    )
    met &= seconds < 30
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
