"""The process on the card of its Interest and in the lists, by keyboard alone."""

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.route import route_text
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import leads
from crm_tui.services.ports import Ports
from crm_tui.services.process import processes
from crm_tui.services.route import route_maps, shipped_maps
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, State, StateChange, Task, User
from crm_tui.store.tables.processes import Process, ProcessToken, RouteMap
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_reminders import tick
from tests.stores import TestClock

ASKING = """
[map]
code = "asking"
number = "7"
name = "Asking"
start_event = "created"
scenario = "sale"
[point.start]
kind = "start"
next = "ask"
[point.ask]
kind = "step"
name = "Ask"
state = "meeting"
duration = "4h"
outcomes.won = {name = "Bought", next = "won"}
outcomes.again = {name = "Ask again", next = "ask"}
outcomes.lost = {name = "Went elsewhere", next = "lost"}
[point.won]
kind = "end"
state = "won"
[point.lost]
kind = "end"
name = "Lost"
state = "lost"
successful = false
"""


def sold_by(ports: Ports, text: str = "") -> Interest:
    """An Interest that goes by the map, or by the shipped quick sale."""
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    if not text:
        shipped_maps.ensure_in(ports.store)
    with ports.store.work(ports.actor, "setup") as work:
        if text:
            key = route_maps.import_route(work, route_text.read(text.encode())).key
        else:
            key = route_maps.by_code(work.connection, "sale_quick").id
        route_maps.enforce(work, key)
        lead = leads.add(work, "Olga Kim")
        return interests.add(work, "Twenty pumps", owner_id=ports.actor.user_id, lead_id=lead.key)


async def keys(pilot: Pilot[int], *pressed: str) -> str:
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)
    assert isinstance(pilot.app, CrmApp)
    return screen_text(pilot.app)


def state_of(ports: Ports, interest: Interest) -> str:
    with ports.store.facts("look") as work:
        return work.get(State, work.get(Interest, interest.key).state_id).code


async def test_bp_06_bp_07_bp_08_bp_10_rm_19_rm_21_corp_52_the_pane_the_way_and_another_performer(
    app: CrmApp, ports: Ports
) -> None:
    pumps = sold_by(ports)
    with ports.store.facts("setup") as work:
        work.add(User(login="ivan", name="Ivan", zone="Asia/Almaty"))
        work.change(
            pumps,
            name="Twenty pumps for the boiler house beyond the bridge, with seals",
            short_status="hot " * 60,
        )
    async with app.run_test(size=(80, 24)) as pilot:
        text = await keys(pilot, "4", "enter")
        assert "◉ Meeting  ○ Proposal  ○ Waiting for client  ○ Contract  ○ Control" in text
        assert "1.2 Sale (quick): Meeting · due today 20:40, in 4 h" in text
        assert "Find out what is needed" in text, "the instruction"
        assert "Missing: Phone call (c), Phone number (c)" in text
        assert text.splitlines()[-1].startswith("d Do"), "the step first"
        assert "s Change state" not in text, "it is the process's to change"
        await pilot.resize_terminal(60, 24)
        await settle(pilot)
        assert all(len(line) <= 60 for line in screen_text(app).splitlines())
        assert "who decides. Note\n  the phone number" in screen_text(app), "broken at the width"
        await pilot.resize_terminal(60, 16)
        await settle(pilot)
        text = screen_text(app)
        assert "Twenty pumps" in text.splitlines()[1]
        assert "1.2 Sale (quick): Meeting" in text
        assert "Missing: Phone call (c), Phone number (c)" in text
        assert app.screen.query_one(RecordList).size.height >= 5, "what happened is seen, too"
        await pilot.resize_terminal(80, 24)
        await settle(pilot)
        text = await keys(pilot, "W")
        lines = [line.strip() for line in text.splitlines()]
        assert any("◉ Meeting" in line and "due today 20:40" in line for line in lines)
        assert "○ Proposal" in lines
        assert "Another proposal: to Proposal" in lines
        assert "Proposal lies ahead" in await keys(pilot, "j", "enter")
        text = await keys(pilot, "escape", "A")
        assert "Who performs “Meeting”?" in text
        text = await keys(pilot, "1")
        assert "Meeting: Ivan. u takes it back." in text
        assert "in 4 h · Ivan" in text, "the deadline stays"
        with ports.store.facts("look") as work:
            (ivan,) = work.all(User, login="ivan")
            assert [task.assignee_id for task in work.all(Task)] == [ivan.key]
        assert "Ivan" not in await keys(pilot, "u")


@pytest.mark.parametrize(
    ("size", "do", "back"), [((80, 24), "в", "г"), ((120, 40), "d", "u")], ids=["80x24-russian", "120x40"]
)
async def test_bp_09_bp_18_outcomes_on_digits_and_a_reason_for_the_unsuccessful_one(
    app: CrmApp, ports: Ports, size: tuple[int, int], do: str, back: str
) -> None:
    interest = sold_by(ports, ASKING)
    async with app.run_test(size=size) as pilot:
        assert "d: 1 Bought · 2 Ask again · 3 Went elsewhere" in await keys(pilot, "4", "enter")
        assert "Done: Ask; now: Ask" in await keys(pilot, do, "2"), "a loop"
        with ports.store.facts("look") as work:
            assert [token.outcome for token in work.all(ProcessToken)] == ["again", ""]
        text = await keys(pilot, do, "3")
        assert "Reason" in text
        assert "Say why" in await keys(pilot, "ctrl+s")
        assert state_of(ports, interest) == "meeting", "empty: it stays"
        await keys(pilot, "right", "tab")
        await type_text(pilot, "dear")
        await keys(pilot, "ctrl+s")
        assert state_of(ports, interest) == "lost"
        with ports.store.facts("look") as work:
            found = work.get(Interest, interest.key)
            assert (found.close_reason, work.all(StateChange)[-1].comment) == ("price", "dear")
            assert (work.all(Process)[0].status, work.all(Process)[0].successful) == ("completed", False)
        text = await keys(pilot, "W")
        assert "Way: 7 Asking · ended without success" in text
        assert "Went elsewhere: ● Lost" in text
        assert text.count("● Ask") == 2, "each time it came to the step"
        await keys(pilot, "escape", back)
        assert state_of(ports, interest) == "meeting"
        assert "d: 1 Bought" in screen_text(app)


