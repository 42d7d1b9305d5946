"""Which records among many are alike: only those are compared that share something, so that it ends before long."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from crm_tui.domain.identity.likeness import LIKELY, Base, Known, Likeness, compared

_RARE_WORD = 60
"""Records with one word that are all compared with each other; where there are more, something else must meet."""
_CROWD = 150
"""Records that share something and are so many that it says nothing."""
_NEIGHBOURS = 6
"""With so many that follow it in the order of letters each is compared: a word misspelt is not far away."""
_DISTANT_NAMES = 60
"""Per cent of equal letters below which names are not looked at more closely, unless something else is the same."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one."""

    one: int
    other: int
    likeness: Likeness


def base_of(records: Mapping[int, Known]) -> Base:
    """How often things occur among the records."""
    return Base(
        len(records),
        Counter(word for each in records.values() for word in set(each.words)),
        Counter(tuple(sorted(each.words)) for each in records.values()),
        Counter(info for each in records.values() for info in each.infos),
        Counter(each.city for each in records.values()),
    )


def pairs(records: Mapping[int, Known], least: int = LIKELY) -> Iterator[Pair]:
    """The pairs that are alike to at least so many per cent, in no order; the smaller id first."""
    base = base_of(records)
    names = {key: _letters(each) for key, each in records.items()}
    told: set[tuple[int, int]] = set()
    for together in _together(records, names, base):
        for one, other in combinations(sorted(together), 2):
            known, another = records[one], records[other]
            if (one, other) in told or _are_distant(known, names[one], another, names[other]):
                continue
            likeness = compared(known, another, base)
            if likeness.percent >= least:
                told.add((one, other))
                yield Pair(one, other, likeness)


class Among:
    """Records among which those are looked for who may be one of them: a row of a file, thousands of times."""

    def __init__(self, records: Mapping[int, Known]) -> None:
        self._records = records
        self._base = base_of(records)
        self._blocks = _blocks(records, self._base)
        self._names = {key: _letters(each) for key, each in records.items()}
        self._forward = sorted((name, key) for key, name in self._names.items())
        self._backward = sorted((name[::-1], key) for key, name in self._names.items())

    def likest(self, known: Known, least: int = LIKELY) -> tuple[int, Likeness] | None:
        """Who this may be to at least so many per cent; the likeliest, of several the oldest."""
        name = _letters(known)
        best: tuple[int, Likeness] | None = None
        for key in sorted(self._near(known, name)):
            other = self._records[key]
            if _are_distant(known, name, other, self._names[key]):
                continue
            likeness = compared(known, other, self._base)
            if likeness.percent >= (least if best is None else best[1].percent + 1):
                best = key, likeness
        return best

    def _near(self, known: Known, name: str) -> set[int]:
        near: set[int] = set()
        for thing in set(_shared(known, self._base)):
            block = self._blocks.get(thing, ())
            if len(block) <= _CROWD:
                near.update(block)
        for order, wanted in ((self._forward, name), (self._backward, name[::-1])):
            at = bisect_left(order, (wanted, 0))
            near.update(key for _name, key in order[max(0, at - _NEIGHBOURS) : at + _NEIGHBOURS])
        return near


def _letters(known: Known) -> str:
    return "".join(sorted(known.words))


def _are_distant(one: Known, name: str, other: Known, other_name: str) -> bool:
    """Whether nothing but a far likeness of the names could make them one."""
    return (
        not fuzz.ratio(name, other_name, score_cutoff=_DISTANT_NAMES)
        and one.infos.isdisjoint(other.infos)
        and (not one.tax_number or one.tax_number != other.tax_number)
    )


def _together(records: Mapping[int, Known], names: Mapping[int, str], base: Base) -> Iterator[Sequence[int]]:
    blocks = _blocks(records, base)
    yield from (block for block in blocks.values() if 1 < len(block) <= _CROWD)
    del blocks
    forward = sorted(records, key=lambda key: names[key])
    backward = sorted(records, key=lambda key: names[key][::-1])
    for order in (forward, backward):
        for at in range(len(order) - 1):
            yield from ((order[at], each) for each in order[at + 1 : at + 1 + _NEIGHBOURS])


def _blocks(records: Mapping[int, Known], base: Base) -> dict[Hashable, list[int]]:
    """Those that share something, by what it is."""
    blocks: defaultdict[Hashable, list[int]] = defaultdict(list)
    for key, known in records.items():
        for thing in set(_shared(known, base)):
            blocks[thing].append(key)
    return blocks


def _shared(known: Known, base: Base) -> Iterator[Hashable]:
    """Things of a record that a double of it may share."""
    yield from known.infos
    if known.tax_number:
        yield "tax", known.tax_number
    words = sorted(set(known.words))
    for word in words:
        if base.words.get(word, 0) <= _RARE_WORD:
            yield "word", word
            continue
        for other in words:
            if other != word:
                yield "begins", word, other[:2]
                yield "ends", word, other[-2:]
