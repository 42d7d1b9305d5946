"""Where a table begins, and whether its first row names the columns."""

import re
from collections.abc import Iterator
from itertools import chain, islice

from crm_tui.parsing.rows.sheet import Row

_LOOKED_AT = 20
_VALUE = re.compile(r"\S+@\S+\.\S+|[+(]?\d[\d\s().,/:+-]{3,}|\d{1,3}|true|false", re.IGNORECASE)
"""What is entered into a table and is no name of a column: an address, a number, a date."""


def put_on(rows: Iterator[Row], wanted: bool | None) -> tuple[tuple[str, ...], bool, Iterator[Row]]:
    """Names of the columns, whether the table has them itself, and the rows below.

    Titles above the table are left out. Columns without a name are called by their number.
    """
    first = list(islice(rows, _LOOKED_AT))
    widest = max((_filled(row) for row in first), default=0)
    while first and not first[0].problem and _filled(first[0]) * 2 < widest and len(first) > 1:
        first.pop(0)
    headed = wanted if wanted is not None else bool(first) and _names(first[0])
    width = max((len(row.cells) for row in first), default=0)
    names = list(first.pop(0).cells) if headed and first else []
    return _distinct([*names, *[""] * (width - len(names))]), headed, chain(first, rows)


def _filled(row: Row) -> int:
    return sum(1 for cell in row.cells if cell.strip())


def _names(row: Row) -> bool:
    return not row.problem and not any(_VALUE.fullmatch(cell.strip()) for cell in row.cells)


def _distinct(names: list[str]) -> tuple[str, ...]:
    """Each name once: a column is known by it."""
    taken: set[str] = set()
    result = []
    for number, name in enumerate(names, 1):
        name = " ".join(name.split()) or str(number)
        again, copy = name, 1
        while again in taken:
            copy += 1
            again = f"{name} ({copy})"
        taken.add(again)
        result.append(again)
    return tuple(result)
