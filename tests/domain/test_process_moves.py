"""The token game: what becomes of a process by an event, point by point."""

from collections.abc import Sequence
from itertools import pairwise

import pytest

from crm_tui.domain.errors import CrmError, Refused
from crm_tui.domain.route.process import (
    Advance,
    Cancelled,
    Completed,
    Ended,
    Entered,
    Event,
    Instance,
    Left,
    Resumed,
    Started,
    StateReached,
    Status,
    Stopped,
    Terminated,
    Token,
)
from crm_tui.domain.route.process_moves import advance, replay
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

START = StartPoint(id="start")
END = EndPoint(id="end", state="won")
FAIL = EndPoint(id="fail", state="lost", successful=False)
TALK = Step(id="talk", state="talks", outcomes=(Outcome("yes", "Yes"), Outcome("no", "No")))
DEAR: Tree = {"field": "amount", "op": "gt", "value": 100}
NEW: Tree = {"field": "customer", "op": "is_empty"}


def route(*parts: Point | Flow, **parameters: object) -> Route:
    return Route(
        number="1",
        name="Test",
        points=tuple(part for part in parts if isinstance(part, Point)),
        flows=tuple(part for part in parts if isinstance(part, Flow)),
        **parameters,  # type: ignore[arg-type]
    )


def flows(*lines: str) -> tuple[Flow, ...]:
    """Chains of points: ``a > b > c``."""
    chains = [line.split(" > ") for line in lines]
    return tuple(Flow(*pair) for chain in chains for pair in pairwise(chain))


def nothing(_condition: Tree) -> bool:
    return False


def run(of: Route, *events: Event, true: Sequence[Tree] = ()) -> Advance:
    """The last of these events, after the start."""
    done = advance(of, Instance(), Started(), lambda tree: tree in true)
    for event in events:
        done = advance(of, done.instance, event, lambda tree: tree in true)
    return done


def standing(done: Advance) -> list[str]:
    return [token.point for token in done.instance.tokens]


def test_a_process_starts_waits_and_ends() -> None:
    sale = route(START, Step(id="call", state="contact"), END, *flows("start > call > end"))
    first = run(sale)
    assert first.instance == Instance(tokens=(Token(1, "call", 0),), last_token=1)
    assert first.effects == (Entered("start"), StateReached("contact"), Entered("call", 1))
    last = run(sale, Completed(1))
    assert last.effects == (
        Left("call", 1),
        StateReached("won"),
        Entered("end"),
        Ended(Status.COMPLETED, True, "end"),
    )
    assert last.instance == Instance(Status.COMPLETED, (), 1, True, "end")


def test_bp_09_outcomes_of_a_step_lead_by_their_flows() -> None:
    sale = route(
        START, TALK, END, FAIL, Flow("start", "talk"), Flow("talk", "fail", "no"), Flow("talk", "end", "yes")
    )
    assert run(sale, Completed(1, "yes")).instance.successful is True
    refused = run(sale, Completed(1, "no"))
    assert refused.instance.successful is False
    assert Left("talk", 1, "no") in refused.effects
    for outcome, code in (("", "outcome_missing"), ("later", "outcome_unknown")):
        with pytest.raises(CrmError) as caught:
            run(sale, Completed(1, outcome))
        assert caught.value.code == code


def test_a_single_outcome_may_be_named_or_not() -> None:
    one = Step(id="sign", outcomes=(Outcome("done", "Done"),))
    sale = route(START, one, END, Flow("start", "sign"), Flow("sign", "end", "done"))
    assert run(sale, Completed(1)).instance.status is Status.COMPLETED
    assert run(sale, Completed(1, "done")).instance.status is Status.COMPLETED


@pytest.mark.parametrize(
    ("true", "flow", "point"),
    [((), 3, "rest"), ((NEW,), 2, "new"), ((DEAR,), 1, "dear"), ((DEAR, NEW), 1, "dear")],
)
def test_a_choice_goes_by_the_first_flow_that_holds_else_by_the_default(
    true: Sequence[Tree], flow: int, point: str
) -> None:
    steps = [Step(id=name) for name in ("dear", "new", "rest")]
    sale = route(
        START,
        ChoicePoint(id="which"),
        *steps,
        END,
        Flow("start", "which"),
        Flow("which", "dear", condition=DEAR),
        Flow("which", "new", condition=NEW),
        Flow("which", "rest"),
        *flows("dear > end", "new > end", "rest > end"),
    )
    done = run(sale, true=true)
    assert done.chosen == (flow,)
    assert standing(done) == [point]


