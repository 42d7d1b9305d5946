"""Which record a place is about: what a command that works with any record asks the screen."""

from collections.abc import Sequence
from typing import Any

from crm_tui.domain.errors import Invalid, Refused

KINDS = ("customer", "contact", "lead", "interest", "task", "interaction", "legal_entity", "document")


def record_here(screen: Any, argument: str = "") -> tuple[str, int]:
    """Kind and id of the record that is meant: named as ``customer 5``, or the one the screen is about.

    A screen says it by ``record_here() -> (kind, id)``. Raises Invalid, Refused where no record is meant.
    """
    if argument:
        kind, _space, number = argument.strip().partition(" ")
        if kind not in KINDS or not number.strip().isdecimal():
            raise Invalid("no_such_record", kind=kind, id=number)
        return kind, int(number)
    told = getattr(screen, "record_here", None)
    if told is None:
        raise Refused("no_record_here")
    found: tuple[str, int] = told()
    return found


def records_here(screen: Any) -> tuple[str, Sequence[int]]:
    """Kind and ids of the marked records, or of the one that is meant. Raises Refused where none is."""
    told = getattr(screen, "records_here", None)
    if told is None:
        kind, record_id = record_here(screen)
        return kind, (record_id,)
    found: tuple[str, Sequence[int]] = told()
    return found
