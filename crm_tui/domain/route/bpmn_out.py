"""A route map as BPMN 2.0 XML that bpmn.io and Camunda Modeler draw, and that comes back whole (``parsing.bpmn_in``).

Each point is the element that its class in ``route_map`` names; a step with several outcomes has an exclusive gateway
behind it, and a split that several ways come to has one before it: a parallel gateway would wait for all of them.
What BPMN has no word for (performer, demands, rules, states …) stands as JSON in ``extensionElements``.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.route.bpmn_layout import laid_out
from crm_tui.domain.route.bpmn_words import (
    DC,
    DD,
    DI,
    OUTCOMES_OF,
    PREFIXES,
    SETTINGS,
    TYPE,
    as_text,
    fit,
    tag,
)
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Point,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
    Tree,
    Unit,
)
from crm_tui.domain.route.route_text import in_order
from crm_tui.domain.text import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

ELEMENTS: Mapping[type[Point], str] = {
    StartPoint: "startEvent",
    Step: "userTask",
    ChoicePoint: "exclusiveGateway",
    SplitPoint: "parallelGateway",
    JoinPoint: "parallelGateway",
    NestedPoint: "callActivity",
    TimerPoint: "intermediateCatchEvent",
    ActionPoint: "serviceTask",
    EndPoint: "endEvent",
}
SIZES = {"Event": (36, 36), "Gateway": (50, 50)}
"""Of shapes, in pixels; what else there is has that of a task."""
TASK = (100, 80)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
"""A name that may be an ``id`` (xsd:ID); those with a dot are ours, for flows and shapes."""
_COMPARED = {"equals": "==", "not_equals": "!=", "greater": ">", "less": "<", "in": "in"}


def as_bpmn(route: Route, code: str = "") -> bytes:
    """The document. Raises Invalid: ``route_twice`` where two points have one id, ``route_loose`` where a flow comes
    from no point or leads to none."""
    from xml.etree import ElementTree

    for prefix, space in PREFIXES.items():
        ElementTree.register_namespace(prefix, space)
    document = _Document(in_order(route), code)
    root = document.definitions()
    ElementTree.indent(root, "  ")
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def iso_duration(duration: Duration) -> str:
    """ISO 8601 for whoever reads the file; whether hours are working ones is in our settings."""
    amount = duration.amount
    return {
        Unit.WORKING_HOURS: f"PT{amount}H",
        Unit.MINUTES: f"PT{amount}M",
        Unit.WORKING_DAYS: f"P{amount}D",
        Unit.CALENDAR_DAYS: f"P{amount}D",
    }[duration.unit]


def expression(tree: Tree) -> str:
    """A condition as others write them, to be read: ``amount_minor > 100 and not (source == "mail")``."""
    for kind, word in (("all", " and "), ("any", " or "), ("not", " or ")):
        if isinstance(members := tree.get(kind), list):
            said = word.join(f"({expression(one)})" if len(one) == 1 else expression(one) for one in members)
            return f"not ({said})" if kind == "not" else said or ("true" if kind == "all" else "false")
    name, operator, value = tree.get("field", "?"), str(tree.get("op", "?")), tree.get("value")
    if value is None:
        return f"{name} {operator}"
    if operator == "equals" and isinstance(value, bool):
        return str(name) if value else f"not {name}"
    return f"{name} {_COMPARED.get(operator, operator)} {as_text({'': value})[5:-1]}"


@dataclass
class _Document:
    """The document while it is written."""

    route: Route
    code: str
    ids: dict[str, str] = field(default_factory=dict)
    """Point → id of its element."""
    taken: set[str] = field(default_factory=set)
    behind: dict[str, str] = field(default_factory=dict)
    """Step → id of the gateway of its outcomes."""
    before: dict[str, str] = field(default_factory=dict)
    """Split → id of the gateway at which the ways to it meet."""
    ways: list[tuple[str, str, str]] = field(default_factory=list)
    """Id, source and target of each sequence flow."""
    shapes: dict[str, str] = field(default_factory=dict)
    """Id → kind of element."""

    def definitions(self) -> "Element":
        root = _element("definitions", id="definitions", targetNamespace=PREFIXES["crm"], exporter="crm_tui")
        self.taken = {"definitions", "diagram", "plane"}
        name = self._id(self.code or "process")
        process = _element("process", id=name, name=fit(self.route.title), isExecutable="true")
        said = route_json.as_json(self.route)
        settings = {key: value for key, value in said.items() if key not in ("points", "flows")}
        _extend(process, {"code": self.code, **settings})
        self._name_points()
        self._name_gateways()
        for point, plain in zip(self.route.points, said["points"], strict=True):
            if point.id in self.before:
                process.append(self._gateway(self.before[point.id], "Converging"))
            process.append(self._of_point(point, plain))
            if point.id in self.behind:
                gateway = self._gateway(self.behind[point.id], "Diverging")
                gateway.set(OUTCOMES_OF, self.ids[point.id])
                process.append(gateway)
        for point_id, before in self.before.items():
            self._way(process, before, self.ids[point_id], f"flow.from.{before}")
        for point_id, behind in self.behind.items():
            self._way(process, self.ids[point_id], behind, f"flow.to.{behind}")
        for number, (flow, plain) in enumerate(zip(self.route.flows, said["flows"], strict=True)):
            self._of_flow(process, number, flow, plain)
        root.append(process)
        root.append(self._diagram(name))
        return root

    def _name_points(self) -> None:
        for point in self.route.points:
            if point.id in self.ids:
                raise Invalid("route_twice", place=clean(point.id)[:50])
            self.ids[point.id] = self._id(point.id)
        for flow in self.route.flows:
            for end in (flow.source, flow.target):
                if end not in self.ids:
                    raise Invalid(
                        "route_loose", place=clean(flow.source)[:50], target=clean(flow.target)[:50]
                    )

    def _name_gateways(self) -> None:
        """Of steps with several ways on, and of splits with several ways to them."""
        for point in self.route.points:
            if isinstance(point, Step) and len(self.route.leaving[point.id]) > 1:
                self.behind[point.id] = self._id(f"{self.ids[point.id]}_outcome")
            if isinstance(point, SplitPoint) and len(self.route.arriving[point.id]) > 1:
                self.before[point.id] = self._id(f"{self.ids[point.id]}_meet")

    def _id(self, wished: str) -> str:
        base = wished if _NAME.fullmatch(wished) else f"point_{len(self.taken)}"
        name, number = base, 2
        while name in self.taken:
            name, number = f"{base}_{number}", number + 1
        self.taken.add(name)
        return name

    def _of_point(self, point: Point, plain: dict[str, Any]) -> "Element":
        kind = ELEMENTS[type(point)]
        element = _element(kind, id=self.ids[point.id])
        self.shapes[self.ids[point.id]] = kind
        if point.name:
            element.set("name", fit(point.name))
        if isinstance(point, Step) and point.instruction:
            documentation = _element("documentation")
            documentation.text = fit(point.instruction)
            element.append(documentation)
        _extend(element, plain)
        if isinstance(point, NestedPoint):
            element.set("calledElement", fit(point.map))
        elif isinstance(point, TimerPoint):
            timer = _element("timerEventDefinition")
            timer.append(_formal("timeDuration", iso_duration(point.duration)))
            element.append(timer)
        elif isinstance(point, EndPoint) and not point.successful:
            element.append(_element("terminateEventDefinition"))
        elif isinstance(point, SplitPoint):
            element.set("gatewayDirection", "Diverging")
        elif isinstance(point, JoinPoint):
            element.set("gatewayDirection", "Converging")
        elif isinstance(point, ChoicePoint):
            plain_ways = [
                number for number in self.route.leaving[point.id] if not self.route.flows[number].condition
            ]
            if len(plain_ways) == 1:
                element.set("default", self._flow_id(plain_ways[0]))
        return element

    def _gateway(self, name: str, direction: str) -> "Element":
        self.shapes[name] = "exclusiveGateway"
        return _element("exclusiveGateway", id=name, gatewayDirection=direction)

    def _of_flow(self, process: "Element", number: int, flow: Flow, plain: dict[str, Any]) -> None:
        source = self.behind.get(flow.source, self.ids[flow.source])
        target = self.before.get(flow.target, self.ids[flow.target])
        element = self._way(process, source, target, self._flow_id(number))
        settings = {key: value for key, value in plain.items() if key not in ("source", "target")}
        if flow.source in self.behind:
            settings["outcome"] = (
                flow.outcome
            )  # also without one: a way that has no settings was drawn elsewhere
        if settings:
            _extend(element, settings)
        said = f"outcome == {as_text({'': flow.outcome})[5:-1]}" if flow.source in self.behind else ""
        if flow.condition:
            said = expression(flow.condition)
        if flow.outcome:
            element.set("name", fit(self._outcome(flow)))
        if said:
            element.append(_formal("conditionExpression", said))

    def _outcome(self, flow: Flow) -> str:
        point = self.route.by_id[flow.source]
        outcomes: tuple[Outcome, ...] = point.outcomes if isinstance(point, Step) else ()
        return next((one.name for one in outcomes if one.code == flow.outcome), "") or flow.outcome

    def _flow_id(self, number: int) -> str:
        """Flows are numbered as in the route."""
        return f"flow.{number}"

    def _way(self, process: "Element", source: str, target: str, name: str) -> "Element":
        element = _element("sequenceFlow", id=name, sourceRef=source, targetRef=target)
        self.ways.append((name, source, target))
        process.append(element)
        return element

    def _diagram(self, process: str) -> "Element":
        layout = laid_out(list(self.shapes), [(source, target) for _name, source, target in self.ways])
        diagram = _element("BPMNDiagram", DI, id="diagram")
        plane = _element("BPMNPlane", DI, id="plane", bpmnElement=process)
        diagram.append(plane)
        for name, kind in self.shapes.items():
            (x, y), (width, height) = layout.shapes[name], _size(kind)
            shape = _element("BPMNShape", DI, id=f"shape.{name}", bpmnElement=name)
            if kind == "exclusiveGateway":
                shape.set("isMarkerVisible", "true")
            bounds = {"x": x - width // 2, "y": y - height // 2, "width": width, "height": height}
            shape.append(_element("Bounds", DC, **{key: str(value) for key, value in bounds.items()}))
            plane.append(shape)
        for (name, source, target), corners in zip(self.ways, layout.ways, strict=True):
            edge = _element("BPMNEdge", DI, id=f"edge.{name}", bpmnElement=name)
            half_out, half_in = _size(self.shapes[source])[0] // 2, _size(self.shapes[target])[0] // 2
            first, *between, last = corners
            for x, y in ((first[0] + half_out, first[1]), *between, (last[0] - half_in, last[1])):
                edge.append(_element("waypoint", DD, x=str(x), y=str(y)))
            plane.append(edge)
        return diagram


def _size(kind: str) -> tuple[int, int]:
    return next((size for ending, size in SIZES.items() if kind.endswith(ending)), TASK)


def _element(name: str, space: str = PREFIXES["bpmn"], /, **attributes: str) -> "Element":
    from xml.etree.ElementTree import Element

    return Element(tag(name, space), attributes)


def _formal(name: str, text: str) -> "Element":
    element = _element(name, **{TYPE: "bpmn:tFormalExpression"})
    element.text = fit(text)
    return element


def _extend(element: "Element", settings: dict[str, Any]) -> None:
    from xml.etree.ElementTree import Element

    extension, said = _element("extensionElements"), Element(SETTINGS)
    said.text = as_text(settings)
    extension.append(said)
    element.append(extension)
