"""Phone numbers of Kazakhstan, Russia and Ukraine as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.identity.phone import e164, find_phones, is_mobile


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("8 (701) 555 12 34", "KZ", "+77015551234"),
        ("+7 701 555 12 34", "KZ", "+77015551234"),
        ("7 701 555 12 34", "kz", "+77015551234"),
        ("701 555-12-34", "KZ", "+77015551234"),
        ("8 (727) 250-12-34", "KZ", "+77272501234"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("8-916-123-45-67", "RU", "+79161234567"),
        ("+7(916)123.45.67 доб. 12", "RU", "+79161234567"),
        ("067 123 45 67", "UA", "+380671234567"),
        ("+38 (067) 123-45-67", "UA", "+380671234567"),
        ("(044) 234-56-78", "UA", "+380442345678"),
        ("+44 20 7946 0958", "KZ", "+442079460958"),
        ("+1 650-253-0000", "RU", "+16502530000"),
        ("555 12 34", "KZ", None),
        ("12", "KZ", None),
        ("8 (000) 000-00-00", "RU", None),
        ("", "KZ", None),
        ("Aigul", "KZ", None),
        ("8 701 555 12 34", "ZZ", None),
    ],
)
def test_e164(text: str, region: str, number: str | None) -> None:
    assert e164(text, region) == number


@given(st.text(max_size=40), st.sampled_from(["KZ", "RU", "UA", "", "nonsense"]))
def test_never_raises_and_is_stable(text: str, region: str) -> None:
    number = e164(text, region)
    assert number is None or e164(number, "KZ") == number


@pytest.mark.parametrize(
    ("number", "mobile"),
    [("+77015551234", True), ("+77272501234", False), ("+380671234567", True), ("x", False)],
)
def test_is_mobile(number: str, mobile: bool) -> None:
    assert is_mobile(number) is mobile


def test_find_phones_in_a_signature() -> None:
    text = """С уважением, Айгуль
    ТОО «Достык», БИН 123456789012, договор № 17 от 21.11.2026, 1 200 000,50
    моб.: 8 (701) 555-12-34, офис: +7 727 250 12 34, viber 8-701-555-12-34"""
    assert find_phones(text, "KZ") == ["+77015551234", "+77272501234"]
    assert find_phones("", "KZ") == []
