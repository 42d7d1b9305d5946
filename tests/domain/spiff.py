"""SpiffWorkflow as an oracle: the same map, run from its BPMN by somebody else's engine (issue 5, point 2).

Two things are ours: conditions are asked of the flags that hold now (SpiffWorkflow keeps data with each token, so
that a join would bring back old ones), and a service task waits to be done, as an action point does. Timers come due
by their date being moved into the past. The drawing is left out: SpiffWorkflow asks the conditions of a choice in the
order in which their targets lie in it, where BPMN (and we) take the order of the file.
"""

from collections import Counter
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.task_parsers import GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.defaults import (
    CallActivity,
    IntermediateCatchEvent,
    ParallelGateway,
    ServiceTask,
    UserTask,
)
from SpiffWorkflow.util.task import TaskState

from crm_tui.domain.route.bpmn_out import as_bpmn
from crm_tui.domain.route.bpmn_words import DI, tag
from crm_tui.domain.route.route_map import EndPoint, Flow, ProcessKind, Route, StartPoint, Step
from tests.domain.route_maps import FLAGS

NESTED = Route(
    "",
    "Nested",
    kind=ProcessKind.INDEPENDENT,
    points=(StartPoint(id="begin"), Step(id="inner", name="Inner"), EndPoint(id="over")),
    flows=(Flow("begin", "inner"), Flow("inner", "over")),
)
LONG_AGO = "2000-01-01T00:00:00+00:00"
DEEPEST = 1000
"""So deep does SpiffWorkflow look for tasks, and says nothing of what lies deeper."""


class _Done(ServiceTask):  # type: ignore[misc]
    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.manual = True

    def _run_hook(self, task: Any) -> bool:
        return True


class _Join(ParallelGateway):  # type: ignore[misc]
    """A join that a circle comes to again counts what came since it last went on.

    That of SpiffWorkflow 3.2.0 also counts what came in the round before by another branch than the last one, and so
    goes on too early (compare its issue 341).
    """

    def _check_threshold_unstructured(self, my_task: Any) -> bool:
        tasks = my_task.workflow.get_tasks(spec_name=self.name)
        went_on = [task.last_state_change for task in tasks if task.state == TaskState.COMPLETED]
        since = max(went_on, default=0)
        came = {
            task.parent.task_spec
            for task in tasks
            if task.parent.state == TaskState.COMPLETED and task.parent.last_state_change > since
        }
        return came >= set(self.inputs)


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {full_tag("serviceTask"): (TaskParser, _Done)}


class _MendedParser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {
        **_Parser.OVERRIDE_PARSER_CLASSES,
        full_tag("parallelGateway"): (GatewayParser, _Join),
    }


class _Flags(PythonScriptEngine):  # type: ignore[misc]
    """Answers conditions from the flags and the outcome of now. Nothing else is run."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Any] = {}

    def evaluate(self, task: Any, expression: str, external_context: Any = None) -> Any:
        if expression.startswith("P"):
            return expression  # a duration of ISO 8601, not an expression
        return eval(expression, {"__builtins__": {}}, self.known)

    def execute(self, task: Any, script: str, external_context: Any = None) -> Any:
        raise AssertionError("a map has no scripts")


def _undrawn(route: Route, code: str) -> BytesIO:
    root = ElementTree.fromstring(as_bpmn(route, code))
    root[:] = [one for one in root if one.tag != tag("BPMNDiagram", DI)]
    return BytesIO(ElementTree.tostring(root))


class Oracle:
    """One run of a map in SpiffWorkflow."""

    def __init__(self, route: Route, true: frozenset[str], *, mended: bool = False) -> None:
        """Starts it; ``mended``: with joins that also work in a circle."""
        parser = _MendedParser() if mended else _Parser()
        parser.add_bpmn_io(_undrawn(route, "whole"))
        parser.add_bpmn_io(_undrawn(NESTED, "nested"))
        self._engine = _Flags()
        self._workflow = BpmnWorkflow(
            parser.get_spec("whole"), {"nested": parser.get_spec("nested")}, script_engine=self._engine
        )
        self._say(true, "")
        self._go_on()

    def open(self) -> Counter[str]:
        """The points at which something waits to be done, by their ids."""
        return Counter(task.task_spec.bpmn_id for task in self._open())

    @property
    def completed(self) -> bool:
        """Whether nothing is left to be done."""
        return bool(self._workflow.completed)

    def complete(self, point: str, outcome: str, true: frozenset[str]) -> None:
        """What stands at the point is done."""
        task = next(task for task in self._open() if task.task_spec.bpmn_id == point)
        self._say(true, outcome)
        if isinstance(task.task_spec, IntermediateCatchEvent):
            task._set_internal_data(event_value=LONG_AGO)
        elif isinstance(task.task_spec, CallActivity):
            inner = self._workflow.get_subprocess(task)
            next(
                one for one in inner.get_tasks(state=TaskState.READY) if one.task_spec.bpmn_id == "inner"
            ).run()
        else:
            task.run()
        self._go_on()

    def _open(self) -> list[Any]:
        tasks = self._workflow.get_tasks(state=TaskState.READY | TaskState.STARTED | TaskState.WAITING)
        assert all(task.depth < DEEPEST for task in tasks)
        kinds = (UserTask, _Done, CallActivity, IntermediateCatchEvent)
        return [
            task for task in tasks if isinstance(task.task_spec, kinds) and task.workflow is self._workflow
        ]

    def _say(self, true: frozenset[str], outcome: str) -> None:
        flags: Mapping[str, Any] = {flag: flag in true for flag in FLAGS}
        self._engine.known = {**flags, "outcome": outcome}

    def _go_on(self) -> None:
        for _again in range(3):
            self._workflow.refresh_timers()
            self._workflow.do_engine_steps()