def test_a_choice_without_a_way_on_stops_the_process_and_may_be_tried_again() -> None:
    sale = route(
        START,
        Step(id="call"),
        ChoicePoint(id="which"),
        END,
        *flows("start > call > which"),
        Flow("which", "end", condition=DEAR),
    )
    stuck = run(sale, Completed(1))
    assert stuck.event == Stopped()
    assert stuck.effects == (Ended(Status.STOPPED, None),)
    assert stuck.instance == Instance(Status.STOPPED, (Token(1, "call", 0),), 1)
    mended = advance(sale, stuck.instance, Completed(1), lambda _tree: True)
    assert mended.instance.status is Status.COMPLETED
    resumed = advance(sale, stuck.instance, Resumed(), nothing)
    assert resumed.instance == Instance(Status.RUNNING, (Token(1, "call", 0),), 1)
    with pytest.raises(Refused, match="process_not_stopped"):
        advance(sale, resumed.instance, Resumed(), nothing)


PARALLEL = route(
    START,
    SplitPoint(id="split"),
    Step(id="a", state="talks"),
    TimerPoint(id="b", duration=Duration(1, Unit.WORKING_DAYS)),
    NestedPoint(id="c", map="m"),
    JoinPoint(id="join", state="ready"),
    ActionPoint(id="act", action="set_field", settings={}),
    END,
    *flows("start > split > a > join", "split > b > join", "split > c > join > act > end"),
)


def test_a_split_goes_on_by_all_flows_and_the_join_waits_for_all() -> None:
    first = run(PARALLEL)
    assert standing(first) == ["a", "b", "c"]
    assert StateReached("talks") in first.effects
    second = run(PARALLEL, Completed(2))
    assert second.instance.tokens[-1] == Token(4, "join", 4)
    assert second.effects == (Left("b", 2), Entered("join", 4))
    assert standing(run(PARALLEL, Completed(2), Completed(1))) == ["c", "join", "join"]
    joined = run(PARALLEL, Completed(2), Completed(1), Completed(3))
    assert standing(joined) == ["act"]
    assert joined.effects[-3:] == (StateReached("ready"), Entered("join"), Entered("act", 6))
    assert [effect for effect in joined.effects if isinstance(effect, Left)] == [
        Left("c", 3),
        Left("join", 5),
        Left("join", 4),
    ]
    assert run(PARALLEL, *map(Completed, (2, 1, 3, 6))).instance.status is Status.COMPLETED


def test_bp_18_an_unsuccessful_end_takes_all_other_tokens_away() -> None:
    sale = route(
        START,
        SplitPoint(id="split"),
        Step(id="a"),
        Step(id="b"),
        JoinPoint(id="join"),
        Step(id="watch"),
        FAIL,
        END,
        *flows("start > split > a > join", "split > b > join > end", "split > watch > fail"),
    )
    done = run(sale, Completed(1), Completed(3))
    assert done.effects == (
        Left("watch", 3),
        Cancelled("b", 2),
        Cancelled("join", 4),
        StateReached("lost"),
        Entered("fail"),
        Ended(Status.COMPLETED, False, "fail"),
    )
    assert done.instance.tokens == ()


def test_bp_17_early_termination_takes_all_tokens_away_and_ends_in_its_state() -> None:
    sale = route(
        START, Step(id="a"), END, *flows("start > a > end"), early_termination=True, termination_state="lost"
    )
    done = run(sale, Terminated())
    assert done.effects == (Cancelled("a", 1), StateReached("lost"), Ended(Status.TERMINATED, None))
    for event in (Terminated(), Completed(1), Started()):
        with pytest.raises(CrmError):
            advance(sale, done.instance, event, nothing)


def test_what_does_not_wait_is_not_completed() -> None:
    waiting = run(PARALLEL, Completed(2)).instance
    for token in (2, 4, 99):  # gone on; at the join; never given
        with pytest.raises(CrmError) as caught:
            advance(PARALLEL, waiting, Completed(token), nothing)
        assert caught.value.code == "token_not_waiting"
    with pytest.raises(CrmError) as caught:
        advance(PARALLEL, waiting, Started(), nothing)
    assert caught.value.code == "process_started"


