"""A file of BPMN 2.0 as a route map: our own whole, those of other programs as far as a map can say them.

Understood are start, end and terminate events, tasks of people, service tasks, exclusive and parallel gateways, call
activities and timers that wait for a duration; lanes, notes and data are passed over. Anything else would change what
the process does, and is refused by the name of its element.
"""

import re
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.route.bpmn_words import MODEL, fit, tag
from crm_tui.domain.route.route_ids import new_id
from crm_tui.domain.route.route_map import ProcessKind
from crm_tui.domain.route.route_text import CODE, Written, in_order
from crm_tui.domain.text import clean
from crm_tui.parsing import bpmn_graph, xml_tree
from crm_tui.parsing.bpmn_graph import Graph, Node, Way, settings_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

Plain = dict[str, Any]
KINDS: dict[str, tuple[str, ...]] = {
    "startEvent": ("start",),
    "endEvent": ("end",),
    "userTask": ("step",),
    "manualTask": ("step",),
    "task": ("step",),
    "exclusiveGateway": ("choice",),
    "parallelGateway": ("split", "join"),
    "callActivity": ("nested",),
    "intermediateCatchEvent": ("timer",),
    "intermediateThrowEvent": ("pass",),
    "serviceTask": ("action",),
}
"""Element → kinds of points that it may be."""
_POINTS = frozenset(tag(name) for name in KINDS)
PASSED_OVER = frozenset({
    "association", "auditing", "dataObject", "dataObjectReference", "dataStoreReference", "documentation",
    "extensionElements", "group", "ioSpecification", "laneSet", "monitoring", "property", "textAnnotation",
})  # fmt: skip
MOST_NODES, MOST_WAYS = 2 * route_json.MOST_POINTS, 2 * route_json.MOST_FLOWS
"""Gateways that only bring ways together are no points."""
_DEFINITIONS = {"endEvent": "terminateEventDefinition", "intermediateCatchEvent": "timerEventDefinition"}
"""What an event may be defined by."""
_ISO = re.compile(r"P(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?")
_MINUTES = (7 * 1440, 1440, 60, 1)
_PARTICIPANT = f"{tag('collaboration')}/{tag('participant')}"


def read_bpmn(data: bytes) -> Written:
    """The map that a file tells. Without our settings it is an independent one, which may lack what it needs.

    Raises Invalid: those of ``xml_tree.tree``, ``bpmn_none`` for what is no BPMN, ``bpmn_several`` for more than one
    process, ``bpmn_unsupported`` with the ``element``, ``bpmn_broken`` for a flow without ends, ``bpmn_settings`` for
    settings of ours that are none, and all that ``route_json.parsed`` raises.
    """
    root = xml_tree.tree(data)
    process = _process(root)
    graph = _graph(process)
    bpmn_graph.simplify(graph)
    settings = settings_of(process)
    code = settings.pop("code", "")
    if not isinstance(code, str) or (code and not CODE.fullmatch(code)):
        raise Invalid("route_code", value=clean(str(code))[:50])
    if settings:
        head = _renamed(settings, process.get("name", ""))
    else:
        name = process.get("name") or _named_outside(root) or process.get("id") or ""
        head = {"name": clean(name)[:200], "kind": ProcessKind.INDEPENDENT.value, "object_kind": ""}
    points = [node.plain for node in graph.nodes.values()]
    flows = [way.plain(graph) for way in graph.ways]
    return Written(code, in_order(route_json.parsed({**head, "points": points, "flows": flows})))


def _process(root: "Element") -> "Element":
    if root.tag != tag("definitions"):
        raise Invalid("bpmn_none")
    found = [
        one
        for one in root.findall(tag("process"))
        if settings_of(one) or any(child.tag in _POINTS for child in one)
    ]
    if not found:
        raise Invalid("bpmn_none")
    if len(found) > 1:
        names = ", ".join(clean(one.get("name") or one.get("id") or "?")[:40] for one in found[:5])
        raise Invalid("bpmn_several", names=names)
    return found[0]


def _named_outside(root: "Element") -> str:
    participant = root.find(_PARTICIPANT)
    return ((participant.get("name") if participant is not None else "") or root.get("name")) or ""


def _renamed(settings: Plain, title: str) -> Plain:
    """The settings with the name that another program gave the map."""
    number, name = str(settings.get("number", "")), str(settings.get("name", ""))
    if not title or title == fit(f"{number} {name}".strip()):
        return settings
    return {**settings, "name": clean(title.removeprefix(f"{number} "))}


