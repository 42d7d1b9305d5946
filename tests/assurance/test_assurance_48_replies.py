"""Row 48: a hostile letter cannot make its reply crash, nor put anything into the reply's header."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from sqlalchemy import Connection

from crm_tui.domain.errors import Invalid
from crm_tui.parsing import bodies
from crm_tui.parsing.letter import Letter as Parsed
from crm_tui.parsing.letter import parse
from crm_tui.parsing.parts import split
from crm_tui.services.writing import compose, letter_build
from crm_tui.services.writing.compose import Begun, Writing
from crm_tui.store.tables import Letter, LetterRaw, LetterText
from crm_tui.store.work import Work
from crm_tui.sync.content import letter_row
from tests import corpora
from tests.stores import START, new_store

FIELDS = {
    "From", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip
EVERY = 38
"""So many letters of the corpus share one that is answered."""
HOSTILE = [
    b"From: =?utf-8?q?a=0D=0ABcc:_evil@evil.example?= <a@b.example>\r\nSubject: x\r\n\r\nhi",
    b"From: a@b.example\r\nSubject: =?utf-8?q?x=0D=0ABcc=3A_evil=40evil.example?=\r\n\r\nhi",
    b'From: "Ivan, evil@evil.example" <d@e.example>\r\n\r\nhi',
    b"From: \"a\\\" <evil@evil.example>, \" <d@e.example>\r\nMessage-ID: <a\rb@x>\r\n\r\nhi",
    b"From: a@b.example\r\nMessage-ID: <" + b"x" * 5000 + b"@y>\r\nReferences: <a> <b\xff@c> <\x1b[2J@d>\r\n\r\nhi",
    b"Reply-To: <a@b.example\x00>, undisclosed:;, <@>, <a@b@c>, x\r\nFrom: <>\r\n\r\nhi",
    b"From: \xe2\x80\xae@\xff\r\nSubject: " + b"\xff" * 2000 + b"\r\n\r\n" + b">" * 3000,
    b"From: a@b.example\r\nSubject: =?utf-8?q?=3D=3Futf-8=3Fq=3Fevil=3F=3D?=\r\n\r\n\x1b]0;t\x07\x85\xe2\x80\xa8",
]  # fmt: skip


def test_assurance_48_every_answer_is_whole_and_says_what_it_shows(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    files = [
        path
        for path in sorted(corpora.folder("mail").rglob("*"))
        if path.is_file() and "_oracles" not in path.parts and path.stat().st_size < 200_000
    ][::EVERY]
    letters = [*HOSTILE, *(path.read_bytes() for path in files)]
    store = new_store(tmp_path / "store")
    try:
        with store.facts("setup") as work:
            answered = [_arrived(work, number, raw) for number, raw in enumerate(letters)]
        with store.read() as connection:
            begun = [_begun(connection, letter.key) for letter in answered]
    finally:
        store.close()
    sendable = 0
    for writings, letter in zip(begun, answered, strict=True):
        reply, to_all, sent_on, whole = writings
        sendable += _checked(reply.writing, letter)
        _checked(to_all.writing, letter)
        _checked_files(sent_on)
        _checked_files(whole)
    assert sendable > len(letters) // 2
    figure(
        f"{len(letters)} letters answered, to all, and sent on; {sendable} to an address that can be sent to"
    )


def _arrived(work: Work, number: int, raw: bytes) -> Letter:
    letter = work.add(Letter(**(letter_row(raw, len(raw), START) | {"identity": str(number)})))
    work.add(LetterText(letter_id=letter.key, text=parse(raw).text))
    work.add(LetterRaw(letter_id=letter.key, raw=raw))
    return letter


def _begun(connection: Connection, letter_id: int) -> list[Begun]:
    """An answer, one to all, the letter sent on, and the letter sent on as a file."""
    return [
        Begun(compose.reply(connection, letter_id, 1, zone=UTC)),
        Begun(compose.reply(connection, letter_id, 1, zone=UTC, whom="all")),
        compose.forward(connection, letter_id, 1, zone=UTC),
        compose.forward(connection, letter_id, 1, zone=UTC, attached=True),
    ]


def _checked(writing: Writing, answered: Letter) -> bool:
    """Build the answer and read it again; True where it goes to somebody."""
    try:
        to, cc, _bcc = letter_build.recipients_of(writing)
    except Invalid:  # nobody who could be answered: the person types whom it goes to
        to, cc = [("", "somebody@x.example")], []
    raw = letter_build.build(
        ("", "me@x.example"), to, cc, subject=writing.subject, body=writing.body, message_id="1@x.example",
        answered=answered, at=START,
    )  # fmt: skip
    ours = _read(raw)
    assert [box.address for box in ours.to] == [where for _name, where in to]
    assert [box.address for box in ours.cc] == [where for _name, where in cc]
    assert ours.subject == " ".join(writing.subject.split())[: letter_build.MOST_SUBJECT].rstrip()
    assert ours.references[-1:] in ((), (ours.in_reply_to,))
    assert ours.text.rstrip() == writing.body.rstrip()
    return bool(writing.to)


def _checked_files(begun: Begun) -> None:
    """Build the letter that is sent on and read it again: its text and each of its files come out."""
    writing = begun.writing
    raw = letter_build.build(
        ("", "me@x.example"), [("", "you@x.example")], [], subject=writing.subject, body=writing.body,
        message_id="1@x.example", answered=None, at=START, files=begun.files,
    )  # fmt: skip
    ours = _read(raw)
    assert [box.address for box in ours.to] == ["you@x.example"]
    assert ours.subject == " ".join(writing.subject.split())[: letter_build.MOST_SUBJECT].rstrip()
    root, _problems = split(raw)
    parts = [part for part in root.walk() if part.path and "." not in part.path]
    assert len(parts) == (1 + len(begun.files) if begun.files else 0)
    for part, file in zip(parts[1:], begun.files, strict=True):
        content = bodies.content(raw, part)
        if part.type == "message/rfc822":
            assert content.split() == file.data.split()
        else:
            assert content == file.data


def _read(raw: bytes) -> Parsed:
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    theirs = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert set(theirs.keys()) <= FIELDS
    return parse(raw)