def test_a_process_that_would_stand_at_its_joins_for_ever_is_stopped() -> None:
    choice = ChoicePoint(id="one_of")
    unsound = route(
        START, choice, JoinPoint(id="join"), END, *flows("start > one_of > join > end", "one_of > join")
    )
    assert run(unsound).instance == Instance(Status.STOPPED)


def test_an_empty_condition_holds_and_of_two_default_flows_the_first_is_taken() -> None:
    steps = [Step(id=name) for name in ("a", "b", "c")]
    points: tuple[Point | Flow, ...] = (
        START,
        ChoicePoint(id="which"),
        *steps,
        END,
        *flows("start > which", "a > end", "b > end", "c > end"),
    )
    always = route(*points, Flow("which", "a"), Flow("which", "b", condition={}))
    assert standing(run(always)) == ["b"]
    unclear = route(*points, Flow("which", "a"), Flow("which", "b"), Flow("which", "c", condition=DEAR))
    assert standing(run(unclear)) == ["a"]


def test_several_flows_that_nothing_chooses_between_are_all_taken_in_their_order() -> None:
    """As in BPMN; no map in force has them."""
    steps = [Step(id=name) for name in ("a", "b", "c")]
    loose = route(START, *steps, END, *flows("start > a > b > end", "a > c > end"))
    done = run(loose, Completed(1))
    assert standing(done) == ["b", "c"]


def test_a_successful_end_takes_only_its_own_token() -> None:
    """The process ends with the last; no map in force lets one end beside others."""
    loose = route(
        START,
        SplitPoint(id="split"),
        Step(id="a"),
        Step(id="b"),
        END,
        EndPoint(id="other"),
        *flows("start > split > a > end", "split > b > other"),
    )
    done = run(loose, Completed(1))
    assert standing(done) == ["b"]
    assert done.instance.status is Status.RUNNING
    last = run(loose, Completed(1), Completed(2)).instance
    assert (last.status, last.ended_at) == (Status.COMPLETED, "other")


def test_a_join_takes_one_token_of_each_flow_the_oldest_first() -> None:
    loose = route(
        START,
        SplitPoint(id="split"),
        SplitPoint(id="twin"),
        Step(id="a"),
        Step(id="b"),
        Step(id="c"),
        ChoicePoint(id="one"),
        JoinPoint(id="join"),
        Step(id="on"),
        END,
        *flows("start > split > twin > a > one > join > on > end", "twin > b > one", "split > c > join"),
    )
    both = run(loose, Completed(1), Completed(2))
    assert both.instance.tokens[1:] == (Token(4, "join", 4), Token(5, "join", 4))
    fired = advance(loose, both.instance, Completed(3), nothing)
    assert fired.instance.tokens == (Token(5, "join", 4), Token(6, "on", 5))


@pytest.mark.parametrize("target", ["nowhere", "dead"])
def test_a_flow_to_nowhere_and_a_point_without_a_way_on_stop_it(target: str) -> None:
    broken = route(START, ChoicePoint(id="dead"), *flows(f"start > {target}"))
    assert run(broken).instance.status is Status.STOPPED


def test_a_loop_over_a_step_goes_as_often_as_it_is_asked_to() -> None:
    sale = route(
        START, TALK, END, Flow("start", "talk"), Flow("talk", "talk", "no"), Flow("talk", "end", "yes")
    )
    again = [Completed(number, "no") for number in range(1, 2001)]
    done = run(sale, *again)
    assert done.instance.tokens == (Token(2001, "talk", 1),)
    assert run(sale, *again, Completed(2001, "yes")).instance.successful


def test_the_log_played_again_needs_no_conditions_and_must_fit_the_route() -> None:
    sale = route(
        START,
        ChoicePoint(id="which"),
        TALK,
        END,
        Flow("start", "which"),
        Flow("which", "talk", condition=DEAR),
        Flow("which", "end"),
        Flow("talk", "which", "no"),
        Flow("talk", "end", "yes"),
    )
    first = run(sale, true=[DEAR])
    second = advance(sale, first.instance, Completed(1, "no"), nothing)
    log = [(first.event, first.chosen), (second.event, second.chosen)]
    assert replay(sale, log[:1]) == first.instance
    assert replay(sale, log) == second.instance
    assert replay(sale, log[1:], first.instance) == second.instance
    for chosen in ((), (0,), (1, 2)):
        with pytest.raises(CrmError) as caught:
            replay(sale, [(Started(), chosen)])
        assert caught.value.code == "process_log"
