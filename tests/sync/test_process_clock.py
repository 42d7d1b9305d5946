"""The scheduler sees to processes whose time has come, and ends with a fault of theirs written down."""

from pathlib import Path

import pytest

from crm_tui.services.process import process_tick
from crm_tui.sync import scheduler
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.scheduler import Scheduler
from crm_tui.sync.vault import Vault
from tests.services.conftest import Office, office
from tests.services.process_office import Floor, waiting_hour
from tests.waiting import eventually

__all__ = ["office"]


@pytest.fixture
def running(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """A scheduler of no account that looks at processes at once and again."""
    monkeypatch.setattr(scheduler, "PROCESS_SECONDS", 0.02)
    return Scheduler(office.store, Credentials(vault=Vault(tmp_path / "vault"), keyring=None), account_ids=[])


def test_bp_15_a_timer_goes_on_while_the_program_runs(office: Office, running: Scheduler) -> None:
    floor = Floor(office)
    floor.enforce(waiting_hour())
    interest = floor.interest()
    office.clock.move(hours=1)
    running.start()
    try:
        eventually(lambda: floor.state(interest) == "contract", "the timer goes on")
    finally:
        running.stop()


def test_a_fault_of_the_clock_of_processes_is_written_down_and_it_goes_on(
    office: Office, running: Scheduler, monkeypatch: pytest.MonkeyPatch, crm_home: Path
) -> None:
    floor = Floor(office)
    floor.enforce(waiting_hour())
    floor.interest()
    looks = []

    def faulty(*_any: object, **_more: object) -> int:
        looks.append(1)
        raise ZeroDivisionError

    monkeypatch.setattr(process_tick, "run", faulty)
    running.start()
    try:
        eventually(lambda: len(looks) > 2, "it looks again")
    finally:
        running.stop()
    assert len(list(crm_home.rglob("crash-*.txt"))) == 1
