"""A row, a heading or the header line as a strip of cells. No flag shows by style alone: each has a sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.style import Style as VisualStyle

from crm_tui.widgets.column_layout import Placed
from crm_tui.widgets.glyphs import GlyphSet
from crm_tui.widgets.row_source import Cell, Column, Order, Row, RowFlag, is_heading

# cursor, mark, unread, urgent and a space
GUTTER = 5


@dataclass(frozen=True, slots=True)
class Looks:
    """All that drawing depends on beside the row: kept until the size, the theme or the columns change."""

    width: int
    placed: tuple[Placed, ...]
    glyphs: GlyphSet
    base: VisualStyle
    plain: Style
    header: Style
    cursor: Style
    cursor_row: Style
    unread: Style
    urgent: Style
    dimmed: Style
    heading: Style
    full_row: bool
    rows: Mapping[str, Style]
    """By the words of ``ROW_LOOKS``."""


def draw_row(row: Row, looks: Looks, *, at_cursor: bool, marked: bool) -> Strip:
    """One row: gutter and cells."""
    if is_heading(row.id):
        return _heading(row, looks)
    style = _row_style(row.flags, looks)
    if row.look in looks.rows:
        style += looks.rows[row.look]
    if at_cursor and looks.full_row:
        style += looks.cursor_row
    segments = _gutter(row.flags, looks, style, at_cursor, marked)
    used = GUTTER
    for placed in looks.placed:
        gap = GUTTER + placed.x - used
        cell = row.cells[placed.index] if placed.index < len(row.cells) else ""
        segments += _cell(cell, placed, gap, looks, style)
        used = GUTTER + placed.x + placed.width
    return Strip(Segment.simplify(segments)).adjust_cell_length(looks.width, style)


def draw_header(looks: Looks, order: Order, columns: Sequence[Column]) -> Strip:
    """The line of column titles; the sorted one of the ``columns`` shows which way: beside the title with the most
    room, where it is not drawn itself."""
    text = " " * GUTTER
    way = looks.glyphs.falling if order.descending else looks.glyphs.rising
    by = {column.id: column.title for column in columns}.get(order.column, "")
    is_drawn = any(placed.column.id == order.column for placed in looks.placed)
    host = None if is_drawn or not by else max(looks.placed, key=_room, default=None)
    for placed in looks.placed:
        title = placed.column.title
        if placed.column.id == order.column:
            title += way
        elif placed is host:
            title = f"{title} ({by}{way})".lstrip()
        text = set_cell_size(text, GUTTER + placed.x) + fit(
            title, placed.width, placed.column.align, looks.glyphs
        )
    return Strip([Segment(set_cell_size(text, looks.width), looks.plain + looks.header)])


def _room(placed: Placed) -> int:
    return placed.width - cell_len(placed.column.title)


def fit(text: str, width: int, align: str, glyphs: GlyphSet) -> str:
    """The text in exactly ``width`` cells, cut with an ellipsis where it is longer."""
    size = cell_len(text)
    if size > width:
        return (
            set_cell_size(set_cell_size(text, width - 1).rstrip() + glyphs.ellipsis, width) if width else ""
        )
    padding = " " * (width - size)
    return padding + text if align == "right" else text + padding


def _row_style(flags: RowFlag, looks: Looks) -> Style:
    style = looks.plain
    if not flags:
        return style
    if RowFlag.DIMMED in flags:
        style += looks.dimmed
    if RowFlag.UNREAD in flags:
        style += looks.unread
    return style


def _gutter(flags: RowFlag, looks: Looks, style: Style, at_cursor: bool, marked: bool) -> list[Segment]:
    glyphs = looks.glyphs
    urgent = bool(flags & (RowFlag.IMPORTANT | RowFlag.OVERDUE))
    signs = glyphs.marked if marked else " "
    if RowFlag.UNREAD in flags:
        signs += glyphs.unread
    else:
        signs += glyphs.priority if RowFlag.PRIORITY in flags else " "
    return [
        Segment(glyphs.cursor, style + looks.cursor) if at_cursor else Segment(" ", style),
        Segment(signs, style),
        Segment(glyphs.urgent, style + looks.urgent) if urgent else Segment(" ", style),
        Segment(" ", style),
    ]


def _cell(cell: Cell, placed: Placed, gap: int, looks: Looks, style: Style) -> Sequence[Segment]:
    if isinstance(cell, str):
        return [Segment(" " * gap + fit(cell, placed.width, placed.column.align, looks.glyphs), style)]
    return (
        [Segment(" " * gap, style), *_content(cell, placed, style)] if gap else _content(cell, placed, style)
    )


def _content(cell: Content, placed: Placed, style: Style) -> Sequence[Segment]:
    cut = cell.truncate(placed.width, ellipsis=True)
    padding = Segment(" " * (placed.width - cut.cell_length), style)
    drawn = [Segment(text, style + part.rich_style) for text, part in cut.render(end="")]
    return [padding, *drawn] if placed.column.align == "right" else [*drawn, padding]


def _heading(row: Row, looks: Looks) -> Strip:
    style = looks.plain + looks.heading
    title = row.cells[0] if row.cells else ""
    plain = title if isinstance(title, str) else title.plain
    rule = looks.glyphs.rule
    text = fit(f" {rule} {plain} ", min(looks.width, cell_len(plain) + 4), "left", looks.glyphs)
    return Strip([Segment(text, style)]).adjust_cell_length(looks.width, looks.plain)
