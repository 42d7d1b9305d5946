"""Which column goes to which field: guessed by the names of the columns, then by what stands in them."""

import re
from collections.abc import Callable, Mapping, Sequence

from crm_tui.domain.identity import address
from crm_tui.domain.text import fold
from crm_tui.services.exchange.import_fields import Target

_SIGNS = re.compile(r"[\W_\d]+")
_TYPES = frozenset({"type", "label", "rel", "тип", "метка", "мітка"})
"""Columns of Google beside a value that say what kind of value it is."""
_PHONE = re.compile(r"(?:\+|8|0|\()[\d\s().-]{6,19}")
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)+\.?")
_MOST = 0.6
"""Part of the values that must look like it."""
_DAY_SECOND = re.compile(r"(\d{1,2})/(\d{1,2})/\d{2,4}")


def guess(
    columns: Sequence[str], samples: Sequence[Sequence[str]], targets: Sequence[Target]
) -> dict[str, str]:
    """Column → code of a target; columns that go nowhere are left out.

    ``samples`` are some rows of the table.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()

    def give(column: str, target: Target | None) -> None:
        if target is not None and (target.many or target.code not in taken):
            found[column] = target.code
            taken.add(target.code)

    for column in columns:
        give(column, _named(column, targets))
    for place, column in enumerate(columns):
        if column not in found and _is_unnamed(column):
            values = [row[place].strip() for row in samples if place < len(row) and row[place].strip()]
            give(column, _shaped(values, targets, taken))
    return found


def coded(columns: Sequence[str], targets: Sequence[Target]) -> dict[str, str]:
    """For a file whose columns are called by our codes: those that the kind has."""
    known = {target.code for target in targets}
    renamed = {"company": "customer"} if "customer" in known else {}
    return {column: renamed.get(column, column) for column in columns if renamed.get(column, column) in known}


def month_first(samples: Sequence[Sequence[str]]) -> bool:
    """Whether dates like 10/25/2016 are American ones: somewhere the second number cannot be a month."""
    pairs = [
        (int(found[1]), int(found[2]))
        for row in samples
        for cell in row
        if (found := _DAY_SECOND.match(cell.strip()))
    ]
    return any(second > 12 for _first, second in pairs) and all(first <= 12 for first, _second in pairs)


def _named(column: str, targets: Sequence[Target]) -> Target | None:
    name = fold(column)
    words = _SIGNS.sub(" ", name).split()
    plain = " ".join(words)
    by_name: Mapping[str, Target] = {word: target for target in reversed(targets) for word in target.words}
    if name in by_name or plain in by_name:
        return by_name.get(name) or by_name[plain]
    if not words or _TYPES & set(words):
        return None
    # "Рабочий e-mail адрес", "Phone (mobile)": a field named within; of several the longest name.
    within = [word for word in by_name if len(word) > 3 and f" {word} " in f" {plain} "]
    return by_name[max(within, key=len)] if within else None


def _is_unnamed(column: str) -> bool:
    return column.isdigit()


def _shaped(values: Sequence[str], targets: Sequence[Target], taken: set[str]) -> Target | None:
    by_code = {target.code: target for target in targets}
    shapes: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("email", address.is_valid),
        ("phone", _PHONE.fullmatch),
        ("web", _WEB.fullmatch),
        ("name", _WORDS.fullmatch),
    )
    for code, test in shapes:
        if code not in by_code or (code in taken and not by_code[code].many):
            continue
        if values and sum(1 for value in values if test(value)) >= _MOST * len(values):
            return by_code[code]
    return None
