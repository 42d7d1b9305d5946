"""The first walk over an HTML letter: what begins, what ends, what is said; and the facts of every table.

One pass without recursion. Facts of tables and cells are gathered while passing, so that the second walk
(`html_writer`) never looks ahead: asking each table for its inner tables took over a minute on 3,000 of them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

_SKIPPED_TAGS = (
    "script style head title template noscript svg math object embed iframe select textarea audio video canvas"
    " frameset applet -comment -doctype -undef"
)
SKIPPED = frozenset(_SKIPPED_TAGS.split())
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all"
    r"|(?<![\w-])(?:max-height|opacity)\s*:\s*0(?:px|pt|em|%)?\s*(?:!important\s*)?(?:;|$)",
    re.IGNORECASE,
)
# Newsletters set the size 0 on cells and blocks whose contents have a size of their own.
_NO_SIZE = re.compile(r"font-size\s*:\s*0(?:px|pt|em|%)?\s*(?:!important\s*)?(?:;|$)", re.IGNORECASE)
_SIZED = frozenset(("span", "p", "font", "a", "b", "i", "strong", "em"))
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f\xa0]+")
# Invisible characters that newsletters pad their preview line with; a joiner is kept inside a word or emoji.
_PADDING = re.compile(r"[\u200b\u00ad\u034f\ufeff\u2060-\u2064\u2007\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_JOINER = re.compile(r"(?:^|(?<=\s))[\u200c\u200d]+|[\u200c\u200d]+(?=\s|$)|[\u200c\u200d]{2,}")
_CELL_WIDTH, _COLUMNS, _ROWS = 60, 12, 500
START, END, TEXT = 0, 1, 2


@dataclass(slots=True)
class Table:
    """A table being walked; ``rows`` holds the text of its cells while it may still be one of data."""

    start: int
    data: bool
    rows: list[list[str]] = field(default_factory=list)


@dataclass(slots=True)
class Events:
    """The letter as a row of (kind, tag or text, attributes), with what only the end of an element tells."""

    all: list[tuple[int, str, dict[str, str | None]]] = field(default_factory=list)
    tables: dict[int, tuple[int, list[list[str]]]] = field(default_factory=dict)
    lengths: dict[int, int] = field(default_factory=dict)
    remote_images: int = 0
    cut: bool = False


def visible(text: str) -> str:
    """The text without characters that take no room and serve to hide or to pad."""
    return text if text.isascii() else _JOINER.sub("", _PADDING.sub("", text))


def walk(body: Any, most_nodes: int, most_text: int) -> Events:
    """The events of everything below ``body`` (a node of selectolax) that a reader would see."""
    events, said = Events(), 0
    tables: list[Table] = []
    open_cells: list[tuple[int, int]] = []
    stack: list[tuple[Any, str]] = [(body, "")]
    nodes = 0
    while stack:
        node, ending = stack.pop()
        if ending:
            _leave(ending, events, tables, open_cells, said)
            continue
        nodes += 1
        if nodes > most_nodes or said > most_text:
            events.cut = True
            continue
        tag = node.tag
        if tag == "-text":
            text = visible(node.text(deep=False))
            said += len(text)
            events.all.append((TEXT, text, {}))
            _into_cell(tables, text)
            continue
        if tag in SKIPPED:
            continue
        attributes = node.attributes if tag != "body" else {}
        if _is_hidden(tag, attributes):
            continue
        _enter(tag, attributes, events, tables, open_cells, said)
        stack.append((None, tag))
        children: list[tuple[Any, str]] = []
        child = node.child
        while child is not None and len(children) <= most_nodes:
            children.append((child, ""))
            child = child.next
        stack.extend(reversed(children))
    return events


def _is_hidden(tag: str, attributes: dict[str, str | None]) -> bool:
    style = (attributes.get("style") or "")[:2000]
    if "hidden" in attributes or not style:
        return "hidden" in attributes
    return bool(_HIDDEN.search(style) or (tag in _SIZED and _NO_SIZE.search(style)))


def _enter(
    tag: str,
    attributes: dict[str, str | None],
    events: Events,
    tables: list[Table],
    open_cells: list[tuple[int, int]],
    said: int,
) -> None:
    index = len(events.all)
    if tag == "table":
        for outer in tables[-1:]:
            outer.data = False
        tables.append(Table(index, attributes.get("role") != "presentation"))
    elif tables and tag == "tr":
        tables[-1].rows.append([])
    elif tag in ("td", "th"):
        open_cells.append((index, said))
        if tables and tables[-1].rows:
            tables[-1].rows[-1].append("")
    elif tables and tag in ("a", "img", "ul", "ol", "blockquote", "pre"):
        tables[-1].data = False
    if tag == "img" and _REMOTE.match(attributes.get("src") or ""):
        events.remote_images += 1
    if _REMOTE.match(attributes.get("background") or ""):
        events.remote_images += 1
    if tables and (len(tables[-1].rows) > _ROWS):
        tables[-1].data = False
    events.all.append((START, tag, attributes))


def _leave(
    tag: str, events: Events, tables: list[Table], open_cells: list[tuple[int, int]], said: int
) -> None:
    if tag in ("td", "th") and open_cells:
        start, before = open_cells.pop()
        events.lengths[start] = said - before
    if tag == "table":
        table = tables.pop()
        rows = _rows_of_data(table)
        if rows:
            events.tables[table.start] = (len(events.all), rows)
    events.all.append((END, tag, {}))


def _into_cell(tables: list[Table], text: str) -> None:
    if not tables or not tables[-1].data or not tables[-1].rows or not tables[-1].rows[-1]:
        return
    row = tables[-1].rows[-1]
    row[-1] = _SPACES.sub(" ", row[-1] + text)
    if len(row[-1].strip()) > _CELL_WIDTH or len(row) > _COLUMNS:
        tables[-1].data = False


def _rows_of_data(table: Table) -> list[list[str]] | None:
    """The rows of a table that holds data; None for one that only places things on the page."""
    rows = [[cell.strip() for cell in row] for row in table.rows if row]
    if not table.data or len(rows) < 2:
        return None
    columns = max(map(len, rows))
    cells = [cell for row in rows for cell in row]
    regular = sum(len(row) == columns for row in rows) >= 0.6 * len(rows)
    filled = sum(map(bool, cells)) >= 0.5 * len(cells)
    return rows if 2 <= columns <= _COLUMNS and regular and filled else None
