"""Lines broken to a width."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.widgets.wrapping import wrap


@pytest.mark.parametrize(
    ("line", "width", "expected"),
    [
        ("", 10, [""]),
        ("short", 10, ["short"]),
        ("one two three", 7, ["one two", "three"]),
        ("> > one two three", 11, ["> > one two", "> > three"]),
        ("• one two three", 9, ["• one two", "  three"]),
        ("  indented text", 10, ["  indented", "  text"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("日本語のテキスト", 6, ["日本語", "のテキ", "スト"]),
        ("> " * 20 + "deep", 20, None),
    ],
)
def test_where_it_breaks(line: str, width: int, expected: list[str] | None) -> None:
    pieces = wrap(line, width)
    assert all(cell_len(piece) <= width for piece in pieces)
    if expected is not None:
        assert pieces == expected


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(2, 40))
def test_nothing_is_lost_and_nothing_sticks_out(line: str, width: int) -> None:
    pieces = wrap(line, width)
    assert all(cell_len(piece) <= width for piece in pieces)
    letters = [character for character in line if not character.isspace() and character not in ">•*-"]
    kept = [character for piece in pieces for character in piece]
    missing = list(kept)
    for character in letters:
        assert character in missing
        missing.remove(character)


@given(st.text("ab \xa0", min_size=1), st.integers(1, 12))
def test_what_is_counted_by_characters_breaks_where_it_would_by_cells(line: str, width: int) -> None:
    measured = wrap(line.replace("a", "ა"), width)  # one cell, too, but not among those known to be
    assert wrap(line, width) == [piece.replace("ა", "a") for piece in measured]


@pytest.mark.parametrize(
    "text", [" " * 300_000, "a " * 150_000, "\u3000" * 100_000, "> " * 150_000, "a" * 300_000]
)
def test_lines_without_end_are_broken_in_linear_time(text: str) -> None:
    """Quadratic work on one of these takes minutes."""
    assert all(len(piece) <= 80 * 4 for piece in wrap(text, 80))


def test_marks_without_end_do_not_make_a_line_without_end() -> None:
    pieces = wrap("a" + "\u0301" * 100_000, 80)
    assert max(map(len, pieces)) <= 80 * 4
