"""Row 15: no letter, however made, stops the parser, fills the memory or is lost without a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.parsing.letter import Letter, attachment_bytes, identity, parse, parse_headers
from crm_tui.parsing.limits import DEFAULT, Limits, ParseRefused
from crm_tui.parsing.pool import ParserPool
from crm_tui.parsing.quotes import split
from tests.parsing import hostile


@pytest.fixture(scope="module")
def pool():
    with ParserPool() as pool:
        yield pool


def assert_fit_to_keep(letter: Letter) -> None:
    """Every string can be shown and stored: no control character, no surrogate, no NUL."""
    strings = [letter.subject, letter.sender.name, letter.sender.address, letter.message_id]
    strings += [part for box in (*letter.to, *letter.cc) for part in (box.name, box.address)]
    strings += [part for each in letter.attachments for part in (each.name, each.type, each.content_id)]
    strings += [part for each in letter.links for part in (each.url, each.host)]
    for string in strings:
        assert clean(string) == string
    assert clean(letter.text, multiline=True) == letter.text
    letter.text.encode()


@pytest.mark.parametrize("name", hostile.LETTERS)
def test_assurance_15_a_hostile_letter_is_parsed_within_the_limits(name: str, pool: ParserPool) -> None:
    # The pool gives up after five seconds, and its child at a gigabyte: then this raises.
    raw = hostile.LETTERS[name]
    letter = pool.parse(raw)
    assert_fit_to_keep(letter)
    assert len(letter.text) <= DEFAULT.text + 1
    assert len(letter.to) <= DEFAULT.addresses
    parse_headers(raw)
    assert len(identity(raw)) == 64
    assert "\n".join(block.text for block in split(letter.text).blocks) == letter.text


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("2000 nested multiparts", "too_deep"),
        ("5000 nested letters", "too_deep"),
        ("200k empty parts", "too_many_parts"),
        ("100k addresses", "headers_cut"),
        ("100k encoded words", "headers_cut"),
        ("150k of references", "header_cut"),
        ("50k nested blocks", "html_too_deep"),
        ("100k attributes", "html_too_deep"),
        ("1M line feeds", None),
    ],
)
def test_assurance_15_what_was_left_out_is_said(name: str, problem: str | None) -> None:
    letter = parse(hostile.LETTERS[name])
    assert (problem in letter.problems) if problem else not letter.problems


def test_assurance_15_deep_html_still_gives_its_words() -> None:
    assert parse(hostile.LETTERS["50k nested blocks"]).text.strip() == "x"


@pytest.mark.parametrize("name", ["line break in a subject", "line break in an address"])
def test_assurance_15_an_encoded_line_break_adds_no_header(name: str) -> None:
    letter = parse(hostile.LETTERS[name])
    assert "\n" not in letter.subject + letter.sender.name + "".join(
        box.name + box.address for box in letter.to
    )
    assert [box.address for box in letter.bcc] == []


def test_assurance_15_a_letter_beyond_all_bounds_is_refused() -> None:
    with pytest.raises(ParseRefused) as refusal:
        parse(b"x" * 101, Limits(letter=100))
    assert refusal.value.code == "letter_too_big"
    assert isinstance(refusal.value, Invalid)


@given(st.binary(max_size=400))
def test_assurance_15_any_bytes_are_a_letter(raw: bytes) -> None:
    assert_fit_to_keep(parse(raw))
    parse_headers(raw)


_PIECES = [
    b"Content-Type: multipart/mixed; boundary=b\n", b"Content-Type: text/html\n", b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Disposition: attachment; filename*0*=utf-8''%ff;\n filename*1=x\n",
    b"Subject: =?koi8-r?b?8NLJ18XU?= =?utf-8?q?=D0?=\n", b"From: \"a\" <a@b>, (c\n", b"Date: Sat, 32 Foo 2026\n",
    b"\n", b"--b\n", b"--b--\n", b"<div><a href=x>", b"</table><td>", b"\xd0\xff", b"=?", b"?=",
    b">", b"\r\n", b"YQ==\n",
]  # fmt: skip


@given(st.lists(st.sampled_from(_PIECES), max_size=30))
def test_assurance_15_any_pieces_of_letters_are_a_letter(pieces: list[bytes]) -> None:
    raw = b"".join(pieces)
    letter = parse(raw)
    assert_fit_to_keep(letter)
    for each in letter.attachments:
        assert len(attachment_bytes(raw, each.part)) <= len(raw)
