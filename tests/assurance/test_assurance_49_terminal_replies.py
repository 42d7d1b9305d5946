"""Row 49: answers of a terminal act as no key, also when foreign text made it answer."""

from tests.widgets.pty_program import on_pty
from tests.widgets.test_keyboard import REPLIES


def test_assurance_49_replies_of_a_terminal_are_no_key_presses() -> None:
    with on_pty("tests.widgets.pty_list", "5", "auto") as program:
        program.until_shown("ready")
        for reply in REPLIES:
            program.press(reply)
        program.press("".join(REPLIES))
        program.press("\x1b[200~q\nd\x1b[?1;2c\n\x1b[201~")
        program.until_shown("of 0, pasted 11.")
        program.press("x")
        program.until_shown("keys x of 1, pasted 11.")
