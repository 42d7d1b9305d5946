"""The self-check of the wire driver: after it the screen is what it is after Textual's own output."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from crm_tui.widgets.driver.abilities import Abilities
from crm_tui.widgets.driver.cells import PLAIN, parse_sgr, sgr_change
from crm_tui.widgets.driver.moves import cheapest_move
from crm_tui.widgets.driver.picture import Picture
from crm_tui.widgets.driver.stops import set_stops
from tests.widgets.screens_of_pyte import Terminal

STYLES = ("", "1", "7", "31", "4;97", "38;5;12;48;5;3", "1;7;44", "38;2;1;2;3;48;2;9;9;9", "2;103")
WORDS = ("Привет", "мир", "договор", "alpha", "beta", "日本", "счёт", "é", "x", "yy", "│▌", "───", "한글")


LINE_AT = 17
"""Where a line stands in most rows."""
ABILITIES = [Abilities(fills, erases) for fills in (True, False) for erases in (True, False)]


def painted(chance: random.Random, width: int) -> str:
    """A row as Textual writes it: words in styles, exactly as wide as asked."""
    out, left = "", width
    while left:
        text = chance.choice(WORDS) + " " * chance.choice((0, 1, 2, 3, 6, 15, 25))
        text = set_cell_size(text, min(left, cell_len(text)))
        style = chance.choice(STYLES) if chance.random() < 0.4 else ""
        out += f"\x1b[{style}m{text}\x1b[0m" if style else text
        left -= cell_len(text)
        if left > 8 and width - left < LINE_AT < width - left + 8:
            out += " " * (LINE_AT - width + left) + "\x1b[34m│\x1b[0m"
            left = width - LINE_AT - 1
    return out


def next_frame(chance: random.Random, rows: list[str], width: int) -> str:
    """Change the rows as a program would (scroll a block, rewrite some) and return what Textual writes for it."""
    height = len(rows)
    if chance.random() < 0.5:
        top = chance.randrange(0, height - 4)
        bottom = chance.randrange(top + 4, height + 1)
        count = min(chance.choice([1, 1, 1, 2, 3, 5]), bottom - top)
        new = [painted(chance, width) for _ in range(count)]
        block = rows[top:bottom]
        rows[top:bottom] = block[count:] + new if chance.random() < 0.5 else new + block[:-count]
        changed = range(top, bottom)
    else:
        changed = sorted(chance.sample(range(height), chance.randint(1, 4)))
        for y in changed:
            rows[y] = painted(chance, width)
    frame = "".join(f"\x1b[{y + 1};1H{rows[y]}\n" for y in changed).removesuffix("\n")
    if chance.random() < 0.3:
        y, x = chance.randrange(height), chance.randrange(width - 8)
        piece = painted(chance, 6)
        frame += f"\x1b[{y + 1};{x + 1}H{piece}"
        rows[y] = " " * width  # what lies beside the piece is not followed here
        frame = frame.replace(f"\x1b[{y + 1};{x + 1}H", f"\x1b[{y + 1};1H{rows[y]}\x1b[{y + 1};{x + 1}H")
    return frame + "\x1b[1;1H"


@pytest.mark.parametrize("seed", range(16))
def test_screen_is_the_same_as_after_textual(seed: int) -> None:
    chance = random.Random(seed)
    width, height = chance.choice([(40, 12), (61, 20)])
    abilities = ABILITIES[seed % 4]
    picture = Picture(width, height, abilities)
    ours, theirs = Terminal(width, height, fills=abilities.fills), Terminal(width, height)
    rows = [" " * width] * height
    sent = written = 0
    for step in range(30):
        if step == 15:
            picture.forget()
        frame = next_frame(chance, rows, width)
        picture.paint(frame)
        update = picture.update()
        ours.feed(update)
        theirs.feed(frame)
        sent, written = sent + len(update), written + len(frame)
        assert ours.cells() == theirs.cells()
        assert picture.update() == ""
    assert sent < written


def test_frames_never_sent_do_not_matter() -> None:
    chance = random.Random(1)
    picture, ours, theirs = Picture(40, 12), Terminal(40, 12), Terminal(40, 12)
    rows = [" " * 40] * 12
    for step in range(60):
        frame = next_frame(chance, rows, 40)
        theirs.feed(frame)
        picture.paint(frame)
        if step % 4 == 3:
            ours.feed(picture.update())
            assert ours.cells() == theirs.cells()


def test_hardware_scroll_sends_one_new_row() -> None:
    picture = Picture(80, 24)
    rows = [f"{number:03} " * 19 for number in range(100)]
    for top in (0, 1):
        picture.paint("".join(f"\x1b[{y + 3};1H{rows[top + y]}" for y in range(20)))
        update = picture.update()
    assert update.startswith("\x1b[3;22r\x1b[22H\v\x1b[r")
    assert len(update) < 100


def coloured(words: str) -> str:
    """A row of a list in a theme's colours: a line, words, something at the end."""
    return f"\x1b[38;5;60;48;5;16m   │\x1b[38;5;189;48;5;16m {words:<70} 5 KB \x1b[0m"


