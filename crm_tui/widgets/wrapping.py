"""Lines broken to a width in cells, in time linear in their length."""

import re

from rich.cells import cell_len, chop_cells

_QUOTE_MARKS = re.compile(r"(?:> ?){1,8}")
_WORD = re.compile(r"\s+|\S+")
_INDENT = re.compile(r" {1,8}(?:[•*-] |\d{1,3}[.)] )?|[•*-] |\d{1,3}[.)] ")
_NARROW = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2100-\u2319]*\Z"
)
"""Text of characters of one cell each, Latin, Greek, Cyrillic and the like: it is broken by counting characters."""
_INK = re.compile(r"\S")
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
    if not text[:1].isspace() and _NARROW.match(text):
        return _broken_narrow(text, width)
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


def _broken_narrow(text: str, width: int) -> list[str]:
    """The same, faster: for a long letter in one line most of the time went into single words."""
    pieces: list[str] = []
    start = 0
    while len(text) - start > width:
        end = start + width
        if not text[end].isspace() and not text[end - 1].isspace():
            between = max(text.rfind(" ", start, end), text.rfind("\xa0", start, end))
            end = between if between > start else end
        pieces.append(text[start:end].rstrip())
        onward = _INK.search(text, end)
        start = onward.start() if onward else len(text)
    return [*pieces, text[start:]] if start < len(text) or not pieces else pieces


def _chopped(word: str, width: int) -> list[str]:
    most = width * _MOST_MARKS
    return [
        piece[start : start + most]
        for piece in chop_cells(word, width) or [""]
        for start in range(0, max(len(piece), 1), most)
    ]