async def test_bp_05_no_list_moves_what_a_process_controls(app: CrmApp, ports: Ports) -> None:
    interest = sold_by(ports, ASKING)
    held = "The state is controlled by the process 7 Asking."
    async with app.run_test(size=(80, 24)) as pilot:
        assert held in await keys(pilot, "4", "s")
        assert "The map 7 Asking does not allow to end it early." in await keys(pilot, "E")
        assert held in await keys(pilot, "V", "s")
        assert held in await keys(pilot, "v", "L"), "on the board"
        assert "Ask: how did it end?" in await keys(pilot, "d"), "but its step is completed from there"
        await keys(pilot, "escape")
    assert state_of(ports, interest) == "meeting"


async def test_bp_04_a_step_is_completed_from_today_my_tasks_and_its_reminder(
    app: CrmApp, ports: Ports
) -> None:
    sold_by(ports, ASKING)
    asked = "Ask: how did it end?"
    async with app.run_test(size=(120, 40)) as pilot:
        assert "[7] Ask" in await keys(pilot, "0")
        assert asked in await keys(pilot, "d")
        assert "7 Asking" in await keys(pilot, "escape", "2")
        assert asked in await keys(pilot, "d")
        await keys(pilot, "escape", "enter")
        assert isinstance(app.screen, InterestScreen)
        assert isinstance(ports.clock, TestClock)
        ports.clock.move(hours=4)
        await tick(pilot)
        assert "1 reminder" in screen_text(app)
        assert asked in await keys(pilot, "d")
        await keys(pilot, "2")
    with ports.store.facts("look") as work:
        assert [token.outcome for token in work.all(ProcessToken)] == ["again", ""]


async def test_bp_09_of_marked_tasks_a_step_with_several_outcomes_is_left_and_told(
    app: CrmApp, ports: Ports
) -> None:
    sold_by(ports, ASKING)
    with ports.store.work(ports.actor, "setup") as work:
        assert ports.actor.user_id is not None
        tasks.add(work, "Buy paper", assignee_id=ports.actor.user_id)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await keys(pilot, "2", "V", "d")
        assert "1 of 2 done; not with these:" in text
        assert "Ask: Say how the step ended" in text
        await keys(pilot, "escape")
    with ports.store.facts("look") as work:
        assert {task.title: task.status for task in work.all(Task)} == {"Ask": "open", "Buy paper": "done"}


async def test_bp_07_a_stopped_process_says_so_and_is_resumed(app: CrmApp, ports: Ports) -> None:
    sold_by(ports, ASKING)
    with ports.store.facts("setup") as work:
        (process,) = work.all(Process)
        work.change(process, status="stopped")
    async with app.run_test(size=(80, 24)) as pilot:
        assert "! 7 Asking was stopped" in await keys(pilot, "4", "enter")
        assert "Way: 7 Asking · ! stopped" in await keys(pilot, "W")
        await keys(pilot, "escape", "colon")
        await type_text(pilot, "resume")
        assert "was stopped" not in await keys(pilot, "enter")
    with ports.store.facts("look") as work:
        assert [one.status for one in work.all(Process)] == ["running"]


async def test_bp_17_several_are_lost_at_once_whether_a_process_controls_them_or_not(
    app: CrmApp, ports: Ports
) -> None:
    free = ASKING.replace('start_event = "created"', "")
    sold_by(ports, free)
    sold_by(ports)
    with ports.store.work(ports.actor, "setup") as work:
        (quick,) = work.all(RouteMap, code="sale_quick")
        route_maps.suspend(work, quick.key)
        stuck = route_maps.by_code(work.connection, "asking")
        processes.start(work, stuck.id, "interest", interests.add(work, "Ten pumps").key)
    async with app.run_test(size=(80, 24)) as pilot:
        text = await keys(pilot, "4", "V", "E")
        assert "Lost: 3 Interests" in text
        assert "Say why" in await keys(pilot, "ctrl+s")
        text = await keys(pilot, "right", "ctrl+s")
        assert "2 of 3 done; not with these:" in text
        assert "Ten pumps: The map 7 Asking does not allow to end it early." in text
        await keys(pilot, "escape")
        with ports.store.facts("look") as work:
            reasons = {one.name: one.close_reason for one in work.all(Interest)}
            assert reasons == {"Twenty pumps": "price", "Ten pumps": ""}
            statuses = sorted(process.status for process in work.all(Process))
            assert statuses == ["running", "terminated"]
        await keys(pilot, "u")
    with ports.store.facts("look") as work:
        assert {one.close_reason for one in work.all(Interest)} == {""}
