"""The pieces of the record list, each against what it promises."""

from array import array
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.widgets import glyphs, strip_guard
from crm_tui.widgets.column_layout import GAP, lay_out
from crm_tui.widgets.row_drawing import fit
from crm_tui.widgets.row_source import Column, Order, is_heading, with_headings
from crm_tui.widgets.row_window import RowWindow
from tests.widgets.number_rows import NumberRows

MAIL = (
    Column("date", "Date", width=12),
    Column("from", "From", width=20, drop=2),
    Column("subject", "Subject", flex=2, min_width=20),
    Column("note", "Note", flex=1, min_width=10, drop=3),
    Column("size", "Size", width=6, drop=1),
)


@pytest.mark.parametrize(
    ("width", "kept"),
    [
        (195, ["date", "from", "subject", "note", "size"]),
        (75, ["date", "from", "subject", "note", "size"]),
        (71, ["date", "from", "subject", "size"]),
        (60, ["date", "subject", "size"]),
        (40, ["date", "subject", "size"]),
        (39, ["date", "subject"]),
        (10, ["date"]),
    ],
)
def test_low_columns_drop_first(width: int, kept: list[str]) -> None:
    assert [placed.column.id for placed in lay_out(MAIL, width)] == kept


@pytest.mark.parametrize(("width", "title", "room"), [(40, 12, 27), (60, 18, 41), (120, 18, 101)])
def test_a_long_title_takes_half_of_what_is_left_over_at_most(width: int, title: int, room: int) -> None:
    columns = (Column("touch", "Последнее касание", width=12), Column("name", "Имя", flex=1, min_width=20))
    assert [placed.width for placed in lay_out(columns, width)] == [title, room]


@given(width=st.integers(1, 240))
def test_columns_fill_the_width_and_never_overlap(width: int) -> None:
    placed = lay_out(MAIL, width)
    for left, right in pairwise(placed):
        assert left.x + left.width + GAP == right.x
    assert placed[-1].x + placed[-1].width <= width
    if width >= 33:  # date and subject stand, and subject takes what is left
        assert placed[-1].x + placed[-1].width == width


WIDE = st.text(st.sampled_from("aяё日本語한글é̄🙂 -"), max_size=30)


@given(text=WIDE, width=st.integers(0, 25), align=st.sampled_from(["left", "right"]))
def test_fitted_text_has_exactly_the_width(text: str, width: int, align: str) -> None:
    assert cell_len(fit(text, width, align, glyphs.UNICODE)) == width


def test_cut_text_ends_in_an_ellipsis_and_whole_text_does_not() -> None:
    assert fit("договор поставки", 10, "left", glyphs.UNICODE) == "договор п…"
    assert fit("日本語", 5, "left", glyphs.UNICODE) == "日本…"
    assert fit("日本語", 4, "left", glyphs.ASCII) == "日~ "
    assert fit("договор", 7, "left", glyphs.UNICODE) == "договор"
    assert fit("12", 5, "right", glyphs.UNICODE) == "   12"


@given(sections=st.lists(st.integers(0, 3), max_size=12), moves=st.lists(st.integers(-15, 15), max_size=10))
def test_cursor_never_stands_on_a_heading(sections: list[int], moves: list[int]) -> None:
    window = RowWindow(NumberRows(0))
    window.replace(with_headings((number + 1, section) for number, section in enumerate(sorted(sections))))
    assert len(window) - window.headings == len(sections)
    position = 0
    for by in moves:
        if sections:
            position = window.step(position, by)
            assert not is_heading(window.ids[position])


def test_c_06_window_keeps_a_few_dozen_pages() -> None:
    source = NumberRows(20_000)
    window = RowWindow(source)
    window.replace(source.ids(Order("number"), ""))
    for position in range(20_000):
        assert window.row(position).id == position + 1
    assert len(window._rows) <= 48 * 64
    assert len(source.fetched) == 20_000


def test_forgotten_rows_are_fetched_again() -> None:
    source = NumberRows(10)
    window = RowWindow(source)
    window.replace(array("q", [1, 2, 3]))
    assert window.row(1).cells[1] == "name 2"
    source.names[2] = "new"
    assert window.row(1).cells[1] == "name 2"
    window.forget([2])
    assert window.row(1).cells[1] == "new"


@pytest.mark.parametrize(
    ("term", "encoding", "name"),
    [
        ("xterm-256color", "UTF-8", "unicode"),
        ("linux", "UTF-8", "console"),
        ("vt220", "UTF-8", "ascii"),
        ("xterm", "ANSI_X3.4-1968", "ascii"),
        ("xterm", "KOI8-R", "ascii"),
    ],
)
def test_glyph_set_suits_the_terminal(term: str, encoding: str, name: str) -> None:
    assert glyphs.choose(term, encoding) == name


@pytest.mark.parametrize("name", glyphs.SETS)
def test_every_glyph_is_one_cell(name: str) -> None:
    chosen = glyphs.SETS[name]
    signs = [chosen.cursor, chosen.marked, chosen.unread, chosen.urgent, chosen.ellipsis, chosen.rising]
    signs += [chosen.falling, chosen.closed, chosen.opened, chosen.rule, chosen.bar, chosen.separator]
    signs += [*chosen.toggle, chosen.radio, *chosen.scrollbar, *chosen.scrollbar_sideways]
    assert {cell_len(sign) for sign in signs} == {1}
    assert name != "ascii" or all(sign.isascii() for sign in signs)


def test_ascii_set_turns_the_drawing_of_every_widget_to_ascii() -> None:
    from textual._border import BORDER_CHARS

    glyphs.apply("ascii")
    try:
        drawn = "".join(char for rows in BORDER_CHARS.values() for row in rows for char in row)
        drawn += "▶▼▲●•…━╸╺─└├│"
        assert not drawn.isascii()
        assert strip_guard.printable(drawn).isascii()
        assert strip_guard.printable("Привет") == "Привет"
    finally:
        glyphs.apply("unicode")
    assert strip_guard.printable("└") == "└"
