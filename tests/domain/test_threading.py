"""Message identifiers and the key of a thread."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.threading import ancestors, message_id, message_ids, thread_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<a@B.kz>", "a@b.kz"),
        (" <A@b.kz>\r\n", "A@b.kz"),
        ("a@b.kz", "a@b.kz"),
        ("<a@b\r\n .kz>", "a@b.kz"),
        ("<no-at-sign>", "no-at-sign"),
        ("<", None),
        ("<>", None),
        ("", None),
        (None, None),
        ("<a\x00@b.kz>", "a@b.kz"),
    ],
)
def test_message_id(text: str | None, expected: str | None) -> None:
    assert message_id(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<1@a> <2@a>\r\n\t<3@a>", ["1@a", "2@a", "3@a"]),
        ("<1@a><2@a><1@A>", ["1@a", "2@a"]),
        ("1@a, 2@a", ["1@a", "2@a"]),
        ("Your message of Monday <1@a>", ["1@a"]),
        ("Your message of Monday", []),
    ],
)
def test_message_ids(text: str, expected: list[str]) -> None:
    assert message_ids(text) == expected


def test_long_references_are_bounded() -> None:
    assert len(message_ids(" ".join(f"<{i}@a>" for i in range(100_000)))) == 200


@pytest.mark.parametrize(
    ("own", "references", "reply", "key"),
    [
        ("<3@a>", "<1@a> <2@a>", "<2@a>", "1@a"),
        ("<3@a>", None, "<2@a>", "2@a"),
        ("<3@a>", "", "", "3@a"),
        ("<3@a>", "<3@a>", "<3@a>", "3@a"),
        (None, "<1@a>", None, "1@a"),
        (None, None, None, None),
        ("<3@a>", None, "<1@a> <2@a>", "3@a"),
    ],
)
def test_thread_key(own: str | None, references: str | None, reply: str | None, key: str | None) -> None:
    assert thread_key(own, references, reply) == key


def test_the_letter_answered_directly_comes_last() -> None:
    assert ancestors("<1@a> <2@a> <3@a>", "<2@a>") == ["1@a", "3@a", "2@a"]


@given(st.text(st.characters(), max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_never_raises(own: str, references: str, reply: str) -> None:
    thread_key(own, references, reply)
    for one in message_ids(references):
        assert message_ids(f"<{one}>") == [one]
