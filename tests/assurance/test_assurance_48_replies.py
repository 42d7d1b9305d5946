"""Row 48: a hostile letter cannot make its reply crash, nor put anything into the reply's header."""

import email
import email.policy
from collections.abc import Callable
from datetime import UTC
from pathlib import Path

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.letter import Letter as Parsed
from crm_tui.parsing.letter import parse
from crm_tui.services import compose, letter_build
from crm_tui.store.tables import Letter, LetterText
from crm_tui.sync.content import letter_row
from tests import corpora
from tests.stores import START, new_store

FIELDS = {
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version", "Content-Type",
    "Content-Transfer-Encoding",
}  # fmt: skip
EVERY = 15
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


def test_assurance_48_every_reply_is_whole_and_says_what_it_shows(
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
            ids = []
            for number, raw in enumerate(letters):
                values = letter_row(raw, len(raw), START) | {"identity": str(number)}
                ids.append(work.add(Letter(**values)).key)
                work.add(LetterText(letter_id=ids[-1], text=parse(raw).text))
        sendable = 0
        with store.read() as connection:
            writings = [compose.reply(connection, letter_id, 1, zone=UTC) for letter_id in ids]
        with store.facts("look") as work:
            answered = [work.get(Letter, letter_id) for letter_id in ids]
        for writing, letter in zip(writings, answered, strict=True):
            sendable += _checked(writing, letter)
    finally:
        store.close()
    assert sendable > len(letters) // 2
    figure(f"{len(letters)} letters answered, {sendable} of them to an address that can be sent to")


def _checked(writing: compose.Writing, answered: Letter) -> bool:
    try:
        to, _cc, _bcc = letter_build.recipients_of(writing)
    except Invalid:  # nobody who could be answered: the person types whom it goes to
        to = [("", "somebody@x.example")]
    raw = letter_build.build(
        ("", "me@x.example"), to, [], subject=writing.subject, body=writing.body, message_id="1@x.example",
        answered=answered, at=START,
    )  # fmt: skip
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    ours: Parsed = parse(raw)
    theirs = email.message_from_bytes(raw, policy=email.policy.compat32)
    assert set(theirs.keys()) <= FIELDS
    assert [box.address for box in ours.to] == [where for _name, where in to]
    assert ours.subject == " ".join(writing.subject.split())[: letter_build.MOST_SUBJECT].rstrip()
    assert ours.references[-1:] in ((), (ours.in_reply_to,))
    assert ours.text.rstrip() == writing.body.rstrip()
    return bool(writing.to)
