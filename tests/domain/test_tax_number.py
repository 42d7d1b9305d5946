"""Check digits of tax numbers, by numbers that are public."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import tax_number

RIGHT = [
    ("RU", "7707083893", "INN"),  # Sberbank
    ("RU", "7736050003", "INN"),  # Gazprom
    ("RU", "500100732259", "INN"),
    ("KZ", "971240001315", "BIN"),  # Kaspi Bank
    ("KZ", "941240000341", "BIN"),
    ("UA", "14360570", "EDRPOU"),  # PrivatBank
    ("UA", "00032129", "EDRPOU"),  # Oschadbank
    ("UA", "32855961", "EDRPOU"),  # of those that are weighed the other way
    ("UA", "1759013776", "RNOKPP"),
    ("BY", "200988541", "UNP"),
    ("BY", "100059271", "UNP"),
]


@pytest.mark.parametrize(("country", "number", "name"), RIGHT)
def test_right_numbers(country: str, number: str, name: str) -> None:
    kind = tax_number.kind_of(country, number)
    assert kind is not None
    assert kind.name == name
    assert tax_number.checked(country.lower(), f" {number[:4]} {number[4:]}") == number
    assert country in tax_number.countries_of(number)


@pytest.mark.parametrize(
    ("country", "typed", "code"),
    [
        ("RU", "7707083894", "tax_number_check"),
        ("RU", "770708389", "tax_number_length"),
        ("RU", "500100732258", "tax_number_check"),
        ("RU", "500100732249", "tax_number_check"),
        ("KZ", "971240001316", "tax_number_check"),
        ("KZ", "000000000000", "tax_number_check"),
        ("UA", "14360571", "tax_number_check"),
        ("UA", "1759013777", "tax_number_check"),
        ("BY", "200988542", "tax_number_check"),
        ("KZ", "none yet", "not_a_tax_number"),
    ],
)
def test_wrong_numbers(country: str, typed: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        tax_number.checked(country, typed)
    assert refused.value.code == code


def test_a_country_whose_numbers_are_not_known() -> None:
    assert tax_number.checked("DE", "DE 136 695 976") == "136695976"
    assert tax_number.checked("", "42") == "42"
    assert tax_number.checked("KZ", "  ") == ""


_SHAPES = sorted({(country, kind.length) for country, kinds in tax_number.KINDS.items() for kind in kinds})


@given(st.data())
def test_a_digit_mistyped_is_noticed(data: st.DataObject) -> None:
    """No single wrong last digit passes: of ten numbers that differ in it alone, one at most is right."""
    country, length = data.draw(st.sampled_from(_SHAPES))
    body = data.draw(st.text("0123456789", min_size=length - 1, max_size=length - 1))
    right = [last for last in "0123456789" if country in tax_number.countries_of(body + last)]
    assert len(right) <= 1


@given(st.text(max_size=40), st.sampled_from([*tax_number.KINDS, "", "DE", "??"]))
def test_any_text_is_taken_or_refused(text: str, country: str) -> None:
    with contextlib.suppress(Invalid):
        assert tax_number.checked(country, text).isdigit() or not text.strip()
