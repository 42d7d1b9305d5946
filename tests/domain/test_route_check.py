"""Sound maps have nothing said against them; a fault is told at the point where it is (issue 5, done when 4)."""

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from crm_tui.domain.route import route_check
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Performer,
    PerformerRule,
    Point,
    ProcessKind,
    Requirement,
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
from crm_tui.services.messages_map_problems import PROBLEMS
from crm_tui.services.route.route_sentences import of_problem
from tests.domain.route_maps import DAY, KNOWN, sound_maps

TEST = {"field": "c0", "op": "equals", "value": True}


@settings(max_examples=200)
@given(sound_maps(most=12))
def test_nothing_is_said_against_a_sound_map(route: Route) -> None:
    assert route_check.problems(route, KNOWN) == ()


SALE = Route(
    number="1",
    name="Sale",
    scenario="sale",
    early_termination=True,
    termination_state="lost",
    points=(
        StartPoint(id="start"),
        Step(
            id="meet",
            name="Meeting",
            state="s0",
            duration=DAY,
            outcomes=(Outcome("yes", "Wants it"), Outcome("no", "Refused")),
            requirements=(Requirement("document", "call"), Requirement("field", "phone")),
            rules=(StepRule(StepEvent.ENTERING, RuleAction.EMAIL, TEST, "Greeting", True),),
        ),
        EndPoint(id="refused", state="lost", successful=False),
        SplitPoint(id="split"),
        Step(id="offer", name="Proposal", state="s1"),
        Step(id="stock", name="Stock", performer=Performer(PerformerRule.ROLE, "seller")),
        NestedPoint(id="contract", map="nested"),
        JoinPoint(id="join"),
        ChoicePoint(id="big"),
        TimerPoint(id="rest", duration=DAY),
        ActionPoint(id="act", action="set_field", settings={"field": "amount", "value": "1"}),
        EndPoint(id="end", state="won"),
    ),
    flows=(
        Flow("start", "meet"),
        Flow("meet", "split", "yes"),
        Flow("meet", "refused", "no"),
        Flow("split", "offer", controls=True),
        Flow("split", "stock"),
        Flow("offer", "contract"),
        Flow("contract", "join"),
        Flow("stock", "join"),
        Flow("join", "big"),
        Flow("big", "rest", condition=TEST),
        Flow("big", "act"),
        Flow("rest", "act"),
        Flow("act", "end"),
    ),
)

Change = Callable[[Route], Route]


def point(id: str, **changes: Any) -> Change:
    """The point with other settings."""
    return lambda route: replace(
        route, points=tuple(replace(one, **changes) if one.id == id else one for one in route.points)
    )


def flow(source: str, target: str, /, **changes: Any) -> Change:
    return lambda route: replace(
        route,
        flows=tuple(
            replace(one, **changes) if (one.source, one.target) == (source, target) else one
            for one in route.flows
        ),
    )


def without(*ids: str) -> Change:
    return lambda route: replace(route, points=tuple(one for one in route.points if one.id not in ids))


def without_flow(source: str, target: str) -> Change:
    return lambda route: replace(
        route, flows=tuple(one for one in route.flows if (one.source, one.target) != (source, target))
    )


def more(*parts: Point | Flow) -> Change:
    return lambda route: replace(
        route,
        points=(*route.points, *(part for part in parts if isinstance(part, Point))),
        flows=(*route.flows, *(part for part in parts if isinstance(part, Flow))),
    )


def parameters(**changes: Any) -> Change:
    return lambda route: replace(route, **changes)


def rule(**changes: Any) -> Change:
    return point(
        "offer", rules=(replace(StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "Greeting"), **changes),)
    )


TWINS = (SplitPoint(id="twin"), Step(id="y", name="Y"), Step(id="z", name="Z"), ChoicePoint(id="one"))


def watched(route: Route) -> Route:
    """A branch that can only end the process, before the others: it would be left over when they have joined."""
    watch = (Step(id="watch", name="Refused"), EndPoint(id="off", state="lost", successful=False))
    flows = (Flow("split", "watch"), Flow("watch", "off"), *route.flows)
    return replace(route, points=(*route.points, *watch), flows=flows)


def watched_within(route: Route) -> Route:
    """The same within a branch that otherwise goes straight to the join."""
    watch = (
        SplitPoint(id="inner"),
        Step(id="watch", name="Refused"),
        EndPoint(id="off", state="lost", successful=False),
    )
    flows = (Flow("inner", "join"), Flow("inner", "watch"), Flow("watch", "off"))
    return more(*watch, *flows)(flow("stock", "join", target="inner")(route))


