"""What is refused outside a command (Enter on a row, a file read in a worker) is said and ends no program."""

from collections.abc import Iterable

import pytest
from textual.widget import Widget

from crm_tui.app import CrmApp
from crm_tui.domain.errors import NotFound
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_files import FilesScreen
from crm_tui.screens.letter.mail_rule_card import RuleCard
from crm_tui.screens.letter.mail_rules import RulesScreen
from crm_tui.screens.lists.saved_filters import SavedFilters
from crm_tui.screens.writing.templates import TemplatesScreen
from crm_tui.services.letter import attachments
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    made = Mailbox(ports)
    made.letter("Price", files=(("list.txt", "text/plain", b"20 pumps"),))
    return made


async def test_enter_on_a_folder_of_filters_says_that_it_is_none(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "F")
        await settle(pilot)
        await pilot.press("N")
        await settle(pilot)
        await type_text(pilot, "Mine\n")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, SavedFilters)
        assert app.message.startswith("!")
        assert "Mine" in app.message


async def test_a_file_that_is_not_here_is_said(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_arguments: object) -> bytes:
        raise NotFound("no_attachments", letter=1)

    monkeypatch.setattr(attachments, "content", gone)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "A")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, FilesScreen)
        assert app.message.startswith("!")


async def test_esc_gives_up_the_search_and_then_ends_what_waited_for_an_answer(
    app: CrmApp, mailbox: Mailbox
) -> None:
    places: tuple[tuple[tuple[str, ...], type], ...] = (
        (("F",), SavedFilters),
        (("g", "K"), RulesScreen),
        (("g", "y"), TemplatesScreen),
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        for keys, place in places:
            await pilot.press(*keys, "/")
            await settle(pilot)
            await type_text(pilot, "x\n")
            await pilot.press("esc")
            await settle(pilot)
            assert isinstance(app.screen, place), screen_text(app)
            await pilot.press("esc")
            await settle(pilot)
            assert isinstance(app.screen, MailScreen)
        assert not [one for one in app.workers if one.group == "command"]


async def test_every_list_says_what_it_is_and_claims_no_order(app: CrmApp, mailbox: Mailbox) -> None:
    titles = {
        "go": "Outbox",
        "gn": "Notifications",
        "ga": "Mail accounts",
        "gF": "Mail folders",
        "gs": "Settings",
        "gy": "Templates",
        "gK": "Processing rules",
        "F": "Saved filters",
    }
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        for keys, title in titles.items():
            await pilot.press(*keys)
            await settle(pilot)
            text = screen_text(app)
            assert text.splitlines()[1].startswith(title)
            assert "▲" not in text
            await pilot.press("esc")
            await settle(pilot)


async def test_what_was_put_together_is_given_up_only_by_a_second_esc(app: CrmApp, mailbox: Mailbox) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "g", "K")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("esc")
        await settle(pilot)
        assert isinstance(app.screen, RulesScreen), "nothing was changed"
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await type_text(pilot, "Pumps\n")
        await settle(pilot)
        await pilot.press("esc")
        await settle(pilot)
        assert isinstance(app.screen, RuleCard)
        assert "Ctrl+S" in app.message
        await pilot.press("esc")
        await settle(pilot)
        assert isinstance(app.screen, RulesScreen)


@pytest.mark.parametrize("key", ["B", "И"], ids=["Latin", "Cyrillic"])
async def test_a_briefing_on_a_meeting_with_nobody_is_refused_where_one_stands(app: CrmApp, key: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "n")
        await settle(pilot)
        await type_text(pilot, "Dinner fri 15:00\n")
        await settle(pilot)
        before = app.screen
        await pilot.press(key)
        await settle(pilot)
        assert app.screen is before
        assert app.message.startswith("!")


async def test_a_screen_whose_record_is_gone_while_it_is_made_closes_again(app: CrmApp) -> None:
    class Gone(CrmScreen[None]):
        def compose_body(self) -> Iterable[Widget]:
            raise NotFound("no_customer", id=7)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        before = app.screen
        app.push_screen(Gone())
        await settle(pilot)
        assert app.screen is before
        assert app.message.startswith("!")
