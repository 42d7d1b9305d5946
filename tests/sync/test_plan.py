"""The pure decisions of the sync."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.sync import plan

MASK = st.integers(0, 31)
FLAGGED, SEEN = 4, 1


@given(MASK, MASK, MASK)
def test_mail_08_a_merge_takes_both_sides_news(base: int, local: int, server: int) -> None:
    merged = plan.merge(base, local, server)
    for bit in (1, 2, 4, 8, 16):
        changed_here, changed_there = (base ^ local) & bit, (base ^ server) & bit
        if changed_there:
            assert merged & bit == server & bit
        elif changed_here:
            assert merged & bit == local & bit
        else:
            assert merged & bit == base & bit


@given(MASK, MASK, MASK, MASK)
def test_an_unanswered_store_is_no_news(base: int, local: int, server: int, in_flight: int) -> None:
    merged = plan.merge(base, local, server, in_flight)
    assert merged & in_flight == local & in_flight


@given(MASK, MASK, MASK)
def test_a_pending_change_goes_over_to_another_row(base: int, local: int, elsewhere: int) -> None:
    add, remove = plan.pending(base, local)
    assert add & remove == 0
    carried = (elsewhere | add) & ~remove
    assert (carried ^ elsewhere) & ~(base ^ local) == 0
    assert carried & (base ^ local) == local & (base ^ local)


@given(st.lists(st.tuples(st.integers(1, 10**6), MASK, MASK), unique_by=lambda row: row[0]))
def test_commands_bring_every_row_to_what_is_desired(rows: list[tuple[int, int, int]]) -> None:
    server = {row_id: base for row_id, _, base in rows}
    for (sign, mask), ids in plan.flag_changes(rows).items():
        for row_id in ids:
            server[row_id] = server[row_id] | mask if sign == b"+" else server[row_id] & ~mask
    assert server == {row_id: local for row_id, local, _ in rows}


def test_flags_and_keywords_are_told_apart() -> None:
    flags = [b"\\seen", b"\\Flagged", b"\\Recent", b"$Forwarded", b"important"]
    assert plan.bits(flags) == SEEN | FLAGGED
    assert plan.keywords(flags) == ["$Forwarded", "important"]


@given(st.lists(st.integers(1, 10**6), unique=True))
def test_headers_come_newest_first(uids: list[int]) -> None:
    batches = plan.newest_first(uids)
    assert [uid for batch in batches for uid in batch] == sorted(uids, reverse=True)
    assert all(len(batch) <= plan.BATCH for batch in batches)
    assert not batches or len(batches[0]) <= plan.FIRST_BATCH


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 1 << 20))))
def test_body_batches_are_neither_long_nor_heavy(letters: list[tuple[int, int]]) -> None:
    batches = plan.body_batches(letters)
    assert [letter for batch in batches for letter in batch] == letters
    for batch in batches:
        assert len(batch) <= plan.BODY_BATCH_LETTERS
        assert len(batch) == 1 or sum(size for _, size in batch) <= plan.BODY_BATCH_BYTES


@pytest.mark.parametrize(
    ("gone", "of", "asks"),
    [(0, 0, False), (50, 60, False), (51, 60, True), (60, 1000, False), (301, 1000, True)],
)
def test_too_much_gone_at_once_is_asked_about(gone: int, of: int, asks: bool) -> None:
    assert plan.too_many_gone(gone, of) is asks


def test_mail_50_roles_by_attribute_and_by_name() -> None:
    folders = [
        ("INBOX", (), "/"), ("Отправленные", (), "/"), ("Gesendet", ("\\sent",), "/"), ("Trash", (), "/"),
        ("Work/Trash", (), "/"), ("INBOX.Drafts", (), "."), ("Processed", (), "/"), ("Spam", (), "/"),
    ]  # fmt: skip
    assert plan.roles(folders) == ["inbox", "", "sent", "trash", "", "drafts", "processed", "junk"]


def test_mail_07_subscribed_folders_are_synced() -> None:
    assert plan.modes([("inbox", False, False), ("", True, False), ("", False, False), ("", False, True)]) == [
        "full", "full", "none", "none",
    ]  # fmt: skip


def test_mail_07_where_nobody_subscribes_all_are_synced() -> None:
    assert plan.modes([("inbox", False, False), ("", False, False), ("", False, True)]) == [
        "full",
        "full",
        "none",
    ]


@given(st.integers(1, 10**4), st.randoms())
def test_pauses_grow_to_five_minutes(failures: int, chance: random.Random) -> None:
    pause = plan.pause_after(failures, chance)
    longest = min(plan.LONGEST_PAUSE, plan.FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
    assert longest / 2 <= pause <= longest
