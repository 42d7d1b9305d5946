"""Cyrillic layouts: the same key, whatever it types."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.commands import registry, strokes
from crm_tui.domain import layouts

LETTERS = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
ROWS = {
    "ru": "йцукенгшщзхъфывапролджэячсмитьбю",
    "uk": "йцукенгшщзхїфівапролджєячсмитьбю",
    "by": "йцукенгшўзх'фывапролджэячсмітьбю",
    "kk": "йцукенгшщзхъфывапролджэячсмитьбю",
}


@pytest.mark.parametrize("layout", sorted(ROWS))
def test_every_letter_key_stands_for_its_latin_one(layout: str) -> None:
    for typed, latin in zip(ROWS[layout], LETTERS, strict=True):
        if typed != latin and typed.isalpha():
            assert layouts.translate(typed, layout) == latin
            if latin.isalpha():
                assert layouts.translate(typed.upper(), layout) == latin.upper()


def test_the_kazakh_digit_row() -> None:
    assert layouts.translate_text("әіңғүұқ", "kk") == "2345890"
    assert layouts.translate("Ү", "kk") == "*"
    assert layouts.translate("і", "uk") == "s"


@pytest.mark.parametrize("layout", ["ru", "uk", "kk"])
@pytest.mark.parametrize("sign", ':?/.,*1234567890-+="!')
def test_signs_typed_natively_stay(layout: str, sign: str) -> None:
    assert layouts.translate(sign, layout) == sign


@given(st.text(), st.sampled_from(["latin", "ru", "uk", "by", "kk"]))
def test_translating_is_safe_and_settles(text: str, layout: str) -> None:
    once = layouts.translate_text(text, layout)
    assert len(once) == len(text)
    assert layouts.translate_text(once, layout) == once


@pytest.mark.parametrize("layout", ["ru", "uk", "kk"])
def test_every_letter_of_every_key_can_be_typed(layout: str) -> None:
    """T-7: each letter that a command is bound to is reached by some key of the layout."""
    reached = {layouts.translate(chr(code), layout) for code in range(0x400, 0x530)}
    for command in registry.all_commands():
        for stroke in (stroke for key in command.keys for stroke in strokes.parse(key)):
            if len(stroke) == 1 and stroke.isalpha():
                assert stroke in reached, (command.id, stroke)


@pytest.mark.parametrize(
    ("setting", "language", "layout"),
    [
        ("auto", "en", "ru"),
        ("auto", "uk", "uk"),
        ("auto", "kk", "kk"),
        ("latin", "ru", "latin"),
        ("by", "en", "by"),
    ],
)
def test_the_layout_follows_setting_then_language(setting: str, language: str, layout: str) -> None:
    assert layouts.layout_for(setting, language) == layout
