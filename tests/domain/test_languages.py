"""The language of a letter, first names, and words typed on the wrong keyboard layout."""

import pytest

from crm_tui.domain import languages, layouts
from crm_tui.domain.identity.person_name import first_name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We need 20 pumps", "en"),
        ("Нужны насосы, мы ждём", "ru"),
        ("Потрібні насоси, чекаємо", "uk"),
        ("Бізге сорғы қажет", "kk"),
        ("Добрый день! Әлия просила передать, что насосы нужны к пятнице, как договаривались.", "kk"),
        ("Price for Иван Petrov and Co", "en"),
        ("12 345 !!!", "en"),
        ("", "en"),
    ],
)
def test_guess(text: str, expected: str) -> None:
    assert languages.guess(text) == expected
    assert languages.guess("1", otherwise="uk") == "uk"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Olga Kim", "Olga"),
        ("Kim, Olga", "Olga"),
        ("Dr. Olga Kim", "Olga"),
        ("Иванов Пётр Сергеевич", "Пётр"),
        ("Пётр Сергеевич Иванов", "Пётр"),
        ("Шевченко Тарас", "Тарас"),
        ("Тарас Шевченко", "Тарас"),
        ("Марина Ли", "Марина"),
        ("Ахметова Айгуль Нұрланқызы", "Айгуль"),
        ("ООО", "ООО"),
        ("  ", ""),
        ("42", ""),
        ("olga@newco.example", ""),
        ("Kim,", "Kim,"),
    ],
)
def test_first_name(name: str, expected: str) -> None:
    assert first_name(name) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("ghbdtn", "привет"),
        ("руддщ", "hello"),
        ("gjkm`", "польё"),
        ("Jkmuf", "Ольга"),
        ("Sdfy", "Іван"),
        ("цфтв", "wand"),
    ],
)
def test_mail_28_a_word_of_the_wrong_layout(typed: str, meant: str) -> None:
    assert meant in layouts.other_spellings(typed)
    assert typed not in layouts.other_spellings(typed)
