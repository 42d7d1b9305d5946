"""Row 41: a storm of sizes down to nothing, and terminals of one colour, leave a program that can be used."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.assurance.foreign import fill
from tests.widgets.pty_program import on_pty

LIST = "tests.widgets.pty_list"
SIZES = [(80, 24), (1, 1), (0, 0), (200, 50), (20, 5), (3, 40), (132, 2)]
STORM = 240
ODD_SIZES = [*SIZES, (59, 15), (60, 16), (59, 40), (200, 15), (1, 60), (200, 1)]
HOME = "\x1b[H"
HARMLESS_KEYS = ["0", "1", "2", "3", "4", "\x1b[B", "\x1b[A"]


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


def test_assurance_41_a_storm_of_sizes_leaves_the_program_usable(
    crm_home: Path, figure: Callable[[str], None]
) -> None:
    chance = random.Random(41)
    fill(crm_home / "data", [f"pump {number}" for number in range(30)], "What do they cost?").close()
    with on_pty("crm_tui", size=(100, 30), CRM_UI__RESTORE="false") as program:
        program.until_shown("4 Interests")
        for number in range(STORM):
            size = chance.choice(ODD_SIZES) if number % 3 else (chance.randint(1, 200), chance.randint(1, 60))
            program.resize(*size)
            program.press(chance.choice(HARMLESS_KEYS))
            program.read(wait=0.002)
        program.resize(59, 15)
        program.until_shown("too small")
        program.resize(100, 30)
        program.press("1")
        program.until_shown("[1 Mail]")
        program.until_shown("Inbox")
        program.until_shown("Subject")
        for key, mode, row in (("2", "[2 My Tasks]", "pump 3"), ("4", "[4 Interests]", "n3 pump 3")):
            program.press(key)
            program.until_shown(mode)
            program.press(HOME)
            program.until_shown(row)
        program.press("Q")
        assert program.ended() == 0
    figure(f"{STORM} sizes in use, then every screen reads as before")


REFUSED = {
    "TERM=dumb": ({"TERM": "dumb"}, "cannot place text"),
    "no TERM": ({"TERM": ""}, "cannot place text"),
    "one byte a letter": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, "not UTF-8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_assurance_41_a_terminal_that_cannot_show_it_is_told_so(
    case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment, said = REFUSED[case]
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with on_pty("crm_tui", size=(200, 24)) as program:
        assert program.ended() == 2
        program.until_shown(said)
    assert program.raw.isascii()
    assert b"\x1b" not in program.raw
    assert b"Traceback" not in program.raw


@pytest.mark.parametrize(("term", "ascii_only"), [("vt220", True), ("linux", False)])
def test_assurance_41_the_program_reads_well_in_16_colours(
    crm_home: Path, term: str, ascii_only: bool
) -> None:
    fill(crm_home / "data", [f"pump {number}" for number in range(3)], "What do they cost?").close()
    with on_pty("crm_tui", size=(100, 30), TERM=term) as program:
        program.until_shown("4 Interests")
        program.press("1")
        program.until_shown("[1 Mail]")
        program.until_shown("pump 2")
        program.press("\r")
        program.until_shown("What do they cost?")
        assert not re.search(rb"\x1b\[[0-9;]*[34]8;", program.raw)
        assert not re.search(rb"\x1b\[[<>]|\$p", program.raw)
        assert program.raw.isascii() or not ascii_only
        program.press("Q")
        assert program.ended() == 0
