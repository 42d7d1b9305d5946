"""Editing a route: each function answers another route, in which no flow dangles and what was whole stays whole.

Where an edit would break the graph it is refused (``route_keep``). Points are given with their ids (``route_ids``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_blocks import blocks, flow_block, join_of
from crm_tui.domain.route.route_keep import kept
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    Outcome,
    Point,
    ProcessKind,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    Tree,
)


def insert(route: Route, number: int, point: Point) -> Route:
    """The point on a flow: what came by it comes to the point first."""
    if isinstance(point, StartPoint | EndPoint | SplitPoint | JoinPoint):
        raise Refused("route_edit_not_on_a_way")
    return kept(route, _inserted(route, number, (point,), ()))


def insert_choice(route: Route, number: int, choice: ChoicePoint, way: Flow, other: Point | None) -> Route:
    """A choice on a flow, with a way on as before by default and another one, ``way``.

    Where ``other`` is given it stands on that way; a step there goes on to where the default way does.
    """
    target = route.flows[number].target
    onward = () if other is None or isinstance(other, EndPoint) else (Flow(other.id, target),)
    made = _inserted(route, number, (choice,), (way, *onward))
    return kept(route, _with_points(made, [other] if other else [], after=choice.id))


def insert_split(
    route: Route, number: int, split: SplitPoint, join: JoinPoint, branches: Sequence[Point]
) -> Route:
    """A split on a flow, the point of each branch, and the join where they meet. The first branch controls the state,
    unless the map or a branch around has none to control."""
    old = route.flows[number]
    around = flow_block(route, blocks(route).get(old.source, ()), number)
    is_led = all(route.flows[branch].controls for _split, branch in around)
    controls = route.kind is ProcessKind.OBJECT and is_led
    flows: list[Flow] = []
    for place, point in enumerate(branches):
        flows.append(Flow(split.id, point.id, controls=controls and place == 0))
        flows.append(Flow(point.id, join.id))
    flows.append(Flow(join.id, old.target))
    made = replace(
        route, flows=(*_before(route, number), replace(old, target=split.id), *flows, *_behind(route, number))
    )
    return kept(route, _with_points(made, [split, *branches, join], after=old.source))


def add_branch(route: Route, split: str, point: Point) -> Route:
    """One more branch of a split, with this point on it. Raises Refused where the split has no join."""
    join = join_of(route, split)
    if join is None:
        raise Refused("route_edit_no_join", point=_name(route, split))
    flows = (*route.flows, Flow(split, point.id), Flow(point.id, join))
    return kept(route, _with_points(replace(route, flows=flows), [point], after=split))


def add_outcome(
    route: Route, step: str, outcome: Outcome, first: Outcome, target: str, new: Point | None = None
) -> Route:
    """One more outcome of a step, and the way it goes: to ``target``, by the ``new`` point where one is given.

    The way that a step without outcomes had gets the outcome ``first``. A new end has no way on: ``target`` is then
    its own id.
    """
    point = route.by_id[step]
    assert isinstance(point, Step)
    known = point.outcomes or (first,)
    flows = list(route.flows)
    ways = route.leaving[step]
    if len(ways) == 1 and not flows[ways[0]].outcome:
        flows[ways[0]] = replace(flows[ways[0]], outcome=known[0].code)
    made = _put(replace(route, flows=tuple(flows)), replace(point, outcomes=(*known, outcome)))
    way = Flow(step, new.id if new else target, outcome=outcome.code)
    return kept(route, _with_way(made, way, target, new))


def add_way(route: Route, choice: str, condition: Tree, target: str, new: Point | None = None) -> Route:
    """One more way of a choice, before its default one; ``target`` and ``new`` as for an outcome."""
    way = Flow(choice, new.id if new else target, condition=condition)
    return kept(route, _with_way(route, way, target, new))


def put(route: Route, point: Point) -> Route:
    """The same point with other settings. Its outcomes keep their codes: ``add_outcome``, ``remove_flow``."""
    old = route.by_id[point.id]
    assert type(old) is type(point)
    return kept(route, _put(route, point))


def put_condition(route: Route, number: int, condition: Tree) -> Route:
    """When a choice goes this way. Raises Refused for its default way."""
    flow = route.flows[number]
    if not isinstance(route.by_id[flow.source], ChoicePoint) or flow.condition is None:
        raise Refused("route_edit_default")
    return _with_flow(route, number, replace(flow, condition=condition))


def control(route: Route, number: int) -> Route:
    """Let this branch of its split control the state, and no other."""
    source = route.flows[number].source
    if not isinstance(route.by_id[source], SplitPoint):
        raise Refused("route_edit_no_branch")
    flows = tuple(
        replace(flow, controls=place == number) if flow.source == source else flow
        for place, flow in enumerate(route.flows)
    )
    return replace(route, flows=flows)


def _inserted(route: Route, number: int, points: Sequence[Point], more: Iterable[Flow]) -> Route:
    """One point on the flow, with ``more`` flows before its default one."""
    old = route.flows[number]
    flows = (
        *_before(route, number),
        replace(old, target=points[0].id),
        *more,
        Flow(points[0].id, old.target),
        *_behind(route, number),
    )
    return _with_points(replace(route, flows=flows), points, after=old.source)


def _with_way(route: Route, way: Flow, target: str, new: Point | None) -> Route:
    default = [
        number
        for number in route.leaving[way.source]
        if isinstance(route.by_id[way.source], ChoicePoint) and route.flows[number].condition is None
    ]
    place = default[0] if default else len(route.flows)
    onward = () if new is None or isinstance(new, EndPoint) else (Flow(new.id, target),)
    flows = (*route.flows[:place], way, *route.flows[place:], *onward)
    return _with_points(replace(route, flows=flows), [new] if new else [], after=way.source)


def _with_points(route: Route, points: Sequence[Point], after: str) -> Route:
    """The points behind another one; ends at the very end, where a reader of the text looks for them."""
    inner = [point for point in points if not isinstance(point, EndPoint)]
    ends = [point for point in points if isinstance(point, EndPoint)]
    place = next((at + 1 for at, one in enumerate(route.points) if one.id == after), len(route.points))
    return replace(route, points=(*route.points[:place], *inner, *route.points[place:], *ends))


def _put(route: Route, point: Point) -> Route:
    return replace(route, points=tuple(point if one.id == point.id else one for one in route.points))


def _with_flow(route: Route, number: int, flow: Flow) -> Route:
    return replace(route, flows=(*_before(route, number), flow, *_behind(route, number)))


def _before(route: Route, number: int) -> tuple[Flow, ...]:
    return route.flows[:number]


def _behind(route: Route, number: int) -> tuple[Flow, ...]:
    return route.flows[number + 1 :]


def _name(route: Route, point: str) -> str:
    return route.by_id[point].name or point
