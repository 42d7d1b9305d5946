"""JSON: an array of objects, or one object a line."""

import json
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, TextIO

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows.sheet import LONGEST_LINE, MOST_COLUMNS, Reading, Row, Sheet

_PIECE = 2**16
_BETWEEN = re.compile(r"[\s,\[\]\ufeff]*")
_LOOKED_AT = 100
"""Objects whose keys are the columns."""


def opened(text: TextIO, reading: Reading) -> Sheet:
    """The objects as rows. Raises Invalid where it is no JSON."""
    objects = _objects(text)
    first = list(islice(objects, _LOOKED_AT))
    names = tuple(dict.fromkeys(key for one in first for key in one if key != "schema_version"))
    if len(names) > MOST_COLUMNS:
        raise Invalid("import_too_many_columns")
    rows = (
        Row(number, tuple(_text(one.get(name)) for name in names))
        for number, one in enumerate(chain(first, objects), 1)
    )
    return Sheet("json", names, rows, Reading(charset=reading.charset))


def _objects(text: TextIO) -> Iterator[dict[str, Any]]:
    decoder, rest, at = json.JSONDecoder(), "", 0
    while True:
        between = _BETWEEN.match(rest, at)
        at = between.end() if between else at
        try:
            found, at = decoder.raw_decode(rest, at)
        except (ValueError, RecursionError) as error:
            rest, at = rest[at:], 0
            piece = "" if len(rest) > LONGEST_LINE else _piece(text, max(_PIECE, len(rest)))
            if not piece and rest:
                raise Invalid("import_unreadable", format="JSON") from error
            if not piece:
                return
            rest += piece
            continue
        if not isinstance(found, dict):
            raise Invalid("import_unreadable", format="JSON")
        yield found


def _piece(text: TextIO, size: int) -> str:
    try:
        return text.read(size)
    except UnicodeError as error:
        raise Invalid("import_unreadable", format="JSON") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "\n".join(_text(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(value)
