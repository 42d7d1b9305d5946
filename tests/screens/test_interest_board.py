"""The board of Interests and its list, by keyboard alone."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.interest.interests import InterestsScreen
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import checklists, interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, JournalEntry, State, StateChange
from tests.screens.keyboard import screen_text, settle, type_text
from tests.stores import TestClock


@pytest.fixture
def deals(ports: Ports) -> list[int]:
    """Deal 1 stands since ten days and has nothing to be done, Deal 2 has a task, Deal 3 is an offer in dollars."""
    store = ports.store
    assert isinstance(store.clock, TestClock)
    now = store.clock.now
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        sale = scenarios.by_code(work, "sale")
        meeting = scenarios.state_by_code(work, sale.key, "meeting")
        work.change(meeting, rot_days=7)
    store.clock.now = now - timedelta(days=10)
    with store.work(ports.actor, "setup") as work:
        owner_id = ports.actor.user_id
        made = [
            interests.add(work, "Deal 1", owner_id=owner_id, amount_minor=1_000_00),
            interests.add(work, "Deal 2", owner_id=owner_id, amount_minor=2_000_00),
            interests.add(
                work, "Deal 3", state="proposal", owner_id=owner_id, amount_minor=300_00, currency="USD"
            ),
            interests.add(work, "Repair", scenario="service", owner_id=owner_id),
        ]
        store.clock.now = now
        tasks.add(
            work, "Call", assignee_id=owner_id or 0, interest_id=made[1].key, due_at=now + timedelta(hours=3)
        )
        interactions.plan_contact(work, made[2].key, now + timedelta(days=3))
    return [one.key for one in made]


def states(ports: Ports) -> dict[str, str]:
    with ports.store.facts("look") as work:
        codes = {state.key: state.code for state in work.all(State)}
        return {one.name: codes[one.state_id] for one in work.all(Interest)}


async def press(app: CrmApp, pilot: object, *keys: str) -> str:
    """Press keys, each when the one before is done, and read the screen."""
    for key in keys:
        await pilot.press(key)  # type: ignore[attr-defined]
        await settle(pilot)  # type: ignore[arg-type]
    return screen_text(app)


@pytest.mark.parametrize(
    ("size", "keys"),
    [((80, 24), ("м", "Д", "Р")), ((120, 40), ("v", "L", "H"))],
    ids=["80x24-russian", "120x40-latin"],
)
async def test_idx_27_elma_15_corp_51_my_sales_as_a_board(
    app: CrmApp, ports: Ports, deals: list[int], size: tuple[int, int], keys: tuple[str, str, str]
) -> None:
    board, on, back = keys
    async with app.run_test(size=size) as pilot:
        text = await press(app, pilot, "4", board)
        assert "Sale · 3 Interests" in text
        assert "Meeting 2" in text
        assert "Proposal 1" in text
        assert "₸3,000" in text
        assert "$300" in text
        assert ("columns 1–4 of 5" in text) == (size[0] == 80)
        first = next(line for line in text.splitlines() if "₸1,000" in line)
        assert "∅₸1,000 10 d stale" in first, (
            "what has stood too long and has nothing to be done says so in words"
        )
        await press(app, pilot, "home", on)
        await type_text(pilot, "they agree")
        await pilot.press("enter")
        await type_text(pilot, "sent")
        text = await press(app, pilot, "enter")
        assert states(ports)["Deal 2"] == "proposal", "the next to be done stands first"
        assert "Meeting 1" in text
        assert "Proposal 2" in text
        with ports.store.facts("look") as work:
            change = work.all(StateChange, interest_id=deals[1])[-1]
        assert (change.comment, change.short_status) == ("they agree", "sent")
        await press(app, pilot, back, "ctrl+s")
        assert states(ports)["Deal 2"] == "meeting", "the cursor went with the card"
        assert "no state on that side" in await press(app, pilot, back)


async def test_idx_27_marked_cards_move_together_and_what_cannot_is_told(
    app: CrmApp, ports: Ports, deals: list[int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        item = checklists.add_item(work, work.get(Interest, deals[0]).state_id, "Budget", required=True)
        for number in range(30):
            one = interests.add(work, f"More {number}", owner_id=ports.actor.user_id)
            checklists.check(work, one.key, item.key)
        checklists.check(work, deals[1], item.key)
        entries = len(work.all(JournalEntry))
    async with app.run_test(size=(80, 24)) as pilot:
        text = await press(app, pilot, "4", "v", "V")
        assert "32 marked" in text
        text = await press(app, pilot, ">", "ctrl+s")
        assert "1 stays where it is" in text
        assert "Deal 1: To be checked off first: Budget." in text
        await press(app, pilot, "escape")
        assert sum(code == "proposal" for code in states(ports).values()) == 32
        with ports.store.facts("look") as work:
            assert len(work.all(JournalEntry)) == entries + 2, "the set-up, and one for all cards"
        await press(app, pilot, "u")
        assert sum(code == "meeting" for code in states(ports).values()) == 32


async def test_idx_27_a_card_of_a_process_stays(
    app: CrmApp, ports: Ports, deals: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interests, "STATE_WRITERS", [lambda _connection, ids: dict.fromkeys(ids, "1.2 Sale")])
    async with app.run_test(size=(80, 24)) as pilot:
        text = await press(app, pilot, "4", "v", "L", "ctrl+s")
        assert "The state is controlled by the process 1.2 Sale." in text
        assert states(ports)["Deal 2"] == "meeting"


async def test_the_board_is_searched_sorted_and_shows_another_scenario(
    app: CrmApp, ports: Ports, deals: list[int]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await press(app, pilot, "4", "v", "/")
        await type_text(pilot, "deal 3")
        text = await press(app, pilot, "enter")
        assert "1 Interest " in text
        assert "Meeting 0" in text
        text = await press(app, pilot, "escape", "O")
        assert "by Amount" in text
        lines = [line for line in text.splitlines() if "₸" in line]
        assert "₸2,000" in lines[1], "the largest first"
        text = await press(app, pilot, "o")
        assert "Won 0" in text
        text = await press(app, pilot, "S")
        assert "Service request · 1 Interest" in text
        assert "Repair" in text
        text = await press(app, pilot, "enter")
        assert "[Timeline]" in text
        text = await press(app, pilot, "escape", "v")
        assert "Next action" in text


async def test_l_03_l_04_idx_26_the_list_has_columns_of_ones_choice_and_says_what_is_neglected(
    app: CrmApp, ports: Ports, deals: list[int]
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        text = await press(app, pilot, "4")
        first = next(line for line in text.splitlines() if "Deal 1" in line)
        assert "∅" in first
        assert "10 d stale" in first
        second = next(line for line in text.splitlines() if "Deal 2" in line)
        assert "∅" not in second
        assert "today" in second
        await pilot.press("colon")
        await type_text(pilot, "columns name amount probability")
        text = await press(app, pilot, "enter")
        heading = next(line for line in text.splitlines() if "Interest " in line and "Amount" in line)
        assert "Customer" not in heading
        screen = app.screen
        assert isinstance(screen, InterestsScreen)
        await pilot.press("colon")
        await type_text(pilot, "sort amount")
        text = await press(app, pilot, "enter")
        assert text.index("Deal 2") < text.index("Deal 1") < text.index("Repair")
        await pilot.press("colon")
        await type_text(pilot, "sort next")
        text = await press(app, pilot, "enter")
        assert text.index("Deal 2") < text.index("Deal 3") < text.index("Deal 1")