def first_of_all(code: str) -> Change:
    """An action between the start and the first step that starts a process of the map."""
    go = ActionPoint(id="go", action="start_process", settings={"map": code})
    return lambda route: more(go, Flow("go", "meet"))(flow("start", "meet", target="go")(route))


TWO = (Outcome("a", "A"), Outcome("b", "B"))
MISSPELT = {"field": "cO", "op": "equals", "value": True}

FAULTS: list[tuple[str, str, list[Change]]] = [
    ("start_missing", "", [without("start")]),
    ("start_twice", "again", [more(StartPoint(id="again"), Flow("again", "meet"))]),
    ("end_missing", "", [without("end", "refused")]),
    ("successful_end_missing", "", [point("end", successful=False, state="lost")]),
    ("id_twice", "offer", [more(Step(id="offer", name="Second"))]),
    ("id_wrong", "Über", [more(Step(id="Über", name="Wrong"))]),
    ("flow_to_nowhere", "act", [flow("act", "end", target="gone")]),
    ("flow_from_nowhere", "end", [more(Flow("gone", "end"))]),
    ("flow_to_start", "rest", [flow("rest", "act", target="start")]),
    ("flow_from_end", "refused", [more(Flow("refused", "meet"))]),
    ("no_way_on", "act", [without_flow("act", "end")]),
    ("several_ways_on", "act", [more(Flow("act", "rest"))]),
    ("several_ways_on", "stock", [more(Flow("stock", "end"))]),
    ("condition_needless", "rest", [flow("rest", "act", condition=TEST)]),
    ("controls_needless", "rest", [flow("rest", "act", controls=True)]),
    ("outcome_needless", "rest", [flow("rest", "act", outcome="yes")]),
    (
        "outcome_twice",
        "meet",
        [point("meet", outcomes=(Outcome("yes", "A"), Outcome("no", "B"), Outcome("no", "C")))],
    ),
    (
        "outcome_wrong",
        "meet",
        [point("meet", outcomes=(Outcome("yes", "A"), Outcome("no", "B"), Outcome("", "C")))],
    ),
    ("outcome_without_flow", "meet", [without_flow("meet", "refused")]),
    ("outcome_of_two_flows", "meet", [more(Flow("meet", "end", "no"))]),
    ("flow_without_outcome", "meet", [flow("meet", "refused", outcome="")]),
    ("flow_of_unknown_outcome", "meet", [flow("meet", "refused", outcome="maybe")]),
    ("choice_without_default", "big", [flow("big", "act", condition=TEST)]),
    ("choice_of_two_defaults", "big", [flow("big", "rest", condition=None)]),
    ("split_of_one", "split", [without_flow("split", "stock")]),
    ("join_of_one", "join", [flow("stock", "join", target="end")]),
    ("unreachable", "island", [more(Step(id="island", name="Island", state="s1"), Flow("island", "end"))]),
    ("no_way_to_end", "act", [flow("act", "end", target="rest")]),
    ("endless", "big", [flow("act", "end", target="big"), flow("big", "rest", target="end")]),
    (
        "endless",
        "contract",
        [
            point("contract", map="instant"),
            flow("contract", "join", target="fork"),
            more(ChoicePoint(id="fork"), Flow("fork", "contract", condition=TEST), Flow("fork", "join")),
        ],
    ),
    (
        "split_not_joined",
        "split",
        [
            flow("stock", "join", target="end"),
            more(Step(id="x", name="X", state="s1")),
            flow("contract", "join", target="x"),
            more(Flow("x", "join"), Flow("meet", "join", "no")),
            without_flow("meet", "refused"),
            without("refused"),
        ],
    ),
    ("join_starves", "join", [flow("rest", "act", target="join")]),
    (
        "split_not_joined",
        "twin",
        [
            more(
                *TWINS,
                Flow("twin", "y"),
                Flow("twin", "z"),
                Flow("y", "one"),
                Flow("z", "one"),
                Flow("one", "join"),
            ),
            flow("split", "stock", target="twin"),
            without("stock"),
            without_flow("stock", "join"),
        ],
    ),
    (
        "split_not_joined",
        "split",
        [point("stock", outcomes=TWO), flow("stock", "join", outcome="a"), more(Flow("stock", "end", "b"))],
    ),
    ("split_not_joined", "split", [watched]),
    ("split_not_joined", "inner", [watched_within]),
    (
        "comes_twice",
        "join",
        [
            without_flow("split", "stock"),
            without_flow("contract", "join"),
            more(
                *TWINS,
                Flow("contract", "twin"),
                Flow("twin", "y"),
                Flow("twin", "z"),
                Flow("y", "one"),
                Flow("z", "one"),
                Flow("one", "join"),
                Flow("split", "stock"),
            ),
        ],
    ),
    ("state_missing", "meet", [point("meet", state="")]),
    ("state_missing", "end", [point("end", state="")]),
    ("state_unknown", "offer", [point("offer", state="s9")]),
    ("state_unknown", "end", [point("end", state="s9")]),
    ("state_closes", "meet", [point("meet", state="won")]),
    ("success_in_lost_state", "end", [point("end", state="lost")]),
    ("failure_not_in_lost_state", "refused", [point("refused", state="s1")]),
    ("state_in_side_branch", "stock", [point("stock", state="s1")]),
    ("controlling_missing", "split", [flow("split", "offer", controls=False)]),
    ("controlling_twice", "split", [flow("split", "stock", controls=True)]),
    (
        "controls_in_side_branch",
        "inner",
        [
            more(
                SplitPoint(id="inner"),
                Step(id="y", name="Y"),
                Step(id="z", name="Z"),
                JoinPoint(id="met"),
                Flow("inner", "y", controls=True),
                Flow("inner", "z"),
                Flow("y", "met"),
                Flow("z", "met"),
                Flow("met", "join"),
            ),
            flow("stock", "join", target="inner"),
        ],
    ),
    ("state_in_independent", "meet", [parameters(kind=ProcessKind.INDEPENDENT)]),
    ("controls_in_independent", "split", [parameters(kind=ProcessKind.INDEPENDENT)]),
    ("scenario_needless", "", [parameters(kind=ProcessKind.INDEPENDENT)]),
    ("scenario_unknown", "", [parameters(scenario="gone")]),
    ("scenario_missing", "", [parameters(scenario=""), point("offer", state="s9")]),
    ("object_not_interest", "", [parameters(object_kind="lead")]),
    ("account_unknown", "", [parameters(account="nobody@office.example")]),
    ("termination_state_missing", "", [parameters(termination_state="")]),
    ("termination_state_needless", "", [parameters(early_termination=False)]),
    ("termination_state_unknown", "", [parameters(termination_state="s9")]),
    ("termination_state_not_lost", "", [parameters(termination_state="s1")]),
    ("map_without_name", "", [parameters(name=" ")]),
    ("map_unknown", "contract", [point("contract", map="gone")]),
    ("nested_not_independent", "contract", [point("contract", map="object")]),
    ("nested_in_itself", "contract", [point("contract", map="own")]),
    ("nested_in_itself", "contract", [point("contract", map="circular")]),
    ("nested_of_other_kind", "contract", [point("contract", map="of_lead")]),
    ("map_not_in_force", "contract", [point("contract", map="asleep")]),
    ("duration_missing", "rest", [point("rest", duration=Duration(0, Unit.MINUTES))]),
    ("duration_missing", "meet", [point("meet", duration=Duration(0, Unit.MINUTES))]),
    ("step_without_name", "offer", [point("offer", name="")]),
    ("user_unknown", "offer", [point("offer", performer=Performer(PerformerRule.USER, "gone"))]),
    ("role_of_nobody", "offer", [point("offer", performer=Performer(PerformerRule.LEAST_LOADED, "gone"))]),
    ("no_step_before", "meet", [point("meet", performer=Performer(PerformerRule.PREVIOUS))]),
    ("requirement_unknown", "offer", [point("offer", requirements=(Requirement("prayer", "call"),))]),
    ("document_unknown", "offer", [point("offer", requirements=(Requirement("document", "fax"),))]),
    ("field_unknown", "offer", [point("offer", requirements=(Requirement("field", "shoe_size"),))]),
    ("field_unknown", "offer", [rule(action=RuleAction.SET_FIELD, target="shoe_size=1")]),
    ("field_unknown", "act", [point("act", settings={"field": "id", "value": "1"})]),
    ("template_unknown", "offer", [rule(target="Gone")]),
    ("template_wrong", "offer", [rule(target="Broken")]),
    ("rule_without_target", "offer", [rule(action=RuleAction.TASK, target="")]),
    ("condition_wrong", "offer", [rule(condition=MISSPELT)]),
    ("condition_wrong", "big", [flow("big", "rest", condition=MISSPELT)]),
    ("action_unknown", "act", [point("act", action="run_code")]),
    ("setting_missing", "act", [point("act", settings={"field": "amount"})]),
    ("setting_unknown", "act", [point("act", settings={"field": "amount", "value": "1", "code": "1"})]),
    ("map_unknown", "act", [point("act", action="start_process", settings={"map": "gone"})]),
    ("map_not_in_force", "act", [point("act", action="start_process", settings={"map": "asleep"})]),
    (
        "fails_at_once",
        "refused",
        [
            more(ChoicePoint(id="fit"), Flow("fit", "refused", condition=TEST), Flow("fit", "meet")),
            flow("start", "meet", target="fit"),
        ],
    ),
    ("starts_itself", "go", [first_of_all("own")]),
    ("starts_itself", "go", [first_of_all("echo")]),
]


