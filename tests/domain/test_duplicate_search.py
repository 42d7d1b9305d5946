"""Who is alike, by which reasons, and whether those that were planted among many are found."""

import random

import pytest

from crm_tui.domain.identity.duplicate_search import pairs
from crm_tui.domain.identity.likeness import LIKELY, Base, Known, compared
from crm_tui.domain.identity.name_key import words

COMMON = Base(100_000, words={"olga": 900, "ivan": 1200, "ivanov": 1500, "ivanova": 1500})


def known(name: str, *infos: str, tax_number: str = "", city: str = "") -> Known:
    return Known(words(name), frozenset(infos), tax_number, city)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (known("Ольга Заречная"), known("Zarechnaya Olga")),
        (known("Ольга Заречная"), known("Olga Zarechnaja")),
        (known("Заречная Ольга Петровна"), known("Заречная Ольга")),
        (known("Стройнефтемаш"), known("ООО Стройнефтемаш")),
        (known("Стройнефтемаш Сервис"), known("Стройнефтемаш-Сервсис")),
        (known("StroyNefteMash Servis"), known("Стройнефтемаш Сервис")),
        (known("Ivan Ivanov", "phone:+77015551234"), known("И. Иванов", "phone:+77015551234")),
        (known("Olga K", "email:olga@newco.kz"), known("Ольга Ким", "email:olga@newco.kz")),
        (known("Newco", tax_number="123456789012"), known("Njuko", tax_number="123456789012")),
    ],
)
def test_idx_10_one_under_two_names(one: Known, other: Known) -> None:
    assert compared(one, other, COMMON).percent >= LIKELY
    assert compared(one, other, COMMON) == compared(other, one, COMMON)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (known("Ivan Ivanov"), known("Иван Иванов")),
        (known("Ольга Заречная"), known("Пётр Заречный")),
        (known("Аптека Здравушка 12"), known("Аптека Здравушка 14")),
        (known("Olga Kim", "phone:+77015551234"), known("Olga Kim", "phone:+77015559999", tax_number="1")),
        (
            known("Стройнефтемаш", tax_number="123456789012"),
            known("Стройнефтемаш", tax_number="210987654321"),
        ),
        (known(""), known("")),
        (known("Olga"), known("")),
    ],
)
def test_idx_10_two_who_share_what_many_share(one: Known, other: Known) -> None:
    many = Base(100_000, words={**COMMON.words, "kim": 2000, "zarecni": 3, "zarecna": 3})
    assert compared(one, other, many).percent < LIKELY


def test_idx_10_the_reasons_are_told() -> None:
    likeness = compared(
        known("Olga Kim", "email:olga@newco.kz", "phone:+77015551234", city="almati"),
        known("Ким Ольга", "email:olga@newco.kz", "phone:+77015551234", city="almati"),
        COMMON,
    )
    assert likeness.percent == 100
    assert likeness.reasons == ("same_name", "same_email", "same_phone", "same_city")


def test_idx_12_the_planted_are_found_among_many() -> None:
    rng = random.Random(12)
    names = [f"{first} {last}" for first in _words(rng, 60) for last in _words(rng, 40)]
    records = {
        key: known(name, f"phone:+7{rng.randrange(10**10)}", city=rng.choice(("almati", "kiev", "omsk")))
        for key, name in enumerate(names)
    }
    planted = set()
    for key in rng.sample(range(len(names)), 120):
        first, last = names[key].split()
        at = rng.randrange(1, len(last) - 1)
        written = rng.choice(
            (f"{last} {first}", f"{first} {last[:at]}{last[at + 1 :]}", f"{last} {first[:-1]}")
        )
        planted.add((key, len(records)))
        records[len(records)] = Known(words(written), records[key].infos, city=records[key].city)
    found = {(pair.one, pair.other) for pair in pairs(records)}
    assert len(found & planted) / len(planted) >= 0.95
    assert len(found & planted) / len(found) >= 0.9


def test_idx_12_everybody_is_told_of_once_and_nobody_with_himself() -> None:
    records = {key: known("Стройнефтемаш Сервис", "phone:+77015551234") for key in range(4)}
    found = [(pair.one, pair.other) for pair in pairs(records)]
    assert sorted(found) == [(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)]


def _words(rng: random.Random, count: int) -> list[str]:
    return ["".join(rng.choices("abdegiklmnorstuvz", k=rng.randint(6, 9))).title() for _word in range(count)]
