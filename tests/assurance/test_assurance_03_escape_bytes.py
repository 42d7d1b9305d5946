"""Row 3: no control byte out of foreign text reaches the terminal, whichever widget shows it and by either driver."""

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crm_tui.widgets import strip_guard
from tests.assurance.foreign import fill
from tests.corpora import folder
from tests.widgets.number_rows import NumberRows
from tests.widgets.pty_program import PtyProgram, on_pty
from tests.widgets.pty_sinks import SINKS

PAYLOADS = {
    "clipboard": "\x1b]52;c;Y3VybCBldmls\x07",
    "title": "\x1b]0;owned\x1b\\",
    "link": "\x1b]8;;http://evil\x1b\\text\x1b]8;;\x1b\\",
    "status": '\x1bP$q"p\x1b\\',
    "queries": "\x1b[5n\x1b[6n\x1b[c\x1b[>c",
    "colours": "\x1b[31mred\x1b[2J",
    "alternate screen": "\x1b[?47l\x1b[?9001h",
    "eight bits": "\x9b31m\x9d52;c;aGk=\x9c\x90$qm\x9c",
    "shifts": "\x0e\x0f\x05\x00\x7f\x08\x0b\x0c",
    "bidi": "abc\u202egnp.exe\u2066x\u2069\u200f\u061c",
    "tags": "a\U000e0041\U000e0042\ufeff\u2028b",
}
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufeff\u2028\u2029\U000e0000-\U000e007f]")
C1 = re.compile("[\x80-\x9f]")
# all that our drivers may send: moves, erasing, colours, scrolling, modes and queries of the program's own
OURS = re.compile(
    r"\x1b\[[0-9;]*[HABCDKJXmr]|\x1b\[2J|\x1bM|\x1b\[6n|\x1b\[\?(?:1049|1004|2004|2026|2048|1002|1006|25|7)(?:[hl]|\$p)"
    r"|\x1b\[>\d+u|\x1b\[<u|\x1b\]8;id=[^\x1b]*\x1b\\|\x1b\]8;;\x1b\\|\x1b\]22;[a-z-]*(?:\x1b\\|\x07)"
)
WRAPPER = re.compile(r"\x1b\[[01]m|\x1b\]8;[^\x1b]*\x1b\\")  # what a bold link is sent in


STEPS = {ord("\v"): None, ord("\b"): None, ord("\t"): None}
"""Our driver steps a cell down or back by these, or to a stop; the stock one shows that no text holds them."""
STOPS = re.compile(r"\x1b\[3g|\x1bH")
"""On a line that it measures as slow, as any is on a busy machine, it sets stops where the fields of a list begin."""


def nothing_stray(sent: str, driver: str) -> None:
    """Nothing but what our drivers send of themselves steers the terminal."""
    left = OURS.sub("", sent)
    if driver == "wire":
        left = STOPS.sub("", left).translate(STEPS)
    stray = re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f]", left)
    assert stray is None, ascii(left[max(0, stray.start() - 60) : stray.start() + 60])
    assert not C1.search(sent)
    assert not BIDI.search(sent)
    assert "evil" not in "".join(re.findall(r"\x1b\]8;[^\x1b]*", sent))


@pytest.mark.parametrize("driver", ["wire", "stock"])
def test_assurance_03_no_payload_leaves_any_widget(driver: str, tmp_path: Path) -> None:
    payload = " ".join(f"{name}={text}" for name, text in PAYLOADS.items()) + " end"
    file = tmp_path / "payload"
    file.write_text(payload, "utf-8", "surrogatepass")
    with on_pty("tests.widgets.pty_sinks", str(file), driver, size=(160, 50)) as program:
        for name in SINKS:
            program.until_shown(f"shows {name}.")
            program.until(
                lambda: any("clipboard=" in line for line in program.lines), f"the payload in {name}"
            )
            program.press("\x1b[15~")
        program.until_shown("finished.")
        program.press("\x11")
        assert program.ended() == 0
    nothing_stray(program.raw.decode(), driver)


