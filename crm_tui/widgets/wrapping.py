"""Lines broken to a width in cells, in time linear in their length."""

import re

from rich.cells import cell_len, chop_cells

_QUOTE_MARKS = re.compile(r"(?:> ?){1,8}")
_WORD = re.compile(r"\s+|\S+")
_INDENT = re.compile(r" {1,8}(?:[•*-] |\d{1,3}[.)] )?|[•*-] |\d{1,3}[.)] ")
_MOST_MARKS = 4
"""Characters a cell: letters with more marks than that are broken apart, or one line could be a megabyte."""


def wrap(line: str, width: int) -> list[str]:
    """The line in pieces of at most ``width`` cells, broken at spaces where there are any.

    The marks of a quotation stand before every piece; what follows a bullet is indented like it.
    """
    if width < 1:
        return [line]
    if len(line) <= width and (line.isascii() or cell_len(line) <= width):
        return [line]
    marks = _QUOTE_MARKS.match(line)
    first = marks[0] if marks else ""
    onward = first
    if not marks:
        indent = _INDENT.match(line)
        first = indent[0] if indent else ""
        onward = " " * len(first)
    if len(first) * 2 > width:
        first = onward = ""
    pieces = _broken(line[len(first) :], width - len(first))
    return [(onward if number else first) + piece for number, piece in enumerate(pieces)]


def _broken(text: str, width: int) -> list[str]:
    pieces: list[str] = []
    line, used = "", 0
    for word in _WORD.findall(text):
        size = cell_len(word)
        if used + size <= width and len(line) + len(word) <= width * _MOST_MARKS:
            line, used = line + word, used + size
            continue
        if line.strip():
            pieces.append(line.rstrip())
            line, used = "", 0
        if word.isspace():
            continue
        *whole, rest = _chopped(line + word, width)
        pieces += whole
        line, used = rest, cell_len(rest)
    return [*pieces, line] if line.strip() or not pieces else pieces


def _chopped(word: str, width: int) -> list[str]:
    most = width * _MOST_MARKS
    return [
        piece[start : start + most]
        for piece in chop_cells(word, width) or [""]
        for start in range(0, max(len(piece), 1), most)
    ]
