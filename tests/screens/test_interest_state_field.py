"""The form of an Interest changes its state, where no process holds it (story A2, ELMA-13, BP-05)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Interest
from tests.screens.test_interest_process import ASKING, keys, sold_by, state_of


def stands(ports: Ports, interest: Interest) -> tuple[str, str]:
    """Name and state as stored now."""
    with ports.store.facts("look") as work:
        name = work.get(Interest, interest.key).name
    return name, state_of(ports, interest)


@pytest.mark.parametrize(("edit", "size"), [("e", (80, 24)), ("у", (120, 40))], ids=["latin", "cyrillic"])
async def test_elma_13_the_state_is_changed_in_the_form_in_one_act(
    app: CrmApp, ports: Ports, edit: str, size: tuple[int, int]
) -> None:
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        pumps = interests.add(work, "Pumps", owner_id=ports.actor.user_id)
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "4", "enter", edit)
        await keys(pilot, "!")
        for _field in range(20):
            if app.focused is not None and app.focused.id == "field-state":
                break
            await keys(pilot, "tab")
        assert "< Proposal >" in await keys(pilot, "right")
        assert "◉ Proposal" in await keys(pilot, "ctrl+s")
        assert stands(ports, pumps) == ("!", "proposal")
        await keys(pilot, "u")
        assert stands(ports, pumps) == ("Pumps", "meeting"), "one act"


async def test_bp_05_the_form_has_no_state_while_a_process_holds_it(app: CrmApp, ports: Ports) -> None:
    pumps = sold_by(ports, ASKING)
    before = state_of(ports, pumps)
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "4", "enter", "e")
        assert not app.screen.query("#field-state")
        await keys(pilot, "!", "ctrl+s")
        assert stands(ports, pumps) == ("!", before)
