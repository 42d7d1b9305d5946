"""Marks of letters set in the three ways of MAIL-15, and the command bar that follows the folder (MAIL-14)."""

import socket

import pytest
from textual.widgets import OptionList

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.shell.palette import Palette
from crm_tui.services.ports import Ports
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


async def test_mail_15_by_the_context_menu_of_keys_and_of_the_mouse(app: CrmApp, mailbox: Mailbox) -> None:
    first, second = (mailbox.letter(f"Letter {number}") for number in range(2))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("m")
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        assert "Read or unread" in screen_text(app)
        await type_text(pilot, "important")
        await pilot.press("enter")
        await settle(pilot)
        assert mailbox.place(first).flags == Flag.FLAGGED
        await pilot.click(RecordList, offset=(20, 2), button=3)
        await settle(pilot)
        assert isinstance(app.screen, Palette)
        await type_text(pilot, "unread")
        await pilot.press("enter")
        await settle(pilot)
        assert mailbox.is_read(second), "the row that was clicked"
        assert not mailbox.is_read(first)


async def test_mail_15_by_a_click_on_the_cell_of_that_letter_alone(app: CrmApp, mailbox: Mailbox) -> None:
    first, second = (mailbox.letter(f"Letter {number}") for number in range(2))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.click(RecordList, offset=(1, 1))
        await settle(pilot)
        assert "1 marked" in screen_text(app)
        await pilot.click(RecordList, offset=(3, 2))
        await settle(pilot)
        assert mailbox.place(second).flags == Flag.FLAGGED
        assert not mailbox.place(first).flags
        await pilot.click(RecordList, offset=(2, 2))
        await settle(pilot)
        assert mailbox.place(second).flags == Flag.FLAGGED | Flag.SEEN
        await pilot.click(RecordList, offset=(3, 2))
        await settle(pilot)
        assert mailbox.place(second).flags == Flag.SEEN
        assert isinstance(app.screen, MailScreen)


BARS = {
    "inbox": (
        ["Accept inquiry", "Decline inquiry", "Delete", "Reply"],
        ["Reopen", "Restore", "Go on writing"],
    ),
    "processed": (["Reopen", "Accept inquiry"], ["Go on writing", "Delete for good"]),
    "trash": (["Restore", "Delete for good"], ["Accept inquiry", "Reopen", "Go on writing"]),
    "drafts": (["Go on writing", "Delete"], ["Accept inquiry", "Reply", "Restore", "Reopen"]),
    "sent": (["Reply", "Delete"], ["Accept inquiry", "Reopen", "Go on writing"]),
}
"""Folder → what its command bar and its menu have, and what they have not."""


async def test_mail_14_mail_50_the_command_bar_and_the_menu_follow_the_folder(
    app: CrmApp, mailbox: Mailbox
) -> None:
    """What was sorted away into Processed or Trash comes back with one key, called by what it does there."""
    mailbox.folders["drafts"] = mailbox.folder("Drafts", "drafts")
    places = {role: mailbox.letter(f"In {role}", folder=role, flags=Flag.SEEN) for role in BARS}
    async with app.run_test(size=(180, 30)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        for role, (offered, missing) in BARS.items():
            await pilot.press("g", "f")
            await settle(pilot)
            await type_text(pilot, role[:3] + "\n")
            await settle(pilot)
            assert f"In {role}" in screen_text(app)
            bar = screen_text(app).split("\n")[-1]
            assert [title for title in offered if title not in bar] == [], role
            assert [title for title in missing if title in bar] == [], role
            await pilot.press("m")
            await settle(pilot)
            options = app.screen.query_one(OptionList)
            menu = [str(options.get_option_at_index(at).prompt) for at in range(options.option_count)]
            for title in ("Reopen", "Restore", "Go on writing"):
                assert any(line.startswith(title) for line in menu) is (title in offered), (role, title)
            await pilot.press("escape", "I")
            await settle(pilot)
            comes_back = role in ("processed", "trash", "inbox")
            assert (mailbox.place(places[role]).folder_id == mailbox.folders["inbox"]) is comes_back


async def test_mail_53_corp_40_kzt_15_the_inbox_is_emptied_when_it_suits_and_all_is_found_again(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mail manager of the CRM: letters wait until somebody has time, and none of it asks the network (C-07)."""
    mailbox = Mailbox(ports, move_accepted=True)
    mailbox.folder("Suppliers")
    taken, refused, sorted_away = (
        mailbox.letter(subject, "About valves.")
        for subject in ("Please quote", "Win a prize", "Our catalogue")
    )

    def offline(*_arguments: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", offline)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("a")
        for _step in range(3):
            await settle(pilot)
            await pilot.press("enter")
        await settle(pilot)
        await pilot.press("1", "x")
        await settle(pilot)
        await pilot.press("M")
        await settle(pilot)
        await type_text(pilot, "suppl\n")
        await settle(pilot)
        assert "No letters here." in screen_text(app)
        await pilot.press("g", "/")
        await settle(pilot)
        await type_text(pilot, "valves")
        await settle(pilot)
        assert all(
            subject in screen_text(app) for subject in ("Please quote", "Win a prize", "Our catalogue")
        )
    decided = {letter: status for letter, (status, _reason) in mailbox.inquiries().items()}
    assert decided == {
        mailbox.place(taken).letter_id: "accepted",
        mailbox.place(refused).letter_id: "declined",
    }
    assert mailbox.place(sorted_away).folder_id not in mailbox.folders.values()


async def test_mail_15_marks_end_with_the_search_and_hidden_ones_are_left_alone(
    app: CrmApp, mailbox: Mailbox
) -> None:
    pump, valve = mailbox.letter("Pump"), mailbox.letter("Valve")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "home", "space")
        await settle(pilot)
        assert "1 marked" in screen_text(app)
        await pilot.press("/")
        await type_text(pilot, "valve\n")
        await settle(pilot)
        assert "marked" not in screen_text(app)
        await pilot.press("o")
        await settle(pilot)
        assert mailbox.is_read(valve)
        assert not mailbox.is_read(pump), "it was marked, and is hidden"
        await pilot.press("space", "escape")
        await settle(pilot)
        assert "marked" not in screen_text(app)
        await pilot.press("home", "x")
        await settle(pilot)
        assert len(mailbox.inquiries()) == 1


async def test_mail_15_what_is_declined_is_marked_no_more(app: CrmApp, mailbox: Mailbox) -> None:
    for subject in ("First", "Second", "Third"):
        mailbox.letter(subject)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "home", "space", "space", "x")
        await settle(pilot)
        assert "2 letters declined" in screen_text(app)
        assert "marked" not in screen_text(app)
