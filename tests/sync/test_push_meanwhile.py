"""What a person changes while the server carries out what was wished before, and what the server refuses."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import LetterText, Placement, table_of
from crm_tui.sync import pull
from crm_tui.sync.bodies import MOST_TRIES
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.session import Session
from crm_tui.sync.passing import Pass
from tests.servers.dovecot import Dovecot
from tests.sync.test_lost_answers import FOLDERS, KEY, Mailbox
from tests.sync.world import LETTER, PLACEMENT, RAW


@pytest.fixture
def mailbox(dovecot: Dovecot, tmp_path: Path) -> Iterator[Mailbox]:
    made = Mailbox(dovecot, tmp_path / "crm.db")
    yield made
    made.close()


@pytest.mark.parametrize("when", ["open", "expunge"])
def test_a_letter_that_is_wanted_again_while_it_is_deleted_is_not_lost(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    (row,) = mailbox.us.rows()
    mailbox.mark(Flag.SEEN)
    mailbox.us.delete(row.id)
    command = {"open": "fetch", "expunge": "expunge"}[when]
    really = getattr(Session, command)
    asked: list[bytes] = []

    def meanwhile(session: Session, uids: bytes, *arguments: object) -> object:
        with mailbox.us.work() as work:
            if not asked and work.get(Placement, row.id).deleted:
                work.change(work.get(Placement, row.id), deleted=False)
        asked.append(uids)
        return really(session, uids, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr(Session, command, meanwhile)
        mailbox.us.sync()
    assert asked
    mailbox.us.sync()
    assert mailbox.equal() == [("INBOX", Flag.SEEN)]


def test_a_server_that_refuses_to_move_a_letter_can_still_give_its_body(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = mailbox.us.rows()
    with mailbox.us.work() as work:
        work.connection.execute(RAW.delete())
        work.connection.execute(table_of(LetterText).delete())
        work.connection.execute(update(LETTER).values(body_state="none"))
        work.change(work.get(Placement, row.id), folder_id=mailbox.us.folders()["Archive"])

    def refused(*_arguments: object) -> object:
        raise ServerRefused("server_refused", answer="NO [OVERQUOTA] full")

    with monkeypatch.context() as patched:
        patched.setattr(Session, "move", refused)
        patched.setattr("crm_tui.sync.engine.pull_bodies", lambda *_arguments: None)
        for _ in range(MOST_TRIES):
            mailbox.us.sync()
    (row,) = mailbox.us.rows()
    assert row.error == "NO [OVERQUOTA] full"
    mailbox.us.sync()
    (row,) = mailbox.us.rows()
    assert (row.error, mailbox.us.bodies_missing()) == ("", 0)
    assert [place for place, _flags, _uid in mailbox.other.state(*FOLDERS)[KEY]] == ["Archive"]


def test_what_was_not_answered_is_asked_of_the_store_once_and_not_for_each_folder(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    (row,) = mailbox.us.rows()
    with mailbox.us.work() as work:
        work.connection.execute(update(PLACEMENT).values(flags_inflight=int(Flag.FLAGGED)))
    found: list[frozenset[int]] = []
    really = pull.unresolved_folders

    def told(run: Pass) -> frozenset[int]:
        found.append(really(run))
        return found[-1]

    monkeypatch.setattr(pull, "unresolved_folders", told)
    mailbox.us.sync()
    mailbox.us.sync()
    assert found == [frozenset({row.srv_folder_id}), frozenset()]
