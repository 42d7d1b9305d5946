"""Birthdays, of which the year may not be known: ISO 8601, ``--MM-DD`` without a year (RFC 6350 4.3.1)."""

import re
from datetime import date

_WITH_YEAR = re.compile(r"(\d{4})[-/.]?(\d\d?)[-/.]?(\d\d?)(?:[T ].*)?")
_WITHOUT_YEAR = re.compile(r"--?(\d\d)-?(\d\d)(?:[T ].*)?")
_DAY_FIRST = re.compile(r"(\d\d?)[./](\d\d?)[./](\d{4})(?:[T ].*)?")
_LEAP_YEAR = 2000


def read(text: str) -> str:
    """The birthday in the form in which it is stored; empty for what is none.

    Understood: ``1985-04-12``, ``19850412``, ``1985/4/12``, ``12.04.1985``, ``--0412``, ``--04-12``, with or
    without a time behind. A day that can only be a month, as in ``4/25/1985``, is read so.
    """
    text = text.strip()
    if found := _WITH_YEAR.fullmatch(text):
        return _iso(int(found[1]), int(found[2]), int(found[3]))
    if found := _WITHOUT_YEAR.fullmatch(text):
        whole = _iso(_LEAP_YEAR, int(found[1]), int(found[2]))
        return whole and f"-{whole[4:]}"
    if found := _DAY_FIRST.fullmatch(text):
        day, month, year = int(found[1]), int(found[2]), int(found[3])
        return _iso(year, month, day) or _iso(year, day, month)
    return ""


def _iso(year: int, month: int, day: int) -> str:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""