def test_the_map_that_the_faults_are_put_into_is_sound() -> None:
    assert route_check.problems(SALE, KNOWN) == ()
    renewed = point("act", action="start_process", settings={"map": "own"})(SALE)
    assert route_check.problems(renewed, KNOWN) == (), "it may start itself again after a wait"
    waits = point("rest", duration=Duration(1, Unit.MINUTES))(flow("rest", "act", target="big")(SALE))
    assert route_check.problems(waits, KNOWN) == (), "what waits for a time goes round as often as it wants"


def test_branches_may_fail_by_the_same_steps() -> None:
    """Two tokens may stand where there is no way but to fail: the first to come to the end takes the other away."""
    apology = (
        Step(id="sorry", name="Apology", state="s1"),
        EndPoint(id="off", state="lost", successful=False),
    )
    route = more(*apology, Flow("sorry", "off"))(SALE)
    for branch, onward in (("offer", "contract"), ("stock", "join")):
        route = point(branch, outcomes=TWO)(flow(branch, onward, outcome="a")(route))
        route = more(Flow(branch, "sorry", "b"))(route)
    assert route_check.problems(route, KNOWN) == ()
    letters = (
        SplitPoint(id="both"),
        Step(id="paper", name="Paper", state="s1"),
        Step(id="mail", name="Mail"),
    )
    route = more(*letters, Flow("both", "paper", controls=True), Flow("both", "mail"))(route)
    route = more(Flow("paper", "off"), Flow("mail", "off"))(flow("sorry", "off", target="both")(route))
    assert route_check.problems(route, KNOWN) == ()


