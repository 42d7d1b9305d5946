"""Drafts: kept while they are typed, copied to the server's Drafts, and never lost to another device (story B9)."""

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.letter.flags import Flag
from crm_tui.parsing.letter import parse
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.writing import draft_copies, draft_files, drafts, outgoing
from crm_tui.services.writing.compose import Begun, Writing
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.tables import Draft, DraftFile, Folder, Letter, LetterRaw, LetterText, Outbox, Placement
from crm_tui.store.undo import undo
from tests.services.conftest import Office
from tests.stores import START

ZONE = ZoneInfo("Asia/Almaty")


@pytest.fixture
def writing(office: Office) -> Writing:
    """A letter with everything in it, in an account that has a Drafts folder and can send."""
    with office.store.facts("setup") as work:
        work.add(Folder(account_id=office.account.key, name="Drafts", srv_name="Drafts", role="drafts"))
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
    return Writing(
        office.account.key,
        to="Olga <olga@newco.example>, half typed",
        cc="boss@newco.example",
        bcc="secret@office.example",
        subject="Цена",
        body="Good *day*",
        format="markdown",
        send_at=START,
    )


def kept(office: Office, writing: Writing, draft_id: int | None = None) -> int:
    with office.store.facts("draft.save") as work:
        return drafts.save(work, draft_id, writing, owner_id=office.user.key)


def published(office: Office, draft_id: int) -> Placement:
    with office.store.facts("draft.publish") as work:
        draft_copies.publish(work, draft_id, ZONE)
        return work.get(Placement, work.get(Draft, draft_id).placement_id or 0)


def places(office: Office) -> list[Placement]:
    with office.store.facts("look") as work:
        return [one for one in work.all(Placement) if not one.deleted]


def test_b9_a_draft_is_kept_as_typed_and_is_its_writers(office: Office, writing: Writing) -> None:
    key = kept(office, writing)
    with office.store.read() as connection:
        assert drafts.draft(connection, key) == writing
    assert kept(office, Writing(office.account.key, body="Good day"), key) == key
    with office.store.facts("setup") as work:
        other = users.ensure(work, "other", name="Other")
    with office.store.read() as connection:
        assert drafts.draft(connection, key) == Writing(office.account.key, body="Good day")
        assert [row.id for row in drafts.drafts(connection, office.user.key)] == [key]
        assert drafts.drafts(connection, other.key) == []
        assert [row.id for row in drafts.drafts(connection)] == [key]
        with pytest.raises(NotFound):
            drafts.draft(connection, 999)
    assert kept(office, writing, 999) != key


def test_b9_a_draft_thrown_away_comes_back_with_its_files(office: Office, writing: Writing) -> None:
    key = kept(office, writing)
    with office.store.work(office.actor, "compose.attach") as work:
        draft_files.attach(work, key, "price.pdf", b"\0\xff", "application/pdf")
    copy = published(office, key)
    with office.store.work(office.actor, "review.discard") as work:
        drafts.discard(work, key)
        drafts.discard(work, 999)
    assert places(office) == []
    with office.store.read() as connection:
        assert drafts.drafts(connection) == []
    with office.store.facts("sync") as work:
        work.remove(work.get(Placement, copy.key))
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert drafts.draft(connection, key) == writing
        assert [one.data for one in draft_files.contents(connection, key)] == [b"\0\xff"]
    with office.store.facts("draft.settle") as work:
        draft_copies.settle(work)
        assert work.find(Draft, id=key) is not None
    assert published(office, key).key != copy.key


def test_mail_27_the_copy_on_the_server_is_replaced_and_says_what_the_draft_says(
    office: Office, writing: Writing
) -> None:
    key = kept(office, writing)
    first = published(office, key)
    assert (first.flags, first.srv_uid, first.unread) == (int(Flag.SEEN | Flag.DRAFT), None, False)
    assert published(office, key).key == first.key
    office.clock.move(seconds=5)
    kept(office, Writing(office.account.key, to="olga@newco.example", subject="Price"), key)
    second = published(office, key)
    assert [one.key for one in places(office)] == [second.key]
    with office.store.facts("look") as work:
        assert work.get(Placement, first.key).deleted
        [letter, newer] = work.all(Letter)
        raw = work.find(LetterRaw, letter_id=letter.key)
    assert raw is not None
    read = parse(raw.raw)
    assert [box.address for box in read.to] == ["olga@newco.example"]
    assert [box.address for box in read.bcc] == ["secret@office.example"]
    assert (read.subject, letter.subject, newer.subject) == ("Цена", "Цена", "Price")
    assert read.message_id == letter.message_id != newer.message_id


