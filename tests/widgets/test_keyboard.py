import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.widgets.driver.keyboard import Alt, Escape, Keyboard, Paste, Text, Token
from crm_tui.widgets.driver.keyboard_driver import escape_delay

PASTED = "два\nслова\x1b[0n\x1b[?1;2c"
PASTE = f"\x1b[200~{PASTED}\x1b[201~"


@pytest.mark.parametrize(
    ("pieces", "tokens"),
    [
        (["j"], [Text("j")]),
        (["Привет"], [Text("Привет")]),
        (["\x1b[A\x1b[B"], [Text("\x1b[A\x1b[B")]),
        (["\x1bOP"], [Text("\x1bOP")]),
        (["\x1b", "OP"], [Text("\x1bOP")]),
        (["\x1b[1;5C"], [Text("\x1b[1;5C")]),
        (["\x1b[15~"], [Text("\x1b[15~")]),
        (["\x1b[1089;5u"], [Text("\x1b[1089;5u")]),
        (["\x1b[[A"], [Text("\x1b[[A")]),
        (["\x1b[", "5~"], [Text("\x1b[5~")]),
        (["\x1b[<0;10;10M"], [Text("\x1b[<0;10;10M")]),
        (["\x1b[I", "\x1b[O"], [Text("\x1b[I"), Text("\x1b[O")]),
        (["\x1b[12;40R"], [Text("\x1b[12;40R")]),
        (["\x1b[48;24;80;0;0t"], [Text("\x1b[48;24;80;0;0t")]),
        (["\x1b[?2026;2$y"], [Text("\x1b[?2026;2$y")]),
        (["\x1b"], [Escape()]),
        (["\x1b", "j"], [Escape(), Text("j")]),
        (["\x1bj"], [Alt("j")]),
        (["\x1bjk"], [Alt("j"), Text("k")]),
        (["\x1b\x1b[A"], [Escape(), Text("\x1b[A")]),
        (["\x1b["], [Alt("[")]),
        ([PASTE], [Paste(PASTED)]),
        ([PASTE[:9], PASTE[9:-3], PASTE[-3:] + "q"], [Paste(PASTED), Text("q")]),
    ],
)
def test_keys_pastes_and_reports_come_through(pieces: list[str], tokens: list[Token]) -> None:
    assert _text_joined(_sorted(pieces)) == _text_joined(tokens)


REPLIES = (
    "\x1b[?1;2c",
    "\x1b[>41;354;0c",
    "\x1b[=1c",
    "\x1b[0n",
    "\x1b[?13n",
    "\x1b[?1u",
    "\x1b[?1049;1$y",
    "\x1b[8;24;80t",
    "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "\x1b]52;c;cm0gLXJmIH4=\x1b\\",
    "\x1bP1$r0m\x1b\\",
    "\x1bP>|XTerm(370)\x1b\\",
    "\x1b_Gi=1;OK\x1b\\",
)


@given(reply=st.sampled_from(REPLIES), cut=st.integers(3, 40))
def test_replies_of_the_terminal_are_no_keys(reply: str, cut: int) -> None:
    assert _text_joined(_sorted(["a" + reply + "b"])) == [Text("ab")]
    assert _text_joined(_sorted([reply[:cut], reply[cut:]])) == []


@given(st.lists(st.text(st.sampled_from("ab[]O?;1~cnRP\x1b\x07\\u$y"), max_size=8), max_size=8))
def test_any_input_is_sorted_and_none_is_held_for_ever(pieces: list[str]) -> None:
    keyboard = Keyboard()
    for piece in pieces:
        keyboard.feed(piece)
    keyboard.idle()
    if not keyboard._pasting:
        keyboard.feed("\x1b[A\x07")  # ends whatever reply was begun
        keyboard.idle()
        assert keyboard.feed("j") == [Text("j")]


@pytest.mark.parametrize(("value", "seconds"), [("", 0.025), ("200", 0.2), ("0", 0.001), ("x", 0.025)])
def test_escape_delay_honours_the_setting(
    value: str, seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ESCDELAY", value)
    assert escape_delay() == seconds
    assert seconds <= 0.05 or value


def _sorted(pieces: list[str]) -> list[Token]:
    keyboard = Keyboard()
    tokens = [token for piece in pieces for token in keyboard.feed(piece)]
    return tokens + keyboard.idle()


def _text_joined(tokens: list[Token]) -> list[Token]:
    joined: list[Token] = []
    for token in tokens:
        if isinstance(token, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].text + token.text)
        elif token != Text(""):
            joined.append(token)
    return joined
