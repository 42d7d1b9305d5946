"""Amounts of money: typed, shown, added."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.money import SYMBOLS, Money, as_typed, parse, shown


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("1 200 000,50", 120_000_050, "KZT"),
        ("1\u00a0200\u00a0000,5", 120_000_050, "KZT"),
        ("1,200,000.50", 120_000_050, "KZT"),
        ("1.200.000,50", 120_000_050, "KZT"),
        ("1'200'000", 120_000_000, "KZT"),
        ("1.200.000", 120_000_000, "KZT"),
        ("1200", 120_000, "KZT"),
        ("0", 0, "KZT"),
        ("12,5", 1250, "KZT"),
        ("12.05", 1205, "KZT"),
        ("-5", -500, "KZT"),
        ("500 ₽", 50_000, "RUB"),
        ("$1,200.00", 120_000, "USD"),
        ("-$5", -500, "USD"),
        ("500 грн.", 50_000, "UAH"),
        ("500 тенге", 50_000, "KZT"),
        ("EUR 10", 1000, "EUR"),
        ("10 eur", 1000, "EUR"),
    ],
)
def test_parse(text: str, minor: int, currency: str) -> None:
    assert parse(text, "KZT") == Money(minor, currency)


@pytest.mark.parametrize(
    "text",
    ["", "-", "abc", "1,234", "1.234", "12,345,6", "1 2 3", "1 20", "12,,5", "1.2.3", "10 XYZ", "1e5", "٣", "9" * 30,
     "5%", "1,200.50.10", "1 200 00", "10 $ 5"],
)  # fmt: skip
def test_not_an_amount(text: str) -> None:
    assert parse(text, "KZT") is None


@pytest.mark.parametrize(
    ("money", "language", "text"),
    [
        (Money(120_000_050, "KZT"), "ru", "1\u00a0200\u00a0000,50\u00a0₸"),
        (Money(120_000_000, "UAH"), "uk", "1\u00a0200\u00a0000\u00a0₴"),
        (Money(120_000_050, "USD"), "en", "$1,200,000.50"),
        (Money(-5, "RUB"), "kk", "-0,05\u00a0₽"),
        (Money(-500, "EUR"), "en", "-€5"),
        (Money(500, "CHF"), "en", "5\u00a0CHF"),
    ],
)
def test_shown(money: Money, language: str, text: str) -> None:
    assert shown(money, language) == text


@given(
    st.integers(-(10**15), 10**15),
    st.sampled_from(sorted(SYMBOLS)),
    st.sampled_from(["ru", "uk", "kk", "en"]),
)
def test_what_is_shown_is_understood(minor: int, currency: str, language: str) -> None:
    money = Money(minor, currency)
    read = parse(shown(money, language), "KZT")
    # One comma and three digits could be a thousand or a fraction, so English "1,234" needs its cents to be sure.
    assert read == money or (
        language == "en" and read is None and minor % 100 == 0 and 10**5 <= abs(minor) < 10**8
    )


@given(st.integers(-(10**14), 10**14), st.sampled_from(["KZT", "RUB", "USD", "GBP"]))
def test_what_stands_in_a_field_is_understood(minor: int, currency: str) -> None:
    assert parse(as_typed(Money(minor, currency)), currency) == Money(minor, currency)


@given(st.text(max_size=30))
def test_never_raises(text: str) -> None:
    parse(text, "KZT")