def test_assurance_03_no_line_of_the_attacks_corpus_steers_the_terminal() -> None:
    source = NumberRows(0)
    for file in sorted(path for path in folder("attacks").rglob("*") if path.is_file()):
        if any(
            word in file.as_posix() for word in ("escape", "ansi", "kitty", "alacritty", "blns", "vt-push")
        ):
            for line in file.read_text("utf-8", "surrogateescape").split("\n")[:200]:
                source.numbers.append(len(source.numbers) + 1)
                source.names[len(source.numbers)] = line[:400]
    assert len(source.numbers) > 1000
    steering = sum(not name.isprintable() for name in source.names.values())
    assert steering > 200
    console = Console(color_system="truecolor")
    before = (Strip.__dict__["render"], Strip.__dict__["render_style"])
    strip_guard.install()
    try:
        for number in source.numbers:
            for style in (None, Style(bold=True, link=source.names[number])):
                drawn = Strip([Segment(source.names[number], style)]).render(console)
                bare = WRAPPER.sub("", drawn) if style else drawn
                assert not re.search("[\x00-\x1f\x7f-\x9f]", bare)
                assert not BIDI.search(drawn)
    finally:
        Strip.render, Strip.render_style = before  # type: ignore[method-assign]


VISITS = (
    # keys, what the screen shows then (-: shows no more); every place of the program that shows foreign text
    ("1", "[1 Mail]"),
    ("\x1b[B\x1b[B", "Date▼"),
    ("\r", "From:"),
    ("H", "X-Foreign"),
    ("q", "Date▼"),
    ("M", "│ Folder"),
    ("\x1b", "-│ Folder"),
    ("\t\x1b[B\x1b[B", "Date▼"),
    ("\x10", "Find a command"),
    ("n1", "n1 "),
    ("\x1b", "-Find a command"),
    ("?", "Keys of this place"),
    ("\x1b", "-Keys of this place"),
    ("2", "[2 My Tasks]"),
    ("e", "Ctrl+S"),
    ("\x1b", "-Ctrl+S"),
    ("3", "[3 Calendar]"),
    ("v", "Agenda"),
    ("4", "[4 Interests]"),
    ("\r", "To do"),
    ("q", "Customer"),
    ("0", "[0 Today]"),
    ("\x07", "Snooze"),
    ("\x1b", "-Snooze"),
)
MODES = re.compile(r"\x1b\[\?(?:1000|1003|1015)[hl]")


def _corpus_lines() -> list[str]:
    """Lines of the attacks corpus that would steer a terminal, a few of each file."""
    found = []
    for file in sorted(path for path in folder("attacks").rglob("*") if path.is_file()):
        lines = file.read_text("utf-8", "replace").split("\n")
        found += [line[:200] for line in lines if not line.isprintable() and "\t" not in line][:3]
    return found


def _shows(program: PtyProgram, text: str) -> bool:
    found = any(text.removeprefix("-") in line for line in program.lines)
    return found != text.startswith("-")


@pytest.mark.parametrize("driver", ["wire", "stock"])
def test_assurance_03_no_payload_leaves_the_program(
    driver: str, crm_home: Path, figure: Callable[[str], None]
) -> None:
    """Done-when 8: subject, sender, body, file, folder, Interest, task, event and customer, in the program itself."""
    corpus = _corpus_lines()
    assert len(corpus) > 30
    texts = [f"{name}={text}" for name, text in PAYLOADS.items()] + corpus[:20]
    body = "\n".join([*PAYLOADS.values(), *corpus])
    fill(crm_home / "data", texts, body).close()
    with on_pty("crm_tui", size=(160, 50), CRM_UI__DRIVER=driver, CRM_UI__MOUSE="off") as program:
        program.until_shown("4 Interests")
        for keys, shown in VISITS:
            program.press(keys)
            program.until(partial(_shows, program, shown), shown)
        assert "clipboard=" in "".join(program.lines)
        program.press("Q")
        assert program.ended() == 0
    nothing_stray(MODES.sub("", program.raw.decode()), driver)
    figure(f"{len(texts)} payloads in every field, {len(VISITS)} steps over the program, 0 control bytes")
