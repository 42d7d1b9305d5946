"""Search for duplicates among 100,000 customers, 5 % of them doubles: recall, precision, seconds.

Usage: .venv/bin/python -m benchmarks.duplicates [RECORDS] [SEED] [PER CENT OF DOUBLES THAT SHARE THEIR NAME ALONE]

Names, cities, numbers and addresses come from Faker (`pip install faker`; ru, uk, en), so that hundreds of people who
are not the same share their first name and surname by chance. A double has its name misspelt, transliterated or
turned round, or two of these, and keeps each number and address with a probability of 0.7; some keep none.
"""

import random
import sys
import time

from crm_tui.domain.identity.duplicate_search import pairs
from crm_tui.domain.identity.likeness import Known
from crm_tui.domain.identity.name_key import words

DOUBLES = 0.05
_LATIN = dict(
    zip(
        "абвгґдеєёжзиіїйклмнопрстуфхцчшщыэюя",
        "a b v h g d e ye yo zh z y i i y k l m n o p r s t u f kh ts ch sh shch y e yu ya".split(),  # noqa: SIM905
        strict=True,
    )
) | {"ь": "", "ъ": "", "г": "g", "и": "i"}


def main(records: int = 100_000, seed: int = 1, bare: int = 15) -> None:
    """Make the records, search, compare with what was planted."""
    rng = random.Random(seed)
    people = originals(rng, records - int(records * DOUBLES))
    planted = set()
    for key in rng.sample(range(len(people)), int(records * DOUBLES)):
        planted.add((key, len(people)))
        people.append(doubled(rng, people[key], bare / 100))
    begun = time.process_time()
    known = {key: as_known(*person) for key, person in enumerate(people)}
    read = time.process_time()
    found = {(pair.one, pair.other) for pair in pairs(known)}
    ended = time.process_time()
    right = len(found & planted)
    print(
        f"{records} records, seed {seed}, {bare} % by name alone: "
        f"keys {read - begun:.1f} s, search {ended - read:.1f} s of CPU"
    )
    print(f"recall {right / len(planted):.3f}, precision {right / len(found):.3f} ({len(found)} pairs)")
    for title, some in (("missed", planted - found), ("wrong", found - planted)):
        for one, other in sorted(some)[:12]:
            print(f"  {title}: {people[one]} | {people[other]}")


def originals(rng: random.Random, count: int) -> list[tuple[str, tuple[str, ...], str]]:
    """Name, contact information and city of people and firms."""
    from faker import Faker

    fakers = [Faker("ru_RU"), Faker("uk_UA"), Faker("en_US")]
    for each in fakers:
        each.seed_instance(rng.random())
    made = []
    for _record in range(count):
        faker = rng.choices(fakers, (5, 3, 2))[0]
        name = faker.company() if rng.random() < 0.4 else f"{faker.first_name()} {faker.last_name()}"
        infos = []
        if rng.random() < 0.75:
            infos.append(f"phone:+7{rng.randrange(10**10):010d}")
        if rng.random() < 0.6:
            infos.append(f"email:{faker.user_name()}{rng.randrange(1000)}@{faker.free_email_domain()}")
        made.append((name, tuple(infos), faker.city_name() if hasattr(faker, "city_name") else faker.city()))
    return made


def doubled(
    rng: random.Random, person: tuple[str, tuple[str, ...], str], bare: float
) -> tuple[str, tuple[str, ...], str]:
    """The same one as somebody else typed it."""
    name, infos, city = person
    for change in rng.sample((misspelt, in_latin, turned), rng.choice((1, 1, 2))):
        name = change(rng, name)
    kept = () if rng.random() < bare else tuple(info for info in infos if rng.random() < 0.7)
    return name, kept, city if rng.random() < 0.7 else ""


def misspelt(rng: random.Random, name: str) -> str:
    """One letter left out, doubled, exchanged or taken for another."""
    at = rng.randrange(max(1, len(name) - 1))
    return rng.choice(
        (
            name[:at] + name[at + 1 :],
            name[:at] + name[at : at + 1] + name[at:],
            name[:at] + name[at + 1 : at + 2] + name[at : at + 1] + name[at + 2 :],
            name[:at] + rng.choice("аеионтсрaeiontsr") + name[at + 1 :],
        )
    )


def in_latin(_rng: random.Random, name: str) -> str:
    """As passports write it."""
    return "".join(_LATIN.get(sign, sign) for sign in name.lower()).title()


def turned(_rng: random.Random, name: str) -> str:
    """Surname first."""
    return " ".join(reversed(name.split()))


def as_known(name: str, infos: tuple[str, ...], city: str) -> Known:
    """In the form that is compared."""
    return Known(words(name), frozenset(infos), city=" ".join(words(city)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
