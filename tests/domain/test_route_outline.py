"""A route as an outline (BP-06): each point once, branches indented, ways back told."""

import pytest

from crm_tui.domain.route.route_map import (
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    Outcome,
    Point,
    Route,
    SplitPoint,
    StartPoint,
    Step,
)
from crm_tui.domain.route.route_outline import label, outline, side_points

OUTCOMES = (Outcome("won", "Won"), Outcome("lost", "Lost"))


def route(points: list[Point], *flows: Flow) -> Route:
    return Route("1", "Test", points=tuple(points), flows=flows)


def way(*pairs: str) -> list[Flow]:
    ends = (pair.partition("-") for pair in pairs)
    return [Flow(source, target) for source, _dash, target in ends]


def drawn(of: Route) -> list[str]:
    return ["." * line.depth + ("^" if line.back else "") + line.point for line in outline(of)]


def steps(names: str) -> list[Point]:
    return [StartPoint(id="start"), *(Step(id=name) for name in names), EndPoint(id="end")]


STRAIGHT = route(steps("ab"), *way("start-a", "a-b", "b-end"))
OUTCOME = route(
    [StartPoint(id="start"), Step(id="a", outcomes=OUTCOMES), EndPoint(id="good"), EndPoint(id="bad")],
    Flow("start", "a"), Flow("a", "good", outcome="won"), Flow("a", "bad", outcome="lost"),
)  # fmt: skip
LOOP = route(
    [StartPoint(id="start"), Step(id="a"), ChoicePoint(id="again"), EndPoint(id="end")],
    *way("start-a", "a-again", "again-end", "again-a"),
)
SPLIT = route(
    [*steps("abcd"), SplitPoint(id="split"), JoinPoint(id="join")],
    *way("start-a", "a-split"), Flow("split", "b", controls=True), *way("split-c", "b-join", "c-join"),
    *way("join-d", "d-end"),
)  # fmt: skip
SKIP = route(
    [*steps("ab"), ChoicePoint(id="if")], *way("start-if", "if-a", "if-b", "a-b", "b-end")
)  # fmt: skip
ENDLESS = route(
    [StartPoint(id="start"), Step(id="a"), ChoicePoint(id="c")], *way("start-a", "a-c", "c-a", "c-c")
)


@pytest.mark.parametrize(
    ("of", "lines"),
    [
        (STRAIGHT, ["start", "a", "b", "end"]),
        (OUTCOME, ["start", "a", ".good", ".bad"]),
        (LOOP, ["start", "a", "again", ".^end", ".^a", "end"]),
        (SPLIT, ["start", "a", "split", ".b", ".c", "join", "d", "end"]),
        (SKIP, ["start", "if", ".a", ".^b", "b", "end"]),
        (ENDLESS, ["start", "a", "c", ".^a", ".^c"]),
        (route([]), []),
        (route([StartPoint(id="start")], Flow("start", "nowhere")), ["start"]),
    ],
    ids=["straight", "outcomes", "loop", "split", "skip", "endless", "empty", "broken"],
)
def test_bp_06_the_outline_of_a_route(of: Route, lines: list[str]) -> None:
    assert drawn(of) == lines


def test_bp_20_the_points_of_a_branch_that_controls_nothing() -> None:
    assert side_points(SPLIT) == {"c"}
    assert side_points(STRAIGHT) == frozenset()


def test_the_flow_of_an_outcome_is_called_by_it() -> None:
    assert [label(OUTCOME, flow) for flow in OUTCOME.flows] == ["", "Won", "Lost"]
