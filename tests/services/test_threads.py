"""The thread of a letter, in whatever order the letters of a mailbox arrive."""

from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select

from crm_tui.services.letter import threads
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, ThreadId, table_of
from tests.stores import new_store

LETTER = table_of(Letter)


def row(number: int, message_id: str, references: str = "", in_reply_to: str = "") -> dict[str, Any]:
    return {
        "identity": f"identity {number}",
        "size": number,
        "message_id": message_id,
        "references": references,
        "in_reply_to": in_reply_to,
        "subject": "",
        "sender_name": "",
        "sender_address": "",
        "recipients": {},
        "date": datetime(2026, 11, 1, tzinfo=UTC),
        "kind": "letter",
        "snippet": "",
        "has_attachments": False,
        "list_unsubscribe": "",
        "one_click": False,
        "body_state": "none",
    }


def arrive(store: Store, *batches: list[dict[str, Any]]) -> set[frozenset[int]]:
    """Let the letters arrive batch by batch; answers which numbers belong together."""
    for batch in batches:
        with store.arrivals("test") as work:
            threads.join(work, batch)
            work.connection.execute(insert(LETTER), batch)
    together = defaultdict(set)
    with store.read() as connection:
        for number, key in connection.execute(select(LETTER.c.size, LETTER.c.thread_key)):
            together[key].add(number)
    return {frozenset(numbers) for numbers in together.values()}


def forget(store: Store) -> None:
    with store.facts("test") as work:
        work.connection.execute(delete(LETTER))
        work.connection.execute(delete(table_of(ThreadId)))


def test_mail_49_a_parent_that_comes_later_joins_its_answers(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    answer, parent, first = row(3, "c", in_reply_to="b"), row(2, "b", references="a"), row(1, "a")
    assert arrive(store, [answer], [first]) == {frozenset({3}), frozenset({1})}
    assert arrive(store, [parent]) == {frozenset({1, 2, 3})}
    forget(store)
    two = [row(1, "x", references="lost"), row(2, "y", in_reply_to="lost"), row(3, ""), row(4, "")]
    assert arrive(store, two) == {frozenset({1, 2}), frozenset({3}), frozenset({4})}
    store.close()


_NAMES = st.sampled_from("abcdefg")
_MAILBOX = st.lists(
    st.tuples(_NAMES, st.lists(_NAMES, max_size=3), _NAMES | st.just("")), min_size=1, max_size=7
)


def test_mail_49_any_order_of_arrival_gives_the_same_threads(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")

    @given(_MAILBOX, st.randoms(use_true_random=False), st.integers(1, 4))
    def check(mailbox: list[tuple[str, list[str], str]], chance: Random, size: int) -> None:
        def made() -> list[dict[str, Any]]:
            return [row(n, own, " ".join(above), parent) for n, (own, above, parent) in enumerate(mailbox)]

        forget(store)
        expected = arrive(store, made())
        shuffled = made()
        chance.shuffle(shuffled)
        forget(store)
        batches = [shuffled[start : start + size] for start in range(0, len(shuffled), size)]
        assert arrive(store, *batches) == expected

    check()
    store.close()
