"""Business processes are switched off and on, and editions changed, by keyboard alone (RM-01, RM-02)."""

from crm_tui.app import CrmApp
from crm_tui.services import process_hold
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle, type_text


async def test_rm_01_business_processes_are_switched_off_and_on(app: CrmApp, ports: Ports) -> None:
    def used() -> bool:
        with ports.store.read() as connection:
            return process_hold.are_used(connection)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(":")
        await type_text(pilot, "business_processes")
        await pilot.press("enter")
        await settle(pilot)
        assert "Use business processes and tasks: On" in screen_text(app)
        await pilot.press("2")
        await settle(pilot)
        assert not used()
        await pilot.press("g", "m")
        await settle(pilot)
        assert "switched off (:business_processes)" in screen_text(app)
        await pilot.press(":")
        await type_text(pilot, "business_processes on")
        await pilot.press("enter")
        await settle(pilot)
        assert used()
        assert "On: maps in force start processes" in screen_text(app)


async def test_rm_02_an_edition_without_processes_leaves_them_out_and_loses_nothing(
    app: CrmApp, ports: Ports
) -> None:
    def used() -> bool:
        with ports.store.read() as connection:
            return process_hold.are_used(connection)

    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await pilot.press(":")
        await type_text(pilot, "edition")
        await pilot.press("enter")
        await settle(pilot)
        assert "Edition: corp" in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert not used()
        await pilot.press(":")
        await type_text(pilot, "business_processes on")
        await pilot.press("enter")
        await settle(pilot)
        assert "The edition base has no processes" in screen_text(app)
        assert not used()
        await pilot.press(":")
        await type_text(pilot, "edition prof")
        await pilot.press("enter")
        await settle(pilot)
        assert used()
        await pilot.press("u")
        await settle(pilot)
        assert not used()
