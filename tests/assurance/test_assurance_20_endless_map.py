"""Row 20: a map that goes in circles, starts itself, or never waits is refused; and if one runs all the same, it is
stopped by its budget with its tokens where they were. (What the service does then: ``tests/services``.)"""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from crm_tui.domain.route import route_check
from crm_tui.domain.route.process import Completed, Entered, Event, Instance, Started, Status, Stopped, Token
from crm_tui.domain.route.process_moves import MOST_ACTIONS, MOST_PASSES, advance, replay
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    Point,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    Tree,
)
from tests.domain.route_maps import KNOWN

HOLDS: Tree = {"field": "c0", "op": "equals", "value": True}


def endless(*around: Point, flows: tuple[Flow, ...]) -> Route:
    """A step, and behind it points that lead to each other while a condition holds."""
    return Route(
        number="1",
        name="Endless",
        scenario="sale",
        points=(
            StartPoint(id="start"),
            Step(id="step", name="Step", state="s0"),
            *around,
            EndPoint(id="end", state="won"),
        ),
        flows=(Flow("start", "step"), *flows),
    )


CHOICES = endless(
    ChoicePoint(id="a"),
    ChoicePoint(id="b"),
    flows=(
        Flow("step", "a"),
        Flow("a", "b", condition=HOLDS),
        Flow("a", "end"),
        Flow("b", "a", condition=HOLDS),
        Flow("b", "end"),
    ),
)
BREEDING = endless(
    SplitPoint(id="split"),
    ChoicePoint(id="again"),
    JoinPoint(id="join"),
    flows=(
        Flow("step", "again"),
        Flow("again", "split", condition=HOLDS),
        Flow("again", "end"),
        Flow("split", "again", controls=True),
        Flow("split", "join"),
        Flow("split", "join"),
        Flow("join", "end"),
    ),
)
ACTIONS = endless(
    ActionPoint(id="act", action="set_field", settings={"field": "amount", "value": "1"}),
    ChoicePoint(id="more"),
    flows=(
        Flow("step", "act"),
        Flow("act", "more"),
        Flow("more", "act", condition=HOLDS),
        Flow("more", "end"),
    ),
)


@pytest.mark.parametrize("route", [CHOICES, BREEDING, ACTIONS], ids=["choices", "breeding", "actions"])
def test_assurance_20_a_map_with_a_circle_that_never_waits_is_refused(route: Route) -> None:
    assert "endless" in {problem.code for problem in route_check.problems(route, KNOWN)}


@pytest.mark.parametrize("route", [CHOICES, BREEDING], ids=["choices", "breeding"])
def test_assurance_20_one_that_runs_all_the_same_is_stopped_and_may_go_on_when_it_is_mended(
    route: Route,
) -> None:
    asked: list[Tree] = []

    def holds(tree: Tree) -> bool:
        asked.append(tree)
        return True

    waiting = advance(route, Instance(), Started(), holds).instance
    done = advance(route, waiting, Completed(1), holds)
    assert done.instance == Instance(Status.STOPPED, (Token(1, "step", 0),), 1)
    assert done.event == Stopped()
    assert not any(isinstance(effect, Entered) for effect in done.effects), "nothing of it was done"
    assert 0 < len(asked) <= MOST_PASSES
    mended = advance(route, done.instance, Completed(1), lambda _tree: False)
    assert mended.instance.status is Status.COMPLETED
    log: list[tuple[Event, Sequence[int]]] = [(Started(), ()), (Stopped(), ()), (Completed(1), mended.chosen)]
    assert replay(route, log[:2]) == done.instance
    assert replay(route, log) == mended.instance


def test_assurance_20_a_circle_of_actions_is_counted_by_whoever_carries_them_out() -> None:
    now = advance(ACTIONS, Instance(), Started(), lambda _tree: True).instance
    now = advance(ACTIONS, now, Completed(1), lambda _tree: True).instance
    for _ in range(MOST_ACTIONS):
        now = advance(ACTIONS, now, Completed(now.last_token), lambda _tree: True).instance
        assert [token.point for token in now.tokens] == ["act"]
    stopped = advance(ACTIONS, now, Stopped(), lambda _tree: True)
    assert stopped.instance == replace(now, status=Status.STOPPED)
