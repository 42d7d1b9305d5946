"""``crm process``: list, show, start, do, terminate, resume."""

from pathlib import Path

import pytest
from sqlalchemy import event

from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import process_list
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.services.process_office import approval, contract, enforce, sale

ME = Actor("me", 1)


@pytest.fixture
def interest(store_file: Path) -> int:
    """An Interest that goes by a map with a split."""
    store = Store(store_file)
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        enforce(work, approval())
        enforce(work, contract())
    with store.work(ME, "setup") as work:
        found = interests.add(work, "Насосы", owner_id=1)
    store.close()
    return found.key


def test_bp_04_processes_are_listed_and_completed_step_by_step(crm: Crm, interest: int) -> None:
    rows = crm("process", "ls", "--interest", interest, "--json").json
    assert [(row["map"], row["card"], row["waits_at"]) for row in rows] == [
        ("1.3 Contract", "Насосы", "Contract agreed"),
        ("1.3 Contract", "Насосы", "Warehouse reserve"),
    ]
    process = rows[0]["id"]
    several = crm("process", "do", process)
    assert (several.code, "Contract agreed, Warehouse reserve" in several.err) == (2, True)
    done = crm("process", "do", process, "--step", "warehouse", "--result", "Reserved", "--plain")
    assert [line[3] for line in done.lines] == ["Contract agreed"]
    crm("process", "do", process)
    listed = crm("process", "ls", "--plain").lines
    assert [line[1:4] for line in listed] == [
        ["1.3 Contract", "Насосы", "Legal approval"],
        ["2.1 Approval", "Насосы", "Approve"],
    ]
    shown = crm("process", "show", process, "--json").json
    assert [(one["point"], one["result"]) for one in shown["entries"]][:2] == [
        ("Contract agreed", ""),
        ("Warehouse reserve", "Reserved"),
    ]
    assert crm("process", "show", 404).code == 3


def test_bp_17_a_process_is_ended_early_with_a_reason(crm: Crm, interest: int) -> None:
    process = crm("process", "ls", "--json").json[0]["id"]
    refused = crm("process", "terminate", process)
    assert (refused.code, refused.out) == (2, "")
    assert crm("process", "terminate", process, "--reason", "price", "--json").json == []
    assert crm("process", "terminate", process, "--reason", "price").code == 1
    assert crm("process", "resume", process).code == 1
    assert crm("process", "show", process, "--json").json["reason"] == "price"
    assert crm("process", "ls", "--json").json == []


def test_bp_05_the_command_line_refuses_to_move_what_a_process_holds(crm: Crm, interest: int) -> None:
    for arguments in (("move", interest, "--to", "proposal"), ("close", interest, "--won")):
        done = crm("interest", *arguments)
        assert (done.code, "1.3 Contract" in done.err) == (1, True)
    task = crm("task", "ls", "--json").json[0]["id"]
    assert crm("task", "done", task).code == 0


def test_bp_03_a_process_is_started_by_hand(crm: Crm, interest: int) -> None:
    made = crm("process", "start", "2.1", "--interest", interest, "--json").json
    assert [(one["map"], one["waits_at"]) for one in made] == [("2.1 Approval", "Approve")]
    assert crm("process", "start", "2.1", "--interest", 404).code == 3
    assert crm("process", "start", "2.1").code == 2
    held = crm("process", "start", "1.3", "--interest", interest)
    assert (held.code, "1.3 Contract" in held.err) == (1, True)
    done = crm("process", "do", made[0]["id"], "--outcome", "no such")
    assert done.code == 2


def test_bp_09_a_task_with_several_outcomes_names_them(crm: Crm, store_file: Path) -> None:
    store = Store(store_file)
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        enforce(work, sale())
    with store.work(ME, "setup") as work:
        interests.add(work, "Pumps", owner_id=1)
    store.close()
    first = crm("task", "ls", "--json").json
    assert crm("task", "done", first[0]["id"]).code == 0
    second = crm("task", "ls", "--json").json[0]["id"]
    refused = crm("task", "done", second)
    assert (refused.code, "Won, Lost" in refused.err) == (2, True)
    process = crm("process", "ls", "--json").json[0]["id"]
    assert crm("process", "do", process, "--outcome", "lost").code == 2
    assert crm("process", "do", process, "--outcome", "lost", "--reason", "Price").code == 0
    assert crm("process", "show", process, "--json").json["reason"] == "price"


def test_bp_04_the_list_of_many_processes_asks_for_their_cards_together(store_file: Path) -> None:
    store = Store(store_file)
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        enforce(work, sale())
    asked = []
    for count in (1, 3):
        with store.work(ME, "setup") as work:
            for _number in range(count):
                interests.add(work, "Насосы", owner_id=1)
        with store.read() as connection:
            event.listen(connection, "before_cursor_execute", lambda *_told, of=count: asked.append(of))
            found = process_list.standing(connection)
            alone = process_list.standing(connection, process_id=found[0].process_id)
        assert {one.card for one in found} == {"Насосы"}
        assert [one.process_id for one in alone] == [found[0].process_id]
    store.close()
    assert asked.count(1) == asked.count(3)
