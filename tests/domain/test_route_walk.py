"""What the exhaustive walk says of a map, against a walk that knows no short cuts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Refused
from crm_tui.domain.route import route_check
from crm_tui.domain.route.process import Left, StateReached, Status
from crm_tui.domain.route.route_graph import leading_to
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    Point,
    Requirement,
    Route,
    SplitPoint,
    StartPoint,
    Step,
)
from crm_tui.domain.route.route_net import Net
from crm_tui.domain.route.route_walk import Least, touches_of, walk
from crm_tui.services.route import shipped_maps
from tests.domain.route_maps import KNOWN, MOVES, Move, One, Parallel, Row, blocks, built, played, sound_maps

Tokens = tuple[int, ...]


def simple_walk(route: Route, most: int = 4000) -> tuple[dict[str, int], bool] | None:
    """Point → least touches, and whether all tokens come together: every order of every single move. None for a map
    that is too big for it."""
    ends = [one.id for one in route.points if isinstance(one, EndPoint) and one.successful]
    hopeful = leading_to(route, ends)
    costs: dict[str, int] = {}
    sound = True
    queue: list[tuple[int, Tokens]] = [(0, (route.leaving["start"][0],))]
    seen: set[Tokens] = set()
    while queue:
        cost, tokens = heappop(queue)
        if tokens in seen:
            continue
        seen.add(tokens)
        if len(seen) > most:
            return None
        if any(tokens.count(one) > 1 and route.flows[one].target in hopeful for one in tokens):
            sound = False
            continue
        moves = list(_moves(route, tokens))
        if tokens and not moves:
            sound = False
        for point, more, after in moves:
            costs[point] = min(cost, costs.get(point, cost))
            kind = route.by_id[point]
            if isinstance(kind, EndPoint) and not kind.successful:
                continue
            if point in ends and after:
                sound = False
            heappush(queue, (cost + more, after))
    return costs, sound


def _moves(route: Route, tokens: Tokens) -> Iterator[tuple[str, int, Tokens]]:
    for flow in sorted(set(tokens)):
        point = route.by_id[route.flows[flow].target]
        leaving = route.leaving[point.id]
        gone: Tokens = (flow,)
        if isinstance(point, JoinPoint):
            gone = route.arriving[point.id]
            if not set(tokens).issuperset(gone):
                continue
        left = list(tokens)
        for one in gone:
            left.remove(one)
        if isinstance(point, EndPoint):
            ways: list[Tokens] = [()]
        else:
            ways = [leaving] if isinstance(point, SplitPoint) else [(one,) for one in leaving]
        for way in ways:
            yield point.id, touches_of(point), tuple(sorted((*left, *way)))


@settings(max_examples=120)
@given(sound_maps(most=6))
def test_rm_20_the_least_touches_are_those_of_the_simple_walk(route: Route) -> None:
    simple = simple_walk(route)
    if simple is None:
        return
    costs, sound = simple
    assert sound
    found = walk(route)
    assert found.proved
    assert not found.stuck
    assert {id: least.touches for id, least in found.points.items() if id != "start"} == costs
    assert all(end.asks_reason != end.successful for end in found.ends)


NUMBER = st.integers(0, 99)
PARALLEL = st.lists(blocks(most=3), min_size=2, max_size=3).map(
    lambda branches: built(Parallel(tuple(branches)))
)


@settings(max_examples=150)
@given(PARALLEL, st.lists(st.tuples(NUMBER, NUMBER), min_size=1, max_size=2), st.none() | NUMBER, MOVES)
def test_ways_led_elsewhere_are_found_stuck_exactly_when_they_are(
    route: Route, changes: list[tuple[int, int]], ended: int | None, moves: list[Move]
) -> None:
    flows = list(route.flows)
    for one, other in changes:
        first, second = flows[one % len(flows)], flows[other % len(flows)]
        flows[one % len(flows)] = replace(first, target=second.target)
        flows[other % len(flows)] = replace(second, target=first.target)
    if ended is not None:
        flows[ended % len(flows)] = replace(flows[ended % len(flows)], target="end")
    led = replace(route, flows=tuple(flows))
    told = {problem.code for problem in route_check.problems(led, KNOWN)}
    simple = simple_walk(led) if told <= {"split_not_joined", "join_starves", "comes_twice"} else None
    if simple is None:
        return  # amiss in another way, or too big for the simple walk
    assert (told == set()) == simple[1]
    if simple[1]:
        assert all(done.instance.status is not Status.STOPPED for done in played(led, moves))
        exact = Net(led, touches_of).walk(every_order=True)
        assert not exact.faults
        assert {id: cost for id, cost in exact.costs.items() if id != "start"} == simple[0]


def demanding(id: str, state: str, *kinds: str) -> Step:
    return Step(
        id=id,
        name=id.title(),
        state=state,
        requirements=tuple(Requirement("document", kind) for kind in kinds),
    )


QUICK = shipped_maps.shipped()["sale_quick.toml"].route


def test_rm_20_five_touches_come_before_control_on_any_way() -> None:
    found = walk(QUICK, ["meeting", "frozen"])
    assert found.states["control"] == Least(touches=5, steps=4)
    assert found.states["won"] == Least(touches=6, steps=5)
    assert found.states["lost"] == Least(0, 0), "early termination is allowed"
    assert found.states["frozen"] is None
    assert list(found.states)[:2] == ["meeting", "frozen"]
    assert found.loops
    assert found.proved
    assert not found.stuck
    assert [(end.point, end.asks_reason) for end in found.ends] == [("won", False), ("lost", True)]


@settings(max_examples=60)
@given(MOVES)
def test_rm_20_five_touches_come_before_control_in_every_run(moves: list[Move]) -> None:
    touches = 0
    for done in played(QUICK, moves):
        touches += sum(touches_of(QUICK.by_id[one.point]) for one in done.effects if isinstance(one, Left))
        if StateReached("control") in done.effects:
            assert touches >= 5
        if done.instance.successful:
            assert touches >= 6


def test_a_short_cut_shows_in_the_least_touches() -> None:
    flows = tuple(
        replace(flow, target="contract") if flow.source == "proposal" else flow for flow in QUICK.flows
    )
    found = walk(replace(QUICK, flows=flows))
    assert found.states["control"] == Least(touches=3, steps=3)
    assert found.states["waiting"] is None


def test_touches_are_documents_of_the_kinds_that_touch_the_client() -> None:
    demands = [("document", "call", 2), ("document", "invoice", 3), ("field", "message", 1)]
    step = Step(id="a", requirements=tuple(Requirement(*one) for one in demands))
    assert touches_of(step) == 2
    assert touches_of(EndPoint(id="end")) == 0


def test_a_state_within_a_branch_does_not_wait_for_the_other_branches() -> None:
    branch = Row((One("step", ("call",)), One("step", ("letter",))))
    route = built(Parallel((branch, Row((branch, branch)))))
    last = [point.id for point in route.points if isinstance(point, Step)]
    found = walk(route)
    assert found.points[last[1]] == Least(touches=1, steps=1)
    assert found.points[last[-1]] == Least(touches=3, steps=3)
    assert found.points["end"] == Least(touches=6, steps=6)


def crossing(pairs: int) -> Route:
    """A split of many branches that meet two by two, and then all: no block, but sound."""
    names = [f"b{number}" for number in range(2 * pairs)]
    joins = [f"j{number}" for number in range(pairs)]
    return Route(
        number="1",
        name="Crossing",
        scenario="sale",
        points=(
            StartPoint(id="start"),
            SplitPoint(id="split"),
            *(demanding(name, "" if number else "s0", "call") for number, name in enumerate(names)),
            *(JoinPoint(id=join) for join in joins),
            JoinPoint(id="all"),
            EndPoint(id="end", state="won"),
        ),
        flows=(
            Flow("start", "split"),
            *(Flow("split", name, controls=name == "b0") for name in names),
            *(Flow(name, joins[number // 2]) for number, name in enumerate(names)),
            *(Flow(join, "all") for join in joins),
            Flow("all", "end"),
        ),
    )


def test_branches_that_are_no_block_are_walked_in_every_order() -> None:
    few = walk(crossing(3))
    assert few.proved
    assert not few.stuck
    assert (few.points["j0"].touches, few.points["end"].touches) == (2, 6)


def test_too_many_orders_are_not_called_proved_though_nothing_is_stuck() -> None:
    many = crossing(7)
    found = walk(many)
    assert not found.proved
    assert found.points["end"].touches == 14
    assert route_check.problems(many, KNOWN) == ()


def test_what_cannot_be_proved_sound_is_refused() -> None:
    """Branches that each choose between two joins: whether they agree is a matter of 2¹⁴ cases."""
    names = [f"b{number}" for number in range(14)]
    tangled = Route(
        number="1",
        name="Tangled",
        scenario="sale",
        points=(
            StartPoint(id="start"),
            SplitPoint(id="split"),
            *(Step(id=name, name=name, state="" if name != "b0" else "s0") for name in names),
            *(ChoicePoint(id=f"or_{name}") for name in names),
            JoinPoint(id="one"),
            JoinPoint(id="other"),
            EndPoint(id="end", state="won"),
        ),
        flows=(
            Flow("start", "split"),
            *(Flow("split", name, controls=name == "b0") for name in names),
            *(Flow(name, f"or_{name}") for name in names),
            *(
                Flow(f"or_{name}", "one", condition={"field": "c0", "op": "equals", "value": True})
                for name in names
            ),
            *(Flow(f"or_{name}", "other") for name in names),
            Flow("one", "end"),
            Flow("other", "end"),
        ),
    )
    assert ("not_proved", "") in {(one.code, one.point) for one in route_check.problems(tangled, KNOWN)}


def nested_splits(depth: int) -> Route:
    """Splits within splits, each with a way straight to its join."""
    splits, joins = [f"s{number}" for number in range(depth)], [f"j{number}" for number in range(depth)]
    return Route(
        number="1",
        name="Deep",
        scenario="sale",
        points=(
            StartPoint(id="start"),
            *map_points(SplitPoint, splits),
            demanding("core", "s0", "call"),
            *map_points(JoinPoint, joins),
            EndPoint(id="end", state="won"),
        ),
        flows=(
            Flow("start", splits[0]),
            *(Flow(one, other, controls=True) for one, other in pairwise([*splits, "core"])),
            *(Flow(split, join) for split, join in zip(splits, joins, strict=True)),
            *(Flow(one, other) for one, other in pairwise(["core", *reversed(joins), "end"])),
        ),
    )


def map_points(kind: type[Point], ids: Sequence[str]) -> list[Point]:
    return [kind(id=id) for id in ids]


def test_a_map_as_big_as_maps_may_be_needs_no_more_than_a_look_at_each_block() -> None:
    wide = built(Row(tuple(Parallel((One("step", ("call",)),) * 6) for _ in range(60))))
    deep = nested_splits(240)
    for route, touches in ((wide, 360), (deep, 1)):
        assert len(route.points) > 480
        assert route_check.problems(route, KNOWN) == ()
        found = walk(route)
        assert found.proved
        assert found.markings == 1
        assert found.points["end"].touches == touches


def test_a_map_with_gaps_is_not_walked() -> None:
    with pytest.raises(Refused, match="map_not_whole"):
        walk(replace(QUICK, points=QUICK.points[1:]))
