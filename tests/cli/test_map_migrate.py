"""``crm map migrate``: where running processes would go on by the version in force, and that they do (C-15)."""

from pathlib import Path

import pytest

from crm_tui.services.interest import interests
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm

CALLS = """
[map]
code = "calls"
number = "7.1"
name = "Calls"
start_event = "created"
scenario = "sale"
[point.start]
kind = "start"
next = "call"
[point.call]
kind = "step"
name = "Call"
state = "meeting"
next = "won"
[point.won]
kind = "end"
state = "won"
"""
OTHERWISE = CALLS.replace('next = "call"', 'next = "visit"').replace("point.call", "point.visit")
OTHERWISE = OTHERWISE.replace('name = "Call"', 'name = "Visit"')


@pytest.fixture
def process(crm: Crm, store_file: Path, tmp_path: Path) -> int:
    """A process that waits at "Call" by the first version; the second knows "Visit" instead."""
    file = tmp_path / "calls.toml"
    file.write_text(CALLS, "utf-8")
    assert crm("map", "import", file).code == 0
    assert crm("map", "migrate", "calls", "--yes").code == 1, "it never was in force"
    assert crm("map", "enforce", "calls").code == 0
    store = Store(store_file)
    with store.work(Actor("me", 1), "setup") as work:
        interests.add(work, "Насосы", owner_id=1)
    store.close()
    assert crm("map", "migrate", "calls", "--json").json == [], "nothing runs by another version"
    file.write_text(OTHERWISE, "utf-8")
    assert (crm("map", "import", file).code, crm("map", "enforce", "calls").code) == (0, 0)
    found: int = crm("process", "ls", "--json").json[0]["id"]
    return found


def test_c_15_what_would_move_is_seen_first_and_done_with_yes(crm: Crm, process: int) -> None:
    seen = crm("map", "migrate", "7.1")
    assert (seen.code, "visit (Visit)" in seen.err) == (1, True), "nobody has said where they go on"
    assert crm("map", "migrate", "7.1", "--yes").code == 1
    there = ("--place", "call", "visit")
    shown = crm("map", "migrate", "7.1", *there)
    assert (shown.code, "--yes" in shown.err) == (0, True)
    assert [cell in shown.out for cell in ("Насосы", "Call", "Visit")] == [True] * 3
    assert crm("process", "ls", "--plain").lines[0][3] == "Call", "nothing was moved"
    (moved,) = crm("map", "migrate", "7.1", *there, "--yes", "--json").json
    assert (moved["process"], moved["moved"]) == (process, True)
    assert crm("process", "ls", "--plain").lines[0][3] == "Visit"
    assert crm("map", "migrate", "7.1", "--plain").out == ""
