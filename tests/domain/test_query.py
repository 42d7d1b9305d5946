"""The search line."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.query import Field, Flag, FlagTerm, Query, Term, parse

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("", Query()),
        ("  ", Query()),
        ("Договор  Ёлка", Query((Term("договор"), Term("елка")))),
        ('"два слова" три', Query((Term("два слова", phrase=True), Term("три")))),
        ("-спам", Query((Term("спам", negated=True),))),
        ('-"не то"', Query((Term("не то", phrase=True, negated=True),))),
        ("from:Aigul", Query((Term("aigul", Field.FROM),))),
        ("From:a@b.kz -to:x", Query((Term("a@b.kz", Field.FROM), Term("x", Field.TO, negated=True)))),
        ('subject:"счёт 17"', Query((Term("счет 17", Field.SUBJECT, phrase=True),))),
        ("folder:INBOX/Работа", Query((Term("inbox/работа", Field.FOLDER),))),
        ("has:attachment", Query(flags=(FlagTerm(Flag.ATTACHMENT),))),
        ("is:unread -is:important", Query(flags=(FlagTerm(Flag.UNREAD), FlagTerm(Flag.IMPORTANT, True)))),
        ("is:read", Query(flags=(FlagTerm(Flag.UNREAD, True),))),
        ("-is:read", Query(flags=(FlagTerm(Flag.UNREAD),))),
        ("after:2026-11-01", Query(after=_utc("2026-10-31T19:00"))),
        ("before:yesterday", Query(before=_utc("2026-11-19T19:00"))),
        ("after:понедельник", Query(after=_utc("2026-11-15T19:00"))),
        ('after:"25 декабря"', Query(after=_utc("2025-12-24T19:00"))),
        ("after:01.11 after:10.11", Query(after=_utc("2026-11-09T19:00"))),
        ("after:blah", Query(not_understood=("after:blah",))),
        ("is:strange -after:monday", Query(not_understood=("is:strange", "-after:monday"))),
        ("from: Aigul", Query((Term("from:"), Term("aigul")))),
        ("10:00", Query((Term("10:00"),))),
        ("https://x.kz/a?b", Query((Term("https://x.kz/a?b"),))),
        ('"open phrase', Query((Term("open phrase", phrase=True),))),
        ('"', Query()),
        ("a a", Query((Term("a"),))),
    ],
)
def test_parse(line: str, query: Query) -> None:
    assert parse(line, NOW, ALMATY) == query


PIECES = st.sampled_from(
    [
        "from:",
        "to:",
        "is:",
        "has:",
        "after:",
        "before:",
        '"',
        "-",
        ":",
        " ",
        "x",
        "ё",
        "(",
        "*",
        "AND",
        "9999-12-31",
        "0001-01-01",
    ]
)


@given(st.text(st.characters(), max_size=60) | st.lists(PIECES, max_size=12).map("".join))
def test_never_raises(line: str) -> None:
    query = parse(line, NOW, ALMATY)
    assert all(term.text for term in query.terms)
    for term in query.terms:
        term.text.encode()


def test_empty() -> None:
    assert parse('  "" ', NOW, ALMATY).is_empty
    assert not parse("x", NOW, ALMATY).is_empty
