"""Marks of Markdown on and off again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.letter.text_style import BOLD, ITALIC, emphasised, linked, listed


@pytest.mark.parametrize(
    ("text", "start", "end", "mark", "becomes"),
    [
        ("one two three", 4, 7, BOLD, "one **two** three"),
        ("one two three", 5, 5, BOLD, "one **two** three"),
        ("one **two** three", 6, 9, BOLD, "one two three"),
        ("one **two** three", 6, 9, ITALIC, "one ***two*** three"),
        ("one ***two*** three", 7, 10, ITALIC, "one **two** three"),
        ("one *two* three", 5, 8, BOLD, "one ***two*** three"),
        ("one two ", 4, 8, ITALIC, "one *two* "),
        ("a  b", 2, 2, BOLD, "a **** b"),
        ("", 0, 0, ITALIC, "**"),
    ],
)
def test_a_mark_goes_round_and_comes_off(text: str, start: int, end: int, mark: str, becomes: str) -> None:
    assert emphasised(text, start, end, mark)[0] == becomes


@given(st.text("ab \n", max_size=20), st.integers(0, 20), st.integers(0, 20), st.sampled_from([BOLD, ITALIC]))
def test_twice_is_as_it_was(text: str, one: int, other: int, mark: str) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    marked, begin, stop = emphasised(text, start, end, mark)
    if begin < stop:
        assert emphasised(marked, begin, stop, mark)[0] == text


def test_lines_become_items_and_lines_again() -> None:
    items = listed(["bolts", "", "- nuts"])
    assert items == ["- bolts", "", "- nuts"]
    assert listed(items) == ["bolts", "", "nuts"]
    assert listed([""]) == [""]


def test_a_link_has_a_text_and_an_address_that_ends_where_it_should() -> None:
    assert (
        linked("our [new] site", "https://a.example/x (1)") == "[our (new) site](https://a.example/x%20(1%29)"
    )
    assert linked("", " https://a.example ") == "[https://a.example](https://a.example)"
