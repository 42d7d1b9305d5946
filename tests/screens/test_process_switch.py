"""Business processes are switched off and on, and editions changed, by keyboard alone (RM-01, RM-02)."""

from crm_tui.app import CrmApp
from crm_tui.services.interest import interests
from crm_tui.services.ports import Ports
from crm_tui.services.process import process_hold, process_tick
from crm_tui.store.tables import Task
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_interest_process import ASKING, keys, sold_by


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


async def test_rm_01_tasks_of_processes_are_tasks_like_any_others_while_switched_off(
    app: CrmApp, ports: Ports
) -> None:
    sold_by(ports, ASKING)
    with ports.store.work(ports.actor, "setup") as work:
        interests.add(work, "Ten pumps", owner_id=ports.actor.user_id)

    def statuses() -> list[str]:
        with ports.store.facts("look") as work:
            return [task.status for task in work.all(Task, kind="process")]

    async with app.run_test(size=(80, 24)) as pilot:
        assert "[7] Ask" in await keys(pilot, "2")
        assert "belongs to the process 7 Asking" in await keys(pilot, "D")
        await keys(pilot, ":")
        await type_text(pilot, "business_processes off")
        await keys(pilot, "enter")
        await keys(pilot, "D")
        assert sorted(statuses()) == ["cancelled", "open"]
        await keys(pilot, "d")
        await keys(pilot, "ctrl+s")  # no result, and no next task
        assert sorted(statuses()) == ["cancelled", "done"]
        await keys(pilot, ":")
        await type_text(pilot, "business_processes on")
        await keys(pilot, "enter")
        assert process_tick.run(ports.store) == 2
        await settle(pilot)
        assert screen_text(app).count("[7] Ask") == 2, "both ask how it ended"
        assert statuses() == ["open", "open"]
        assert "Ask: how did it end?" in await keys(pilot, "d")
