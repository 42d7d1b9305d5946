"""Every letter of the corpus, and what independent parsers agree on about it (issue 2, done when, point 3)."""

import warnings
from pathlib import Path

import pytest

from crm_tui.parsing.letter import attachment_bytes, identity, parse_headers
from crm_tui.parsing.pool import ParserPool
from crm_tui.parsing.quotes import split
from tests.corpora import folder
from tests.parsing.agreement import FIELDS, agreement, by_email, by_us


def test_every_file_of_the_corpus_is_parsed() -> None:
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
            assert len(identity(raw)) == 64
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
