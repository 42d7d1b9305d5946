"""Fields of the company's own: their values by type, who may define them; how far a card is filled in."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.config.card_fields import FORM_FIELDS
from crm_tui.domain import completeness
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.services.exchange import import_fields
from crm_tui.services.record import custom_fields
from crm_tui.services.record.custom_fields import TYPES, OwnField
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
from tests.services.conftest import Office


def field(kind: str) -> OwnField:
    return OwnField(1, "customer", "x", "X", kind, ("Small", "Large"), "", False)


def day(text: str) -> date:
    if text != "24.03.2026":
        raise Invalid("not_a_date", value=text)
    return date(2026, 3, 24)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", " Two \x1b[2J words ", "Two ␛[2J words"),
        ("text", "  ", None),
        ("long_text", "one\ntwo", "one\ntwo"),
        ("number", "1 200", 1200),
        ("number", "-12,5", -12.5),
        ("money", "1 200,50", 120050),
        ("date", "24.03.2026", "2026-03-24"),
        ("yes_no", "yes", True),
        ("yes_no", "no", False),
        ("choice", "large", "Large"),
        ("link", "https://office.example/x", "https://office.example/x"),
    ],
)
def test_elma_05_a_value_is_kept_by_its_type_and_read_back(kind: str, typed: str, value: Any) -> None:
    own = field(kind)
    assert custom_fields.value_of(own, typed, day) == value
    assert custom_fields.value_of(own, custom_fields.typed_of(own, value), day) == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [("number", "much"), ("number", "1e5"), ("money", "dear"), ("date", "once"), ("link", "javascript:x")],
)
def test_elma_05_what_is_no_value_of_the_type_is_refused(kind: str, typed: str) -> None:
    with pytest.raises(Invalid):
        custom_fields.value_of(field(kind), typed, day)


def test_elma_05_only_an_administrator_defines_fields_and_imports_know_them(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        made = custom_fields.add(work, "customer", "Скидка, %", "number", need="recommended")
        twin = custom_fields.add(work, "customer", "Скидка %", "text")
        assert made.code.isascii()
        assert made.code != twin.code
        with pytest.raises(Invalid, match="word_is_there"):
            custom_fields.change(work, twin.key, label="скидка, %")
        with pytest.raises(Invalid, match="field_needs_choices"):
            custom_fields.add(work, "customer", "Colour", "choice", choices=["", " "])
        clerk = work.add(User(login="clerk", name="Clerk", zone="Asia/Almaty")).key
    with (
        office.store.work(Actor("Clerk", clerk), "setup") as work,
        pytest.raises(Refused, match="needs_an_administrator"),
    ):
        custom_fields.archive(work, made.key)
    with office.store.read() as connection:
        assert f"custom:{made.code}" in {one.code for one in import_fields.targets(connection, "customers")}


needs = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from(["required", "recommended"]))


@given(needs, st.sets(st.sampled_from("abcdefgh")))
def test_idx_08_the_figure_is_full_only_without_gaps(asked: dict[str, str], filled: set[str]) -> None:
    found = completeness.of(asked, filled)
    assert set(found.gaps) == asked.keys() - filled
    assert set(found.missing) == {name for name in found.gaps if asked[name] == "required"}
    assert (found.percent == 100) == (not found.gaps)
    assert found.gaps[: len(found.missing)] == found.missing


def test_elma_05_every_type_has_a_name_and_every_kind_its_fields() -> None:
    assert set(FORM_FIELDS) == set(custom_fields.KINDS)
    assert {"text", "number", "money", "date", "yes_no", "choice"} < set(TYPES)
