"""Row 26: strings in filters are only ever values. Ten thousand odd ones: no error, the same answer as without SQL;
and nobody finds another person's saved filters."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.domain import query
from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_check import Context, holds
from crm_tui.domain.conditions.condition_fields import LETTER, Kind, Operator
from crm_tui.domain.conditions.record_subjects import RECORDS
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import zone_of
from crm_tui.services import users
from crm_tui.services.document import documents
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.record import condition_subjects, saved_filters
from crm_tui.services.task import tasks
from crm_tui.store import finding, letter_conditions, record_conditions
from crm_tui.store.tables import User
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.work import Actor, Work
from tests.store import letters
from tests.stores import START, TestClock, new_store

PIECES = (
    *(
        "'",
        '"',
        "''",
        ";",
        "--",
        "/*",
        "*/",
        "%",
        "_",
        "\\",
        "?",
        ":a",
        "$1",
        "(",
        ")",
        "[",
        "]",
        "^",
        "*",
        "+",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "{body}",
        "body:",
        "rowid",
        "x'00'",
        "UNION SELECT",
        "letter",
        "\x1b]",
        "\t",
    ),
    *(
        "а",
        "Ё",
        "ё",
        "İ",
        "ß",
        "é",
        "\u0301",
        "\u200d",
        "\u202e",
        "😀",
        "\ud800",
        "-",
        "a@b",
        "10:00",
        " ",
        "x",
    ),
)
BATCHES, EACH = 100, 100
OPERATORS = (Operator.CONTAINS, Operator.EQUALS, Operator.BEGINS, Operator.NOT_CONTAINS)


def odd_text(dice: random.Random) -> str:
    return "".join(dice.choices(PIECES, k=dice.randint(1, 6)))


def odd_leaf(dice: random.Random) -> Leaf | None:
    """A comparison with an odd string; None for a string that no condition takes."""
    field = dice.choice(("subject", "sender", "recipient", "list_id", "keyword", "text"))
    operator = Operator.CONTAINS if field == "text" else dice.choice(OPERATORS)
    try:
        return condition.checked(Leaf(field, operator, odd_text(dice)), LETTER)
    except Invalid:
        return None


def odd_list(dice: random.Random) -> Leaf:
    """One comparison with many odd strings."""
    texts = [text for text in (odd_text(dice) for _ in range(EACH)) if fold(clean(text))]
    field = dice.choice(("subject", "sender", "recipient", "list_id"))
    return condition.checked(Leaf(field, Operator.IN, texts), LETTER)


def test_odd_strings_in_filters_and_searches(tmp_path: Path, figure: Callable[[str], None]) -> None:
    store = new_store(tmp_path, TestClock())
    inbox = letters.folder(store, letters.account(store))
    for subject in ("100% a_b", 'it\'s "quoted"; -- x', "Ёлка (body:x)", "a@b 10:00", "\\", "x", "%"):
        letters.letter(store, inbox, subject, "AND OR x", sender=(subject, "a@b"))
    zone = zone_of("UTC")
    context, dice = Context(START, zone), random.Random(26)
    trees: list[Condition] = [odd_list(dice) for _ in range(BATCHES)]
    for kind in ("all", "any", "not"):
        leaves = (odd_leaf(dice) for _ in range(EACH))
        trees.append(Group(kind, tuple(one for one in leaves if one is not None)))
    lines = [" ".join("".join(dice.choices(PIECES, k=5)) for _ in range(10)) for _ in range(BATCHES)]
    with store.read() as connection:
        everything = letter_conditions.found(connection, Group("all"), context)
        records = letter_conditions.records(connection, everything, with_text=True)
        for tree in trees:
            assert set(letter_conditions.found(connection, tree, context)) == {
                key for key, record in records.items() if holds(tree, record, LETTER, context)
            }
        for line in lines:
            finding.search_letters(connection, query.parse(line, START, zone))
    tried = len(trees) * EACH
    figure(f"{tried} strings in filters, {len(lines) * 10} in search lines, no error")
    assert tried >= 10_000
    store.close()


def test_odd_strings_in_filters_of_records(tmp_path: Path, figure: Callable[[str], None]) -> None:
    """The same of records of every kind: their texts, addresses and the company's fields."""
    store = new_store(tmp_path, TestClock())
    user = users.current(store)
    with store.work(users.actor_of(user), "setup") as work:
        scenarios.ensure_shipped(work)
        for kind in ("customer", "lead"):
            work.add(CustomField(record_kind=kind, code="note", label="x'); --", type="text"))
        for name in ("100% a_b", 'it\'s "quoted"; -- x', "Ёлка (body:x)", "a@b 10:00", "\\", "x", "%"):
            whose = customers.add(work, name, city=name, custom={"note": name}, notes="AND OR x").key
            contacts.add(work, name, customer_id=whose, infos=[("email", "a@b.kz")])
            leads.add(work, name, company=name, custom={"note": name})
            interests.add(work, name, customer_id=whose, owner_id=user.key)
            tasks.add(work, name, assignee_id=user.key, customer_id=whose)
            documents.add(work, "letter", title=name, number=name, customer_id=whose)
            interactions.log(work, Whose(customer_id=whose), result=name)
    context, dice, tried = Context(START, zone_of("UTC")), random.Random(26), 0
    with store.read() as connection:
        for kind in RECORDS:
            subject = condition_subjects.subject(connection, kind)
            names = [one.id for one in subject.fields.values() if one.kind in (Kind.TEXT, Kind.TEXTS)]
            everything = record_conditions.ids(connection, Group("all"), subject, context)
            records = record_conditions.records(connection, subject, everything, context, names)
            assert len(records) == 7
            for _ in range(200):
                leaf = Leaf(dice.choice(names), dice.choice(OPERATORS), odd_text(dice))
                try:
                    leaf = condition.checked(leaf, subject)
                except Invalid:
                    continue
                tried += 1
                assert record_conditions.ids(connection, leaf, subject, context) == [
                    key for key, record in records.items() if holds(leaf, record, subject, context)
                ]
    figure(f"{tried} strings in filters of records, no error")
    assert tried >= 800
    store.close()


def test_nobody_sees_or_changes_the_filters_of_another(tmp_path: Path) -> None:
    store = new_store(tmp_path, TestClock())
    with store.facts("setup") as work:
        mine, other = (
            work.add(User(login=login, name=login, email="", language="en", zone="UTC")).key
            for login in ("mine", "other")
        )
    with store.work(Actor("mine", mine), "filter.save") as work:
        wanted = Leaf("unread", Operator.EQUALS, value=True)
        kept = saved_filters.save(work, LETTER, "Private", wanted).key
    with store.read() as connection:
        assert [one.id for one in saved_filters.tree(connection, LETTER, other) if one.id > 0] == []
        assert saved_filters.named(connection, LETTER, Actor("other", other), "Private") is None
    verbs: tuple[Callable[[Work], None], ...] = (
        lambda work: saved_filters.rename(work, kept, "Mine now"),
        lambda work: saved_filters.delete(work, kept),
        lambda work: saved_filters.move(work, kept, None, shared=True),
    )
    for verb in verbs:
        with pytest.raises(Refused), store.work(Actor("other", other), "filter.change") as work:
            verb(work)
    store.close()
