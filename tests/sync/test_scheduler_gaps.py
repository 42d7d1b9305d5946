"""Nothing falls between a pass and the next: what happens at either side meanwhile is not left for minutes."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.letter.flags import Flag
from crm_tui.sync import scheduler
from crm_tui.sync.scheduler import Scheduler
from tests.servers.dovecot import Dovecot
from tests.sync.world import OtherSide, OurSide, letter
from tests.waiting import eventually


@pytest.fixture
def us(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OurSide]:
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.05)
    made = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("gap"))
    yield made
    made.close()


@pytest.fixture
def other(dovecot: Dovecot, us: OurSide) -> Iterator[OtherSide]:
    made = OtherSide(dovecot, us.account.imap_user)
    yield made
    made.close()


def test_a_letter_that_comes_after_the_pass_and_before_idle_is_fetched(
    us: OurSide, other: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    log_in = scheduler.log_in
    late = [letter("<late@x.example>")]

    def log_in_late(*arguments: Any) -> Any:
        while late:
            other.append("INBOX", late.pop())
        return log_in(*arguments)

    monkeypatch.setattr(scheduler, "log_in", log_in_late)
    made = Scheduler(us.store, us.credentials)
    made.start()
    eventually(us.rows, "the letter")
    made.stop()


def test_a_change_made_while_a_pass_runs_is_sent(
    us: OurSide, other: OtherSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    other.append("INBOX", letter("<a@x.example>"))
    us.sync()
    (row,) = us.rows()
    sync_one = scheduler.sync_one
    passes = []

    def sync_one_and_click(*arguments: Any) -> Any:
        result = sync_one(*arguments)
        if not passes:
            us.set_flags(row.id, Flag.FLAGGED)
        passes.append(result)
        return result

    monkeypatch.setattr(scheduler, "sync_one", sync_one_and_click)
    made = Scheduler(us.store, us.credentials)
    made.start()
    eventually(lambda: other.state("INBOX")["a@x.example"][0][1] == Flag.FLAGGED, "the flag on the server")
    made.stop()
