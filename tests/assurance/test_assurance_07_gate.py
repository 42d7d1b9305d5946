"""Row 7: the write gate stands whatever the SQLite, and the version with the race is told."""

import threading
from pathlib import Path

import pytest

from crm_tui.domain.errors import StoreBusy
from crm_tui.store import driver, gate, health
from crm_tui.store.gate import WriteGate
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store


@pytest.mark.parametrize(
    ("version", "races"),
    [
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_assurance_07_versions_with_the_wal_reset_race(version: tuple[int, ...], races: bool) -> None:
    assert driver.has_wal_reset_race(version) is races


def test_assurance_07_doctor_tells_version_and_gate(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", TestClock())
    facts = health.facts(store.path)
    assert facts["sqlite"] == driver.dbapi.sqlite_version
    assert facts["wal_reset_race"] == driver.has_wal_reset_race()
    assert facts["write_gate"] == f"{store.path}.lock"
    assert facts["journal_mode"] == "WAL"
    assert facts["free_disk"] > 0
    assert facts["ballast"] is True


def test_assurance_07_every_unit_of_work_goes_through_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also its commit, and with it SQLite's checkpoint."""
    store = new_store(tmp_path / "store", TestClock())
    entered, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with WriteGate(tmp_path / "store" / "crm.db.lock").hold("sync Входящие " + "й" * 100):
            entered.set()
            leave.wait(60)

    holder = threading.Thread(target=hold)
    holder.start()
    entered.wait(60)
    monkeypatch.setattr(gate, "WAIT_SECONDS", 0.05)
    for unit in (store.work(Actor("me", 1), "x"), store.arrivals("x"), store.facts("x")):
        with pytest.raises(StoreBusy) as caught, unit:
            pass
        assert caught.value.facts["operation"].startswith("sync Входящие")
        assert caught.value.facts["pid"]
    leave.set()
    holder.join()
    with store.work(Actor("me", 1), "x"):
        pass


def test_assurance_07_a_unit_inside_a_unit_is_refused(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store", TestClock())
    with (
        store.work(Actor("me", 1), "outer"),
        pytest.raises(RuntimeError, match="inside a unit"),
        store.facts("inner"),
    ):
        pass
