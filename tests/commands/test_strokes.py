"""The notation of keys."""

import pytest

from crm_tui.commands import strokes


@pytest.mark.parametrize(
    ("text", "chord"),
    [
        ("M", ("M",)),
        ("g m", ("g", "m")),
        ("dd", ("d", "d")),
        ("ctrl+P", ("ctrl+p",)),
        ("Ctrl+p", ("ctrl+p",)),
        ("f1", ("f1",)),
        ("F12", ("f12",)),
        ("Enter", ("enter",)),
        ("escape", ("esc",)),
        ("space", ("space",)),
        ("shift+tab", ("shift+tab",)),
        ("ctrl+@", ("ctrl+space",)),
        ("+", ("+",)),
        ("ctrl++", ("ctrl++",)),
        ("*", ("*",)),
        ("ctrl+x ctrl+s", ("ctrl+x", "ctrl+s")),
    ],
)
def test_a_chord_is_parsed(text: str, chord: strokes.Chord) -> None:
    assert strokes.parse(text) == chord


@pytest.mark.parametrize("text", ["", "   ", "hyper+x", "ctrl+nokey", "f99", "1x2", "\x1b"])
def test_what_is_no_chord_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        strokes.parse(text)


def test_shown_as_a_person_reads_it() -> None:
    assert strokes.show(("g", "m")) == "g m"
    assert strokes.show(("ctrl+p",)) == "Ctrl+P"
    assert strokes.show(("esc",)) == "Esc"
    assert strokes.show(("shift+tab",)) == "Shift+Tab"