def test_blanks_in_a_colour_are_erased_where_the_terminal_fills() -> None:
    sizes = []
    for abilities in (Abilities(), Abilities(fills=True), Abilities(fills=True, erases=True)):
        picture = Picture(85, 24, abilities)
        for word in ("договор поставки насосов", "счёт"):
            frame = "".join(f"\x1b[{y};1H{coloured(f'{word} {y}' * (y % 3))}" for y in range(1, 25))
            picture.paint(frame)
            update = picture.update()
            sizes.append(len(update.encode()))
    assert sizes[2] < sizes[0] * 0.8
    assert sizes[5] < sizes[1] * 0.6
    assert update.count("\x1b[38") <= 2, "the line downwards and the words: one colour each"


def test_cursor_goes_where_textual_puts_it_only_while_one_types() -> None:
    picture = Picture(40, 12)
    for follows, place in ((True, "\x1b[2;9H"), (False, "")):
        picture.forget()
        picture.follows_cursor = follows
        picture.paint("\x1b[5;3Hword\x1b[2;9H")
        assert picture.update().endswith(f"word{place}")


def test_terminal_without_colours_is_sent_none() -> None:
    picture = Picture(40, 2, Abilities(has_no_colours=True))
    picture.paint("\x1b[1;1H\x1b[1;38;5;60;48;5;16mone\x1b[0m \x1b[7;31mtwo\x1b[44m   \x1b[0m")
    assert picture.update() == "\x1b[m\x1b[H\x1b[2J\x1b[1mone \x1b[0;7mtwo"


def test_control_bytes_in_a_frame_are_not_passed_on() -> None:
    picture = Picture(40, 2)
    picture.paint("\x1b[1;1Habc\x07\x9b31m\x1b]52;c;aGk=\x07def\x1b]8;;http://a\x1b\\link\x1b]8;;\x1b\\")
    update = picture.update().removeprefix("\x1b[m\x1b[H\x1b[2J")
    assert update.isprintable()
    assert "link" in update


@given(st.sampled_from(STYLES), st.sampled_from(STYLES))
def test_change_of_style_arrives(old: str, new: str) -> None:
    terminal, fresh = Terminal(4, 1), Terminal(4, 1)
    terminal.feed(f"\x1b[{old}m" + sgr_change(parse_sgr(old), parse_sgr(new)) + "x")
    fresh.feed(f"\x1b[{new}mx")
    assert terminal.cells() == fresh.cells()


def test_plain_style_is_the_default() -> None:
    assert parse_sgr("0") == PLAIN
    assert sgr_change(parse_sgr("1;31"), PLAIN) == "\x1b[m"


POINT = st.tuples(st.integers(0, 19), st.integers(0, 9))


@given(start=POINT, target=POINT, stops=st.lists(st.integers(1, 19), max_size=4, unique=True).map(sorted))
def test_move_arrives_and_is_never_longer_than_an_absolute_one(
    start: tuple[int, int], target: tuple[int, int], stops: list[int]
) -> None:
    terminal = Terminal(20, 10)
    terminal.feed(f"{set_stops(stops)}\x1b[{start[1] + 1};{start[0] + 1}H")
    move = cheapest_move(start, *target, stops)
    terminal.feed(move)
    assert (terminal.cursor.x, terminal.cursor.y) == target
    assert len(move) <= len(f"\x1b[{target[1] + 1};{target[0] + 1}H")
