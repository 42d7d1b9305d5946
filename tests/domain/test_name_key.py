"""Spellings of one name meet in the same words; other names do not."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm_tui.domain.identity.name_key import words


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ольга Ким", "Olga Kim", "Ol'ga Kim", "ОЛЬГА  КИМ", "Ольга  Ким."),
        ("Юлия Щербакова", "Yuliya Shcherbakova", "Julia Scherbakova", "Iuliia Shcherbakova"),
        ("Дмитрий", "Dmitriy", "Dmitry", "Dmitrii"),
        ("Алексей", "Alexey", "Aleksei", "Alexei"),
        ("Виктор Цой", "Victor Tsoy", "Viktor Tsoi"),
        ("Михаил Чайковский", "Mikhail Tchaikovsky", "Mihail Chaikovskii"),
        ("Евгений Хрущёв", "Yevgeniy Khrushchev", "Evgeny Khruschev", "Евгений Хрущев"),
        ("Григорій Ґудзь", "Hryhorii Gudz", "Grigorii Gudz"),
        ("Нұрғали Сабыр", "Nurgali Sabyr"),
        ("Наталья", "Natalia", "Natalya"),
        ("ТОО «Жарық»", "Zharyk LLP", "ZHARYK, ТОО", "Жарык"),
        ("ООО Ромашка", "Romashka LLC", "romashka"),
        ("Müller GmbH", "Muller"),
    ],
)
def test_spellings_of_one_name_meet(spellings: tuple[str, ...]) -> None:
    assert len({words(one) for one in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ольга", "Олег"), ("Аптека №1", "Аптека №2"), ("Ким", "Цой"), ("Иванов", "Иванова"), ("100", "10")],
)
def test_other_names_do_not(one: str, other: str) -> None:
    assert words(one) != words(other)


def test_a_name_that_is_a_legal_form_alone_is_a_name() -> None:
    assert words("ООО") == words("ooo") != ()
    assert words(" «» ") == ()


@given(st.text(max_size=40))
@example("ßC")
def test_any_text_has_words_of_lower_letters_and_digits(text: str) -> None:
    found = words(text)
    assert all(
        word and word == word.casefold() and not any(sign.isspace() for sign in word) for word in found
    )
    assert words(text.upper().lower()) == words(text.lower())
