"""The maps that come with the program (RM-04, RM-19, RM-21, CORP-23, IDX-25)."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui import i18n
from crm_tui.domain.route.route_map import ProcessKind, Step
from crm_tui.domain.route.route_text import written
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.store.tables import LetterTemplate, table_of
from tests.services.conftest import Office

ROOT = Path(__file__).resolve().parents[2]


def test_rm_04_ready_maps_can_be_put_in_force_as_they_are(office: Office) -> None:
    shipped_maps.ensure_in(office.store)
    shipped_maps.ensure_in(office.store)
    with office.store.read() as connection:
        rows = route_maps.catalogue(connection)
    assert [(row.title, row.kind, row.status, row.shipped) for row in rows] == [
        ("1.2 Sale (quick)", "object", "draft", True),
        ("2.1 Service request", "object", "draft", True),
        ("2.2 Complaint", "independent", "draft", True),
        ("3.1 Assignment", "independent", "draft", True),
        ("3.2 Document approval", "independent", "draft", True),
        ("4.1 Marketing approval", "independent", "draft", True),
    ]
    with office.store.work(office.actor, "route_map.enforce") as work:
        for row in rows:
            assert route_maps.enforce(work, row.id).number == 1
    with office.store.read() as connection:
        in_force = route_maps.in_force(connection, object_kind="interest", start_event="created")
    assert [(row.title, row.scenario) for row in in_force] == [
        ("1.2 Sale (quick)", "Sale"),
        ("2.1 Service request", "Service request"),
    ]


def test_rm_19_the_quick_sale_demands_what_it_must(office: Office) -> None:
    route = shipped_maps.shipped()["sale_quick.toml"].route
    steps = {point.name: point for point in route.points if isinstance(point, Step)}
    demands = {
        name: {(one.kind, one.of, one.count) for one in step.requirements} for name, step in steps.items()
    }
    assert demands == {
        "Meeting": {("document", "call", 1), ("field", "phone", 1)},  # RM-21
        "Proposal": {("document", "proposal", 1), ("document", "letter", 1)},
        "Waiting for client": {("document", "call", 1), ("document", "letter", 1)},
        "Contract/Invoice": {("document", "invoice", 1), ("document", "letter", 1)},
        "Control": {("document", "call", 1)},
    }
    assert (route.kind, route.start_event, route.scenario) == (ProcessKind.OBJECT, "created", "sale")
    assert (route.early_termination, route.termination_state) == (True, "lost")
    told = [(rule.condition, rule.to_client) for rule in steps["Meeting"].rules]
    assert told == [
        ({"field": "lead_id", "op": "filled"}, True),  # RM-13
        ({"field": "contact_id", "op": "filled"}, True),  # RM-14
    ]


def test_rm_12_the_letters_of_the_maps_are_there_in_the_language_of_the_person(office: Office) -> None:
    def words(text: str) -> str:
        return f"«{text}»" if text else ""

    with office.store.facts("setup") as work:
        shipped_maps.ensure(work, words)
        shipped_maps.ensure(work)
    with office.store.read() as connection:
        sale = route_maps.by_code(connection, "sale_quick")
        route = route_maps.draft_or_current(connection, sale.id)
        names = set(connection.scalars(select(table_of(LetterTemplate).c.name)))
        count = connection.scalar(select(func.count()).select_from(table_of(LetterTemplate)))
    assert sale.title == "1.2 «Sale (quick)»"
    meeting = route.by_id["meeting"]
    assert isinstance(meeting, Step)
    assert {rule.target for rule in meeting.rules} <= names
    assert count == len(shipped_maps.letters()) == len(names)


def test_corp_23_each_map_is_written_as_the_program_writes_it() -> None:
    for file, one in shipped_maps.shipped().items():
        text = (shipped_maps.FOLDER / file).read_text("utf-8")
        assert written(one.route, one.code) == text, file


def test_corp_23_each_text_of_a_map_can_be_translated() -> None:
    texts = [text for _file, text in shipped_maps.source_texts()]
    assert {"Sale (quick)", "Welcome letter, new client", "Won", "Call the client"} <= {
        text.partition("\n")[0] for text in texts
    }
    assert i18n.texts_in("en")("Won") == "Won"
    assert i18n.texts_in("ru")("Won") != "Won"


def test_corp_23_the_maps_are_in_the_wheel() -> None:
    builder = pytest.importorskip("hatchling.builders.wheel").WheelBuilder(str(ROOT))
    inside = {one.distribution_path for one in builder.recurse_included_files()}
    assert {f"crm_tui/maps/{path.name}" for path in shipped_maps.FOLDER.iterdir()} <= inside
