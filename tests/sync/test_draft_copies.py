"""Drafts in the Drafts folder of a real server, and another device at the same mailbox (MAIL-27)."""

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest

from crm_tui.domain.errors import Invalid
from crm_tui.domain.letter.flags import Flag
from crm_tui.services.writing import draft_copies, draft_files, drafts
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import Draft, Placement
from tests.conftest import FixedClock
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.sync.sending import Office, office_at
from tests.sync.world import OtherSide, letter


@pytest.fixture
def office(dovecot: Dovecot, tmp_path: Path, clock: FixedClock) -> Iterator[Office]:
    with office_at(dovecot, tmp_path, clock, 25) as made:
        yield made


def written(office: Office, body: str, draft_id: int | None = None) -> int:
    """Typed, left, and brought to the server."""
    office.clock.advance(seconds=5)
    writing = Writing(office.us.account.key, to="olga@x.example", subject="Price", body=body)
    with office.us.store.facts("draft.save") as work:
        key = drafts.save(work, draft_id, writing, owner_id=office.owner)
        draft_copies.publish(work, key, UTC)
    office.us.sync()
    return key


def settled(office: Office) -> list[str]:
    """The bodies of the drafts that stay after what the server was heard to say."""
    office.us.sync()
    with office.us.store.facts("draft.settle") as work:
        draft_copies.settle(work)
        return [one.body for one in work.all(Draft)]


def test_mail_27_a_draft_is_one_letter_in_drafts_whatever_is_typed(office: Office, dovecot: Dovecot) -> None:
    key = written(office, "one")
    other = OtherSide(dovecot, office.us.account.imap_user)
    [(first, flags)] = other.state("Drafts").items()
    assert flags == [("Drafts", int(Flag.SEEN | Flag.DRAFT), 1)]
    written(office, "two", key)
    [second] = other.state("Drafts")
    assert second != first
    assert not office.us.sync().any()
    with office.us.work() as work:
        drafts.discard(work, key)
    office.us.sync()
    assert other.state("Drafts") == {}
    other.close()


def test_mail_27_a_draft_edited_here_and_there_is_two(office: Office, dovecot: Dovecot) -> None:
    key = written(office, "ours")
    phone = OtherSide(dovecot, office.us.account.imap_user)
    phone.open("Drafts").expunge(b"1:*")
    phone.append("Drafts", letter("<phone@x.example>", body="theirs"), [b"\\Draft"])
    office.clock.advance(seconds=5)
    with office.us.store.facts("draft.save") as work:
        drafts.save(work, key, Writing(office.us.account.key, body="ours and more"), owner_id=office.owner)
    assert settled(office) == ["ours and more"]
    written(office, "ours at last", key)
    assert len(phone.state("Drafts")) == 2
    phone.close()
    with office.us.store.facts("draft.open") as work:
        ours = work.get(Draft, key).placement_id
        [place] = [one for one in work.all(Placement) if one.key != ours and not one.deleted]
        theirs = draft_copies.open_copy(work, place.key, owner_id=office.owner)
        assert work.get(Draft, theirs).body.strip() == "theirs"


def test_mail_27_a_draft_that_another_device_sent_is_no_draft_any_more(
    office: Office, dovecot: Dovecot
) -> None:
    written(office, "ours")
    assert settled(office) == ["ours"]
    phone = OtherSide(dovecot, office.us.account.imap_user)
    phone.open("Drafts").expunge(b"1:*")
    phone.close()
    assert settled(office) == []


def test_mail_32_what_the_server_takes_is_remembered(office: Office) -> None:
    with SmtpSink(size_limit=2000) as sink:
        office.account(smtp_port=sink.port)
        office.queue()
        office.send()
    with office.us.work() as work:
        key = drafts.save(work, None, Writing(office.us.account.key), owner_id=office.owner)
        with pytest.raises(Invalid, match="letter_too_big_to_send"):
            draft_files.attach(work, key, "a.bin", b"x" * 2000)
