"""Header blocks that were read in the child are what they would have been here."""

import pytest

from crm_tui.parsing import heads
from crm_tui.parsing.heads import Head
from crm_tui.parsing.letter import headers_and_identity
from crm_tui.parsing.pool import ParserPool

BLOCKS = [
    b"From: =?utf-8?b?0J7Qu9GM0LPQsA==?= <o@x.example>\r\nTo: a@b.example, \"B, C\" <c@d.example>\r\n"
    b"Date: Sun, 22 Nov 2026 11:00:00 +0500\r\nSubject: =?koi8-r?b?8MnT2M3P?=\r\nMessage-ID: <1@x>\r\n"
    b"References: <0@x>\r\n <00@x>\r\n\r\n",
    b"Date: Mon, 1 Jan 1900 00:00:00 +0000\r\nList-ID: News <news.x.example>\r\nList-Unsubscribe-Post: "
    b"List-Unsubscribe=One-Click\r\nAuto-Submitted: auto-replied; x\r\nSubject: \xff\xfe\r\n\r\n",
    b"Date: some day\r\njunk\r\nCc: \r\n",
    b"",
]  # fmt: skip


def test_heads_read_ahead_are_those_of_the_blocks() -> None:
    with ParserPool() as pool:
        assert pool.begin_heads(BLOCKS)() == [headers_and_identity(block) for block in BLOCKS]


def test_one_that_was_not_read_and_what_is_no_answer() -> None:
    known: list[Head | None] = [headers_and_identity(BLOCKS[0]), None]
    assert heads.unpack(heads.pack(known)) == known
    for nonsense in (b"", b"[1]", b"[[1]]", b"{}x"):
        with pytest.raises((ValueError, TypeError)):
            heads.unpack(nonsense)
