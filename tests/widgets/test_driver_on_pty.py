"""The drivers on a real pty: the same screen by both, keys in order, the terminal left as it was found."""

import random
import re
import termios

import pytest

from crm_tui.widgets.driver import driver_class, suits_wire
from tests.widgets.pty_program import PtyProgram, on_pty

LIST = "tests.widgets.pty_list"
KEYS = ["\x1b[B", "\x1b[A", "\x1b[6~", "\x1b[5~", "\x1b[H", "\x1b[F", " "]


def pressed(program: PtyProgram, keys: str, number: int) -> None:
    """Press keys and wait until the program has handled them: a key that it counts comes last."""
    program.press(keys + "x")
    program.until_shown(f" of {number}, ")


def test_session_ends_in_the_same_screen_by_both_drivers() -> None:
    chance = random.Random(7)

    def same() -> bool:
        """Ours sends the rest only when its question how far the terminal is was answered."""
        ours.read()
        return ours.lines == theirs.lines

    with on_pty(LIST, "500", "wire") as ours, on_pty(LIST, "500", "stock") as theirs:
        for program in (ours, theirs):
            program.until_shown("name 20")
            program.until_shown("ready")
        for number in range(1, 13):
            keys = "".join(chance.choices(KEYS, k=6))
            for program in (ours, theirs):
                pressed(program, keys, number)
            theirs.until(same, "the same screen")
            assert ours.terminal.cells() == theirs.terminal.cells()
        for program in (ours, theirs):
            program.press("q")
            assert program.ended() == 0
        assert len(ours.raw) * 2 < len(theirs.raw)


@pytest.mark.parametrize("driver", ["wire", "stock"])
def test_terminal_is_left_as_it_was_found(driver: str) -> None:
    with on_pty(LIST, "5", driver) as program:
        before = termios.tcgetattr(program.master)
        program.until_shown("ready")
        program.press("q")
        assert program.ended() == 0
        assert termios.tcgetattr(program.master) == before
        for mode in ("1049", "1004", "2004", "1002", "1006"):
            on, off = (program.raw.rfind(f"\x1b[?{mode}{way}".encode()) for way in "hl")
            assert off > on >= 0
        assert program.raw.rfind(b"\x1b[?25h") > program.raw.rfind(b"\x1b[?25l")
        assert not re.search(rb"\x1b\[\?(1003|1015|1016)h", program.raw)


def test_lone_escape_acts_and_the_next_key_is_not_eaten() -> None:
    with on_pty(LIST, "5", "auto") as program:
        program.until_shown("ready")
        program.press("\x1b")
        program.until_shown("keys escape of 1,")
        program.press("j")
        program.until_shown("keys escape j of 2,")
        program.press("\x1bj")
        program.until_shown("keys escape j alt+j of 3,")


def test_input_that_is_not_utf_8_does_not_end_the_program() -> None:
    with on_pty(LIST, "5", "auto") as program:
        program.until_shown("ready")
        import os

        os.write(program.master, b"\xff\xfe")
        program.press("x")
        program.until_shown(" x of ")


@pytest.mark.parametrize(
    ("term", "wire"),
    [
        ("xterm-256color", True),
        ("screen.xterm-256color", True),
        ("tmux-256color", True),
        ("vt220", True),
        ("linux", True),
        ("st-256color", True),
        ("vt100", False),
        ("dumb", False),
        ("unknown", False),
        ("", False),
    ],
)
def test_wire_is_chosen_where_the_terminal_is_known(
    term: str, wire: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    assert suits_wire(term) is wire
    assert driver_class("auto").__name__ == ("WireDriver" if wire else "KeyboardDriver")


def test_driver_setting_is_one_of_three() -> None:
    assert driver_class("stock").__name__ == "KeyboardDriver"
    with pytest.raises(ValueError, match="curses"):
        driver_class("curses")
