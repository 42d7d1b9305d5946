"""The catalogue of route maps (RM-04, RM-05, RM-22, BP-16, CORP-22, C-15)."""

from dataclasses import replace
from pathlib import Path

import pytest

from crm_tui.domain.errors import Conflict, Invalid, NotFound, Refused
from crm_tui.domain.route.route_map import (
    EndPoint,
    Flow,
    NestedPoint,
    ProcessKind,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.domain.route.route_text import Written, read
from crm_tui.services.interest import interests
from crm_tui.services.process import processes
from crm_tui.services.route import route_facts, route_maps
from crm_tui.store.tables import LetterTemplate, Scenario, State
from crm_tui.store.tables.processes import Process, RouteMap, RouteMapVersion
from tests.services.conftest import Office

SMALL = Route(
    "9.1",
    "Small",
    start_event="created",
    scenario="sale",
    points=(
        StartPoint(id="start"),
        Step(id="call", name="Call", state="meeting"),
        EndPoint(id="won", state="won"),
    ),
    flows=(Flow("start", "call"), Flow("call", "won")),
)
INDEPENDENT = replace(
    SMALL,
    number="9.2",
    name="Aside",
    kind=ProcessKind.INDEPENDENT,
    start_event="",
    scenario="",
    points=tuple(replace(point, state="") for point in SMALL.points),
)


def _map(office: Office, route: Route, code: str = "", *, enforced: bool = False) -> RouteMap:
    with office.store.work(office.actor, "route_map.import") as work:
        found = route_maps.import_route(work, Written(code, route))
        if enforced:
            route_maps.enforce(work, found.key)
        return work.get(RouteMap, found.key)


def _refused(office: Office, act: object, *arguments: object) -> str:
    with (
        pytest.raises((Refused, Invalid, Conflict, NotFound)) as refused,
        office.store.work(office.actor, "t") as work,
    ):
        act(work, *arguments)  # type: ignore[operator]
    return refused.value.code


def test_rm_04_a_new_map_is_a_draft_with_a_code_of_its_own(office: Office) -> None:
    with office.store.work(office.actor, "route_map.add") as work:
        first = route_maps.add(work, "Продажа (быстрая)", number="1.2", scenario="sale")
        second = route_maps.add(work, "Продажа  (быстрая)", number="1.10")
        with pytest.raises(Invalid, match="name_missing"):
            route_maps.add(work, "  ")
    with office.store.read() as connection:
        rows = route_maps.catalogue(connection)
        assert [(row.title, row.status, row.has_draft, row.scenario) for row in rows] == [
            ("1.2 Продажа (быстрая)", "draft", True, "Sale"),
            ("1.10 Продажа (быстрая)", "draft", True, ""),
        ]
        assert rows[0].code.isascii()
        assert rows[1].code == f"{rows[0].code}_2"
        assert route_maps.by_code(connection, first.code).id == first.key
        assert route_maps.draft_or_current(connection, second.key).name == "Продажа (быстрая)"
        assert route_maps.of_map(connection, first.key) is None
        with pytest.raises(NotFound):
            route_maps.by_code(connection, "none")


def test_rm_05_only_a_map_in_force_starts_processes(office: Office) -> None:
    found = _map(office, SMALL, "small")

    def offered() -> list[str]:
        with office.store.read() as connection:
            return [
                row.code
                for row in route_maps.in_force(connection, object_kind="interest", start_event="created")
            ]

    assert offered() == []
    with office.store.work(office.actor, "route_map.enforce") as work:
        route_maps.enforce(work, found.key)
    assert offered() == ["small"]
    with office.store.work(office.actor, "route_map.suspend") as work:
        route_maps.suspend(work, found.key)
    assert offered() == []
    assert _refused(office, route_maps.suspend, found.key) == "map_not_in_force"
    with office.store.work(office.actor, "route_map.archive") as work:
        route_maps.archive(work, found.key)
    with office.store.read() as connection:
        assert route_maps.catalogue(connection) == []
        assert [row.status for row in route_maps.catalogue(connection, archived=True)] == ["archived"]
    with office.store.work(office.actor, "route_map.enforce") as work:
        assert route_maps.enforce(work, found.key).number == 1, "what it says has not changed"
    assert offered() == ["small"]


def test_c_15_a_version_never_changes_and_a_draft_changes_no_version(office: Office) -> None:
    found = _map(office, SMALL, "small", enforced=True)
    assert found.version_id is not None
    changed = replace(SMALL, notes="better")
    with office.store.work(office.actor, "route_map.save") as work:
        route_maps.save_draft(work, found.key, replace(changed, name="Other"))
        route_maps.save_draft(work, found.key, changed)
    with office.store.read() as connection:
        assert route_maps.route(connection, found.version_id) == SMALL
        assert route_maps.of_map(connection, found.key) == SMALL
        assert route_maps.draft_or_current(connection, found.key) == changed
        assert route_maps.row(connection, found.key).name == "Small", "that of the version in force"
    with office.store.work(office.actor, "route_map.enforce") as work:
        second = route_maps.enforce(work, found.key)
        again = route_maps.enforce(work, found.key)
        assert (second.number, again.number) == (2, 2)
        assert len(work.all(RouteMapVersion)) == 2
    with office.store.read() as connection:
        assert route_maps.route(connection, found.version_id) == SMALL, "who runs by it, runs by it"
        assert route_maps.of_map(connection, found.key) == changed
        assert [
            (one.number, one.current, one.author) for one in route_maps.versions(connection, found.key)
        ] == [
            (2, True, "Aliya"),
            (1, False, "Aliya"),
        ]


def test_corp_22_what_is_written_back_as_it_was_is_no_draft(office: Office) -> None:
    found = _map(office, SMALL, "small", enforced=True)
    with office.store.work(office.actor, "route_map.save") as work:
        route_maps.save_draft(work, found.key, replace(SMALL, notes="x"))
        assert route_maps.row(work.connection, found.key).has_draft
        route_maps.save_draft(work, found.key, SMALL)
        assert not route_maps.row(work.connection, found.key).has_draft
        route_maps.save_draft(work, found.key, replace(SMALL, notes="y"))
        route_maps.discard_draft(work, found.key)
        assert route_maps.draft_or_current(work.connection, found.key) == SMALL
        fresh = route_maps.add(work, "Fresh")
    assert _refused(office, route_maps.discard_draft, fresh.key) == "map_only_draft"


def test_corp_22_two_who_write_one_map_do_not_overwrite_each_other(office: Office) -> None:
    found = _map(office, SMALL, "small")
    with office.store.work(office.actor, "route_map.save") as work:
        route_maps.save_draft(work, found.key, replace(SMALL, notes="mine"), expected_version=found.version)
    with pytest.raises(Conflict), office.store.work(office.actor, "route_map.save") as work:
        route_maps.save_draft(work, found.key, replace(SMALL, notes="hers"), expected_version=found.version)


def test_rm_06_bp_11_one_map_in_force_starts_on_a_new_interest_of_a_scenario(office: Office) -> None:
    first = _map(office, SMALL, "first", enforced=True)
    second = _map(office, SMALL, "second")
    assert _refused(office, route_maps.enforce, second.key) == "map_event_taken"
    anywhere = _map(office, replace(SMALL, scenario=""), "anywhere")
    assert _refused(office, route_maps.enforce, anywhere.key) == "map_not_sound"
    with office.store.facts("states that every scenario has") as work:
        for one in work.all(Scenario):
            if one.code != "sale":
                work.add(State(scenario_id=one.key, code="meeting", name="Meeting", position=8))
                work.add(State(scenario_id=one.key, code="won", name="Won", position=9, outcome="won"))
    assert _refused(office, route_maps.enforce, anywhere.key) == "map_event_taken"
    with office.store.work(office.actor, "route_map.suspend") as work:
        route_maps.suspend(work, first.key)
        route_maps.enforce(work, second.key)


def test_bp_19_a_map_that_others_wait_for_stays_in_force(office: Office) -> None:
    inner = _map(office, INDEPENDENT, "inner", enforced=True)
    outer = replace(
        SMALL,
        points=(
            *SMALL.points[:2],
            NestedPoint(id="aside", name="Aside", map="inner", state="meeting"),
            SMALL.points[2],
        ),
        flows=(Flow("start", "call"), Flow("call", "aside"), Flow("aside", "won")),
    )
    parent = _map(office, outer, "outer", enforced=True)
    with office.store.work(office.actor, "route_map.save") as work:
        route_maps.save_draft(work, inner.key, replace(SMALL, start_event=""))
    assert _refused(office, route_maps.enforce, inner.key) == "map_is_nested", (
        "one with a state cannot be nested"
    )
    assert _refused(office, route_maps.suspend, inner.key) == "map_is_nested"
    assert _refused(office, route_maps.archive, inner.key) == "map_is_nested"
    with office.store.work(office.actor, "interest.add") as work:
        interest = interests.add(work, "Pumps", owner_id=office.user.key)
    with office.store.work(office.actor, "route_map.suspend") as work:
        route_maps.suspend(work, parent.key)
    assert _refused(office, route_maps.suspend, inner.key) == "map_is_nested", (
        "one runs that will wait for it"
    )
    with office.store.work(office.actor, "process.complete") as work:
        running = work.find(Process, interest_id=interest.key)
        assert running is not None
        processes.complete(work, running.key, 1)
        nested = work.find(Process, parent_id=running.key)
        assert nested is not None
        processes.complete(work, nested.key, 1)
    with office.store.work(office.actor, "route_map.suspend") as work:
        route_maps.suspend(work, inner.key)


def test_corp_22_a_copy_is_a_draft_that_starts_by_itself_on_nothing(office: Office) -> None:
    found = _map(office, SMALL, "small", enforced=True)
    with office.store.work(office.actor, "route_map.copy") as work:
        other = route_maps.copy(work, found.key, "Copy", number="9.9")
        route = route_maps.draft_or_current(work.connection, other.key)
    assert route == replace(SMALL, name="Copy", number="9.9", start_event="")
    assert (other.status, other.version_id, other.code) == ("draft", None, "copy")


def test_corp_22_an_imported_map_is_the_draft_of_the_map_with_its_code(office: Office) -> None:
    found = _map(office, SMALL, "small", enforced=True)
    again = _map(office, replace(SMALL, notes="from a file"), "small")
    assert again.key == found.key
    with office.store.read() as connection:
        row = route_maps.row(connection, found.key)
        assert (row.status, row.version_number, row.has_draft) == ("in_force", 1, True)
    assert _map(office, SMALL).code == "small_2", "without a code it is a new map"


def test_rm_05_a_colleague_without_the_right_puts_nothing_in_force(office: Office) -> None:
    from crm_tui.services import users
    from crm_tui.store.work import Actor

    with office.store.facts("setup") as work:
        other = users.ensure(work, "boris", name="Boris")
    found = _map(office, SMALL, "small")
    with (
        pytest.raises(Refused, match="needs_an_administrator"),
        office.store.work(Actor("Boris", other.key), "t") as work,
    ):
        route_maps.enforce(work, found.key)


def test_rm_22_a_map_that_is_not_sound_is_refused_with_its_step_named(office: Office) -> None:
    call = replace(
        SMALL.points[1], state="proposed", rules=(StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "No"),)
    )  # type: ignore[call-arg]
    found = _map(office, replace(SMALL, points=(SMALL.points[0], call, SMALL.points[2])), "small")
    with pytest.raises(Refused) as refused, office.store.work(office.actor, "t") as work:
        route_maps.enforce(work, found.key)
    assert refused.value.code == "map_not_sound"
    assert [(one.point, one.code) for one in refused.value.facts["problems"]] == [
        ("call", "state_unknown"),
        ("call", "template_unknown"),
    ]
    assert refused.value.facts["first"].startswith("Call: ")
    with office.store.read() as connection:
        assert route_maps.row(connection, found.key).status == "draft"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("Hello {{ contact.first_name }}", None),
        ("Hello {{ contact.pet }}", "template_wrong"),
        ("Hello {{ contact.first_name", "template_wrong"),
    ],
)
def test_rm_22_templates_of_a_map_must_render(office: Office, body: str, problem: str | None) -> None:
    with office.store.facts("setup") as work:
        work.add(
            LetterTemplate(name="Hello", subject="x", body=body, created_at=work.now, changed_at=work.now)
        )
    call = replace(SMALL.points[1], rules=(StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "Hello"),))  # type: ignore[call-arg]
    route = replace(SMALL, points=(SMALL.points[0], call, SMALL.points[2]))
    with office.store.read() as connection:
        found = [one.code for one in route_facts.problems(connection, route)]
    assert found == ([] if problem is None else [problem])


def test_corp_22_the_map_of_the_docs_can_be_put_in_force(office: Office) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "route-maps.md").read_text("utf-8")
    example = page.partition("```toml\n")[2].partition("```")[0]
    with office.store.work(office.actor, "route_map.import") as work:
        found = route_maps.import_route(work, read(example.encode()))
        assert route_maps.enforce(work, found.key).number == 1
    assert found.code == "calls"
