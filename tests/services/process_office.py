"""Maps and processes for tests: routes put in force as they are, and what stands in the rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from crm_tui.domain.route.process import Instance
from crm_tui.domain.route.process_moves import replay
from crm_tui.domain.route.route_json import as_json
from crm_tui.domain.route.route_map import (
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Point,
    ProcessKind,
    Route,
    RuleAction,
    SplitPoint,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
    TimerPoint,
    Unit,
)
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests
from crm_tui.services.party import leads
from crm_tui.services.process import process_state, processes
from crm_tui.services.writing import letter_templates
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest, Scenario, State, Task, every_table
from crm_tui.store.tables.processes import Process, ProcessToken, RouteMap, RouteMapVersion
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from tests.services.conftest import Office

TOUCHED = (
    "interest", "state_change", "process_token", "process_event", "process_notice", "task", "reminder",
    "outbox", "notification", "process", "draft",
)  # fmt: skip
"""Tables that a transition writes into."""


CREATED = {"number": "1.2", "name": "Sale", "start_event": "created"}


def way(*ends: tuple[str, str] | tuple[str, str, str]) -> tuple[Flow, ...]:
    """Flows by (source, target) or (source, target, outcome)."""
    return tuple(Flow(*end) for end in ends)


def route(
    *points: Point, flows: tuple[Flow, ...], number: str = "9.1", name: str = "Test", **more: Any
) -> Route:
    """A route that begins at ``start``."""
    return Route(number, name, points=(StartPoint(id="start"), *points), flows=flows, **more)


def sale(**more: Any) -> Route:
    """Meeting → Proposal → won or lost; owns the state, may be ended early."""
    settings: dict[str, Any] = {
        "number": "1.2", "name": "Sale", "start_event": "created", "scenario": "sale",
        "early_termination": True, "termination_state": "lost",
    }  # fmt: skip
    return route(
        Step(id="meeting", name="Meeting", state="meeting"),
        Step(
            id="proposal", name="Proposal", state="proposal",
            outcomes=(Outcome("won", "Won"), Outcome("lost", "Lost")),
        ),
        EndPoint(id="sold", name="Sold", state="won"),
        EndPoint(id="gone", name="Not sold", state="lost", successful=False),
        flows=way(
            ("start", "meeting"), ("meeting", "proposal"),
            ("proposal", "sold", "won"), ("proposal", "gone", "lost"),
        ),
        **(settings | more),
    )  # fmt: skip


def approval(**more: Any) -> Route:
    """One step of an independent map."""
    settings: dict[str, Any] = {"number": "2.1", "name": "Approval", "kind": ProcessKind.INDEPENDENT}
    return route(
        Step(id="approve", name="Approve"),
        EndPoint(id="approved"),
        flows=way(("start", "approve"), ("approve", "approved")),
        **({"object_kind": ""} | settings | more),
    )


def contract(**more: Any) -> Route:
    """A split: "agree" controls the state and then waits for a nested approval, "reserve" beside it (story A8)."""
    settings: dict[str, Any] = {"number": "1.3", "name": "Contract", "start_event": "created"}
    return route(
        SplitPoint(id="split", state="contract"),
        Step(id="agree", name="Contract agreed", state="contract"),
        NestedPoint(id="legal", name="Legal approval", map="approval", state="control"),
        Step(id="reserve", name="Warehouse reserve"),
        JoinPoint(id="join", state="control"),
        EndPoint(id="sold", state="won"),
        flows=(
            Flow("start", "split"), Flow("split", "agree", controls=True), Flow("split", "reserve"),
            Flow("agree", "legal"), Flow("legal", "join"), Flow("reserve", "join"), Flow("join", "sold"),
        ),
        **({"early_termination": True, "termination_state": "lost"} | settings | more),
    )  # fmt: skip


def waiting_hour(**more: str) -> Route:
    """A timer of an hour, then a step."""
    return route(
        TimerPoint(id="pause", duration=Duration(60, Unit.MINUTES), state="proposal"),
        Step(id="ring", name="Ring", state="contract"),
        EndPoint(id="sold", state="won"),
        flows=way(("start", "pause"), ("pause", "ring"), ("ring", "sold")),
        **(CREATED | more),
    )


def enforce(work: Work, drawn: Route, code: str = "", status: str = "in_force") -> int:
    """Put the route in force as it is; answers the id of the map."""
    scenario = work.find(Scenario, code=drawn.scenario) if drawn.scenario else None
    row = work.add(
        RouteMap(
            code=code or drawn.name.lower(), number=drawn.number, name=drawn.name, kind=drawn.kind.value,
            object_kind=drawn.object_kind, start_event=drawn.start_event, status=status,
            scenario_id=scenario.key if scenario else None, changed_at=work.now,
        )
    )  # fmt: skip
    version = work.add(RouteMapVersion(map_id=row.key, number=1, route=as_json(drawn), at=work.now))
    work.change(row, version_id=version.key)
    return row.key


class Floor:
    """An office with processes, and short ways to say and see what happens there."""

    def __init__(self, office: "Office") -> None:
        self.office = office
        self.store: Store = office.store

    def work(self, command: str = "test") -> Any:
        """A unit of work of the person."""
        return self.store.work(self.office.actor, command)

    def enforce(self, drawn: Route, code: str = "", status: str = "in_force") -> int:
        """As the function."""
        with self.store.facts("maps") as work:
            return enforce(work, drawn, code, status)

    def interest(self, name: str = "Pumps", **fields: Any) -> int:
        """A new Interest of the person."""
        with self.work("interest.add") as work:
            return interests.add(work, name, **({"owner_id": self.office.user.key} | fields)).key

    def open_steps(self, interest_id: int) -> dict[str, int]:
        """Title → id of the open process tasks of the Interest."""
        with self.work() as work:
            found = work.all(Task, interest_id=interest_id, status="open", kind="process")
            return {task.title: task.key for task in found}

    def do(self, task_id: int, outcome: str = "", **said: Any) -> Process:
        """Complete the step of a task."""
        with self.work("task.done") as work:
            return processes.complete_task(work, task_id, outcome, **said)

    def state(self, interest_id: int) -> str:
        """Code of the state of the Interest."""
        with self.work() as work:
            return work.get(State, work.get(Interest, interest_id).state_id).code

    def processes(self, **where: Any) -> list[Process]:
        """Processes with these values."""
        with self.work() as work:
            return work.all(Process, **where)

    def tokens(self, process_id: int) -> dict[str, str]:
        """Point → outcome, "waits" for those that wait."""
        with self.work() as work:
            rows = work.all(ProcessToken, process_id=process_id)
            return {row.point: "waits" if row.left_at is None else row.outcome for row in rows}

    def replayed(self, process_id: int) -> tuple[Instance, Instance]:
        """Where the process stands by its rows, and by its log played again."""
        with self.work() as work:
            process = work.get(Process, process_id)
            drawn = processes.route_of(work.connection, process.version_id)
            log = process_state.events_of(work.connection, process_id)
            return process_state.instance_of(work.connection, process), replay(drawn, log)

    def everything(self) -> Mapping[str, Any]:
        """All rows of all tables but the journal and the log of changes."""
        told = {"journal_entry", "journal_row", "change"}
        return self.rows(*(name for name in every_table().tables if name not in told))

    def rows(self, *names: str) -> Mapping[str, Any]:
        """All rows of these tables."""
        with self.store.read() as connection:
            return {
                name: sorted(connection.exec_driver_sql(f'SELECT * FROM "{name}"').fetchall(), key=repr)
                for name in names
            }


def welcoming(drawn: Route, step: str = "meeting", event: StepEvent = StepEvent.ENTERING) -> Route:
    """The same with a letter to the lead when the step is entered, or at another event."""
    rule = StepRule(event, RuleAction.EMAIL, None, "Welcome", to_client=True)
    points = tuple(
        replace(point, rules=(rule,)) if isinstance(point, Step) and point.id == step else point
        for point in drawn.points
    )
    return replace(drawn, points=points)


def lead_to_welcome(floor: Floor) -> int:
    """A lead with an address, an account that sends, and the template of the letter."""
    with floor.work("setup") as work:
        accounts.update(work, floor.office.account.key, smtp_host="127.0.0.1")
        letter_templates.add(work, "Welcome", subject="Welcome", body="Dear {{ contact.name }},")
        return leads.add(work, "Olga Kim", infos=[("email", "olga@newco.example")]).key
