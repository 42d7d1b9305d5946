"""Conditions: what is taken, what is refused, what they mean and how they are said."""

from datetime import UTC, date, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.conditions import condition, condition_dates, condition_words
from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_check import Context, has_words, holds, may_hold
from crm_tui.domain.conditions.condition_fields import LETTER, Operator
from crm_tui.domain.errors import Invalid

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 19, 20, 0, tzinfo=UTC)
"""Friday 20 November, one in the morning in Almaty."""
CONTEXT = Context(NOW, ALMATY, user_id=7)


def leaf(field: str, op: str, value: object = None) -> dict[str, object]:
    return {"field": field, "op": op, "value": value}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ([], "condition_shape"),
        ("1=1", "condition_shape"),
        ({}, "condition_shape"),
        ({"all": [], "any": []}, "condition_shape"),
        ({"all": {}}, "condition_shape"),
        ({"field": ["subject"], "op": "equals"}, "condition_shape"),
        ({"field": "subject", "op": "equals", "value": "x", "raw": "1"}, "condition_shape"),
        (leaf("sender); DROP TABLE letter; --", "equals", "x"), "condition_field"),
        (leaf("subject", "like", "x"), "condition_operator"),
        (leaf("unread", "contains", "x"), "condition_operator"),
        (leaf("subject", "contains", ""), "condition_value_missing"),
        (leaf("subject", "contains", " \u00ad "), "condition_value_missing"),
        (leaf("subject", "contains", 5), "condition_value"),
        (leaf("subject", "contains", "x" * 501), "condition_value"),
        (leaf("subject", "in", []), "condition_value_missing"),
        (leaf("subject", "in", ["x"] * 101), "condition_too_big"),
        (leaf("size", "greater", "5"), "condition_value"),
        (leaf("size", "greater", True), "condition_value"),
        (leaf("size", "greater", float("inf")), "condition_value"),
        (leaf("size", "greater", float("nan")), "condition_value"),
        (leaf("size", "greater", 10**400), "condition_value"),
        (leaf("size", "between", [1]), "condition_value_missing"),
        (leaf("date", "equals", "2026-02-30"), "condition_value"),
        (leaf("date", "equals", "last 0 days"), "condition_value"),
        (leaf("date", "equals", "last 9999 days"), "condition_value"),
        (leaf("unread", "equals", 1), "condition_value"),
        (leaf("kind", "equals", "poem"), "condition_value"),
        (leaf("kind", "equals", ["list"]), "condition_value"),
        (leaf("owner", "equals", "you"), "condition_value"),
        (leaf("folder", "equals", "me"), "condition_value"),
        (leaf("folder", "equals", -1), "condition_value"),
        ({"all": [leaf("unread", "equals", True)] * 101}, "condition_too_big"),
        ({"any": [{"all": [leaf("unread", "equals", True)] * 60}] * 2}, "condition_too_big"),
        ({"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]}]}]}, "condition_too_deep"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_with_its_reason(data: object, code: str) -> None:
    with pytest.raises(Invalid) as error:
        condition.parsed(data, LETTER)
    assert error.value.code == code


def test_a_condition_survives_its_json() -> None:
    data = {
        "all": [
            leaf("sender", "contains", "olga"),
            {"not": [leaf("size", "between", [1, 20]), {"field": "list_id", "op": "filled"}]},
            leaf("owner", "in", ["me", 3]),
        ]
    }
    assert condition.as_json(condition.parsed(data, LETTER)) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (leaf("subject", "contains", "ЕЛКИ"), True),
        (leaf("subject", "contains", "100%"), True),
        (leaf("subject", "contains", "10_%"), False),
        (leaf("subject", "begins", "ёлки  и"), True),
        (leaf("subject", "equals", "елки и шары 100%"), True),
        (leaf("subject", "not_contains", "шары"), False),
        (leaf("sender", "equals", "OLGA@x.kz"), True),
        (leaf("sender", "equals", "olga"), False),
        (leaf("sender", "in", ["someone", "Olga Kim"]), True),
        (leaf("cc", "filled"), False),
        (leaf("cc", "empty"), True),
        (leaf("cc", "not_contains", "x"), True),
        (leaf("text", "contains", "договоры"), True),
        (leaf("text", "contains", "договор оплаты"), True),
        (leaf("text", "contains", "накладная"), False),
        (leaf("size", "greater", 10), True),
        (leaf("size", "between", [10.5, 10.5]), True),
        (leaf("date", "equals", "today"), True),
        (leaf("date", "equals", "yesterday"), False),
        (leaf("date", "less", "2026-11-20"), False),
        (leaf("date", "greater", "2026-11-19"), True),
        (leaf("date", "between", ["last 7 days", "tomorrow"]), True),
        (leaf("unread", "equals", True), True),
        (leaf("decision", "not_equals", "accepted"), True),
        (leaf("decision", "empty"), True),
        (leaf("owner", "equals", "me"), True),
        (leaf("owner", "equals", 8), False),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"not": []}, True),
        ({"not": [leaf("unread", "equals", True)]}, False),
    ],
)
def test_what_a_condition_means(data: dict[str, object], expected: bool) -> None:
    record = {
        "subject": "Ёлки и ШАРЫ 100%",
        "sender": ("Olga Kim", "olga@x.kz"),
        "cc": (),
        "text": "Прошу прислать договора и счёт для оплаты.",
        "size": 10.5,
        "date": datetime(2026, 11, 19, 19, 0, tzinfo=UTC),
        "unread": True,
        "decision": None,
        "owner": 7,
    }
    assert holds(condition.parsed(data, LETTER), record, LETTER, CONTEXT) is expected


