"""The reader that is made while nobody opens a letter, and used for one letter after another."""

import pytest
from textual import events

from crm_tui.app import CrmApp
from crm_tui.screens.letter import reader_kept
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services.ports import Ports
from crm_tui.widgets import reading_list
from crm_tui.widgets.letter_view import LetterView
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import settled


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


async def test_letters_are_opened_one_after_another_in_a_reader_made_before(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_kept, "AFTER_SECONDS", 0.001)
    first = mailbox.letter("First", text="Line of the first\n" * 60)
    mailbox.letter("Second", text="Строка второго\n" * 60)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        mail = app.screen
        assert isinstance(mail, MailScreen)
        await settled(
            pilot, lambda: mail._reader is not None and mail._reader.is_mounted, "the reader is made"
        )
        await settle(pilot)
        reader = mail._reader
        assert isinstance(reader, LetterScreen)
        assert "Line of the first" in reader.query_one(LetterView).lines
        assert not mailbox.is_read(first), "made ready is not opened"
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is reader
        assert mailbox.is_read(first)
        await pilot.press("end", "q", "j", "enter")
        await settle(pilot)
        assert app.screen is reader
        assert screen_text(app).splitlines()[1].strip() == "Second", "from its top"
        app.theme = "light"
        await pilot.press("q")
        await settle(pilot)
        app.theme = "dark"
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        looks = reader.query_one(LetterView).get_component_rich_style("letter-view--own")
        assert looks.color == mail._view.get_component_rich_style("letter-view--own").color


async def test_the_reader_fits_a_window_that_changed_since_it_was_made(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter("First", text="word " * 100)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "enter")
        await settle(pilot)
        reader = app.screen
        await pilot.press("q")
        await settle(pilot)
        await pilot.resize_terminal(64, 20)
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is reader
        assert max(map(len, reader.query_one(LetterView).lines)) <= 62
        assert max(len(line.rstrip()) for line in screen_text(app).splitlines()) <= 64
        assert reader.has_class("-narrow")


async def test_a_letter_opened_after_one_that_was_deleted_leads_back_to_its_own_list(
    app: CrmApp, mailbox: Mailbox
) -> None:
    deleted = mailbox.letter("Shown out of another mode")
    mailbox.letter("Opened in the list")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "enter", "q", "4")
        await settle(pilot)
        app.run_command("everywhere.show_letter", str(deleted))
        await settle(pilot)
        await pilot.press("D")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        await pilot.press("q")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)


async def test_a_reader_asked_to_close_once_more_opens_the_next_letter(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter("First")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "enter")
        await settle(pilot)
        reader = app.screen
        await pilot.press("question_mark")
        await settle(pilot)
        reader.dismiss()
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen), "it closes when what lay over it is gone"
        await pilot.press("enter")
        await settle(pilot)
        assert app.screen is reader


async def test_next_letter_typed_ahead_of_the_list_is_the_neighbour(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_list, "FIRST_ROWS", 3)
    other = mailbox.folder("Other")
    keys = [mailbox.letter(f"Letter {number}", folder=other) for number in range(8)]
    mailbox.letter("In the inbox")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("colon")
        await type_text(pilot, f"show_letter {keys[5]}")
        for key in ("enter", "N"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await settle(pilot)
        await settle(pilot)
        assert screen_text(app).splitlines()[1].strip() == "Letter 6"


async def test_a_program_that_is_left_makes_no_reader_any_more(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader_kept, "AFTER_SECONDS", 3600)
    mailbox.letter("First")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        mail = app.screen
        assert isinstance(mail, MailScreen)
        app.exit()
        mail.call_next(mail._make_reader)  # the timer of the start, fallen due while the program goes
    assert mail._reader is None
