"""Row 35 (the half of the screens): a huge or odd letter opens, keys answer, and no more is wrapped than a bound."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services.ports import Ports
from crm_tui.widgets import letter_view
from crm_tui.widgets.letter_view import LetterView
from crm_tui.widgets.wrapping import wrap
from tests.assurance.test_assurance_35_big_bodies import BIG
from tests.screens.conftest import app, make_app, one_thread, ports, store
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox

__all__ = ["app", "make_app", "one_thread", "ports", "store"]

SHOWN = ("1 MB line", "100k lines", "family of joiners", "a letter under a heap of accents")


@pytest.mark.parametrize("name", SHOWN)
async def test_assurance_35_a_big_letter_opens_and_keys_answer(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    wrapped: list[int] = []

    def counting(line: str, width: int) -> list[str]:
        wrapped.append(len(line))
        return wrap(line, width)

    monkeypatch.setattr(letter_view, "wrap", counting)
    mailbox = Mailbox(ports)
    mailbox.letter("Big", BIG[name])
    mailbox.letter("Small", "A short one.")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        view = app.screen.query_one(LetterView)
        cut = len(BIG[name]) > letter_view.MOST_CHARACTERS
        assert view.is_cut is cut
        assert len(view.lines) <= letter_view.MOST_LINES + 2
        assert max(map(len, view.lines)) <= 80 * 4
        assert max(wrapped) <= letter_view.MOST_CHARACTERS
        before = len(view.lines)
        for key in ("j", "pagedown", "G"):
            top = view.scroll_offset.y
            await pilot.press(key)
            await settle(pilot)
            assert view.scroll_offset.y > top, key
        assert ("Enter shows more" in screen_text(app)) is cut
        await pilot.press("enter")
        await settle(pilot)
        assert before + cut <= len(view.lines) <= 2 * letter_view.MOST_LINES + 2
        await pilot.press("N")
        await settle(pilot)
        assert "A short one." in screen_text(app)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