def test_words_are_found_in_their_forms_and_by_their_beginning() -> None:
    assert has_words("Насосы для воды", "насосов")
    assert has_words("Café au lait", "cafe")
    assert not has_words("pump", "pumps")
    assert has_words("pumps", "pump")
    assert not has_words("anything", "…")


@pytest.mark.parametrize(
    ("text", "kept", "first", "last"),
    [
        ("today", "today", date(2026, 11, 20), date(2026, 11, 20)),
        ("Last  7 days", "last 7 days", date(2026, 11, 14), date(2026, 11, 20)),
        ("next 2 days", "next 2 days", date(2026, 11, 20), date(2026, 11, 21)),
        ("this week", "this week", date(2026, 11, 16), date(2026, 11, 22)),
        ("last month", "last month", date(2026, 10, 1), date(2026, 10, 31)),
        ("next month", "next month", date(2026, 12, 1), date(2026, 12, 31)),
        ("last year", "last year", date(2025, 1, 1), date(2025, 12, 31)),
        ("this quarter", "this quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("Last Quarter", "last quarter", date(2026, 7, 1), date(2026, 9, 30)),
        ("next quarter", "next quarter", date(2027, 1, 1), date(2027, 3, 31)),
        ("2026-11-01", "2026-11-01", date(2026, 11, 1), date(2026, 11, 1)),
        ("monday", "2026-11-16", date(2026, 11, 16), date(2026, 11, 16)),
        ("1 ноября", "2026-11-01", date(2026, 11, 1), date(2026, 11, 1)),
    ],
)
def test_days_as_a_person_types_them(text: str, kept: str, first: date, last: date) -> None:
    assert condition_dates.typed(text, NOW, ALMATY) == kept
    assert condition_dates.days(kept, date(2026, 11, 20)) == (first, last)


@given(
    st.dates(date(1900, 1, 1), date(2998, 12, 31)),
    st.sampled_from(
        ["last week", "this month", "next month", "last quarter", "next quarter", "last 30 days"]
    ),
)
def test_days_are_never_the_wrong_way_round(today: date, words: str) -> None:
    first, last = condition_dates.days(words, today)
    assert first <= last


@pytest.mark.parametrize("text", ["", "blah", "last 99999 days"])
def test_days_that_nobody_understands(text: str) -> None:
    assert condition_dates.typed(text, NOW, ALMATY) is None


def test_a_condition_is_said_in_words() -> None:
    tree = condition.parsed(
        {
            "all": [
                leaf("sender", "contains", "olga"),
                {"any": [leaf("date", "greater", "last 7 days"), leaf("unread", "equals", True)]},
                {"not": [leaf("folder", "in", [3, 4]), leaf("kind", "equals", "bounce")]},
            ]
        },
        LETTER,
    )
    said = condition_words.said(tree, LETTER, lambda _field, key: {3: "Inbox", 4: "Sent"}[key])
    assert said == (
        "Sender contains “olga” and (Date is after “last 7 days” or Unread) and "
        "not (Folder is one of Inbox, Sent or Kind of letter is delivery report)"
    )
    assert condition_words.said(Group("all"), LETTER) == "everything"
    in_days = Leaf("date", Operator.EQUALS, "last 7 days")
    assert condition_words.said(in_days, LETTER) == "Date: last 7 days", "no verb that asks for a case"
    assert condition_words.said(Leaf("list_id", Operator.EMPTY), LETTER) == "Mailing list is empty"


FLAGS = ("unread", "important", "answered")
TREES = st.recursive(
    st.builds(Leaf, st.sampled_from(FLAGS), st.just(Operator.EQUALS), st.booleans()),
    lambda inner: st.builds(Group, st.sampled_from(condition.GROUPS), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=8,
)


@given(TREES, st.tuples(*(st.booleans() for _ in FLAGS)), st.sets(st.sampled_from(FLAGS)))
def test_what_holds_for_some_value_of_the_unknown_may_hold(
    tree: condition.Condition, values: tuple[bool, ...], unknown: set[str]
) -> None:
    known = dict(zip(FLAGS, values, strict=True))
    guesses = product((True, False), repeat=len(unknown))
    some = any(
        holds(tree, known | dict(zip(unknown, each, strict=True)), LETTER, CONTEXT) for each in guesses
    )
    may = may_hold(tree, known, LETTER, CONTEXT, unknown)
    assert may >= some
    assert unknown or may is some
