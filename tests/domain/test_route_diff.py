"""What differs between two routes is told setting by setting (C-15, CORP-22)."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.route.route_diff import Kind, differences, said
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    Outcome,
    Performer,
    PerformerRule,
    Requirement,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
    TimerPoint,
    Unit,
)
from tests.domain.any_routes import routes

CALL = Step(id="call", name="Call", state="meeting", requirements=(Requirement("document", "call"),))
ROUTE = Route(
    "1",
    "Sale",
    points=(StartPoint(id="start"), CALL, ChoicePoint(id="big"), EndPoint(id="won"), EndPoint(id="done")),
    flows=(
        Flow("start", "call"),
        Flow("call", "big"),
        Flow("big", "won", condition={"field": "amount_minor", "op": "greater", "value": 5}),
        Flow("big", "done"),
    ),
)


def _with(step: Step) -> Route:
    return replace(ROUTE, points=(ROUTE.points[0], step, *ROUTE.points[2:]))


@pytest.mark.parametrize(
    ("new", "lines"),
    [
        (replace(ROUTE, name="Sales"), ["map: name: Sale → Sales"]),
        (replace(ROUTE, early_termination=True), ["map: early termination: no → yes"]),
        (_with(replace(CALL, state="", name="Ring")), ["Ring: name: Call → Ring", "Ring: state: meeting → –"]),
        (_with(replace(CALL, duration=Duration(4, Unit.WORKING_HOURS))), ["Call: duration: – → 4h"]),
        (
            _with(replace(CALL, performer=Performer(PerformerRule.ROLE, "lawyer"))),
            ["Call: performer: owner → role lawyer"],
        ),
        (
            _with(replace(CALL, requirements=(Requirement("field", "phone"),))),
            ["Call: demands removed: document call × 1", "Call: demands added: field phone × 1"],
        ),
        (_with(replace(CALL, outcomes=(Outcome("ok", "Done"),))), ["Call: outcome added: ok Done"]),
        (
            _with(replace(CALL, rules=(StepRule(StepEvent.OVERDUE, RuleAction.REMINDER, None, "Hurry"),))),
            ["Call: rule added: overdue · reminder · Hurry"],
        ),
        (
            replace(
                ROUTE,
                points=(*ROUTE.points, TimerPoint(id="wait", name="Wait", duration=Duration(1, Unit.CALENDAR_DAYS))),
                flows=(*ROUTE.flows[:1], Flow("call", "wait"), Flow("wait", "big"), *ROUTE.flows[2:]),
            ),
            [
                "Call: way removed: big",
                "Call: way added: wait",
                "Wait is new",
                "Wait: way added: big",
            ],
        ),
        (
            replace(ROUTE, points=ROUTE.points[:4], flows=ROUTE.flows[:3]),
            ["big: way removed: done", "done is gone"],
        ),
        (
            replace(ROUTE, flows=(*ROUTE.flows[:2], ROUTE.flows[3], ROUTE.flows[2])),
            [
                'big: order of the ways: won ({"field": "amount_minor", "op": "greater", "value": 5}) · done → '
                'done · won ({"field": "amount_minor", "op": "greater", "value": 5})'
            ],
        ),
    ],
)  # fmt: skip
def test_c_15_differences_are_said_in_words(new: Route, lines: list[str]) -> None:
    found = [said(change) for change in differences(ROUTE, new)]
    assert found == lines


def test_c_15_another_order_of_points_and_of_plain_flows_is_no_difference() -> None:
    other = replace(
        ROUTE, points=ROUTE.points[::-1], flows=(ROUTE.flows[1], ROUTE.flows[0], *ROUTE.flows[2:])
    )
    assert differences(ROUTE, other) == ()


@given(st.data(), routes(4))
@settings(max_examples=40, deadline=None)
def test_c_15_what_differs_is_seen_from_both_sides(data: st.DataObject, route: Route) -> None:
    assert differences(route, route) == ()
    if not route.points:
        return
    gone = data.draw(st.sampled_from(route.points))
    less = replace(route, points=tuple(point for point in route.points if point is not gone))
    assert [(one.kind, one.point) for one in differences(route, less) if one.setting == "point"] == [
        (Kind.REMOVED, gone.id)
    ]
    assert [(one.kind, one.point) for one in differences(less, route) if one.setting == "point"] == [
        (Kind.ADDED, gone.id)
    ]
    more = replace(route, flows=(*route.flows, Flow(gone.id, "elsewhere")))
    assert [(one.kind, one.setting) for one in differences(route, more)] == [(Kind.ADDED, "flow")]
