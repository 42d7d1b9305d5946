"""The graph of a BPMN file made that of a route map: what BPMN leaves unsaid or says by a gateway too many.

Done to what other programs drew: a gateway that decides behind a task becomes the outcomes of its step; one that only
brings ways together goes; a parallel one that joins and splits becomes two; a task with several ways on splits.
"""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route.bpmn_words import OUTCOMES_OF, SETTINGS, tag
from crm_tui.domain.route.route_ids import new_id
from crm_tui.domain.text import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["OUTCOMES_OF", "Graph", "Node", "Way", "settings_of", "simplify"]
Plain = dict[str, Any]


@dataclass
class Node:
    """A point, by the id of its element."""

    element: str
    plain: Plain
    """As ``route_json`` has it; ``kind`` may be ``pass`` for what does nothing."""
    own: bool
    """It has settings of ours: what it is was decided here."""
    of_outcomes: bool = False
    """The gateway that we put behind a step with several outcomes."""
    default: str = ""
    """Id of the flow that is taken when no condition holds."""


@dataclass
class Way:
    """A sequence flow between elements."""

    element: str
    source: str
    target: str
    name: str = ""
    expression: str = ""
    settings: Plain = field(default_factory=dict)

    def plain(self, graph: "Graph") -> Plain:
        """As ``route_json`` has it."""
        known = {name: self.settings[name] for name in self.settings if name not in ("source", "target")}
        ends = {
            "source": graph.nodes[self.source].plain["id"],
            "target": graph.nodes[self.target].plain["id"],
        }
        return {**ends, **known}


@dataclass
class Graph:
    """Points and ways, both in the order of the file."""

    nodes: dict[str, Node] = field(default_factory=dict)
    ways: list[Way] = field(default_factory=list)

    def leaving(self) -> dict[str, list[Way]]:
        """Point → its ways on."""
        found: dict[str, list[Way]] = {element: [] for element in self.nodes}
        for way in self.ways:
            found[way.source].append(way)
        return found

    def arriving(self) -> dict[str, list[Way]]:
        """Point → the ways to it."""
        found: dict[str, list[Way]] = {element: [] for element in self.nodes}
        for way in self.ways:
            found[way.target].append(way)
        return found

    def drop(self, element: str, way: Way) -> None:
        """Take a point away with a way of its."""
        del self.nodes[element]
        self.ways = [one for one in self.ways if one is not way]

    def add(self, beside: Node, kind: str) -> Node:
        """A new point of the kind, behind another in the file."""
        taken = {node.plain["id"] for node in self.nodes.values()}
        point = new_id(kind, kind, taken)
        node = Node(f"{beside.element}\n{kind}", {"kind": kind, "id": point}, own=False)
        order = list(self.nodes.items())
        place = next(at for at, (element, _node) in enumerate(order) if element == beside.element) + 1
        self.nodes = dict([*order[:place], (node.element, node), *order[place:]])
        return node


def settings_of(element: "Element") -> Plain:
    """Our settings of an element; nothing where it has none. Raises Invalid (``bpmn_settings``)."""
    found = element.find(f"{tag('extensionElements')}/{SETTINGS}")
    if found is None:
        return {}
    try:
        said = json.loads(found.text or "")
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Invalid("bpmn_settings", element=clean(element.get("id", ""))[:50])
    return said


def simplify(graph: Graph) -> None:
    """Make it a graph that a route map can have."""
    _fold_what_only_passes(graph)
    _fold_outcomes(graph)
    _part_gateways(graph)
    _split_tasks(graph)


def _fold_what_only_passes(graph: Graph) -> None:
    """Gateways with one way on that decide nothing, and events without a meaning."""
    for element, node in list(graph.nodes.items()):
        leaving, arriving = graph.leaving()[element], graph.arriving()[element]
        kind = node.plain["kind"]
        may_go = kind == "pass" or (
            not node.own and (kind == "choice" or (kind in ("split", "join") and len(arriving) < 2))
        )
        if may_go and len(leaving) == 1 and leaving[0].target != element and arriving:
            for way in arriving:
                way.target = leaving[0].target
            graph.drop(element, leaving[0])
    for node in graph.nodes.values():
        if node.plain["kind"] == "pass":
            raise Invalid(
                "bpmn_unsupported", element="intermediateThrowEvent", called=clean(node.element)[:50]
            )


def _fold_outcomes(graph: Graph) -> None:
    leaving, arriving = graph.leaving(), graph.arriving()
    for element, node in list(graph.nodes.items()):
        before = [graph.nodes[way.source] for way in arriving[element]]
        alone = (
            len(before) == 1 and before[0].plain["kind"] == "step" and len(leaving[before[0].element]) == 1
        )
        decides = node.of_outcomes or (
            not node.own and node.plain["kind"] == "choice" and len(leaving[element]) > 1
        )
        if not alone or not decides or before[0].element == element:
            continue
        step = before[0]
        for way in leaving[element]:
            way.source = step.element
            if not way.settings:
                _name_outcome(graph, step, way)
        graph.drop(element, arriving[element][0])
        leaving[step.element] = leaving[element]


def _name_outcome(graph: Graph, step: Node, way: Way) -> None:
    """A way that another program drew is an outcome by its name, its condition or where it leads."""
    outcomes = step.plain.setdefault("outcomes", [])
    if not isinstance(outcomes, list):
        raise Invalid("bpmn_settings", element=clean(step.element)[:50])
    name = way.name or way.expression or clean(graph.nodes[way.target].plain.get("name", "")) or way.target
    codes = {str(one.get("code")) for one in outcomes if isinstance(one, dict)}
    code = new_id(name, "outcome", codes)
    outcomes.append({"code": code, "name": name[:200]})
    way.settings = {"outcome": code}


def _part_gateways(graph: Graph) -> None:
    """A parallel gateway joins what comes and splits what goes."""
    leaving, arriving = graph.leaving(), graph.arriving()
    for element, node in list(graph.nodes.items()):
        if node.own or node.plain["kind"] not in ("split", "join"):
            continue
        joins, splits = len(arriving[element]) > 1, len(leaving[element]) > 1
        node.plain["kind"] = "join" if joins else "split"
        if joins and splits:
            split = graph.add(node, "split")
            for way in leaving[element]:
                way.source = split.element
            graph.ways.append(Way("", element, split.element))


def _split_tasks(graph: Graph) -> None:
    """Of several ways from a task each is gone at once, where none has a condition."""
    leaving = graph.leaving()
    for element, node in list(graph.nodes.items()):
        several = len(leaving[element]) > 1
        if node.own or not several or node.plain["kind"] in ("choice", "split", "join"):
            continue
        if any(way.settings.get("outcome") for way in leaving[element]):
            continue
        if node.default or any(way.expression for way in leaving[element]):
            raise Invalid(
                "bpmn_unsupported", element="sequenceFlow / conditionExpression", called=clean(element)[:50]
            )
        split = graph.add(node, "split")
        for way in leaving[element]:
            way.source = split.element
        graph.ways.append(Way("", element, split.element))