def _graph(process: "Element") -> Graph:
    graph = Graph()
    taken: set[str] = set()
    for element in process:
        name = element.tag.removeprefix(f"{{{MODEL}}}") if isinstance(element.tag, str) else ""
        if name in KINDS:
            node = _node(element, name, taken)
            if node.element in graph.nodes:
                raise Invalid("bpmn_broken", element=clean(node.element)[:50])
            graph.nodes[node.element] = node
            taken.add(node.plain["id"])
            if len(graph.nodes) > MOST_NODES:
                raise Invalid("route_too_big", points=len(graph.nodes), most=route_json.MOST_POINTS)
        elif name == "sequenceFlow":
            graph.ways.append(_way(element))
            if len(graph.ways) > MOST_WAYS:
                raise Invalid("route_too_big", points=len(graph.nodes), most=route_json.MOST_POINTS)
        elif name not in PASSED_OVER and element.tag.startswith(f"{{{MODEL}}}"):
            raise _unsupported(element)
    for way in graph.ways:
        for end in (way.source, way.target):
            if end not in graph.nodes:
                raise Invalid("bpmn_broken", element=clean(way.element)[:50])
    return graph


def _node(element: "Element", name: str, taken: set[str]) -> Node:
    _refuse_more_than_a_point(element, name)
    own = settings_of(element)
    called = clean(element.get("name", ""))
    if own.get("kind") in KINDS[name]:
        plain = own
        if called != clean(fit(str(own.get("name", "")))):
            plain["name"] = called
    else:
        own, plain = {}, {"kind": KINDS[name][0], **({"name": called[:200]} if called else {})}
        plain |= _of_kind(element, name)
    wished = plain.get("id")
    if not isinstance(wished, str) or not wished or wished in taken:
        plain["id"] = new_id(called or element.get("id", ""), plain["kind"], taken)
    if (said := element.find(tag("documentation"))) is not None and plain["kind"] == "step":
        text = clean(said.text or "", multiline=True)
        if text != clean(fit(str(plain.get("instruction", ""))), multiline=True):
            plain["instruction"] = text
    return Node(
        element.get("id", ""),
        plain,
        bool(own),
        element.get(bpmn_graph.OUTCOMES_OF) is not None,
        element.get("default", ""),
    )


def _of_kind(element: "Element", name: str) -> Plain:
    """What an element of another program says of its point."""
    match name:
        case "endEvent":
            return {"successful": False} if element.find(tag("terminateEventDefinition")) is not None else {}
        case "userTask" | "manualTask" | "task":
            return {"name": clean(element.get("name") or element.get("id") or "")[:200]}
        case "callActivity":
            return {"map": new_id(element.get("calledElement", ""), "map", ())}
        case "intermediateCatchEvent":
            return {"duration": _duration(element)}
        case "serviceTask":
            return {"action": "", "settings": {}}
    return {}


def _refuse_more_than_a_point(element: "Element", name: str) -> None:
    definitions = [
        child
        for child in element
        if "EventDefinition" in child.tag or child.tag.endswith("LoopCharacteristics")
    ]
    for child in definitions:
        if child.tag != tag(_DEFINITIONS.get(name, "-")):
            raise _unsupported(element, child)
    if name == "intermediateCatchEvent" and not definitions:
        raise _unsupported(element)


def _duration(element: "Element") -> str:
    said = element.find(f"{tag('timerEventDefinition')}/{tag('timeDuration')}")
    if said is None:
        raise _unsupported(element, element.find(tag("timerEventDefinition")))
    found = _ISO.fullmatch((said.text or "").strip().strip("\"'").strip())
    if found is None or not any(found.groups()):
        raise _unsupported(element, said)
    *longer, seconds = (int(part or 0) for part in found.groups())
    minutes = sum(amount * each for amount, each in zip(longer, _MINUTES, strict=True)) + -(-seconds // 60)
    days, rest = divmod(minutes, 1440)
    return f"{days}cd" if days and not rest else f"{max(minutes, 1)}min"


def _way(element: "Element") -> Way:
    said = element.find(tag("conditionExpression"))
    return Way(
        element=element.get("id", ""),
        source=element.get("sourceRef", ""),
        target=element.get("targetRef", ""),
        name=clean(element.get("name", ""))[:200],
        expression=clean((said.text or "") if said is not None else "").strip()[:200],
        settings=settings_of(element),
    )


def _unsupported(element: "Element", part: "Element | None" = None) -> Invalid:
    names = [one.tag.rpartition("}")[2] for one in (element, part) if one is not None]
    called = clean(element.get("name") or element.get("id") or "")[:50]
    return Invalid("bpmn_unsupported", element=clean(" / ".join(names))[:80], called=called)
