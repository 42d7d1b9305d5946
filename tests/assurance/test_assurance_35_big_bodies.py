"""Row 35 (the half of the parser): a big body is cut to a bound, and the letter says so."""

import pytest

from crm_tui.parsing.letter import parse
from crm_tui.parsing.limits import DEFAULT
from crm_tui.parsing.quotes import split

BIG = {
    "1 MB line": "word " * 200_000,
    "100k lines": "line\n" * 100_000,
    "family of joiners": "👨‍👩‍👧" * 50_000,
    "a letter under a heap of accents": "a" + "\u0301" * 300_000,
    "5 MB": "Long story. " * 440_000,
    "100k quoted lines": "> > line\n" * 100_000,
    "100k attributions": "On 21 Nov 2026, Anna wrote:\n" * 100_000,
}


@pytest.mark.parametrize("name", BIG)
@pytest.mark.parametrize("kind", ["plain", "html"])
def test_assurance_35_a_big_body_is_bounded_and_its_cut_is_said(name: str, kind: str) -> None:
    body = BIG[name]
    letter = parse(f"Content-Type: text/{kind}; charset=utf-8\n\n{body}".encode())
    assert 0 < len(letter.text) <= DEFAULT.text
    cut = len(body) > DEFAULT.text
    assert ("text_cut" in letter.problems or "html_cut" in letter.problems) == cut
    if not cut and kind == "plain":
        assert letter.text == body
    assert sum(len(block.text) + 1 for block in split(letter.text).blocks) == len(letter.text) + 1


def test_assurance_35_a_joined_emoji_stays_joined() -> None:
    assert parse("Content-Type: text/plain; charset=utf-8\n\n👨‍👩‍👧".encode()).text == "👨‍👩‍👧"
    assert parse("Content-Type: text/html; charset=utf-8\n\n<p>👨‍👩‍👧</p>".encode()).text == "👨‍👩‍👧"