def test_a_process_that_waits_in_one_of_its_branches_may_fail_behind_the_join() -> None:
    begin = (
        SplitPoint(id="first"),
        Step(id="a", name="A", state="s0"),
        JoinPoint(id="both"),
        ChoicePoint(id="fit"),
    )
    act = ActionPoint(id="b", action="set_field", settings={"field": "amount", "value": "1"})
    ways = (Flow("a", "both"), Flow("b", "both"), Flow("both", "fit"), Flow("fit", "refused", condition=TEST))
    route = more(
        *begin, act, Flow("first", "a", controls=True), Flow("first", "b"), *ways, Flow("fit", "meet")
    )(SALE)
    assert route_check.problems(flow("start", "meet", target="first")(route), KNOWN) == ()


@pytest.mark.parametrize(
    ("code", "place", "changes"), FAULTS, ids=[f"{code}-{place}" for code, place, _ in FAULTS]
)
def test_rm_22_a_faulty_map_is_refused_and_its_step_is_named(
    code: str, place: str, changes: list[Change]
) -> None:
    route = SALE
    for change in changes:
        route = change(route)
    found = route_check.problems(route, KNOWN)
    assert (code, place) in {(problem.code, problem.point) for problem in found}, found
    for problem in found:
        sentence = of_problem(route, problem)
        named = route.by_id.get(problem.point)
        assert "{" not in sentence
        assert not named or sentence.startswith(named.name or named.id)


def test_every_problem_has_its_sentence_and_a_test_and_no_other_is_there() -> None:
    folder = Path(route_check.__file__).parent
    written = {
        node.args[1].value
        for file in folder.glob("route_check_*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Problem"
        and isinstance(node.args[1], ast.Constant)
    }
    net = (folder / "route_net.py").read_text(encoding="utf-8")
    written |= set(re.findall(r'Fault\("([a-z_]+)"', net))
    assert written == set(PROBLEMS)
    tested = {code for code, _place, _changes in FAULTS} | {"not_proved", "condition_about_nothing"}
    assert written == tested
