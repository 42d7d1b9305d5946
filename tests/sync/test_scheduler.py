"""Accounts side by side while the program runs."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import Conflict, LoginRefused
from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import MailAccount
from crm_tui.sync import accounts, scheduler
from crm_tui.sync.accounts import check_account, only_pass, sync_once
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.scheduler import AccountStatus, Scheduler
from crm_tui.sync.vault import Vault
from tests.servers.dovecot import Dovecot, free_ports
from tests.servers.smtp_sink import SmtpSink
from tests.sync.hostile import Line, hostile
from tests.sync.world import OtherSide, OurSide, letter
from tests.waiting import eventually


class Running:
    """A scheduler at work on one account."""

    def __init__(self, us: OurSide) -> None:
        self.us = us
        self.heard: list[AccountStatus] = []
        self.scheduler = Scheduler(us.store, us.credentials, listener=self.heard.append)

    def state(self) -> str:
        return self.scheduler.status()[0].state


@pytest.fixture
def running(dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.05)
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("sched"))
    made = Running(us)
    made.scheduler.start()
    yield made
    made.scheduler.stop()
    us.close()


def test_a_new_letter_comes_by_itself(running: Running, dovecot: Dovecot) -> None:
    eventually(lambda: running.state() == "listening", "IDLE")
    other = OtherSide(dovecot, running.us.account.imap_user)
    other.append("INBOX", letter("<pushed@x.example>"))
    eventually(lambda: running.us.rows(), "the letter")
    other.close()


def test_a_change_here_is_sent_by_itself(running: Running, dovecot: Dovecot) -> None:
    other = OtherSide(dovecot, running.us.account.imap_user)
    other.append("INBOX", letter("<a@x.example>"))
    running.scheduler.sync_now()
    (row,) = eventually(lambda: running.us.rows(), "the letter")
    eventually(lambda: running.state() == "listening", "IDLE")
    running.us.set_flags(row.id, Flag.FLAGGED)
    eventually(lambda: other.state("INBOX")["a@x.example"][0][1] == Flag.FLAGGED, "the flag")
    other.close()


def test_a_pass_is_followed_by_one_listening(running: Running, dovecot: Dovecot) -> None:
    """What the pass wrote itself ends none, and it is told when the server tells what happens from then on: a letter
    that came between the look into the inbox and IDLE would be told by no Dovecot."""
    for number in range(3):
        eventually(lambda: running.state() == "listening", "IDLE")
        running.heard.clear()
        letters = [letter(f"<{name}{number}@x.example>") for name in "ab"]
        dovecot.seed(running.us.account.imap_user, "INBOX", letters)
        count = 2 * number + 2
        eventually(lambda count=count: len(running.us.rows()) == count, "both")  # type: ignore[misc]
        eventually(lambda: running.state() == "listening", "IDLE")
        assert [one.state for one in running.heard].count("listening") == 1


def test_c_02_status_is_told_and_kept(running: Running) -> None:
    eventually(lambda: running.state() == "listening", "IDLE")
    assert {status.state for status in running.heard} >= {"syncing", "waiting", "listening"}
    stored = running.us.stored_account(running.us.account.key)
    assert stored.last_success_at is not None
    assert stored.last_error == ""


def test_an_account_added_later_is_taken_up(running: Running, dovecot: Dovecot) -> None:
    user = dovecot.account("late")
    dovecot.seed(user, "INBOX", [letter("<late@x.example>")])
    running.us.add_account(user, dovecot.imap_port)
    running.scheduler.refresh()
    eventually(lambda: "late@x.example" in [row.message_id for row in running.us.rows()], "the letter")


def silent(line: Line) -> None:
    line.hear()


def test_c_02_one_failing_account_does_not_stop_another(dovecot: Dovecot, tmp_path: Path) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", [letter("<a@x.example>")])
    us = OurSide(tmp_path / "crm.db", dovecot, user)
    closed = us.add_account("closed", 1)
    report = sync_once(us.store, credentials=us.credentials)
    assert [result.error is None for result in report.results] == [True, False]
    assert report.results[1].account_id == closed
    assert us.stored_account(closed).last_error == "connection_failed"
    assert len(us.rows()) == 1
    only = sync_once(us.store, [us.account.key], credentials=us.credentials)
    assert [result.account_id for result in only.results] == [us.account.key]
    us.close()


def test_a_refused_password_is_reported_and_forgotten(dovecot: Dovecot, tmp_path: Path) -> None:
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account())
    answers = iter(["wrong", dovecot.password])
    us.credentials = Credentials(Vault(tmp_path / "vault"), None, lambda name: next(answers))
    (result,) = sync_once(us.store, credentials=us.credentials).results
    assert isinstance(result.error, LoginRefused)
    assert sync_once(us.store, credentials=us.credentials).errors == []
    us.close()


def test_two_passes_over_one_account_never_run_at_once(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "OTHER_PASS_SECONDS", 0.05)
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account())
    with only_pass(us.store, us.account.key, threading.Event()):
        (result,) = sync_once(us.store, credentials=us.credentials).results
    assert isinstance(result.error, Conflict)
    assert result.error.code == "sync_running"
    us.close()


def test_an_account_is_checked_without_a_change(dovecot: Dovecot, tmp_path: Path) -> None:
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account())
    with SmtpSink() as sink:
        us.account.smtp_host, us.account.smtp_port, us.account.smtp_security = "localhost", sink.port, "none"
        checked = check_account(us.account, us.credentials)
    assert {(folder.name, folder.role) for folder in checked.folders} >= {
        ("INBOX", "inbox"),
        ("Sent", "sent"),
    }
    assert "IMAP4REV1" in checked.capabilities
    assert us.folders() == {}
    us.close()


def test_assurance_32_a_hung_server_does_not_hold_the_exit(dovecot: Dovecot, tmp_path: Path) -> None:
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account())
    with hostile(silent) as server:
        us.add_account("hung", server.port)
        made = Scheduler(us.store, us.credentials)
        made.start()
        eventually(lambda: len(made.status()) == 2, "both accounts")
        eventually(lambda: any(status.state == "syncing" for status in made.status()), "the hung account")
        before = threading.active_count()
        made.stop()
        eventually(lambda: threading.active_count() < before, "the end of the threads")
    us.close()


def test_a_server_that_is_down_is_not_asked_again_at_once_for_what_it_could_not_take(
    dovecot: Dovecot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "QUIET_SECONDS", 0.0)
    us = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("down"))
    other = OtherSide(dovecot, us.account.imap_user)
    other.append("INBOX", letter("<a@x.example>"))
    other.append("INBOX", letter("<b@x.example>"))
    us.sync()
    first, second = us.rows()
    us.set_flags(first.id, Flag.SEEN)
    [closed] = free_ports(1)
    with us.work() as work:
        work.change(work.get(MailAccount, us.account.key), imap_port=closed)
    worker = scheduler._Worker(Scheduler(us.store, us.credentials), us.account)

    assert worker._pass() > 0
    assert worker.status.state == "trouble"
    worker.look()
    worker._consider()
    assert not worker._due.is_set()

    us.set_flags(second.id, Flag.SEEN)
    worker.look()
    worker._consider()
    assert worker._due.is_set()
    other.close()
    us.close()
