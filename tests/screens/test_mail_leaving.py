"""What is open is left by a command as it is by Esc, and what is gone or refused is told, never fatal."""

import threading
from typing import Any

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import StoreBusy
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_filter_source import FilteredSource
from crm_tui.screens.letter.mail_rule_card import RuleCard
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.services.interest import interests
from crm_tui.services.letter import mail_rules
from crm_tui.services.party import contact_info, customers
from crm_tui.services.ports import Ports
from crm_tui.services.writing import drafts
from crm_tui.store.tables import Draft, Folder, LetterClaim, MailAccount, Placement
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.screens.writing import rows
from tests.waiting import settled


@pytest.mark.parametrize("enter", ["enter", "N"], ids=["from the list", "from a letter"])
async def test_mail_20_a_letter_that_is_gone_is_told_of_and_the_place_stays(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch, enter: str
) -> None:
    made = Mailbox(ports)
    first, second = made.letter("First"), made.letter("Second")
    gone = first if enter == "enter" else second
    # Deleted, and not drawn yet.
    monkeypatch.setattr(MailScreen, "store_changed", lambda *_arguments: None)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "home")
        await settle(pilot)
        if enter != "enter":
            await pilot.press("enter")
            await settle(pilot)
        before = app.screen
        with ports.store.facts("sync") as work:
            work.remove(work.get(Placement, gone))
        await settle(pilot)
        await pilot.press(enter)
        await settle(pilot)
        assert "This is not there any more." in screen_text(app)
        assert app.screen is before


@pytest.mark.parametrize("way", ["f2", "h"], ids=["the key of the mode", "the correspondence of an Interest"])
async def test_mail_27_b8_an_answer_left_by_a_command_is_a_draft_and_claimed_no_more(
    app: CrmApp, ports: Ports, mailbox: MailAccount, way: str
) -> None:
    assert ports.actor.user_id is not None
    with ports.store.facts("setup") as work:
        work.change(work.get(MailAccount, mailbox.key), shared=True)
        customer = customers.add(work, "NewCo", owner_id=ports.actor.user_id)
        contact_info.add_email(work, "customer", customer.key, "olga@newco.example")
        interests.add(work, "Pumps", owner_id=ports.actor.user_id, customer_id=customer.key)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert [one.answering for one in rows(ports, LetterClaim)] == [True]
        await type_text(pilot, "Half an answer")
        if way == "h":
            await pilot.press("f5")
            await settle(pilot)
        await pilot.press(way)
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
        assert rows(ports, LetterClaim) == []
        [draft] = rows(ports, Draft)
        assert draft.body.startswith("Half an answer")
        [folder] = [one for one in rows(ports, Folder) if one.role == "drafts"]
        assert [one.folder_id for one in rows(ports, Placement)].count(folder.key) == 1


async def test_mail_01_the_loop_goes_on_while_the_store_is_held_and_a_letter_is_covered(
    app: CrmApp, ports: Ports, mailbox: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[bool] = []
    save = drafts.save

    def watched(*arguments: Any, **named: Any) -> int:
        where.append(threading.current_thread() is threading.main_thread())
        return save(*arguments, **named)

    monkeypatch.setattr("crm_tui.services.writing.drafts.save", watched)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "olga")
        await pilot.press("f3")
        await settled(pilot, lambda: [draft.fields["to"] for draft in rows(ports, Draft)] == ["olga"])
        await pilot.press("f2")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        await type_text(pilot, "@newco.example")
        await pilot.press("f2")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
        assert [draft.fields["to"] for draft in rows(ports, Draft)] == ["olga@newco.example"]
        assert where
        assert not any(where)


async def test_mail_45_a_filter_that_cannot_be_read_again_says_so(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox(ports).letter("Pumps")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "f")
        await settle(pilot)
        await type_text(pilot, "olga\n")
        await settle(pilot)
        assert "1 letter found" in screen_text(app)
        monkeypatch.setattr(FilteredSource, "look", refused)
        await pilot.press("J")  # by threads: the list is read anew
        await settle(pilot)
        assert "Another program holds the store" in screen_text(app)


async def test_mail_51_a_trial_of_a_rule_that_cannot_be_made_says_so(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mailbox(ports).letter("Pumps")
    monkeypatch.setattr(mail_rules, "trial", refused)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "K")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, RuleCard)
        assert "Another program holds the store" in screen_text(app)


def refused(*_arguments: Any) -> int:
    raise StoreBusy("store_busy", operation="sync", pid=7)


async def test_mail_51_a_rule_half_made_is_not_dropped_by_the_key_of_a_mode(
    app: CrmApp, ports: Ports
) -> None:
    Mailbox(ports).letter("Pumps")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "K")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("down", "down", "D")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.screen, RuleCard)
        assert "is not kept" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.screen, MailScreen)
