"""Row 38: a password is found nowhere: not in the store, the logs, an error, a crash report or the environment."""

import logging
from pathlib import Path

import pytest

from crm_tui.services import crash
from crm_tui.store.tables import MailAccount
from crm_tui.sync.accounts import sync_once
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.outbox import send_due
from crm_tui.sync.vault import Vault
from tests.conftest import FixedClock
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.sync.hostile import GREETING, Line, hostile
from tests.sync.test_outbox import Office
from tests.sync.world import OurSide

CANARY = "canary-5e1f-secret"


def breaks_off(line: Line) -> None:
    line.say(GREETING)
    line.until(b"LOGIN")
    line.say(b"* BAD \xff\r\n")


def refuses(line: Line) -> None:
    line.say(GREETING)
    tag = line.until(b"LOGIN")
    line.say(tag + b" NO [AUTHENTICATIONFAILED] go away\r\n")


@pytest.mark.parametrize("script", [breaks_off, refuses])
def test_a_password_is_nowhere_after_a_fault(
    script: object, dovecot: Dovecot, crm_home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch, clock: FixedClock,
) -> None:  # fmt: skip
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("crm_tui.sync.vault._COST", {"n": 2**4, "r": 8, "p": 1})
    us = OurSide(crm_home / "data" / "crm.db", dovecot, dovecot.account())
    vault = Vault(crm_home / "data" / "vault.json")
    vault.create("passphrase")
    us.credentials = Credentials(vault, None)
    us.credentials.remember(us.account.address, CANARY)
    with hostile(script) as server:  # type: ignore[arg-type]
        us.credentials.remember("bad@example.org", CANARY)
        bad = us.add_account("bad", server.port)
        report = sync_once(us.store, credentials=us.credentials)
    assert any(CANARY.encode() in line for line in server.sent), "it was really used"
    with SmtpSink(logins={"me": "other"}) as sink:
        office = Office(us, sink.port, clock)
        with us.work() as work:
            work.change(work.get(MailAccount, us.account.key), smtp_user="me")
        office.queue()
        faults = [*report.errors, *send_due(us.store, us.credentials).values()]
    assert len(faults) == 3
    for fault in faults:
        assert fault is not None
        assert CANARY not in repr(fault) + str(fault) + crash.text_of(fault)
        crash.write(fault, clock)
    assert us.stored_account(bad).last_error
    us.close()
    assert CANARY not in caplog.text
    assert CANARY not in repr(us.credentials)
    written = [path for path in crm_home.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"crm.db", "vault.json"}
    for path in written:
        assert CANARY.encode() not in path.read_bytes(), path
