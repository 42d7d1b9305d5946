"""One pass at a time, each on its own small mailbox."""

from pathlib import Path

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.domain.letter.flags import Flag
from crm_tui.services.letter.mail import MASS_DELETE, agree_to_deletions
from crm_tui.store.tables import Attachment, Folder, LetterText, table_of
from crm_tui.sync import bodies, plan
from crm_tui.sync.imap import tokens
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.sync.world import FOLDER, LETTER, OtherSide, OurSide, letter


class Both:
    """Our side and the other one, of a fresh account."""

    def __init__(self, server: Dovecot, path: Path) -> None:
        self.server = server
        self.user = server.account("both")
        self.us = OurSide(path, server, self.user)
        self.other = OtherSide(server, self.user)

    def close(self) -> None:
        self.other.close()
        self.us.close()


@pytest.fixture
def both(dovecot: Dovecot, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = Both(dovecot, tmp_path / "crm.db")
    yield made
    made.close()


def folder(us: OurSide, name: str) -> "Folder":
    with us.store.read() as connection:
        return connection.execute(select(FOLDER).where(FOLDER.c.srv_name == name)).one()  # type: ignore[return-value]


def test_mail_07_folders_come_with_roles_and_subscription(both: Both) -> None:
    both.other.make("Работа", "Processed")
    both.us.sync()
    roles = {name: folder(both.us, name).role for name in both.us.folders()}
    assert roles == {
        "INBOX": "inbox", "Sent": "sent", "Drafts": "drafts", "Trash": "trash", "Junk": "junk",
        "Archive": "archive", "Работа": "", "Processed": "processed",
    }  # fmt: skip
    assert folder(both.us, "Работа").subscribed


def test_mail_07_an_unsubscribed_folder_is_listed_and_not_fetched(both: Both) -> None:
    both.other.make("Kept")
    both.other.session.create(b"Left")
    both.other.append("Left", letter("<left@x.example>"))
    both.us.sync()
    assert folder(both.us, "Left").sync_mode == "none"
    assert folder(both.us, "Left").srv_count == 1
    assert both.us.rows() == []


def test_c_05_reading_does_not_mark_as_read(both: Both) -> None:
    both.other.append("INBOX", letter("<a@x.example>"))
    both.us.sync()
    assert both.other.state("INBOX")["a@x.example"][0][1] == 0
    assert both.us.rows()[0].unread


def test_letters_are_parsed_into_rows(both: Both) -> None:
    raw = (
        b"From: =?utf-8?B?0J7Qu9GM0LPQsA==?= <Olga@NewCo.example>\r\nTo: us@x.example\r\n"
        b"Date: Fri, 20 Nov 2026 10:00:00 +0500\r\nSubject: Re: Price\r\nMessage-ID: <p@x.example>\r\n"
        b"References: <root@x.example> <mid@x.example>\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHow much is it?\r\n--b\r\n'
        b'Content-Type: application/pdf; name="plan.pdf"\r\nContent-Disposition: attachment\r\n\r\nPDF\r\n--b--\r\n'
    )
    both.other.append("INBOX", raw)
    both.us.sync()
    with both.us.store.read() as connection:
        row = connection.execute(select(LETTER)).one()
        text = connection.execute(select(table_of(LetterText))).one()
        attached = connection.execute(select(table_of(Attachment))).one()
    assert (row.sender_name, row.sender_address, row.subject) == ("Ольга", "olga@newco.example", "Re: Price")
    assert (row.message_id, row.thread_key) == ("p@x.example", "root@x.example")
    assert (row.has_attachments, row.snippet, row.body_state) == (True, "How much is it?", "full")
    assert row.date.isoformat() == "2026-11-20T05:00:00+00:00"
    assert text.text.strip() == "How much is it?"
    assert attached.name == "plan.pdf"
    (placed,) = both.us.rows()
    assert (placed.sender_key, placed.subject_key) == ("ольга", "price")


def test_c_01_content_is_stored_once(both: Both) -> None:
    for name in ("INBOX", "Archive"):
        both.other.append(name, letter("<same@x.example>"))
    assert both.us.sync().bodies == 1
    assert len(both.us.rows()) == 2
    assert len({row.letter_id for row in both.us.rows()}) == 1


def test_a_large_letter_comes_in_the_same_pass_and_whole(both: Both) -> None:
    raw = letter("<large@x.example>", body="я" * (plan.SMALL_LETTER // 2 + 1000))
    both.other.append("INBOX", raw)
    both.us.sync()
    assert both.us.bodies_missing() == 0


def test_large_letters_are_held_in_memory_a_few_at_a_time(both: Both) -> None:
    both.us.sync()
    size, count = 8 << 20, 12
    line = b"x" * 76 + b"\r\n"
    for number in range(count):
        head = b"Message-ID: <%d@x.example>\r\nContent-Type: application/zip\r\n\r\n" % number
        both.server.seed(both.user, "INBOX", [head + line * (size // len(line))])
    Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
    before = memory("VmRSS")
    both.us.sync()
    assert both.us.bodies_missing() == 0
    assert memory("VmHWM") - before < 8 * size


def memory(which: str) -> int:
    """Bytes, of this process."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(which)]
    return int(line.split()[1]) * 1024


def test_a_poison_letter_is_kept_and_listed(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    def poisoned(self: object, raw: bytes) -> object:
        raise MemoryError

    both.other.append("INBOX", letter("<poison@x.example>", "Subject stays"))
    monkeypatch.setattr("crm_tui.parsing.pool.ParserPool.parse", poisoned)
    assert both.us.sync().unreadable == 1
    with both.us.store.read() as connection:
        row = connection.execute(select(LETTER)).one()
    assert (row.kind, row.subject, row.body_state) == ("unreadable", "Subject stays", "full")
    assert not both.us.sync().any()


def test_a_body_that_is_never_given_is_given_up(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    both.other.append("INBOX", letter("<never@x.example>"))
    monkeypatch.setattr(bodies, "_ITEMS", b"(UID FLAGS)")
    for _ in range(bodies.MOST_TRIES + 1):
        both.us.sync()
    with both.us.store.read() as connection:
        assert connection.execute(select(LETTER.c.body_state)).scalar_one() == "unfetchable"
    assert len(both.us.rows()) == 1


def test_a_renamed_folder_keeps_its_rows(both: Both) -> None:
    both.other.make("Old")
    both.other.append("Old", letter("<a@x.example>"))
    both.us.sync()
    old = both.us.folders()["Old"]
    both.other.session.command(b"RENAME Old New")
    assert both.us.sync().bodies == 0
    assert both.us.folders()["New"] == old
    assert "Old" not in both.us.folders()


def test_a_deleted_folder_goes_out_of_sight(both: Both) -> None:
    both.other.make("Short")
    both.other.append("Short", letter("<a@x.example>"))
    both.us.sync()
    both.other.session.command(b"DELETE Short")
    both.us.sync()
    assert both.us.rows() == []
    assert folder(both.us, "Short").hidden


def test_mail_06_a_folder_made_here_is_made_there(both: Both) -> None:
    both.us.sync()
    with both.us.work() as work:
        made = work.add(
            Folder(account_id=both.us.account.key, name="Обработанные", role="processed", intent="create")
        )
    both.other.append("INBOX", letter("<a@x.example>"))
    both.us.sync()
    assert both.us.folders()["Обработанные"] == made.key
    both.us.move(both.us.rows()[0].id, "Обработанные")
    both.us.sync()
    assert [place[0] for place in both.other.state("Обработанные")["a@x.example"]] == ["Обработанные"]
    assert not both.us.sync().any()


def test_too_much_gone_is_kept_until_a_person_agrees(both: Both) -> None:
    both.server.seed(both.user, "INBOX", [letter(f"<{n}@x.example>") for n in range(100)])
    both.us.sync()
    session = both.other.open("INBOX")
    session.expunge(tokens.compact(sorted(session.all_uids())[:60]))
    both.us.sync()
    assert len(both.us.rows()) == 100
    assert folder(both.us, "INBOX").error == MASS_DELETE
    both.us.sync()
    assert len(both.us.rows()) == 100
    with both.us.work() as work:
        agree_to_deletions(work, both.us.folders()["INBOX"])
    both.us.sync()
    assert len(both.us.rows()) == 40
    assert folder(both.us, "INBOX").error == ""


def test_letters_that_come_back_end_the_question(both: Both) -> None:
    raws = [letter(f"<{n}@x.example>") for n in range(100)]
    both.server.seed(both.user, "INBOX", raws)
    both.us.sync()
    session = both.other.open("INBOX")
    uids = tokens.compact(sorted(session.all_uids())[:60])
    session.expunge(uids)
    both.us.sync()
    for raw in raws[:60]:
        both.other.append("Archive", raw)
    assert both.us.sync().bodies == 0
    assert len(both.us.rows()) == 100
    assert folder(both.us, "INBOX").error == ""


def test_others_deleted_letters_are_not_expunged_with_ours(authority, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER) as server:
        both = Both(server, tmp_path / "crm.db")
        for key in ("mine", "theirs"):
            both.other.append("INBOX", letter(f"<{key}@x.example>"))
        both.us.sync()
        both.other.open("INBOX").store(b"2", b"+", [b"\\Deleted"])
        (mine,) = [row for row in both.us.rows() if row.message_id == "mine@x.example"]
        both.us.delete(mine.id)
        both.us.sync()
        assert set(both.other.state("INBOX")) == {"mine@x.example", "theirs@x.example"}
        both.other.open("INBOX").store(b"2", b"-", [b"\\Deleted"])
        both.us.sync()
        assert set(both.other.state("INBOX")) == {"theirs@x.example"}
        both.close()


def test_a_pass_without_news_costs_two_turns_and_a_farewell(both: Both) -> None:
    both.server.seed(both.user, "INBOX", [letter(f"<{n}@x.example>") for n in range(20)])
    both.other.make(*[f"Folder {n:02}" for n in range(20)])
    both.us.sync()
    with ChaosProxy(("127.0.0.1", both.server.imap_port)) as line:
        both.us.through(line.port)
        assert not both.us.sync().any()
        assert line.traffic.round_trips <= 3
        assert line.traffic.down <= 10_000


def test_a_lost_line_is_an_error_and_the_next_pass_goes_on(both: Both) -> None:
    both.server.seed(both.user, "INBOX", [letter(f"<{n}@x.example>", body="x" * 2000) for n in range(300)])
    with ChaosProxy(("127.0.0.1", both.server.imap_port), cut=(150_000, 150_000)) as line:
        both.us.through(line.port)
        with pytest.raises(NetworkTrouble):
            both.us.sync()
    both.us.through(both.server.imap_port)
    both.us.sync()
    assert len(both.us.rows()) == 300
    assert both.us.bodies_missing() == 0


def test_flags_seen_keywords_and_both_sides_changes_meet(both: Both) -> None:
    both.other.append("INBOX", letter("<a@x.example>"))
    both.us.sync()
    both.other.open("INBOX").store(b"1", b"+", [b"\\Answered", b"$Forwarded"])
    (row,) = both.us.rows()
    both.us.set_flags(row.id, Flag.FLAGGED | Flag.SEEN)
    both.us.sync()
    (row,) = both.us.rows()
    assert row.flags == Flag.FLAGGED | Flag.SEEN | Flag.ANSWERED == row.srv_flags
    assert row.keywords == ["$Forwarded"]
    assert not row.unread
    assert both.other.state("INBOX")["a@x.example"][0][1] == row.flags
