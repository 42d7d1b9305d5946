"""The maps and scenarios that come with the program, by keyboard alone (CORP-23, CORP-25, IDX-25)."""

from crm_tui.app import CrmApp
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.store.tables import Interest, State
from crm_tui.store.tables.processes import Process
from tests.screens.test_interest_process import keys


async def test_corp_23_corp_25_idx_25_scenarios_with_and_without_a_process(app: CrmApp, ports: Ports) -> None:
    """Sales, service and complaints go by maps once those are in force; a repeat order is moved on by hand."""
    shipped_maps.ensure_in(ports.store)

    def stands(interest: Interest) -> str:
        with ports.store.facts("look") as work:
            return work.get(State, work.get(Interest, interest.key).state_id).code

    async with app.run_test(size=(80, 24)) as pilot:
        text = await keys(pilot, "g", "m")
        for title in (
            "Sale (quick)",
            "Service request",
            "Complaint",
            "Assignment",
            "Document appr",
            "Marketing",
        ):
            assert title in text
        await keys(pilot, "I", "j", "I", "j", "I")
        with ports.store.read() as connection:
            in_force = [row.title for row in route_maps.in_force(connection)]
        assert in_force == ["1.2 Sale (quick)", "2.1 Service request", "2.2 Complaint"]
        with ports.store.work(ports.actor, "setup") as work:
            order, service, sale = (
                interests.add(
                    work, code, scenario=scenarios.by_code(work, code), owner_id=ports.actor.user_id
                )
                for code in ("order", "service", "sale")
            )
        text = await keys(pilot, "4", "slash", "s", "e", "r", "v", "enter", "enter")
        assert "d: 1 We mend it · 2 Solved at once · 3 Not our fault" in text
        text = await keys(pilot, "g", "x")
        assert "Which process" in text, "another process beside the one that controls"
        await keys(pilot, "1")
        with ports.store.facts("look") as work:
            running = [(one.interest_id, one.controlling) for one in work.all(Process)]
        assert running == [(service.key, True), (sale.key, True), (service.key, False)]
        text = await keys(pilot, "4", "slash", "ctrl+u", "o", "r", "d", "enter", "enter")
        assert "Order taken" in text
        assert "1 Invoice sent" in await keys(pilot, "s")
        assert "● Order taken  ◉ Invoice sent" in await keys(pilot, "1", "ctrl+s")
    assert stands(order) == "invoiced"
    assert stands(service) == "new"
