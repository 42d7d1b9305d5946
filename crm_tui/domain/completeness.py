"""How far a card is filled in (IDX-08): a figure, and what is missing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

REQUIRED, RECOMMENDED = "required", "recommended"


@dataclass(frozen=True, slots=True)
class Completeness:
    """Of one card."""

    percent: int
    """Of the fields that are asked for; 100 where none is."""
    gaps: tuple[str, ...]
    """Names of the fields that are empty, the required ones first."""
    missing: tuple[str, ...]
    """Those of them that are required."""


def of(needs: Mapping[str, str], filled: Collection[str]) -> Completeness:
    """``needs``: name of each field that is asked for → ``required`` or ``recommended``; ``filled``: names that are
    filled in, others among them.

    Rounded down: only a card without a gap is full.
    """
    missing = tuple(name for name, need in needs.items() if need == REQUIRED and name not in filled)
    wished = tuple(name for name, need in needs.items() if need != REQUIRED and name not in filled)
    there = len(needs) - len(missing) - len(wished)
    return Completeness(there * 100 // len(needs) if needs else 100, (*missing, *wished), missing)
