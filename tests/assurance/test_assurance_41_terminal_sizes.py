"""Row 41: a storm of sizes down to nothing, and terminals of one colour, leave a program that can be used."""

import re

import pytest

from tests.widgets.pty_program import on_pty

LIST = "tests.widgets.pty_list"
SIZES = [(80, 24), (1, 1), (0, 0), (200, 50), (20, 5), (3, 40), (132, 2)]


@pytest.mark.parametrize("driver", ["wire", "stock"])
def test_assurance_41_a_storm_of_sizes_ends_in_a_usable_screen(driver: str) -> None:
    with on_pty(LIST, "300", driver) as program:
        program.until_shown("ready")
        for number in range(300):
            program.resize(*SIZES[number % len(SIZES)])
            program.read(wait=0)
        program.resize(100, 30)
        program.press("\x1b[Bx")
        program.until_shown("keys x of 1")
        program.until(lambda: "Name" in program.lines[0], "the header")
        program.until(
            lambda: any(line.startswith("▌") and " 2 name 2" in line for line in program.lines), "cursor"
        )
        program.press("q")
        assert program.ended() == 0


@pytest.mark.parametrize(("term", "ascii_only"), [("vt220", True), ("linux", False), ("xterm", False)])
def test_assurance_41_simple_terminals_get_what_they_understand(term: str, ascii_only: bool) -> None:
    with on_pty(LIST, "300", "auto", TERM=term) as program:
        program.until_shown("ready")
        program.press("\x1b[Bx")
        program.until_shown("keys x of 1")
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;", program.raw)  # 16 colours at most
        if term != "xterm":
            assert not re.search(rb"\x1b\[[<>]|\$p", program.raw)  # no protocol that it would print
        cursor = ">" if ascii_only else "▌"
        assert any(line.startswith(cursor) and " 2 name 2" in line for line in program.lines)
        assert program.raw.isascii() or not ascii_only
        program.press("q")
        assert program.ended() == 0
