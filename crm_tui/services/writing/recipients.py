"""Whom a letter can go to: completion of what is typed (MAIL-28), and the address book (MAIL-30).

Leads, customers, contact persons and users are in the base, the people of past letters in ``correspondents``.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from crm_tui.domain import layouts, stems
from crm_tui.domain.identity import address
from crm_tui.domain.text import fold
from crm_tui.store.queries import recipients as found
from crm_tui.store.queries.recipients import Candidate

SHORTEST = 2
"""Characters from which something is looked for."""
PAUSE_SECONDS = 0.25
"""So long a screen waits after a key before it asks (MAIL-28)."""
KINDS = ("contact", "customer", "lead", "user", "correspondent")
_MOST_WORDS = 12
_HALF_LIFE_DAYS = 60


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to write to."""

    name: str
    address: str
    kind: str
    """One of `KINDS`."""
    note: str
    """Firm, place or role; may be empty."""
    last_at: datetime | None = None
    """When a letter went last between us."""


def complete(connection: Connection, typed: str, now: datetime, *, limit: int = 8) -> list[Person]:
    """Whom ``typed``, the beginning of words of a name or address in any order, may mean; the likeliest first.

    Typed with the wrong keyboard layout on it finds the same. Nothing for fewer than `SHORTEST` characters.
    """
    if len(typed.strip()) < SHORTEST:
        return []
    return _ranked(_search(connection, typed, KINDS, 10 * limit), now)[:limit]


def book(
    connection: Connection,
    text: str,
    now: datetime,
    *,
    offset: int = 0,
    limit: int = 50,
    kinds: Sequence[str] = KINDS,
) -> list[Person]:
    """A page of the address book: those who match the text, the likeliest first, or all of them by name."""
    if not text.strip():
        return [_person(one) for one in found.page(connection, kinds, offset, limit)]
    return _ranked(_search(connection, text, kinds, 2000), now)[offset : offset + limit]


def fits(person: Person, typed: str) -> bool:
    """Whether somebody offered for the beginning of a piece may still be meant, now that more of it is typed."""
    known = [fold(person.address), *stems.words(f"{person.name} {person.address} {person.note}")]
    spellings = (_typed_words(spelling) for spelling in (typed, *layouts.other_spellings(typed)))
    return any(
        all(any(one.startswith(word) for one in known) for word in words) for words in spellings if words
    )


def last_piece(field: str) -> str:
    """What is being typed at the end of a recipient field: the text after its last comma or semicolon."""
    return field[_last_start(field) :].lstrip()


def replaced(field: str, person: Person) -> str:
    """The recipient field with its last piece replaced by the person."""
    before = field[: _last_start(field)]
    return f"{before}{' ' if before else ''}{address.joined(person.name, person.address)}"


def added(field: str, people: Iterable[Person]) -> str:
    """The recipient field with these people in it too, each address once: what OK in the address book does."""
    boxes = address.split_list(field)
    known = {address.normal(where or name) for name, where in boxes}
    for person in people:
        if address.normal(person.address) not in known:
            known.add(address.normal(person.address))
            boxes.append((person.name, person.address))
    return ", ".join(address.joined(name, where) if where else name for name, where in boxes)


def _search(connection: Connection, text: str, kinds: Sequence[str], most: int) -> list[Candidate]:
    """Those who match as typed, then those who match as it may have been meant on another layout."""
    hits: dict[str, Candidate] = {}
    for spelling in (text, *layouts.other_spellings(text)):
        words = _typed_words(spelling)
        if words:
            for one in found.matching(connection, words, kinds, most):
                hits.setdefault(f"{one.kind}/{one.id}/{one.address}", one)
    return list(hits.values())


def _typed_words(text: str) -> list[str]:
    folded = fold(text)
    if "@" in folded and " " not in folded.strip():
        return [folded.strip().strip("<>")]
    return stems.words(folded)[:_MOST_WORDS]


def _ranked(candidates: Iterable[Candidate], now: datetime) -> list[Person]:
    """Each address once, as the base knows it before as a letter named it; by how often and how lately we wrote."""
    best: dict[str, Candidate] = {}
    for one in candidates:
        key = address.normal(one.address)
        known = best.get(key)
        if known is None or KINDS.index(one.kind) < KINDS.index(known.kind):
            best[key] = one
    ordered = sorted(best.values(), key=lambda one: (-_score(one, now), fold(one.name or one.address)))
    return [_person(one) for one in ordered]


def _score(one: Candidate, now: datetime) -> float:
    """Letters of ours count three times; two months without one halve it. Records come before mere addresses."""
    score = 0.0 if one.kind == "correspondent" else 0.3
    if one.last_at is None:
        return score
    days = max(0.0, (now - one.last_at).total_seconds() / 86400)
    weight = math.pow(0.5, days / _HALF_LIFE_DAYS)
    return score + math.log1p(3 * one.sent + one.received) * weight


def _person(one: Candidate) -> Person:
    return Person(one.name, one.address, one.kind, one.note, one.last_at)


def _last_start(field: str) -> int:
    """Where the last mailbox of a field begins; a comma within quotes or brackets ends none."""
    start, quoted, angled, escaped = 0, False, False, False
    for at, sign in enumerate(field):
        if escaped:
            escaped = False
        elif quoted and sign == "\\":
            escaped = True
        elif sign == '"' and not angled:
            quoted = not quoted
        elif sign in "<>" and not quoted:
            angled = sign == "<"
        elif sign in ",;\n" and not quoted and not angled:
            start = at + 1
    return start
