"""A route drawn in text: whatever graph it is, each point stands in it once, and nothing is written over (BP-06)."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.domain.route import route_edit
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    NestedPoint,
    Outcome,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
    Unit,
)
from crm_tui.widgets import glyphs
from crm_tui.widgets.route_block import Drawing
from crm_tui.widgets.route_drawing import draw, shape

AGREED = Outcome("agreed", "Agreed")


def step(id: str) -> Step:
    return Step(id=id, name=id.title())


def sale() -> Route:
    """Meeting, a step that may go back or be lost, and two branches that meet again."""
    points = (
        StartPoint(id="start", name="Start"),
        Step(id="step", name="Meeting"),
        EndPoint(id="won", name="Won"),
    )
    made = Route("1.2", "Sale", points=points, flows=(Flow("start", "step"), Flow("step", "won")))
    made = route_edit.insert(made, 1, step("waiting"))
    made = route_edit.add_outcome(made, "waiting", Outcome("again", "Again"), AGREED, "step")
    lost = EndPoint(id="lost", name="Lost", successful=False)
    made = route_edit.add_outcome(made, "waiting", Outcome("no", "Refused"), AGREED, "lost", lost)
    branches = [step("contract"), step("reserve")]
    return route_edit.insert_split(
        made, made.leaving["waiting"][0], SplitPoint(id="split"), JoinPoint(id="join"), branches
    )


def drawn(route: Route) -> Drawing:
    return draw(route, way=lambda number: route.flows[number].outcome or str(number))


def test_bp_20_branches_stand_side_by_side_and_loops_are_told() -> None:
    assert drawn(sale()).lines == (
        "(Start)",
        "│",
        "[Meeting]",
        "│",
        "[Waiting]",
        "├──────────┬─────────────┐",
        "│ agreed   │ again       │ no",
        "│          ↑ [Meeting]   ((× Lost))",
        "│",
        "=split=",
        "├────────────┐",
        "│ 3          │ 5",
        "[Contract]   [Reserve]",
        "├────────────┘",
        "=join=",
        "│",
        "((Won))",
    )


def test_the_cursor_goes_along_the_ways() -> None:
    drawing = drawn(sale())
    agreed, again, refused = (("flow", number) for number in sale().leaving["waiting"])
    assert drawing.neighbour(("point", "step"), "down") == ("point", "waiting")
    assert drawing.neighbour(("point", "waiting"), "down") == agreed
    assert drawing.neighbour(agreed, "right") == again
    assert drawing.neighbour(again, "right") == refused
    assert drawing.neighbour(again, "down") == ("point", "step")
    assert drawing.neighbour(refused, "down") == ("point", "lost")
    assert drawing.neighbour(refused, "up") == ("point", "waiting")
    assert drawing.neighbour(("point", "contract"), "right") == ("point", "reserve")
    assert drawing.neighbour(("point", "reserve"), "left") == ("point", "contract")
    assert drawing.neighbour(("point", "join"), "up") == ("point", "contract")
    assert drawing.neighbour(("point", "start"), "up") is None


def test_signs_stand_before_points_and_words_behind() -> None:
    lines = draw(sale(), way=str, before={"step": "+"}, beside={"step": "12.11"}).lines
    assert "+ [Meeting] 12.11" in lines


def test_each_kind_of_point_has_its_brackets() -> None:
    kinds = (
        (NestedPoint(id="x", name="Legal", map="legal"), "[[Legal]]"),
        (TimerPoint(id="x", name="", duration=Duration(3, Unit.CALENDAR_DAYS)), "(timer)"),
        (ActionPoint(id="x", name="Tell", action="send_letter", settings={}), "{Tell}"),
        (ChoicePoint(id="x", name="Large?"), "<Large?>"),
        (EndPoint(id="x", name="Won"), "((Won))"),
        (Step(id="x", name="a" * 40), f"[{'a' * 29}{glyphs.current().ellipsis}]"),
        (Step(id="x", name="two\nlines"), "[two lines]"),
    )
    assert [shape(point) for point, _shape in kinds] == [expected for _point, expected in kinds]


@st.composite
def graphs(draw_from: st.DrawFn) -> Route:
    """Any graph at all: loops, what nothing leads to, ways to nowhere."""
    count = draw_from(st.integers(1, 9))
    ids = [f"p{number}" for number in range(count)]
    points = tuple(
        Step(id=one, name=draw_from(st.sampled_from(("x", "日本", "a longer name")))) for one in ids
    )
    ends = st.sampled_from([*ids, "gone"])
    flows = draw_from(st.lists(st.builds(Flow, st.sampled_from(ids), ends), max_size=16))
    return Route("", "", points=points, flows=tuple(flows))


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_any_graph_is_drawn_whole(route: Route) -> None:
    drawing = draw(route, way=lambda number: f"w{number}")
    shown = {key for key in drawing.items if key[0] == "point"}
    assert shown == {("point", point.id) for point in route.points}
    several = {("flow", number) for ways in route.leaving.values() if len(ways) > 1 for number in ways}
    assert {key for key in drawing.items if key[0] == "flow"} == several
    for item in drawing.items.values():
        before, width = "", 0
        for character in drawing.lines[item.y]:
            if width >= item.x:
                break
            before, width = before + character, width + cell_len(character)
        assert drawing.lines[item.y][len(before) :].startswith(item.text)
        assert width == item.x
        assert item.up is None or item.up in drawing.items
    for key in drawing.items:
        for direction in ("up", "down", "left", "right"):
            found = drawing.neighbour(key, direction)
            assert found is None or found in drawing.items or found == ("point", "gone")


def test_a_deep_map_is_drawn() -> None:
    """Five hundred points, each a branch within the one before."""
    points = tuple(step(f"s{number}") for number in range(500))
    flows = [Flow(f"s{number}", f"s{number + 1}", "on") for number in range(499)]
    flows += [Flow(f"s{number}", "s499", "off") for number in range(0, 499, 2)]
    drawing = drawn(Route("", "", points=points, flows=tuple(flows)))
    assert len([key for key in drawing.items if key[0] == "point"]) == 500
