"""Message identifiers, the key of a thread, and its tree."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.letter.threading import (
    Linked,
    Node,
    ancestors,
    forest,
    message_id,
    message_ids,
    thread_key,
)


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


DAY = datetime(2026, 11, 1, tzinfo=UTC)


def letter(key: int, message_id: str, *ancestors: str, subject: str = "") -> Linked:
    return Linked(key, message_id, ancestors, DAY + timedelta(hours=key), subject)


def shape(nodes: list[Node]) -> object:
    """The trees as nested lists of keys; None for a letter that is not here."""
    return [(node.letter.key if node.letter else None, shape(node.children)) for node in nodes]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([letter(1, "a"), letter(2, "b", "a"), letter(3, "c", "a", "b")], [(1, [(2, [(3, [])])])]),
        ([letter(1, "a"), letter(2, "b", "a"), letter(3, "c", "a")], [(1, [(2, []), (3, [])])]),
        ([letter(1, "b", "lost"), letter(2, "c", "lost")], [(None, [(1, []), (2, [])])]),
        ([letter(1, "b", "lost")], [(1, [])]),
        ([letter(1, "a"), letter(2, "c", "a", "lost")], [(1, [(2, [])])]),
        ([letter(1, "a", "b"), letter(2, "b", "a")], [(2, [(1, [])])]),
        ([letter(1, "a", "a")], [(1, [])]),
        ([letter(1, "a"), letter(2, "a")], [(1, []), (2, [])]),
        ([letter(1, ""), letter(2, "")], [(1, []), (2, [])]),
        ([letter(1, "x", subject="Price"), letter(2, "y", subject="Re: PRICE")], [(1, []), (2, [])]),
    ],
)
def test_mail_49_tree_of_a_thread(letters: list[Linked], expected: object) -> None:
    assert shape(forest(letters)) == expected


def test_mail_49_by_subject_only_where_asked_for() -> None:
    letters = [
        letter(1, "x", subject="Price"),
        letter(2, "y", subject="Re: Fwd: PRICE"),
        letter(3, "z", subject=""),
    ]
    assert shape(forest(letters, by_subject=True)) == [(1, [(2, [])]), (3, [])]


_NAMES = st.sampled_from("abcdef")
_MAILBOX = st.lists(st.tuples(_NAMES, st.lists(_NAMES, max_size=4)), max_size=7).map(
    lambda rows: [letter(key, name, *above) for key, (name, above) in enumerate(rows)]
)


@given(_MAILBOX, st.randoms(use_true_random=False), st.booleans())
def test_mail_49_any_order_of_arrival_gives_the_same_trees(
    letters: list[Linked], chance: Random, by_subject: bool
) -> None:
    shuffled = list(letters)
    chance.shuffle(shuffled)
    trees = forest(letters, by_subject=by_subject)
    assert shape(forest(shuffled, by_subject=by_subject)) == shape(trees)
    shown = [node.letter.key for root in trees for node, _depth in root.walk() if node.letter]
    assert sorted(shown) == [one.key for one in letters], "each letter once, whatever circles they close"


def test_mail_49_a_chain_of_thousands_is_walked_without_recursion() -> None:
    (root,) = forest([letter(0, "0"), *(letter(n, str(n), str(n - 1)) for n in range(1, 3000))])
    assert max(depth for _node, depth in root.walk()) == 2999
