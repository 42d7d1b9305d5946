"""What is half typed into a one-line dialog is there again after a lost line, in every such dialog."""

from collections.abc import Callable

import pytest

from crm_tui.app import CrmApp
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import leads
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox

WAYS = {
    "new task": ("2", "n"),
    "edit task": ("2", "e"),
    "new event": ("3", "n"),
    "task of a letter": ("1", "t"),
    "next contact": ("4", "z"),
    "task of an Interest": ("4", "t"),
    "comment to a state": ("4", "s", "1"),
}


@pytest.fixture
def something_to_act_on(ports: Ports) -> None:
    Mailbox(ports).letter()
    user_id = ports.actor.user_id
    assert user_id is not None
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        tasks.add(work, "Call", assignee_id=user_id)
        interests.add(work, "Pumps", owner_id=user_id, lead_id=leads.add(work, "Olga").key)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.usefixtures("something_to_act_on")
async def test_a_line_half_typed_survives_a_lost_line(make_app: Callable[..., CrmApp], way: str) -> None:
    async def begin(app: CrmApp) -> str:
        async with app.run_test(size=(100, 30)) as pilot:
            for key in WAYS[way]:
                await pilot.press(key)
                await settle(pilot)
            found = screen_text(app)
            await type_text(pilot, "about twenty ka")
            app.line_is_lost()
            await settle(pilot)
        return found

    assert "about twenty ka" not in await begin(make_app())
    assert "about twenty ka" in await begin(make_app())


@pytest.mark.usefixtures("something_to_act_on")
async def test_a_line_given_up_is_not_kept(make_app: Callable[..., CrmApp]) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        for key in ("3", "n"):
            await pilot.press(key)
            await settle(pilot)
        await type_text(pilot, "about twenty ka")
        app.save_session()
        await pilot.press("escape", "n")
        await settle(pilot)
        assert "about twenty ka" not in screen_text(app)
