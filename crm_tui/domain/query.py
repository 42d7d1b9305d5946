"""The language of the search line: words, ``"phrases"``, ``-not``, ``from:aigul after:friday is:unread``."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from crm_tui.domain import wall
from crm_tui.domain.text import fold

_LIMIT = 2000  # characters of a search line that are looked at
_PIECE = re.compile(
    r'(?P<minus>-)?(?:(?P<field>[a-z]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))', re.IGNORECASE
)


class Field(StrEnum):
    """The fields that a value is sought in."""

    FROM = "from"
    TO = "to"
    SUBJECT = "subject"
    FOLDER = "folder"


class Flag(StrEnum):
    """What a letter is or has: ``is:unread``, ``is:important``, ``has:attachment``."""

    UNREAD = "unread"
    IMPORTANT = "important"
    ATTACHMENT = "attachment"


@dataclass(frozen=True)
class Term:
    """Folded text to be found: anywhere when ``field`` is None, else in it; ``phrase``: the words side by side."""

    text: str
    field: Field | None = None
    phrase: bool = False
    negated: bool = False


@dataclass(frozen=True)
class FlagTerm:
    """A flag that must be set, or must not be."""

    flag: Flag
    negated: bool = False


@dataclass(frozen=True)
class Query:
    """Everything that must hold. ``after`` is included, ``before`` is not; both are instants in UTC.

    ``not_understood`` holds the pieces that look like a field but make no sense (``after:blah``), to be told to the
    person; they are not searched for.
    """

    terms: tuple[Term, ...] = ()
    flags: tuple[FlagTerm, ...] = ()
    after: datetime | None = None
    before: datetime | None = None
    not_understood: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing, so that everything is found."""
        return not (self.terms or self.flags or self.after or self.before)


_FLAGS = {
    ("is", "unread"): (Flag.UNREAD, False),
    ("is", "read"): (Flag.UNREAD, True),
    ("is", "important"): (Flag.IMPORTANT, False),
    ("has", "attachment"): (Flag.ATTACHMENT, False),
}


def parse(text: str, now: datetime, zone: tzinfo, languages: Sequence[str] | None = None) -> Query:
    """The query that a search line tells. Never raises: what is no field is a word to look for.

    Days of ``after:`` and ``before:`` are those of the zone, ISO dates or words (``after:monday``,
    ``before:"25 декабря"``), read as behind us. ``after:`` begins with that day, ``before:`` ends where it begins;
    of several the narrowest counts.
    """
    terms: list[Term] = []
    flags: list[FlagTerm] = []
    after: list[datetime] = []
    before: list[datetime] = []
    strange: list[str] = []
    for match in _PIECE.finditer(text[:_LIMIT]):
        name = (match["field"] or "").lower()
        is_quoted = match["quoted"] is not None
        value = fold(match["quoted"] if is_quoted else match["plain"])
        negated = match["minus"] is not None
        if name in ("after", "before"):
            instant = None if negated else _day_start(value, now, zone, languages)
            if instant is None:
                strange.append(match[0])
            else:
                (after if name == "after" else before).append(instant)
        elif name in ("is", "has"):
            if known := _FLAGS.get((name, value)):
                flags.append(FlagTerm(known[0], known[1] is not negated))
            else:
                strange.append(match[0])
        elif name in {field.value for field in Field}:
            if value:
                terms.append(Term(value, Field(name), is_quoted, negated))
            else:
                strange.append(match[0])
        else:
            # "10:00" and "https://…" are words: the colon belongs to them.
            value = fold(f"{name}:{value}") if name else value
            if value:
                terms.append(Term(value, None, is_quoted, negated))
    return Query(
        tuple(dict.fromkeys(terms)),
        tuple(dict.fromkeys(flags)),
        max(after, default=None),
        min(before, default=None),
        tuple(strange),
    )


def _day_start(value: str, now: datetime, zone: tzinfo, languages: Sequence[str] | None) -> datetime | None:
    from crm_tui.domain.event import dates  # large, and most queries name no date

    moment = dates.parse(value, now, zone, languages, past=True)
    if moment is None:
        return None
    try:
        if moment.time is not None:
            return moment.instant()
        # Years at the edge of the calendar have no instant in every zone.
        return wall.day_start(moment.date, zone)
    except OverflowError:
        return None
