"""Every letter of the corpus, and what independent parsers agree on about it (issue 2, done when, point 3)."""

import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from crm_tui.parsing.letter import Letter, attachment_bytes, parse_headers
from crm_tui.parsing.pool import ParserPool
from crm_tui.parsing.quotes import split
from crm_tui.screens.letter.reader_text import Known, letter_paragraphs
from crm_tui.store.queries.letters import AttachmentRow, LetterCard, LetterRow
from crm_tui.sync.content import letter_row
from crm_tui.widgets.wrapping import wrap
from tests.corpora import folder
from tests.parsing.agreement import FIELDS, agreement, by_email, by_us

ARRIVED = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
READ_LINES = 60


def read_through(letter: Letter, row: dict[str, Any]) -> None:
    """What the reader does with a letter: laid out, and its first lines wrapped."""
    files = (
        AttachmentRow(1, one.part, one.name, one.type, one.size, one.inline) for one in letter.attachments
    )
    shown = LetterRow(
        1,
        1,
        row["sender_name"],
        row["subject"],
        row["date"],
        0,
        False,
        row["size"],
        "",
        "",
        False,
        row["recipients"],
    )
    card = LetterCard(
        shown, 1, "INBOX", 1, row["sender_address"], "", letter.text, tuple(files), (), "", "inbox", "full"
    )
    for paragraph in letter_paragraphs(card, Known(), UTC)[:READ_LINES]:
        assert all(cell_len(piece) <= 80 for piece in wrap(paragraph.text, 80))


def test_every_file_of_the_corpus_is_parsed_and_read() -> None:
    files = [
        path for path in sorted(folder("mail").rglob("*")) if path.is_file() and "_oracles" not in path.parts
    ]
    assert len(files) > 3000
    # The pool refuses a letter that takes five seconds: then this raises.
    with ParserPool() as pool:
        for path in files:
            raw = path.read_bytes()
            letter = pool.parse(raw)
            head = parse_headers(raw)
            assert (head.subject, head.sender, head.date) == (letter.subject, letter.sender, letter.date), (
                path
            )
            row = letter_row(raw, len(raw), ARRIVED)
            assert len(row["identity"]) == 64
            read_through(letter, row)
            assert "\n".join(block.text for block in split(letter.text).blocks) == letter.text, path
            if letter.attachments and len(raw) < 200_000:
                last = letter.attachments[-1]
                assert abs(len(attachment_bytes(raw, last.part)) - last.size) <= 3 + last.size // 50, path


@pytest.fixture(scope="module")
def mail() -> Path:
    return folder("mail")


def test_agrees_with_independent_parsers_more_often_than_email_does(
    mail: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked, theirs = agreement(mail, by_email)
    _, ours = agreement(mail, by_us)
    with capsys.disabled():
        print(f"\n{'field':28}{'letters':>8}{'crm_tui':>9}{'email':>7}")
        for field in FIELDS:
            print(f"{field:28}{asked[field]:8}{ours[field]:9}{theirs[field]:7}")
    for field in FIELDS:
        assert ours[field] >= theirs[field], field
    # What was reached; a change that loses some of it must say why.
    assert {field: asked[field] - ours[field] for field in FIELDS} == {
        "subject": 1,
        "from_addr": 0,
        "timestamp": 0,
        "message_id": 0,
        "attachment_filenames": 6,
        "text_plain_ws_normalised": 4,
    }
