"""Interests go to the trash and come back, by keyboard alone (IDX-26)."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import Refused
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interest_trash, interests, scenarios
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interaction, Interest, Reminder, Task
from tests.screens.keyboard import screen_text
from tests.screens.test_mail import on_layout
from tests.waiting import settled


@pytest.fixture
def deals(ports: Ports) -> dict[str, int]:
    """Two Interests; in the first something is to be done, and something was given up before."""
    me = ports.actor.user_id
    assert me is not None
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        customer = customers.add(work, "Насосный завод").key
        pumps = interests.add(work, "20 насосов", owner_id=me, customer_id=customer).key
        interests.add(work, "Valves", owner_id=me)
        due = work.now + timedelta(days=1)
        given_up = tasks.add(work, "Given up", assignee_id=me, interest_id=pumps).key
    with ports.store.work(ports.actor, "setup") as work:
        tasks.cancel(work, given_up)
        tasks.add(work, "Call back", assignee_id=me, interest_id=pumps, due_at=due)
        interactions.plan(work, kind="call", at=due, subject="Talk", interest_id=pumps, owner_id=me)
    ports.store.clock.move(minutes=5)  # type: ignore[attr-defined]
    return {"pumps": pumps, "customer": customer}


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_idx_26_an_interest_comes_back_from_the_trash_with_what_was_to_be_done(
    app: CrmApp, ports: Ports, deals: dict[str, int], layout: str, size: tuple[int, int]
) -> None:
    def kept() -> tuple[object, dict[str, str], dict[str, str], int]:
        with ports.store.facts("look") as work:
            return (
                work.get(Interest, deals["pumps"]).trashed_at,
                {one.title: one.status for one in work.all(Task)},
                {one.kind: one.status for one in work.all(Interaction)},
                len(work.all(Reminder, acknowledged_at=None)),
            )

    before = kept()
    assert before[1] == {"Given up": "cancelled", "Call back": "open"}
    assert before[3] == 2
    async with app.run_test(size=size) as pilot:
        await pilot.press("4")
        await settled(pilot, lambda: "насосов" in screen_text(app))
        for key in ("G", "g", "g"):
            await pilot.press(on_layout(key, layout))
        if "насосов" not in next(line for line in screen_text(app).splitlines() if line.startswith("▌")):
            await pilot.press(on_layout("j", layout))
        await pilot.press(on_layout("D", layout))
        await settled(pilot, lambda: "насосов" not in screen_text(app) and "Valves" in screen_text(app))
        assert kept()[1]["Call back"] == "cancelled"
        await pilot.press(on_layout("v", layout))
        await settled(pilot, lambda: "1 Interest" in screen_text(app))
        assert "насосов" not in screen_text(app), "nor on the board"
        await pilot.press(on_layout("X", layout))
        await settled(pilot, lambda: "In the trash: D brings back" in screen_text(app))
        await settled(pilot, lambda: "насосов" in screen_text(app) and "Valves" not in screen_text(app))
        await pilot.press("enter")
        await settled(pilot, lambda: "! In the trash since" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: "D brings back" in screen_text(app))
        await pilot.press(on_layout("D", layout))
        await settled(pilot, lambda: "Nothing lies in the trash" in screen_text(app))
        assert kept() == before
        await pilot.press(on_layout("X", layout))
        await settled(pilot, lambda: "насосов" in screen_text(app) and "Valves" in screen_text(app))
        await pilot.press(on_layout("u", layout))
        await settled(pilot, lambda: "насосов" not in screen_text(app))


def test_idx_26_an_interest_does_not_come_back_before_its_customer(
    ports: Ports, deals: dict[str, int]
) -> None:
    with ports.store.work(ports.actor, "trash") as work:
        with pytest.raises(Refused, match="not_in_the_trash"):
            interest_trash.restore(work, [deals["pumps"]])
        interests.trash(work, [deals["pumps"]])
        customers.trash(work, deals["customer"])
        with pytest.raises(Refused, match="in_the_trash"):
            interest_trash.restore(work, [deals["pumps"]])
        customers.restore(work, deals["customer"])
        interest_trash.restore(work, [deals["pumps"]])
        assert work.get(Interest, deals["pumps"]).trashed_at is None
