"""``crm task ls --sort urgency`` (L-22)."""

import pytest

from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.cli.test_records import add_interest


def test_l_22_tasks_by_urgency_on_the_command_line(
    crm: Crm, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    trashed = add_interest(store, "20 насосов")
    crm("task", "add", "Without a date")
    crm("task", "add", "Late for nothing", "--due", "01.01.2020", "--interest", trashed)
    crm("task", "add", "Some day", "--due", "31.12.2090")
    crm("task", "add", "Late", "--due", "01.01.2020")
    with store.work(Actor("test"), "interest.trash") as work:
        work.change(work.get(Interest, trashed), trashed_at=work.now)
    by_due = [one["title"] for one in crm("task", "ls", "--json").json]
    assert by_due == ["Late for nothing", "Late", "Some day", "Without a date"]
    found = crm("task", "ls", "--sort", "urgency", "--json").json
    assert [one["title"] for one in found] == ["Late", "Late for nothing", "Some day", "Without a date"]
    assert [one["urgency"] for one in found] == [12.0, 7.0, 2.4, 0.0]
    assert found[1]["urgency_terms"] == {"overdue": 12.0, "blocked": -5.0}
    monkeypatch.setenv("CRM_URGENCY__BLOCKED", "20")
    assert crm("task", "ls", "--sort", "urgency", "--plain").lines[-1][2] == "Late for nothing"
    assert [
        one["urgency"] for one in crm("task", "ls", "--sort", "urgency", "--limit", 1, "--json").json
    ] == [12.0]
    assert crm("task", "ls", "--sort", "colour").code == 2
