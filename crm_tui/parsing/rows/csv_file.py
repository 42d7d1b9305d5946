"""Text with separators: any character set, any delimiter, line ends within quotes."""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from typing import TextIO

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows.headings import put_on
from crm_tui.parsing.rows.sheet import LONGEST_LINE, MOST_COLUMNS, Empty, Reading, Row, Sheet

DELIMITERS = (";", ",", "\t", "|")
_LOOKED_AT = 40
"""Lines by which the delimiter is found."""


def opened(text: TextIO, reading: Reading) -> Sheet:
    """The file as a sheet. Raises Invalid for what is no text in this character set."""
    lines = _lines(text)
    first = list(islice(lines, _LOOKED_AT))
    first, said = _said_first(first)
    delimiter = reading.delimiter or said or delimiter_of(first)
    empty = Empty()
    reader = csv.reader(chain(first, lines), delimiter=delimiter, skipinitialspace=True)
    rows = _rows(reader, bool(said), empty)
    columns, headed, rows = put_on(rows, reading.headings)
    return Sheet("csv", columns, rows, replace(reading, delimiter=delimiter, headings=headed), empty=empty)


def _lines(text: TextIO) -> Iterator[str]:
    while line := _line(text):
        if len(line) >= LONGEST_LINE and line[-1] not in "\r\n":
            raise Invalid("import_line_too_long", most=LONGEST_LINE)
        yield line


def _line(text: TextIO) -> str:
    try:
        return text.readline(LONGEST_LINE)
    except UnicodeError as error:  # UTF-16 and its kin know errors that cannot be replaced
        raise Invalid("import_unreadable", format=text.encoding) from error


def _said_first(lines: list[str]) -> tuple[list[str], str]:
    """Excel's ``sep=;`` in a line before the table."""
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].rstrip("\r\n")) == 5:
        return lines[1:], lines[0][4]
    return lines, ""


def delimiter_of(lines: Iterable[str]) -> str:
    """The sign that stands outside quotes most evenly in these lines; a comma where none does."""
    counts: dict[str, Counter[int]] = {sign: Counter() for sign in DELIMITERS}
    quoted = False
    for line in lines:
        bare = []
        began_quoted = quoted
        for piece_number, piece in enumerate(line.split('"')):
            if piece_number:
                quoted = not quoted
            if not quoted:
                bare.append(piece)
        if began_quoted or quoted or not line.strip():
            continue
        outside = "".join(bare)
        for sign, found in counts.items():
            found[outside.count(sign)] += 1

    def evenness(sign: str) -> tuple[int, int]:
        found = [(many, count) for count, many in counts[sign].items() if count]
        return max(found, default=(0, 0))

    best = max(DELIMITERS, key=evenness)
    return best if evenness(best) > (0, 0) else ","


def _rows(reader: Iterator[list[str]], said: bool, empty: Empty) -> Iterator[Row]:
    number = int(said)
    before = number
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a field beyond csv.field_size_limit(): the reader goes on with the next line
            yield Row(before + 1, (), "field_too_long")
        else:
            if len(cells) > MOST_COLUMNS:
                yield Row(before + 1, (), "too_many_columns")
            elif any(cell.strip() for cell in cells):
                yield Row(before + 1, tuple(cells))
            else:
                empty.lines += 1
        before = number + reader.line_num  # type: ignore[attr-defined]
