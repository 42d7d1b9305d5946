"""The form of a step that belongs to no Interest, by keyboard alone."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.route import route_text
from crm_tui.screens.party.leads import LeadScreen
from crm_tui.screens.process.process_pane import plain
from crm_tui.screens.process.process_task import ProcessTaskScreen
from crm_tui.services.party import contact_info, leads
from crm_tui.services.ports import Ports
from crm_tui.services.process import processes
from crm_tui.services.route import route_maps
from crm_tui.store.tables import Interaction, User
from crm_tui.store.tables.processes import Process
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_interest_process import keys

WELCOME = """
[map]
code = "welcome"
number = "8"
name = "Welcome"
kind = "independent"
object_kind = "lead"
[point.start]
kind = "start"
next = "greet"
[point.greet]
kind = "step"
name = "Greet"
instruction = "## How\\n- say **hello**\\n- see [the rules](https://rules.example)"
requires = [{document = "call"}]
next = "done"
[point.done]
kind = "end"
"""


@pytest.mark.parametrize("size", [(80, 24)], ids=["80x24"])
async def test_bp_20_elp_05_a_step_of_an_independent_process_has_a_form(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        found = route_maps.import_route(work, route_text.read(WELCOME.encode()))
        route_maps.enforce(work, found.key)
        lead = leads.add(work, "Olga Kim", owner_id=ports.actor.user_id)
        contact_info.add_phone(work, "lead", lead.key, "+7 701 555 12 34")
        processes.start(work, found.key, "lead", lead.key)
    with ports.store.facts("setup") as work:
        work.add(User(login="ivan", name="Ivan", zone="Asia/Almaty"))
    async with app.run_test(size=size) as pilot:
        assert "[8] Greet" in await keys(pilot, "2")
        text = await keys(pilot, "enter")
        assert isinstance(app.screen, ProcessTaskScreen)
        assert "Process: 8 Welcome" in text
        assert "For: Olga Kim" in text
        assert "- say hello" in text, "Markdown as text"
        assert "Missing: Phone call (c)" in text
        assert "Missing on Greet: Phone call" in await keys(pilot, "d")
        await keys(pilot, "c", "tab")
        await type_text(pilot, "Said hello")
        assert "d: execute" in await keys(pilot, "ctrl+s")
        with ports.store.facts("look") as work:
            assert [one.lead_id for one in work.all(Interaction)] == [lead.key]
        assert "Ivan" in await keys(pilot, "A", "1")
        await keys(pilot, "W", "enter")
        assert isinstance(app.screen, ProcessTaskScreen), "the way leads to the step that waits"
        await keys(pilot, "d")
        with ports.store.facts("look") as work:
            assert [one.status for one in work.all(Process)] == ["completed"]
        assert "Way: 8 Welcome · completed" in screen_text(app), "the form closed"
        assert "Ivan" not in screen_text(app), "it was Ivan's, and somebody else did it"
        await keys(pilot, "u")
        assert "◉ Greet" in screen_text(app)
        await keys(pilot, "enter", "o")
        assert isinstance(app.screen, LeadScreen)


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("# Head\n\nText with **bold**, __more__ and `code`.", "Head\nText with bold, more and code."),
        ("See [the rules](https://rules.example).", "See the rules (https://rules.example)."),
        ("![plan](plan.png)\n- one\n- two", "plan (plan.png)\n- one\n- two"),
        ("", ""),
        ("[" * 20_000, "[" * 20_000),
    ],
    ids=["marks", "link", "picture", "empty", "hostile"],
)
def test_corp_52_an_instruction_is_markdown_shown_as_text(markdown: str, text: str) -> None:
    assert plain(markdown) == text
