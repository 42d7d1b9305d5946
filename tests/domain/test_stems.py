"""Stems: the forms of a word are one word."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.index_words import indexed
from crm_tui.domain.stems import searchable, stem, words
from crm_tui.domain.text import fold


def stem_words(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


@pytest.mark.parametrize(
    "forms",
    [
        "договор договора договору договором договоры договоров Договорами",
        "счёт счета счетом счетам",
        "поставка поставки поставку поставкой",
        "рахунку рахунка рахунки",
        "зустріч зустрічі зустрічей",
        "пропозиція пропозиції пропозицію",
        "төлем төлемді төлемнің төлемге төлемдер",
        "құжат құжатты құжаттың құжатқа",
        "Ёлка елки ЕЛКУ",
        "п'ятниця п’ятниця",
        "invoice Invoice",
    ],
)
def test_forms_share_a_stem(forms: str) -> None:
    assert len(set(stem_words(forms))) == 1


def test_threads_do_not_disturb_each_other() -> None:
    forms = [f"договор{ending}" + "а" * n for n in range(40) for ending in ("", "ом", "ами", "ов")]
    expected = [stem.__wrapped__(one) for one in forms]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(stem.__wrapped__, forms * 20)) == expected * 20


@pytest.mark.parametrize(
    "pair", ["договор разговор", "счет счастье", "төлем төре", "банк банка2", "invoice invoices"]
)
def test_other_words_stay_apart(pair: str) -> None:
    assert len(set(stem_words(pair))) == 2


def test_words() -> None:
    assert words("Привет, мир! a_b 10:00 it's e-mail") == [
        "привет",
        "мир",
        "a",
        "b",
        "10",
        "00",
        "it's",
        "e",
        "mail",
    ]
    assert stem_words("") == []
    assert stem_words("... --") == []


@given(st.text(st.characters(), max_size=80))
def test_never_raises_and_gives_words(text: str) -> None:
    assert all(stem_words(text))


_PIECES = [
    "договоры", "договор\u200bа", "Счёта", "don’t", "зустрічі,", "E\u0301t\u00e9", "\0", "(дом)домов", "зам\u0301ок",
    "a\u00b4b",
]  # fmt: skip


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "ignore")


@given(st.lists(st.sampled_from(_PIECES) | st.text(st.characters(), max_size=8)))
def test_what_the_index_takes_is_the_folded_text_and_the_stems_that_differ(pieces: list[str]) -> None:
    text = "\n ".join(pieces)
    there = set(words(text))
    assert searchable(_utf8(text)).words.decode().split() == indexed(fold(text)).split()
    assert searchable(_utf8(text)).stems.decode() == indexed(
        " ".join(sorted({stem(word) for word in there} - there))
    )


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("Ёлки-палки, 2026 г.", "елки палки 2026 г"),
        ("Café ÇA Ấ Łódź", "cafe ca a łodz"),
        ("за\u0301мок й ї ў и\u0306", "замок й ї ў й"),
        ("o'neil foo_bar a\u00adb", "o neil foo bar ab"),
        ("日本語 ½ x😀y", "日本語 1 2 x y"),
        ("-- \0 …", ""),
    ],
)
def test_the_index_knows_words_without_accents_and_what_stands_between(text: str, taken: str) -> None:
    assert indexed(fold(text)) == taken
