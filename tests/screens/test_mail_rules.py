"""Processing rules by keyboard alone: made from a letter or from nothing, ordered, tried, run, taken back."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.letter.folders import FoldersScreen
from crm_tui.screens.letter.mail_rule_card import RuleCard
from crm_tui.screens.letter.mail_rules import RulesScreen
from crm_tui.services.letter import mail_rule_arrival
from crm_tui.services.ports import Ports
from crm_tui.store.tables import MailAccount, MailRule
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.screens.test_mail import on_layout


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    made = Mailbox(ports)
    made.folder("News")
    with made.store.facts("setup") as work:
        account = work.get(MailAccount, made.account_id)
        work.change(account, owner_id=ports.actor.user_id, last_complete_pass=1)
    return made


def news(mailbox: Mailbox, subject: str = "Pump news") -> int:
    return mailbox.letter(subject, "Buy now", sender="Pump news <news@pumps.example>")


def rules(mailbox: Mailbox) -> list[MailRule]:
    with mailbox.store.facts("look") as work:
        return sorted(work.all(MailRule), key=lambda one: one.position)


def folder_of(mailbox: Mailbox, place: int) -> int:
    return mailbox.place(place).folder_id


async def test_mail_05_a_mailbox_has_its_rules_in_its_menu(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "shift+tab", "home", "m")
        await settle(pilot)
        await type_text(pilot, "processing")
        await settle(pilot)
        assert "Processing rules" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RulesScreen)
        assert "Processing rules of office" in screen_text(app)
        assert "No rules yet" in screen_text(app)


@pytest.mark.parametrize("layout", ["latin", "uk"])
async def test_mail_51_a_rule_is_made_from_a_letter(app: CrmApp, mailbox: Mailbox, layout: str) -> None:
    places = [news(mailbox) for _ in range(3)]
    other = mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "home")
        await settle(pilot)
        await pilot.press(on_layout("K", layout))
        await settle(pilot)
        await type_text(pilot, "news")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RuleCard)
        text = screen_text(app)
        assert "Would act on 3 of 4 letters in “Inbox”" in text
        assert "Sender contains “news@pumps.example”" in text
        assert "put into “News”" in text
        assert rules(mailbox) == []
        assert folder_of(mailbox, places[0]) == mailbox.folders["inbox"], "a trial moves nothing"
        await pilot.press(on_layout("y", layout))
        await settle(pilot)
        assert len({folder_of(mailbox, place) for place in places} - {mailbox.folders["inbox"]}) == 1
        assert folder_of(mailbox, other) == mailbox.folders["inbox"]
        assert len(rules(mailbox)) == 1
        await pilot.press(on_layout("u", layout))
        await settle(pilot)
        assert {folder_of(mailbox, place) for place in places} == {mailbox.folders["inbox"]}
        assert rules(mailbox) == []


async def test_mail_51_a_rule_is_made_from_nothing_with_several_actions(
    app: CrmApp, mailbox: Mailbox
) -> None:
    place = news(mailbox, "Special offer")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "g", "K", "n")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert "Say which letters the rule is for" in screen_text(app)
        await pilot.press("j", "e", "n")
        await settle(pilot)
        await pilot.press("s", "down", "down")
        await type_text(pilot, "offer")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Would act on 1 of 1 letter in “Inbox”" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert "Say what the rule does" in screen_text(app)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("3", "n")
        await settle(pilot)
        await pilot.press("4")
        await settle(pilot)
        await type_text(pilot, "Offers")
        await pilot.press("enter")
        await settle(pilot)
        assert "mark as important" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
        assert mailbox.place(place).flags & Flag.FLAGGED
        assert mailbox.place(place).keywords == ["Offers"]
        (rule,) = rules(mailbox)
        assert rule.name == "Subject contains “offer”"
        assert [one["do"] for one in rule.actions] == ["mark", "keyword"]


async def test_mail_52_the_order_is_changed_and_the_first_rule_acts(app: CrmApp, mailbox: Mailbox) -> None:
    news(mailbox)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1", "home")
        for folder in ("news", "processed"):
            await pilot.press("K")
            await settle(pilot)
            await type_text(pilot, folder)
            await pilot.press("enter")
            await settle(pilot)
            await pilot.press("ctrl+s")
            await settle(pilot)
        first, second = rules(mailbox)
        await pilot.press("g", "K", "J")
        await settle(pilot)
        assert [one.key for one in rules(mailbox)] == [second.key, first.key]
        await pilot.press("t")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "Would act on 1 letter." in screen_text(app)
        arrived = news(mailbox)
        with mailbox.store.arrivals("sync.headers") as work:
            mail_rule_arrival.arrived(work, mailbox.folders["inbox"], [arrived])
        assert folder_of(mailbox, arrived) == mailbox.folders["processed"]
        await pilot.press("home", "x", "r")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "The rule acted on 1 letter" in screen_text(app)
        assert not rules(mailbox)[0].enabled
        await pilot.press("D")
        await settle(pilot)
        assert [one.key for one in rules(mailbox)] == [first.key]


async def test_mail_52_a_folder_that_is_gone_is_told_and_the_letter_stays(
    app: CrmApp, mailbox: Mailbox
) -> None:
    place = news(mailbox)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "K")
        await settle(pilot)
        await type_text(pilot, "news")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        with mailbox.store.facts("setup") as work:
            work.connection.exec_driver_sql("UPDATE folder SET hidden = 1 WHERE name = 'News'")
        await pilot.press("g", "K", "r")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "The folder that the rule puts letters into is gone" in screen_text(app)
        assert folder_of(mailbox, place) == mailbox.folders["inbox"]


async def test_mail_52_mail_05_rules_and_folders_are_gone_to_from_anywhere(
    app: CrmApp, mailbox: Mailbox
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "g", "K")
        await settle(pilot)
        assert isinstance(app.screen, RulesScreen)
        assert "Processing rules of office" in screen_text(app)
        await pilot.press("3", "g", "F")
        await settle(pilot)
        assert isinstance(app.screen, FoldersScreen)
