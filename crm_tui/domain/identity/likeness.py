"""Whether two records mean the same person or firm, and why we think so.

What agrees counts by how rare it is among those compared (Fellegi and Sunter, 1969): a shared number or a rare
surname says much, a shared first name little. Everything is counted in bits, so that reasons add up; the sum is told
as per cent. A person decides.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import DamerauLevenshtein

LIKELY = 50
"""Per cent from which two records are told to be alike."""

_RARE = 0.3
"""How often a word or number is thought to occur that only the two compared have."""
_SMALLEST_BASE = 1000
"""In a smaller base words are thought to be as rare as in one of this size."""
_FEW_ARE_DOUBLE = 2.0
"""Bits: a record has a double far less often than not."""
_SAME_NAME, _SAME_ADDRESS, _SAME_TAX_NUMBER = 2.0, 10.0, 12.0
_OTHER_WORD, _EXTRA_WORD, _OTHER_NUMBER = 6.0, 2.5, 10.0
_OTHER_INFO, _OTHER_CITY, _OTHER_TAX_NUMBER = 3.0, 4.0, 14.0
_INITIAL = 2.5
_ALIKE_FROM = 0.75
_GLUED_FROM = 0.85
_MISSPELT = 1.6
"""How much less a word says the more of its letters differ."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one record, in the form that is compared."""

    words: tuple[str, ...]
    """Of its name, by `name_key.words`."""
    infos: frozenset[str] = frozenset()
    """``email:…``, ``phone:…``: kind and normal form."""
    tax_number: str = ""
    city: str = ""


@dataclass(slots=True)
class Base:
    """How often words, numbers and cities occur among the records that are compared."""

    size: int
    words: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    """By their words in the order of letters."""
    infos: Mapping[str, int] = field(default_factory=dict)
    cities: Mapping[str, int] = field(default_factory=dict)
    _total: float = 0.0

    def __post_init__(self) -> None:
        self._total = math.log2(self.size + _SMALLEST_BASE)

    @property
    def prior(self) -> float:
        """Bits against two records being one before anything is compared."""
        return self._total + _FEW_ARE_DOUBLE

    def bits(self, counted: Mapping[Any, int], value: object) -> float:
        """What it says that two records agree in this value."""
        return self._total - math.log2(max(0, counted.get(value, 0) - 2) + _RARE)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How sure it is that two records are one, and by what."""

    percent: int
    reasons: tuple[str, ...]
    """``same_name``, ``like_name``, ``same_email``, ``same_phone``, ``same_tax_number``, ``same_city``."""


def compared(one: Known, other: Known, base: Base) -> Likeness:
    """How alike the two are."""
    bits, reasons = _name(one.words, other.words, base)
    for found, reason in (_infos(one, other, base), _tax_number(one, other, base), _city(one, other, base)):
        bits += found
        reasons += reason
    return Likeness(_percent(bits - base.prior), tuple(reasons))


def _percent(odds: float) -> int:
    return round(100 / (1 + 2 ** -max(-60.0, min(60.0, odds))))


def _name(one: tuple[str, ...], other: tuple[str, ...], base: Base) -> tuple[float, list[str]]:
    if not one or not other:
        return 0.0, []
    short, long = (one, other) if len(one) <= len(other) else (other, one)
    if sorted(short) == sorted(long):
        bits = sum(base.bits(base.words, word) for word in set(short))
        # Words of one name go together: a name that many have says less than its words.
        return min(bits, base.bits(base.names, tuple(sorted(short)))) + _SAME_NAME, ["same_name"]
    if _numbers(short) != _numbers(long) and _numbers(short) and _numbers(long):
        return -_OTHER_NUMBER, []  # two branches, two shops
    glued = _glued(short, long, base)
    left = list(long)
    bits = 0.0
    alike = 0
    for word in sorted(short, key=len, reverse=True):
        said, taken = max((_word(word, each, base), each) for each in left) if left else (-_EXTRA_WORD, "")
        bits += said
        if said > 0:
            alike += 1
            left.remove(taken)
    bits -= _EXTRA_WORD * len(left)
    bits = max(bits, glued)
    return bits, ["like_name"] if bits > 0 and (alike or glued) else []


def _numbers(words: tuple[str, ...]) -> list[str]:
    return sorted(word for word in words if word.isdecimal())


def _glued(short: tuple[str, ...], long: tuple[str, ...], base: Base) -> float:
    """What it says that all letters are nearly the same where words are parted in other places."""
    if len(short) == len(long) == 1:
        return 0.0
    alike = max(
        DamerauLevenshtein.normalized_similarity("".join(short), "".join(each), score_cutoff=_GLUED_FROM)
        for each in (long, long[::-1])
    )
    if not alike:
        return 0.0
    bits = max(sum(base.bits(base.words, word) for word in set(some)) for some in (short, long))
    return float(bits * (1 - _MISSPELT * (1 - alike)) - 1)


def _word(one: str, other: str, base: Base) -> float:
    if one == other:
        return base.bits(base.words, one)
    if one.isdecimal() or other.isdecimal():
        return -_OTHER_NUMBER
    if len(one) == 1 or len(other) == 1:
        return _INITIAL if one[0] == other[0] else -_OTHER_WORD
    alike = DamerauLevenshtein.normalized_similarity(one, other, score_cutoff=_ALIKE_FROM)
    if not alike:
        return -_OTHER_WORD
    said = min(base.bits(base.words, one), base.bits(base.words, other))
    return float(said * (1 - _MISSPELT * (1 - alike)) - 1)


def _infos(one: Known, other: Known, base: Base) -> tuple[float, list[str]]:
    shared = one.infos & other.infos
    if not shared:
        kinds = {each.partition(":")[0] for each in one.infos} & {
            each.partition(":")[0] for each in other.infos
        }
        return -_OTHER_INFO * len(kinds), []
    reasons = []
    bits = 0.0
    for each in sorted(shared):
        kind = each.partition(":")[0]
        said = base.bits(base.infos, each) + (_SAME_ADDRESS if kind == "email" else 0)
        bits = max(bits, said)
        reason = f"same_{kind}"
        if reason not in reasons:
            reasons.append(reason)
    return bits, reasons


def _tax_number(one: Known, other: Known, base: Base) -> tuple[float, list[str]]:
    if not one.tax_number or not other.tax_number:
        return 0.0, []
    if one.tax_number != other.tax_number:
        return -_OTHER_TAX_NUMBER, []
    return base.bits({}, one.tax_number) + _SAME_TAX_NUMBER, ["same_tax_number"]


def _city(one: Known, other: Known, base: Base) -> tuple[float, list[str]]:
    if not one.city or not other.city:
        return 0.0, []
    if one.city != other.city:
        return -_OTHER_CITY, []
    return max(0.0, base.bits(base.cities, one.city)), ["same_city"]
