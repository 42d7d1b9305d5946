"""The intake wizard, by keyboard alone."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.inquiry.intake import IntakeWizard
from crm_tui.services.account import accounts
from crm_tui.services.inquiry.inquiries import Accepted
from crm_tui.services.interest import scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.tables import (
    ContactInfo,
    Folder,
    Inquiry,
    Interest,
    Lead,
    Letter,
    LetterText,
    Placement,
    Scenario,
    Task,
)
from tests.screens.keyboard import screen_text, settle, type_text

TEXT = "Good day! We need 20 pumps.\n\n--\nOlga Kim\nNewco\n+7 701 555 12 34\n"


def letter(ports: Ports, number: int = 1) -> Placement:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        if (folder := work.find(Folder, name="INBOX")) is None:
            account = accounts.add(work, "office", "sales@office.example", imap_host="127.0.0.1")
            folder = work.add(Folder(account_id=account.key, name="INBOX", srv_name="INBOX", role="inbox"))
        made = work.add(
            Letter(
                identity=f"letter {number}",
                size=100,
                subject=f"Price of pumps {number}",
                sender_name="Olga Kim",
                sender_address="olga@newco.example",
                recipients={},
                date=work.now - timedelta(minutes=5),
                body_state="full",
            )
        )
        work.add(LetterText(letter_id=made.key, text=TEXT))
        return work.add(Placement(letter_id=made.key, folder_id=folder.key, date_key=number))


async def accept(app: CrmApp, placement: Placement) -> list[Accepted | None]:
    answers: list[Accepted | None] = []
    await app.push_screen(IntakeWizard(placement.letter_id), answers.append)
    return answers


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_mail_11_three_times_enter_for_a_stranger(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    place = letter(ports)
    async with app.run_test(size=size) as pilot:
        answers = await accept(app, place)
        await settle(pilot)
        text = screen_text(app)
        assert "1 of 3" in text
        assert "Olga Kim" in text
        assert "+77015551234" in text
        await pilot.press("enter")
        await settle(pilot)
        assert "Purchase" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Price of pumps 1" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
    assert answers[0] is not None
    with ports.store.facts("look") as work:
        interest = work.get(Interest, answers[0].interest_id)
        [task] = work.all(Task, interest_id=interest.key)
        [lead] = work.all(Lead)
        numbers = {info.normal for info in work.all(ContactInfo, owner_kind="lead", owner_id=lead.key)}
    assert interest.name == "Price of pumps 1"
    assert task.title == "Meeting — call the client"
    assert numbers == {"olga@newco.example", "+77015551234"}


async def test_a_known_sender_is_offered_with_the_reason_and_the_open_interest(
    app: CrmApp, ports: Ports
) -> None:
    first, second = letter(ports, 1), letter(ports, 2)
    async with app.run_test(size=(80, 24)) as pilot:
        await accept(app, first)
        await settle(pilot)
        for _step in range(3):
            await pilot.press("enter")
            await settle(pilot)
        answers = await accept(app, second)
        await settle(pilot)
        assert "Olga Kim, same address (100 %) — lead" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Price of pumps 1 (Meeting)" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
    assert answers[0] is not None
    with ports.store.facts("look") as work:
        assert len(work.all(Lead)) == len(work.all(Interest)) == 1
        assert work.find(Inquiry, letter_id=second.letter_id) is not None


async def test_service_request_goes_into_its_own_scenario_and_a_bad_phone_keeps_the_form(
    app: CrmApp, ports: Ports
) -> None:
    place = letter(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await accept(app, place)
        await settle(pilot)
        await pilot.press("tab", "tab", "tab", "end", "9", "9", "9", "enter")
        await settle(pilot)
        await pilot.press("right")
        await settle(pilot)
        assert "Service request" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("tab", "end")
        await type_text(pilot, "!")
        await pilot.press("enter")
        await settle(pilot)
        assert "is not a phone number" in screen_text(app)
        assert answers == []
        await pilot.press("escape", "escape")
        await settle(pilot)
        await pilot.press("tab", "tab", "tab", "end", "backspace", "backspace", "backspace", "ctrl+s")
        await settle(pilot)
    assert answers[0] is not None
    with ports.store.facts("look") as work:
        interest = work.get(Interest, answers[0].interest_id)
        assert work.get(Scenario, interest.scenario_id).code == "service"
        assert interest.name == "Price of pumps 1!"


async def test_escape_on_the_first_step_gives_up(app: CrmApp, ports: Ports) -> None:
    place = letter(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        answers = await accept(app, place)
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
    assert answers == [None]
    with ports.store.facts("look") as work:
        assert work.all(Inquiry) == []
