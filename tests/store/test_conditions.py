"""Conditions in SQL give the answers that they give in Python, for random trees over odd letters."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_check import Context, Record, holds
from crm_tui.domain.conditions.condition_fields import LETTER, OPERATORS, FieldOf, Kind, Operator, Subject
from crm_tui.domain.letter.flags import Flag
from crm_tui.services import users
from crm_tui.store import letter_conditions
from crm_tui.store.engine import Store
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Letter,
    LetterLink,
    LetterText,
    MailAccount,
    Placement,
    table_of,
)
from tests.stores import START, TestClock, new_store

ZONE = ZoneInfo("Europe/Kyiv")
PIECES = [
    "",
    "Ёлка",
    "елки",
    "100%",
    "a_b",
    "A%B",
    "\\",
    "'; --",
    "насосы",
    "Насосов",
    "ß",
    "ﬁn",
    "é",
    "  x  y ",
    "İ",
    '"',
]
WORDS = [
    "насос",
    "Насосами",
    "ёлки",
    "договора",
    "оплата",
    "pump",
    "pumps",
    "Café",
    "2026",
    "їжак",
    "қаладан",
]


@dataclass
class Shelf:
    """A store with odd letters, and those letters as records."""

    store: Store
    records: dict[int, Record]
    context: Context


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    folder: Path = tmp_path_factory.mktemp("shelf")
    store = new_store(folder, TestClock())
    user = users.current(store)
    dice = random.Random(5)
    with store.facts("setup") as work:
        folders = []
        for name, owner in (("one", user.key), ("two", None)):
            account = work.add(
                MailAccount(
                    name=name, address="a@x.kz", imap_host="h", imap_user="u", owner_id=owner, capabilities=[]
                )
            )
            folders += [
                work.add(Folder(account_id=account.key, name=role, role=role)) for role in ("inbox", "")
            ]
        for number in range(60):
            letter = work.add(_letter(dice, number))
            if dice.random() < 0.8:
                text = " ".join(dice.choices([*WORDS, "и", ", "], k=4))
                work.connection.execute(insert(table_of(LetterText)).values(letter_id=letter.key, text=text))
            if dice.random() < 0.3:
                status = dice.choice(["accepted", "declined"])
                work.add(
                    Inquiry(letter_id=letter.key, status=status, decided_by=user.key, decided_at=work.now)
                )
            if dice.random() < 0.3:
                work.add(
                    LetterLink(letter_id=letter.key, kind=dice.choice(["interest", "customer"]), record_id=1)
                )
            flags = dice.choice([0, int(Flag.SEEN), int(Flag.SEEN | Flag.FLAGGED), int(Flag.ANSWERED)])
            work.add(
                Placement(
                    letter_id=letter.key, folder_id=dice.choice(folders).key, flags=flags,
                    unread=not flags & Flag.SEEN,
                    keywords=dice.choices(["Work", "$Done", "ёж"], k=dice.choice([0, 1, 2])),
                    date_key=int(letter.date.timestamp()), sender_key="", subject_key="",
                )
            )  # fmt: skip
    with store.read() as connection:
        ids = letter_conditions.found(connection, Group("all"), Context(START, ZONE))
        records = letter_conditions.records(connection, ids, with_text=True)
    assert len(records) == 60
    yield Shelf(store, records, Context(START, ZONE, user.key))
    store.close()


def _letter(dice: random.Random, number: int) -> Letter:
    def odd() -> str:
        return "".join(dice.choices(PIECES, k=2)).strip()

    boxes = {
        name: [[odd(), f"{odd()}@x.kz"] for _ in range(dice.choice([0, 1, 2]))]
        for name in ("to", "cc", "bcc", "reply_to")
    }
    hours = dice.choice([0, 1, 15, 16, 17, 40, 24 * 6, 24 * 8, 24 * 40, -30])
    return Letter(
        identity=str(number), size=dice.choice([0, 1023, 1024, 1025, 20 << 10]), subject=odd(), sender_name=odd(),
        sender_address=odd(), recipients=boxes, date=START - timedelta(hours=hours),
        kind=dice.choice(["letter", "list"]),
        list_id=dice.choice(["", "news.x.kz"]), has_attachments=dice.random() < 0.5,
    )  # fmt: skip


def _values(field: FieldOf) -> st.SearchStrategy[Any]:
    pieces = [one for one in PIECES if one.strip()]
    return {
        Kind.TEXT: st.sampled_from([*pieces, "news.x.kz", "@x.kz", "Work", "ЁЖ", "%", "_", "лк"]),
        Kind.TEXTS: st.sampled_from([*pieces, "@x.kz", "Work", "ЁЖ", "%", "_", "лк"]),
        Kind.WORDS: st.sampled_from([*WORDS, "насосов", "cafe", "оплат", "x", "насос оплату", "п"]),
        Kind.NUMBER: st.sampled_from([0, 1, 1.0, 20, 0.5, 1023 / 1024, -3]),
        Kind.DATE: st.sampled_from(
            ["today", "yesterday", "tomorrow", "last 7 days", "last week", "2026-11-19", "this month"]
        ),
        Kind.FLAG: st.booleans(),
        Kind.CHOICE: st.sampled_from([value for value, _title in field.choices] or [""]),
        Kind.REFERENCE: st.sampled_from([1, 2, 3, 99] + (["me"] if field.of == "user" else [])),
    }[field.kind]


def leaves_of(subject: Subject) -> st.SearchStrategy[Leaf]:
    """Any comparison over the subject."""

    @st.composite
    def leaves(draw: st.DrawFn) -> Leaf:
        field = subject.fields[draw(st.sampled_from(sorted(subject.fields)))]
        operator = draw(st.sampled_from(OPERATORS[field.kind]))
        value: Any = draw(_values(field))
        if operator is Operator.IN:
            value = draw(st.lists(_values(field), min_size=1, max_size=3))
        elif operator is Operator.BETWEEN:
            value = [value, draw(_values(field))]
        return condition.checked(Leaf(field.id, operator, value), subject)

    return leaves()


def trees_of(subject: Subject) -> st.SearchStrategy[Condition]:
    """Any condition over the subject."""
    return st.recursive(
        leaves_of(subject),
        lambda inner: st.builds(
            Group, st.sampled_from(condition.GROUPS), st.lists(inner, max_size=3).map(tuple)
        ),
        max_leaves=5,
    )


@settings(max_examples=200, deadline=None)
@given(tree=trees_of(LETTER))
def test_sql_and_python_agree(shelf: Shelf, tree: Condition) -> None:
    assert condition.parsed(condition.as_json(tree), LETTER) == tree
    with shelf.store.read() as connection:
        found = letter_conditions.found(connection, tree, shelf.context)
    expected = {key for key, record in shelf.records.items() if holds(tree, record, LETTER, shelf.context)}
    assert set(found) == expected


def test_what_is_found_is_the_newest_first_and_counted(shelf: Shelf) -> None:
    with shelf.store.read() as connection:
        ids = letter_conditions.found(connection, Group("all"), shelf.context)
        some = letter_conditions.found(connection, Group("all"), shelf.context, folder_ids=[1, 2])
        matching, total = letter_conditions.count(
            connection, Leaf("unread", Operator.EQUALS, value=True), shelf.context, [1, 2]
        )
    dates = [shelf.records[key]["date"] for key in ids]
    assert all(one >= other for one, other in pairwise(dates))
    assert {shelf.records[key]["folder"] for key in some} == {1, 2}
    assert total == len(some)
    assert matching == sum(shelf.records[key]["unread"] for key in some)