def test_an_empty_draft_or_one_without_a_folder_has_no_copy(office: Office, writing: Writing) -> None:
    for key in (
        kept(office, Writing(office.account.key, body="\n\n")),
        kept(office, Writing(None, body="x")),
        0,
    ):
        with office.store.facts("draft.publish") as work:
            draft_copies.publish(work, key, ZONE)
    assert places(office) == []


def test_mail_27_a_draft_of_another_device_becomes_ours(office: Office, writing: Writing) -> None:
    place = theirs(office)
    with office.store.facts("draft.open") as work:
        key = draft_copies.open_copy(work, place.key, owner_id=office.user.key)
        assert draft_copies.open_copy(work, place.key, owner_id=office.user.key) == key
        other = users.ensure(work, "other", name="Other")
        with pytest.raises(Refused, match="draft_of_other"):
            draft_copies.open_copy(work, place.key, owner_id=other.key)
    with office.store.read() as connection:
        opened = drafts.draft(connection, key)
        [file] = draft_files.contents(connection, key)
    assert (opened.to, opened.subject, opened.body.strip()) == (
        "Olga <olga@newco.example>",
        "From the phone",
        "Hello",
    )
    assert (file.name, file.data) == ("x.txt", b"file")
    assert published(office, key).key == place.key
    office.clock.move(seconds=5)
    kept(office, Writing(office.account.key, to=opened.to, body="Hello and more"), key)
    assert published(office, key).key != place.key
    assert place.key not in [one.key for one in places(office)]


def theirs(office: Office) -> Placement:
    raw = (
        b"From: sales@office.example\r\nTo: Olga <olga@newco.example>\r\nSubject: From the phone\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n'
        b'Content-Type: application/x; name="x.txt"\r\nContent-Disposition: attachment\r\n\r\nfile\r\n--b--\r\n'
    )
    with office.store.facts("setup") as work:
        folder = work.find(Folder, role="drafts")
    assert folder is not None
    office.folders["drafts"] = folder
    place = office.letter("From the phone", folder="drafts", number=77)
    with office.store.facts("setup") as work:
        work.add(LetterRaw(letter_id=place.letter_id, raw=raw))
        work.add(LetterText(letter_id=place.letter_id, text="Hello"))
    return place


def test_a_letter_that_is_no_draft_is_not_opened_as_one(office: Office) -> None:
    place = office.letter()
    with pytest.raises(Refused, match="not_a_draft"), office.store.facts("draft.open") as work:
        draft_copies.open_copy(work, place.key)


@pytest.mark.parametrize("how", ["sent there", "moved to the trash there", "in between"])
@pytest.mark.parametrize("edited_here", [False, True])
def test_mail_27_what_another_device_did_to_the_copy(
    office: Office, writing: Writing, how: str, edited_here: bool
) -> None:
    """An untouched draft goes with its copy; one that was edited here stays, beside what the other device made."""
    key = kept(office, writing)
    copy = published(office, key)
    office.clock.move(seconds=5)
    if edited_here:
        kept(office, Writing(office.account.key, body="More"), key)
    with office.store.facts("sync") as work:
        if how == "sent there":
            work.remove(work.get(Placement, copy.key))
        elif how == "moved to the trash there":
            work.change(work.get(Placement, copy.key), folder_id=office.folders["trash"].key)
        else:
            work.change(work.get(Placement, copy.key), limbo=3)
    with office.store.facts("draft.settle") as work:
        draft_copies.settle(work)
        stands = work.find(Draft, id=key)
    assert (stands is not None) is (edited_here or how == "in between")
    if stands is not None and how != "in between":
        assert stands.placement_id is None
        assert published(office, key).key != copy.key


