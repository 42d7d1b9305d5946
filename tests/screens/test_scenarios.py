"""Scenarios, checklists and products as an administrator keeps them, by keyboard alone."""

from crm_tui.app import CrmApp
from crm_tui.domain.money import Money
from crm_tui.services.interest import checklists, participants, products, scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Scenario, State
from tests.screens.keyboard import screen_text, settle, type_text


async def press(app: CrmApp, pilot: object, *keys: str) -> str:
    """Press keys, or type what is longer; read the screen."""
    for key in keys:
        if key.startswith("'"):
            await type_text(pilot, key[1:])  # type: ignore[arg-type]
        else:
            await pilot.press(key)  # type: ignore[attr-defined]
        await settle(pilot)  # type: ignore[arg-type]
    return screen_text(app)


async def test_idx_26_corp_52_an_administrator_sets_scenarios_and_their_checklists_up(
    app: CrmApp, ports: Ports
) -> None:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)

    def states(code: str) -> list[State]:
        with ports.store.facts("look") as work:
            return scenarios.states(work, scenarios.by_code(work, code).key)

    async with app.run_test(size=(80, 24)) as pilot:
        text = await press(app, pilot, "colon", "'scenarios", "enter")
        assert "Scenarios of Interests" in text
        assert "─ Sale" in text
        await press(app, pilot, "e", "tab", "tab", "ctrl+u", "delete", "delete", "'15", "tab", "'5", "tab")
        text = await press(app, pilot, "'Get to know who decides", "ctrl+s")
        meeting = states("sale")[0]
        assert (meeting.name, meeting.probability, meeting.rot_days) == ("Meeting", 15, 5)
        assert meeting.instruction == "Get to know who decides"
        assert "15 %" in text
        assert "5 days" in text
        await press(app, pilot, "J")
        assert [one.code for one in states("sale")][:2] == ["proposal", "meeting"]
        text = await press(app, pilot, "enter")
        assert "Checklist: Meeting" in text
        await press(app, pilot, "n", "'Leave a card", "ctrl+s", "n", "tab", "right", "tab", "right", "ctrl+s")
        text = await press(app, pilot, "j", "K", "x")
        with ports.store.read() as connection:
            items = checklists.items(connection, meeting.key)
        assert [(one.text, one.required, one.field) for one in items] == [
            ("Phone number", False, "phone"),
            ("Leave a card", False, ""),
        ]
        await press(app, pilot, "escape", "N", "'Lease", "enter", "'Ask, Sign", "enter")
        with ports.store.facts("look") as work:
            own = work.all(Scenario)[-1]
        assert [one.name for one in states(own.code)] == ["Ask", "Sign", "Won", "Lost"]
        await press(app, pilot, "P", "'1 000 000", "enter")
        with ports.store.read() as connection:
            assert participants.key_person_from(connection) == Money(1_000_000_00, "KZT")


async def test_products_are_kept(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await press(app, pilot, "colon", "'products", "enter")
        text = await press(app, pilot, "n", "'Pump", "tab", "'P-1", "tab", "'pc", "tab", "'1000", "enter")
        assert "₸1,000" in text
        text = await press(app, pilot, "D")
        assert "No products yet" in text
        text = await press(app, pilot, "o", "D")
        assert "Pump" in text
        with ports.store.read() as connection:
            assert [one.archived for one in products.rows(connection)] == [False]
