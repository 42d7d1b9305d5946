"""A route map as TOML: what is written comes back, and what cannot be meant is told with its place (CORP-22)."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings

from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_check_shape import shape_problems
from crm_tui.domain.route.route_map import PerformerRule, PointKind, Route
from crm_tui.domain.route.route_text import in_order, read, written
from crm_tui.services.process import process_actions
from tests.domain.any_routes import routes


@given(routes())
@settings(max_examples=40, deadline=None)
def test_corp_22_any_route_comes_back_from_its_text_byte_for_byte(route: Route) -> None:
    # What a store keeps was read before: that is where foreign text is cleaned.
    route = route_json.parsed(route_json.as_json(route))
    text = written(route, "some_map")
    found = read(text.encode())
    assert found.code == "some_map"
    assert found.route == in_order(route)
    assert written(found.route, found.code) == text


SMALL = """
# What a person writes by hand.
[map]
number = "1.1"
name = "Service"
kind = "independent"

[point.begin]
kind = "start"
next = "work"

[point.work]
kind = "step"
performer = "role engineer"
requires = [{document = "call", count = 2}, {field = "phone"}]
outcomes.solved = {name = "Solved", next = "end"}
outcomes.again = {name = "Not yet", next = "work"}

[point.end]
kind = "end"
"""


def test_corp_22_a_map_written_by_hand_is_understood() -> None:
    found = read(SMALL.encode())
    assert found.code == ""
    work = found.route.by_id["work"]
    assert [(flow.source, flow.target, flow.outcome) for flow in found.route.flows] == [
        ("begin", "work", ""),
        ("work", "end", "solved"),
        ("work", "work", "again"),
    ]
    assert (work.performer.rule.value, work.performer.of) == ("role", "engineer")  # type: ignore[attr-defined]
    assert [(one.kind, one.of, one.count) for one in work.requirements] == [  # type: ignore[attr-defined]
        ("document", "call", 2),
        ("field", "phone", 1),
    ]


@pytest.mark.parametrize(
    ("before", "after", "code", "place"),
    [
        ('kind = "start"', 'kind = "begin"', "route_value", "begin"),
        ('"role engineer"', '"nobody"', "route_value", "work"),
        ('"role engineer"', "5", "route_value", "work"),
        ('next = "work"', "next = 5", "route_shape", "begin"),
        ('next = "work"', "next = {to = 5}", "route_value", "begin"),
        ("requires = [", "requires = [5, ", "route_shape", "work"),
        ("outcomes.solved = {name", "outcomes.solved = {title", "route_unknown", "work"),
        ('kind = "independent"', 'kind = "dependent"', "route_value", "map"),
        ("[map]", "[chart]", "route_unknown", "map"),
        ("[map]", '[map]\ncode = "../../etc/passwd"', "route_code", None),
        ("[map]", '[map]\nshell = "rm"', "route_unknown", "map"),
        ('performer = "role', 'duration = "4 weeks"\nperformer = "role', "route_value", "work"),
    ],
)
def test_corp_22_what_cannot_be_meant_is_told_with_its_place(
    before: str, after: str, code: str, place: str | None
) -> None:
    assert before in SMALL
    with pytest.raises(Invalid) as told:
        read(SMALL.replace(before, after, 1).encode())
    assert told.value.code == code
    assert told.value.facts.get("place") == place


def test_corp_22_what_is_no_toml_is_told_with_its_line() -> None:
    with pytest.raises(Invalid) as told:
        read(SMALL.replace('kind = "step"', "kind = step").encode())
    assert (told.value.code, told.value.facts["line"]) == ("route_toml", 13)
    with pytest.raises(Invalid) as told:
        read(SMALL.encode("utf-16"))
    assert told.value.code == "route_not_text"


def test_corp_22_the_text_is_plain_toml_with_what_differs_from_the_usual() -> None:
    text = written(read(SMALL.encode()).route)
    data = tomllib.loads(text)
    assert list(data["point"]) == ["begin", "work", "end"]
    assert data["point"]["work"] == {
        "kind": "step",
        "performer": "role engineer",
        "requires": [{"document": "call", "count": 2}, {"field": "phone"}],
        "outcomes": {
            "solved": {"name": "Solved", "next": "end"},
            "again": {"name": "Not yet", "next": "work"},
        },
    }


def test_corp_22_the_example_of_the_docs_is_written_as_the_program_writes_it() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "route-maps.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    found = read(example.encode())
    assert written(found.route, found.code).strip() == example.strip()
    assert shape_problems(found.route) == []
    for word in (*(kind.value for kind in PointKind), *PerformerRule, *Operator, *process_actions.SETTINGS):
        assert f"`{word}" in page, word
