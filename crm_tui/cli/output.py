"""What commands print: JSON for programs, aligned or tab-separated lines for people; never a control byte."""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from crm_tui.domain.text import clean
from crm_tui.i18n import _

SCHEMA_VERSION = 1
"""Raised when a key of the JSON changes its meaning or goes; new keys may come at any time."""

_STEERING = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Characters that JSON leaves as they are and that a terminal acts on, or that cannot be encoded."""


def add_format(parser: argparse.ArgumentParser, *, plain: bool = True) -> None:
    """The options ``--json`` and ``--plain``."""
    parser.add_argument("--json", action="store_true", help=_("JSON, for programs"))
    if plain:
        parser.add_argument(
            "--plain", action="store_true", help=_("fields separated by tabs, without a heading")
        )


def add_limit(parser: argparse.ArgumentParser, meaning: str, default: int | None = None) -> None:
    """The option ``--limit N``."""
    parser.add_argument("--limit", type=_natural, default=default, metavar="N", help=meaning)


def json_list(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print an array of objects, one a line, each with its ``schema_version``, as they come."""
    begin = "["
    for row in rows:
        sys.stdout.write(begin + "\n" + to_json({"schema_version": SCHEMA_VERSION, **row}))
        begin = ","
    sys.stdout.write("[]\n" if begin == "[" else "\n]\n")


def json_object(row: Mapping[str, Any]) -> None:
    """Print one object with its ``schema_version``."""
    sys.stdout.write(to_json({"schema_version": SCHEMA_VERSION, **row}) + "\n")


def to_json(value: Any) -> str:
    """The value in one line of JSON that any terminal bears: foreign text is exact, yet steers nothing."""
    ascii_only = "utf" not in (sys.stdout.encoding or "").lower()
    text = json.dumps(value, ensure_ascii=ascii_only)
    return _STEERING.sub(lambda found: json.dumps(found[0])[1:-1], text)


def iso(at: datetime | None, zone: tzinfo) -> str | None:
    """An instant in ISO 8601 with the offset of the person's zone."""
    return None if at is None else at.astimezone(zone).isoformat()


def moment(at: datetime | None, zone: tzinfo) -> str:
    """An instant as people read it in a table: on the wall clock of the person's zone."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, plain: bool) -> None:
    """Print rows of texts and numbers under headings, or separated by tabs; numbers stand at the right."""
    if plain:
        for row in rows:
            sys.stdout.write("\t".join(_cell(value) for value in row) + "\n")
        return
    from rich.cells import cell_len

    known = list(rows)
    if not known:
        return
    texts = [[clean(heading) for heading in headings], *([_cell(value) for value in row] for row in known)]
    widths = [max(cell_len(row[place]) for row in texts) for place in range(len(headings))]
    right = [isinstance(value, int) for value in known[0]]
    for row in texts:
        cells = (
            " " * (width - cell_len(cell)) + cell if number else cell + " " * (width - cell_len(cell))
            for cell, width, number in zip(row, widths, right, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def text(lines: str) -> None:
    """Print foreign text of several lines."""
    sys.stdout.write(clean(lines, multiline=True).rstrip("\n") + "\n")


def line(words: str) -> None:
    """Print one line."""
    sys.stdout.write(clean(words) + "\n")


def talk(words: str) -> None:
    """Say something to the person, on standard error: no data."""
    print(clean(words), file=sys.stderr)


def not_understood(pieces: Iterable[str]) -> None:
    """Say which pieces of a search line were left out."""
    for piece in pieces:
        talk(_("not understood, and not searched for: {piece}").format(piece=piece))


def _natural(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(_("not a number: {text}").format(text=text))
    return int(text)


def _cell(value: object) -> str:
    return "" if value is None else clean(str(value))
