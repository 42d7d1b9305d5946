"""Editing a route keeps it whole: no flow dangles, all is reached, every way ends, branches meet (BP-18…20)."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Refused
from crm_tui.domain.route import route_edit, route_remove
from crm_tui.domain.route.route_blocks import blocks, join_of, split_of
from crm_tui.domain.route.route_check_shape import shape_problems
from crm_tui.domain.route.route_ids import new_id
from crm_tui.domain.route.route_keep import faults
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    Outcome,
    ProcessKind,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
    Unit,
)
from crm_tui.domain.route.route_net import Net


def blank(route: Route, start: str, step: str, end: str) -> Route:
    """The smallest map: start, one step, end, with these names."""
    points = (StartPoint(id="start", name=start), Step(id="step", name=step), EndPoint(id="done", name=end))
    return replace(route, points=points, flows=(Flow("start", "step"), Flow("step", "done")))


BLANK = blank(Route("1.2", "Sale"), "Start", "Meeting", "Won")


def ways(route: Route) -> set[tuple[str, str, str]]:
    return {(flow.source, flow.target, flow.outcome) for flow in route.flows}


def step(id: str) -> Step:
    return Step(id=id, name=id.title())


def split_map() -> Route:
    """start → step → split → (a, b) → join → done"""
    return route_edit.insert_split(
        BLANK, 1, SplitPoint(id="split"), JoinPoint(id="join"), [step("a"), step("b")]
    )


def chosen_map() -> Route:
    """start → step → choice → (done | big → done)"""
    return route_edit.insert_choice(
        BLANK, 1, ChoicePoint(id="choice"), Flow("choice", "big", condition={"field": "x"}), step("big")
    )


def outcomes_map() -> Route:
    """The step is won, or lost."""
    return route_edit.add_outcome(
        BLANK,
        "step",
        Outcome("refused", "Refused"),
        Outcome("agreed", "Agreed"),
        "lost",
        EndPoint(id="lost", name="Lost", successful=False),
    )


def test_bp_09_bp_18_points_and_outcomes_are_put_into_a_map() -> None:
    made = route_edit.insert(BLANK, 1, step("proposal"))
    assert ways(made) == {("start", "step", ""), ("step", "proposal", ""), ("proposal", "done", "")}
    assert [one.id for one in made.points] == ["start", "step", "proposal", "done"]
    made = outcomes_map()
    assert ways(made) == {("start", "step", ""), ("step", "done", "agreed"), ("step", "lost", "refused")}
    more = route_edit.add_outcome(
        made, "step", Outcome("again", "Again"), Outcome("x", "x"), "step", step("rework")
    )
    assert ("step", "rework", "again") in ways(more)
    assert ("rework", "step", "") in ways(more)
    named = more.by_id["step"]
    assert isinstance(named, Step)
    assert [one.code for one in named.outcomes] == ["agreed", "refused", "again"]


def test_bp_20_split_and_join_are_made_and_taken_away_together() -> None:
    made = split_map()
    assert [flow.controls for flow in made.flows if flow.source == "split"] == [True, False]
    assert join_of(made, "split") == "join"
    assert split_of(made, "join") == "split"
    assert [one[0] for one in blocks(made)["a"]] == ["split"]
    assert blocks(made)["done"] == ()
    three = route_edit.add_branch(made, "split", step("c"))
    assert {("split", "c", ""), ("c", "join", "")} <= ways(three)
    b = three.leaving["split"][1]
    assert [flow.controls for flow in route_edit.control(three, b).flows if flow.source == "split"] == [
        False,
        True,
        False,
    ]
    two = route_remove.remove_flow(three, three.leaving["split"][0])
    assert "a" not in two.by_id
    assert [flow.controls for flow in two.flows if flow.source == "split"] == [True, False]
    one = route_remove.remove_flow(two, two.leaving["split"][1])
    assert ways(one) == {("start", "step", ""), ("step", "b", ""), ("b", "done", "")}
    for gone in ("split", "join"):
        assert ways(route_remove.remove(made, gone)) == {
            ("start", "step", ""),
            ("step", "a", ""),
            ("a", "done", ""),
        }


def test_bp_20_a_split_within_a_side_branch_controls_nothing() -> None:
    def within(branch: str) -> list[bool]:
        made = split_map()
        number = made.leaving[branch][0]
        parts = [step("x"), step("y")]
        made = route_edit.insert_split(made, number, SplitPoint(id="inner"), JoinPoint(id="end"), parts)
        return [made.flows[number].controls for number in made.leaving["inner"]]

    assert within("a") == [True, False]
    assert within("b") == [False, False]


def test_a_choice_has_a_default_way() -> None:
    made = chosen_map()
    assert [(flow.target, flow.condition) for flow in made.flows if flow.source == "choice"] == [
        ("big", {"field": "x"}),
        ("done", None),
    ]
    more = route_edit.add_way(made, "choice", {"field": "y"}, "step")
    assert [flow.target for flow in more.flows if flow.source == "choice"] == ["big", "step", "done"]
    changed = route_edit.put_condition(more, more.leaving["choice"][0], {"field": "z"})
    assert changed.flows[changed.leaving["choice"][0]].condition == {"field": "z"}
    assert ways(route_remove.remove(more, "choice")) == {("start", "step", ""), ("step", "done", "")}
    left = route_remove.remove_flow(made, made.leaving["choice"][1])
    assert ("step", "big", "") in ways(left)


def test_points_move_along_their_way() -> None:
    made = route_edit.insert(route_edit.insert(BLANK, 1, step("b")), 2, step("c"))
    assert ways(route_remove.later(made, "b")) == {
        ("start", "step", ""),
        ("step", "c", ""),
        ("c", "b", ""),
        ("b", "done", ""),
    }
    assert ways(route_remove.earlier(made, "c")) == ways(route_remove.later(made, "b"))
    assert route_remove.move(made, "b", 1) == made


def test_a_way_is_led_elsewhere_and_its_lonely_end_goes() -> None:
    made = outcomes_map()
    back = route_remove.retarget(made, made.leaving["step"][1], "step")
    assert ("step", "step", "refused") in ways(back)
    assert "lost" not in back.by_id


REFUSED: dict[str, Callable[[], Route]] = {
    "start": lambda: route_remove.remove(BLANK, "start"),
    "only_way": lambda: route_remove.remove(BLANK, "done"),
    "not_on_a_way": lambda: route_edit.insert(BLANK, 0, EndPoint(id="x")),
    "default": lambda: route_edit.put_condition(BLANK, 0, {}),
    "no_branch": lambda: route_edit.control(BLANK, 0),
    "no_join": lambda: route_edit.add_branch(Route("", "", points=(SplitPoint(id="x"),)), "x", step("a")),
    "to_start": lambda: route_remove.retarget(outcomes_map(), 1, "start"),
    "not_moved": lambda: route_remove.later(BLANK, "step"),
    "cut_off": lambda: route_remove.retarget(chosen_map(), 1, "done"),
    "no_end": lambda: route_remove.retarget(BLANK, 1, "step"),
    "across": lambda: route_remove.retarget(split_map(), 2, "step"),
    "join": lambda: route_edit.add_outcome(split_map(), "a", Outcome("x", "x"), Outcome("y", "y"), "join"),
    "end_in_branch": lambda: route_edit.add_outcome(
        split_map(), "a", Outcome("x", "x"), Outcome("y", "y"), "won", EndPoint(id="won")
    ),
    "circle": lambda: route_remove.remove(
        route_remove.retarget(
            route_edit.insert_choice(
                BLANK, 1, ChoicePoint(id="c"), Flow("c", "back", condition={}), step("back")
            ),
            3,
            "c",
        ),
        "back",
    ),
}


@pytest.mark.parametrize("code", sorted(REFUSED))
def test_what_would_break_the_map_is_refused(code: str) -> None:
    with pytest.raises(Refused) as refused:
        REFUSED[code]()
    assert refused.value.code == f"route_edit_{code}"


def test_an_unsuccessful_end_may_stand_in_a_branch() -> None:
    lost = EndPoint(id="lost", successful=False)
    made = route_edit.add_outcome(split_map(), "a", Outcome("x", "x"), Outcome("y", "y"), "lost", lost)
    assert faults(made) == []


@pytest.mark.parametrize(
    ("name", "taken", "expected"),
    [
        ("Meeting", (), "meeting"),
        ("Договор / счёт", (), "dogovor_schet"),
        ("Келісім", ("kelisim",), "kelisim_2"),
        ("…", (), "step"),
        ("2nd call", (), "step"),
    ],
)
def test_ids_are_made_of_names(name: str, taken: tuple[str, ...], expected: str) -> None:
    assert new_id(name, "step", taken) == expected


EDITS = ("insert", "choice", "split", "branch", "outcome", "way", "remove", "remove_flow", "retarget", "move")


def edited(route: Route, edit: str, new: str, pick: Callable[[int], int]) -> Route:
    """One edit at a random place; ``new`` names what it adds."""
    ids = [point.id for point in route.points]
    point, other = ids[pick(len(ids))], ids[pick(len(ids))]
    flow = pick(len(route.flows))
    fresh = (None, step(new), EndPoint(id=new, successful=False))[pick(3)]
    target = new if isinstance(fresh, EndPoint) else other
    match edit, route.by_id[point]:
        case "insert", _:
            kinds = (step(new), TimerPoint(id=new, duration=Duration(1, Unit.WORKING_DAYS)))
            return route_edit.insert(route, flow, kinds[pick(2)])
        case "choice", _:
            way = Flow(new, f"{new}_w" if pick(2) else other, condition={})
            side = step(f"{new}_w") if way.target.endswith("_w") else None
            return route_edit.insert_choice(route, flow, ChoicePoint(id=new), way, side)
        case "split", _:
            parts = [step(f"{new}_{letter}") for letter in "ab"]
            join = JoinPoint(id=f"{new}_join")
            return route_edit.insert_split(route, flow, SplitPoint(id=new), join, parts)
        case "branch", SplitPoint():
            return route_edit.add_branch(route, point, step(new))
        case "outcome", Step():
            first = Outcome(f"{new}_1", "")
            return route_edit.add_outcome(route, point, Outcome(new, ""), first, target, fresh)
        case "way", ChoicePoint():
            return route_edit.add_way(route, point, {}, target, fresh)
        case "remove", _:
            return route_remove.remove(route, point)
        case "remove_flow", _:
            return route_remove.remove_flow(route, flow)
        case "retarget", _:
            return route_remove.retarget(route, flow, point)
        case "move", _:
            return route_remove.move(route, point, flow)
    return route


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from(ProcessKind))
def test_bp_20_whatever_is_edited_the_map_stays_whole(data: st.DataObject, kind: ProcessKind) -> None:
    route = blank(Route("1", "Any", kind=kind), "", "", "")

    def pick(count: int) -> int:
        return data.draw(st.integers(0, count - 1))

    for number in range(12):
        try:
            route = edited(route, data.draw(st.sampled_from(EDITS)), f"new{number}", pick)
        except Refused:
            continue
        assert faults(route) == []
        assert len(route.by_id) == len(route.points)
        for flow in route.flows:
            assert {flow.source, flow.target} <= route.by_id.keys()
        for point in route.points:
            ways_on = [route.flows[number] for number in route.leaving[point.id]]
            if isinstance(point, EndPoint):
                assert ways_on == []
            elif isinstance(point, Step):
                assert [way.outcome for way in ways_on] == [""] or sorted(
                    way.outcome for way in ways_on
                ) == sorted(one.code for one in point.outcomes)
            elif isinstance(point, ChoicePoint):
                assert [way.condition is None for way in ways_on].count(True) == 1
            elif isinstance(point, SplitPoint):
                controlling = [way.controls for way in ways_on].count(True)
                around = blocks(route)[point.id]
                is_led = all(route.flows[branch].controls for _split, branch in around)
                assert controlling <= (1 if kind is ProcessKind.OBJECT and is_led else 0)
            else:
                assert len(ways_on) == 1
    # what is checked before a map is in force finds nothing in its graph either
    assert {one.code for one in shape_problems(route)} <= {"successful_end_missing"}
    assert Net(route, lambda _point: 0).walk(every_order=False).faults == []
