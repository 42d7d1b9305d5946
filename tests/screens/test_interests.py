"""The Interests screen and the card, by keyboard alone."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.interest.interests import InterestsScreen
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contact_info, leads
from crm_tui.services.ports import Ports
from crm_tui.store import undo
from crm_tui.store.tables import Interaction, Interest, State, StateChange
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


@pytest.fixture
def interest(ports: Ports) -> Interest:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        lead = leads.add(work, "Ольга Ким")
        contact_info.add_phone(work, "lead", lead.key, "+7 701 555 12 34")
        assert ports.actor.user_id is not None
        return interests.add(work, "20 насосов", owner_id=ports.actor.user_id, lead_id=lead.key)


def state_of(ports: Ports, interest_id: int) -> tuple[str, list[str]]:
    with ports.store.facts("look") as work:
        found = work.get(Interest, interest_id)
        comments = [move.comment for move in work.all(StateChange, interest_id=interest_id)]
        return work.get(State, found.state_id).code, comments


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize(("change", "back"), [("s", "u"), ("ы", "г")], ids=["latin", "russian"])
async def test_elma_15_state_changes_with_a_comment_and_undo(
    app: CrmApp, ports: Ports, interest: Interest, change: str, back: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await settle(pilot)
        assert "20 насосов" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, InterestScreen)
        text = screen_text(app)
        assert "◉ Meeting  ○ Proposal" in text
        assert "+7 701 555 12 34" in text
        await pilot.press(change)
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await type_text(pilot, "ask price")
        await pilot.press("enter")
        await type_text(pilot, "wants ten")
        await pilot.press("enter")
        await settle(pilot)
        assert state_of(ports, interest.key) == ("proposal", ["", "ask price"])
        text = screen_text(app)
        assert "● Meeting  ◉ Proposal" in text
        assert "ask price" in text
        assert "wants ten" in text
        await pilot.press(back)
        await settle(pilot)
        assert state_of(ports, interest.key) == ("meeting", [""])
        assert "◉ Meeting" in screen_text(app)


async def test_elma_11_closing_as_lost_demands_a_reason(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await type_text(pilot, "lost")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Say why it is closed" in screen_text(app)
        assert state_of(ports, interest.key)[0] == "meeting"
        await pilot.press("right", "ctrl+s")
        await settle(pilot)
        assert state_of(ports, interest.key)[0] == "lost"
        assert "No Interest yet" in screen_text(app)
        await pilot.press("o")
        await settle(pilot)
        assert "No Interest yet" not in screen_text(app)
        assert "20 насосов" in screen_text(app)


async def test_c77_12_a_logged_call_plans_the_next(app: CrmApp, ports: Ports, interest: Interest) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        assert "+7 701 555 12 34" in screen_text(app)
        await pilot.press("tab")
        await type_text(pilot, "They want twenty")
        await pilot.press("tab")
        await type_text(pilot, "monday 15:00")
        await settle(pilot)
        assert "23.11" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        with ports.store.facts("look") as work:
            calls = {call.status: call for call in work.all(Interaction, interest_id=interest.key)}
        assert calls["held"].result == "They want twenty"
        assert calls["planned"].starts_at.isoformat() == "2026-11-23T10:00:00+00:00"
        text = screen_text(app)
        assert "They want twenty" in text
        assert "To do" in text
        assert "planned" in text


async def test_new_interest_by_hand_with_its_lead(app: CrmApp, ports: Ports, interest: Interest) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await type_text(pilot, "Ремонт котла")
        await pilot.press("enter")
        await type_text(pilot, "Пётр")
        await pilot.press("enter")
        await type_text(pilot, "12")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "12 is not a phone number in use." in screen_text(app)
        await pilot.press("backspace", "backspace", "ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, InterestScreen)
        assert "Ремонт котла" in screen_text(app)
        assert "Пётр" in screen_text(app)


@pytest.mark.parametrize("under_a_dialog", [False, True])
async def test_a_card_whose_interest_is_taken_back_closes(
    app: CrmApp, ports: Ports, interest: Interest, under_a_dialog: bool
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, InterestScreen)
        if under_a_dialog:
            await pilot.press("s")
            await settle(pilot)
        undo.undo(ports.store, ports.actor)
        await settle(pilot)
        if under_a_dialog:
            await pilot.press("escape")
            await settle(pilot)
        assert isinstance(app.screen, InterestsScreen)
        assert "This is not there any more." in screen_text(app)


async def test_a_long_text_typed_into_a_form_survives_a_lost_line(
    app: CrmApp, ports: Ports, interest: Interest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crm_tui.screens.base.SAVE_AFTER_SECONDS", 0.01)
    session = ports.session
    assert session is not None
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        await pilot.press("c")
        await settle(pilot)
        await pilot.press("tab")
        await type_text(pilot, "Twenty pumps")
        kept = f"call-{interest.key}"
        await settled(pilot, lambda: session.load(kept).get("result") == "Twenty pumps")