def test_mail_27_a_sent_draft_takes_its_copy_away_and_undo_brings_the_draft_back(
    office: Office, writing: Writing
) -> None:
    complete = replace(writing, to="olga@newco.example", send_at=None)
    key = kept(office, complete)
    with office.store.work(office.actor, "compose.attach") as work:
        draft_files.attach(work, key, "price.pdf", b"%PDF")
    published(office, key)
    with office.store.work(office.actor, "review.send") as work:
        row = outgoing.queue(work, complete, key)
        assert not work.all(Draft)
        assert not work.all(DraftFile)
    assert places(office) == []
    read = parse(row.raw)
    assert row.recipients == ["olga@newco.example", "boss@newco.example", "secret@office.example"]
    assert b"secret" not in row.raw
    assert [one.name for one in read.attachments] == ["price.pdf"]
    assert read.html is not None
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert drafts.draft(connection, key) == complete
        assert [one.name for one in draft_files.files(connection, key)] == ["price.pdf"]
    with office.store.facts("look") as work:
        assert work.all(Outbox) == []


def test_mail_40_what_was_answered_and_sent_on_is_marked_once_it_is_sent(
    office: Office, writing: Writing
) -> None:
    answered, sent_on = office.letter(number=1), office.letter(number=2)
    with office.store.work(office.actor, "review.send") as work:
        row = outgoing.queue(
            work,
            Writing(
                writing.account_id, to="a@b.example",
                reply_to_letter_id=answered.letter_id, forward_letter_id=sent_on.letter_id,
            ),
        )  # fmt: skip
        assert not work.get(Placement, answered.key).flags
        work.change(work.get(Placement, sent_on.key), keywords=["Work"])
    filed = office.letter("Re: Price", folder="sent", number=3)
    with office.store.facts("outbox.file") as work:
        for _time in range(2):
            outgoing.sent(work, row, filed.letter_id)
        assert work.get(Placement, answered.key).flags == Flag.ANSWERED | Flag.SEEN
        assert work.get(Placement, answered.key).keywords == []
        assert work.get(Placement, sent_on.key).keywords == ["$Forwarded", "Work"]
        assert not work.get(Placement, sent_on.key).flags


def test_mail_32_files_are_copied_in_named_and_taken_off(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "Прайс.pdf"
    path.write_bytes(b"%PDF")
    key = kept(office, Writing(office.account.key))
    with office.store.work(office.actor, "compose.attach") as work:
        file = draft_files.attach_path(work, key, path)
        picture = draft_files.attach(work, key, "a]b\n.png", b"png", inline=True)
        with pytest.raises(Invalid, match="not_a_picture"):
            draft_files.attach_path(work, key, path, inline=True)
        for wrong in (tmp_path, tmp_path / "none"):
            with pytest.raises(Refused, match="cannot_read"):
                draft_files.attach_path(work, key, wrong)
    path.unlink()
    assert (file.name, file.content_type, file.size) == ("Прайс.pdf", "application/pdf", 4)
    assert draft_files.picture_mark(picture) == f"![a b�.png](cid:{picture.content_id})"
    with office.store.read() as connection:
        assert [one.data for one in draft_files.contents(connection, key)] == [b"%PDF", b"png"]
        assert draft_files.size_of(connection, key) == 7
    with office.store.work(office.actor, "compose.detach") as work:
        draft_files.detach(work, file.key)
        draft_files.detach(work, 999)
    with office.store.read() as connection:
        assert [one.name for one in draft_files.files(connection, key)] == ["a]b�.png"]


def test_mail_32_more_than_the_server_takes_is_refused(office: Office) -> None:
    key = kept(office, Writing(office.account.key))
    with office.store.work(office.actor, "account.update") as work:
        accounts.update(work, office.account.key, smtp_size=10000)
    with office.store.work(office.actor, "compose.attach") as work:
        draft_files.attach(work, key, "a.bin", b"x" * 4000)
        with pytest.raises(Invalid, match="letter_too_big_to_send"):
            draft_files.attach(work, key, "b.bin", b"x" * 4000)


def test_mail_40_a_letter_sent_on_begins_as_a_draft_with_its_files(office: Office) -> None:
    begun = Begun(Writing(office.account.key, subject="Fwd: x"), (File("x.txt", "text/plain", b"x"),))
    with office.store.facts("draft.begin") as work:
        key = drafts.begin(work, begun, owner_id=office.user.key)
    with office.store.read() as connection:
        assert drafts.draft(connection, key) == begun.writing
        assert draft_files.contents(connection, key) == list(begun.files)
