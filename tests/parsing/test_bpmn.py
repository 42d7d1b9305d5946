"""Route maps as BPMN 2.0: out for other tools to draw, in again whole, and those of other tools (CORP-22)."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import assume, example, given, settings

from crm_tui.domain.errors import Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.route.bpmn_out import as_bpmn, expression
from crm_tui.domain.route.bpmn_words import DC, DD, DI, MODEL, tag
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
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
)
from crm_tui.domain.route.route_text import in_order
from crm_tui.parsing.bpmn_in import read_bpmn
from crm_tui.services.route import shipped_maps
from tests import corpora
from tests.domain.any_routes import routes
from tests.domain.route_maps import sound_maps

START = "<startEvent id='s'/>"


def _file(body: str, more: str = "") -> bytes:
    return (
        f"<definitions xmlns='{MODEL}' xmlns:x='urn:other'>{more}<process id='Order' name='Order'>{body}</process>"
        "</definitions>"
    ).encode()


def _flow(source: str, target: str, name: str = "", condition: str = "") -> str:
    inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
    named = f" name='{name}'" if name else ""
    ends = f"sourceRef='{source}' targetRef='{target}'"
    return f"<sequenceFlow id='{source}-{target}' {ends}{named}>{inner}</sequenceFlow>"


def _ways(route: Route) -> set[tuple[str, str, str]]:
    return {(flow.source, flow.target, flow.outcome) for flow in route.flows}


@given(routes(4, loose=False))
@example(
    Route(
        "",
        "A way that lacks its outcome",
        points=(Step(id="ask", outcomes=(Outcome("a", "A"), Outcome("b", "B"))), EndPoint(id="end")),
        flows=(Flow("ask", "end", "a"), Flow("ask", "end", "b"), Flow("ask", "ask")),
    )
)
@settings(max_examples=25, deadline=None)
def test_corp_22_any_route_comes_back_whole_from_bpmn(route: Route) -> None:
    route = route_json.parsed(route_json.as_json(route))
    assume(all(route.by_id))
    found = read_bpmn(as_bpmn(route, "some_map"))
    assert found.code == "some_map"
    assert found.route == in_order(route)


@given(sound_maps())
@settings(max_examples=40, deadline=None)
def test_corp_22_a_drawing_shows_each_point_and_way_and_nothing_lies_on_another(route: Route) -> None:
    root = ElementTree.fromstring(as_bpmn(route, "x"))
    process = root.find(tag("process"))
    assert process is not None
    shapes = {one.get("bpmnElement"): one.find(tag("Bounds", DC)) for one in root.iter(tag("BPMNShape", DI))}
    ids = {one.get("id") for one in process if one.tag not in (tag("sequenceFlow"), tag("extensionElements"))}
    assert set(shapes) == ids
    boxes = [
        tuple(float(bounds.get(side, "")) for side in ("x", "y", "width", "height"))
        for bounds in shapes.values()
        if bounds is not None
    ]
    for number, (x, y, width, height) in enumerate(boxes):
        for other_x, other_y, other_width, other_height in boxes[:number]:
            apart = x >= other_x + other_width or other_x >= x + width
            assert apart or y >= other_y + other_height or other_y >= y + height
    edges = {
        one.get("bpmnElement"): one.findall(tag("waypoint", DD)) for one in root.iter(tag("BPMNEdge", DI))
    }
    flows = {one.get("id") for one in process.iter(tag("sequenceFlow"))}
    assert set(edges) == flows
    assert all(len(points) >= 2 for points in edges.values())
    for points in edges.values():
        spots = [(float(one.get("x", "")), float(one.get("y", ""))) for one in points]
        for (from_x, from_y), (to_x, to_y) in pairwise(spots):
            assert from_x == to_x or from_y == to_y, "ways have right angles"


def test_corp_22_what_another_tool_renamed_or_added_is_taken_over() -> None:
    sale = shipped_maps.shipped()["sale_quick.toml"]
    text = as_bpmn(sale.route, sale.code).decode()
    text = text.replace('id="proposal" name="Proposal"', 'id="proposal" name="Offer"')
    text = text.replace('name="1.2 Sale (quick)"', 'name="1.2 Sale (quicker)"')
    text = text.replace(
        "<bpmn:startEvent",
        '<bpmn:userTask id="Activity_1" name="Ask again"/>'
        '<bpmn:sequenceFlow id="f1" sourceRef="waiting_outcome" targetRef="Activity_1" name="Later"/>'
        '<bpmn:sequenceFlow id="f2" sourceRef="Activity_1" targetRef="waiting"/><bpmn:startEvent',
        1,
    )
    route = read_bpmn(text.encode()).route
    assert (route.number, route.name, route.by_id["proposal"].name) == ("1.2", "Sale (quicker)", "Offer")
    waiting = route.by_id["waiting"]
    assert isinstance(waiting, Step)
    assert [one.code for one in waiting.outcomes] == ["agreed", "again", "refused", "later"]
    assert ("waiting", "ask_again", "later") in _ways(route)
    assert waiting.requirements, "what BPMN has no word for is still there"


def test_corp_22_a_gateway_behind_a_task_is_the_outcomes_of_the_step() -> None:
    body = (
        START
        + "<userTask id='t' name='Check'><documentation>Look twice</documentation></userTask>"
        + "<exclusiveGateway id='g' name='Good?'/><exclusiveGateway id='m'/><endEvent id='e'/>"
        + "<endEvent id='bad'><terminateEventDefinition/></endEvent>"
        + _flow("s", "m") + _flow("m", "t") + _flow("t", "g")
        + _flow("g", "e", "Yes") + _flow("g", "bad", "No", "${!good}") + _flow("g", "m", "", "${again}")
    )  # fmt: skip
    found = read_bpmn(_file(body))
    check = found.route.by_id["check"]
    assert isinstance(check, Step)
    assert (found.route.name, check.instruction) == ("Order", "Look twice")
    assert [(one.code, one.name) for one in check.outcomes] == [
        ("yes", "Yes"),
        ("no", "No"),
        ("again", "${again}"),
    ]
    assert _ways(found.route) == {
        ("s", "check", ""),
        ("check", "e", "yes"),
        ("check", "bad", "no"),
        ("check", "check", "again"),
    }
    assert [point.successful for point in found.route.points if isinstance(point, EndPoint)] == [True, False]


def test_corp_22_parallel_gateways_and_tasks_with_several_ways_are_splits_and_joins() -> None:
    body = (
        START
        + "<task id='a'/><task id='b'/><task id='c'/><parallelGateway id='both'/><endEvent id='e'/>"
        + "<manualTask id='x'/><manualTask id='y'/>"
        + _flow("s", "a") + _flow("a", "b") + _flow("a", "c")
        + _flow("b", "both") + _flow("c", "both") + _flow("both", "x") + _flow("both", "y")
        + _flow("x", "e") + _flow("y", "e")
    )  # fmt: skip
    route = read_bpmn(_file(body)).route
    kinds = {point.id: type(point) for point in route.points}
    assert kinds == {
        "s": StartPoint, "a": Step, "split_2": SplitPoint, "b": Step, "c": Step, "both": JoinPoint,
        "split": SplitPoint, "e": EndPoint, "x": Step, "y": Step,
    }  # fmt: skip
    assert {("a", "split_2", ""), ("split_2", "b", ""), ("split_2", "c", ""), ("both", "split", "")} <= _ways(
        route
    )


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("PT4H", "240min"),
        ("P3D", "3cd"),
        ("P2W", "14cd"),
        ('"PT90S"', "2min"),
        ("P1DT1H", "1500min"),
        ("PT24H", "1cd"),
    ],
)
def test_corp_22_a_timer_waits_as_long_as_the_file_says(said: str, meant: str) -> None:
    timer = f"<timerEventDefinition><timeDuration>{said}</timeDuration></timerEventDefinition>"
    body = (
        START
        + f"<intermediateCatchEvent id='w'>{timer}</intermediateCatchEvent>"
        + "<callActivity id='c' calledElement='Legal Check'/>"
        + "<serviceTask id='z' name='Bill'/><endEvent id='e'/>"
        + _flow("s", "w") + _flow("w", "c") + _flow("c", "z") + _flow("z", "e")
    )  # fmt: skip
    route = read_bpmn(_file(body)).route
    timer_point, nested, act = route.by_id["w"], route.by_id["c"], route.by_id["bill"]
    assert isinstance(timer_point, TimerPoint)
    assert route_json.duration_as_text(timer_point.duration) == meant
    assert isinstance(nested, NestedPoint)
    assert nested.map == "legal_check"
    assert isinstance(act, ActionPoint)


@pytest.mark.parametrize(
    ("body", "element"),
    [
        ("<inclusiveGateway id='i' name='Any'/>", "inclusiveGateway"),
        ("<subProcess id='i'/>", "subProcess"),
        ("<scriptTask id='i'><script>import os</script></scriptTask>", "scriptTask"),
        ("<boundaryEvent id='i' attachedToRef='s'/>", "boundaryEvent"),
        ("<userTask id='i'><standardLoopCharacteristics/></userTask>", "userTask / standardLoopCharacteristics"),
        ("<startEvent id='i'><messageEventDefinition/></startEvent>", "startEvent / messageEventDefinition"),
        (
            "<intermediateCatchEvent id='i'><timerEventDefinition><timeCycle>R/PT1H</timeCycle>"
            "</timerEventDefinition></intermediateCatchEvent>",
            "intermediateCatchEvent / timerEventDefinition",
        ),
        ("<intermediateThrowEvent id='i'/>", "intermediateThrowEvent"),
    ],
)  # fmt: skip
def test_corp_22_what_a_map_cannot_say_is_refused_by_its_name(body: str, element: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_bpmn(_file(START + body + "<endEvent id='e'/>" + _flow("s", "e")))
    assert (refused.value.code, refused.value.facts["element"]) == ("bpmn_unsupported", element)


def test_corp_22_lanes_notes_and_other_namespaces_are_passed_over() -> None:
    body = "<laneSet/><textAnnotation id='n'/><x:thing/>" + START + "<endEvent id='e'/>" + _flow("s", "e")
    more = "<collaboration><participant id='p' name='Shop'/></collaboration>"
    found = read_bpmn(_file(body, more).replace(b" name='Order'", b""))
    assert found.route.name == "Shop"
    assert _ways(found.route) == {("s", "e", "")}


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ({"field": "lead_id", "op": "filled"}, "lead_id filled"),
        ({"field": "source", "op": "equals", "value": "mail"}, 'source == "mail"'),
        (
            {"all": [{"field": "a", "op": "equals", "value": True}, {"field": "b", "op": "greater", "value": 5}]},
            "a and b > 5",
        ),
        ({"not": [{"field": "a", "op": "equals", "value": False}]}, "not (not a)"),
        ({"all": []}, "true"),
    ],
)  # fmt: skip
def test_corp_22_conditions_can_be_read_by_others(tree: dict[str, object], said: str) -> None:
    assert expression(tree) == said


def test_corp_22_a_flow_from_nowhere_cannot_be_written() -> None:
    route = Route("", "x", points=(StartPoint(id="s"), ChoicePoint(id="c")), flows=(Flow("s", "gone"),))
    with pytest.raises(Invalid, match="route_loose"):
        as_bpmn(route)


def test_corp_22_files_of_other_tools_are_understood_or_refused_with_a_reason() -> None:
    taken, reasons = 0, []
    for path in sorted(corpora.folder("crm").glob("bpmn*/**/*.bpmn")):
        try:
            found = read_bpmn(path.read_bytes())
        except Invalid as refused:
            reasons.append(refused.code)
            continue
        taken += 1
        assert found.route.points, path.name
        assert all({flow.source, flow.target} <= found.route.by_id.keys() for flow in found.route.flows), (
            path.name
        )
    assert taken >= 40
    assert set(reasons) <= {"bpmn_unsupported", "bpmn_several", "bpmn_none", "bpmn_broken", "xml_broken"}
