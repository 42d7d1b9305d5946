"""Keys that come faster than the program shows what they open, as over a slow line."""

import asyncio
import random
from collections.abc import Callable

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from crm_tui.app import CrmApp
from crm_tui.screens.forms.prompt import Choice, Confirm
from crm_tui.screens.shell import type_ahead
from crm_tui.screens.task.tasks import TasksScreen
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import customers, leads
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Customer, Event, Interest, Lead, Task, table_of
from tests.screens.keyboard import screen_text, settle
from tests.screens.mailbox import Mailbox
from tests.stories.layouts import typed

SPECIAL = {"\r": "enter", "\x1b": "escape", " ": "space", "\t": "tab", "^": "ctrl+s"}
FIRMS = (("Romashka LLC", "+7 701 555 12 34"), ("OOO Romashka", "8 701 5551234"))


async def _burst(pilot: Pilot[int], text: str) -> None:
    """All keys at once, before the program has done anything about the first."""
    for character in text:
        key = SPECIAL.get(character, character)
        pilot.app.post_message(events.Key(key, None if len(key) > 1 and key != "space" else character))
    await settle(pilot)
    await settle(pilot)


def _titles(ports: Ports) -> list[str]:
    task = table_of(Task)
    with ports.store.read() as connection:
        return [row.title for row in connection.execute(task.select().order_by(task.c.id))]


async def test_a_mode_a_dialog_and_its_text_in_one_burst(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2nCall Olga\r")
        assert _titles(ports) == ["Call Olga"]
        assert app.current_mode == "tasks"
        assert len(app.screen_stack) == 1


async def test_words_to_search_for_are_no_commands(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2nudder\r")
        await _burst(pilot, "/dud")
        field = app.focused
        assert isinstance(field, Input)
        assert field.value == "dud"
        assert _titles(ports) == ["udder"]


async def test_a_paste_goes_to_what_the_key_before_it_opened(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await pilot.press("2")
        app.post_message(events.Key("n", "n"))
        app.post_message(events.Paste("Pay the invoice"))
        await settle(pilot)
        await _burst(pilot, "\r")
        assert _titles(ports) == ["Pay the invoice"]


async def test_keys_after_a_dialog_was_closed_go_to_the_list_below(app: CrmApp, ports: Ports) -> None:
    async with app.run_test() as pilot:
        await _burst(pilot, "2none\rntwo\r")
        assert _titles(ports) == ["one", "two"]
        await _burst(pilot, "nthree\x1bnfour\r")
        assert _titles(ports) == ["one", "two", "four"]


async def test_what_is_typed_for_a_command_that_hangs_is_no_command(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST_SECONDS", 0.1)
    hangs = asyncio.Event()

    async def new_task(self: TasksScreen, argument: str = "") -> None:
        await hangs.wait()

    monkeypatch.setattr(TasksScreen, "command_tasks_new", new_task)
    async with app.run_test() as pilot:
        await _burst(pilot, "2")
        await _burst(pilot, "n4 pumps")
        assert app.current_mode == "tasks", "4 would go to the Interests"
        assert "what was typed meanwhile is not used" in screen_text(app)
        await _burst(pilot, "4")
        assert app.current_mode == "interests"
        hangs.set()


async def test_a_dialog_that_enter_opened_keeps_no_key_waiting(
    app: CrmApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type_ahead, "LONGEST_SECONDS", 2.0)
    async with app.run_test() as pilot:
        await _burst(pilot, "gs/undo_s\r")
        await _burst(pilot, "\r")
        app.post_message(events.Key("end", None))
        await _burst(pilot, "5")
        field = app.focused
        assert isinstance(field, Input)
        assert field.value == "105"
        assert not app.message


MUCH = (
    "1x|another\rDaD no need\r|jx|1|DDM|cli\r|:|merge customer 1 2\r|x^2n|Call Dax^|n|Two\r"
    "|3n|Dinner fri 15:00-16:00\r|z|17:30\r|4\rz|tomorrow 15:00\r|s|1^|:|phone\r5551234\r"
)
"""Commands of several steps and what is typed for them, by turns."""


def _struck(layout: str) -> list[events.Key]:
    """The keys of ``MUCH``, those of commands struck on the layout."""
    keys = []
    for turn, part in enumerate(MUCH.split("|")):
        for character in part:
            name = SPECIAL.get(character)
            struck = character if turn % 2 or name else typed(character, layout)
            keys.append(events.Key(name or struck, None if character in "\r^" else struck))
    return keys


@pytest.mark.parametrize("layout", ["latin", "russian"])
async def test_whole_commands_in_one_burst_do_what_slow_typing_does(
    make_app: Callable[..., CrmApp], ports: Ports, layout: str
) -> None:
    app = make_app('[keys]\nlayout = "ru"\n')
    box = Mailbox(ports, needs_reason=True)
    box.folder("Clients")
    places = [box.letter(f"Price {number}") for number in range(6)]
    with ports.store.work(ports.actor, "setup") as work:
        one, other = (customers.add(work, name, infos=[("phone", number)]).key for name, number in FIRMS)
        interest = interests.add(work, "Pumps", owner_id=ports.actor.user_id, customer_id=other)
    chance = random.Random(layout)
    async with app.run_test(size=(100, 30)) as pilot:
        for key in _struck(layout):
            app.post_message(key)
            if chance.random() < 0.1:
                await pilot.pause()
        await settle(pilot)
        assert "Romashka" in screen_text(app)
    assert box.inquiries() == {1: ("declined", "DaD no need"), 2: ("declined", "Not for us")}
    folders = [box.place(place).folder_id for place in places]
    trash, inbox = box.folders["trash"], box.folders["inbox"]
    assert folders == [inbox, trash, trash, max(folders), inbox, inbox]
    assert _titles(ports) == ["Call Dax", "Two"]
    with ports.store.facts("look") as work:
        assert work.get(Customer, one).merged_into_id == other
        (event,) = work.all(Event)
        assert (event.summary, event.dtstart.hour, event.dtstart.minute) == ("Dinner", 17, 30)
        pumps = work.get(Interest, interest.key)
        assert pumps.state_id != interest.state_id
        assert pumps.next_contact_at is not None


async def test_a_letter_typed_after_the_answer_closes_nothing_below(app: CrmApp, ports: Ports) -> None:
    """Two digits in one burst closed the dialog and, after it, the screen below."""
    box = Mailbox(ports, needs_reason=True)
    box.letter()
    async with app.run_test() as pilot:
        await _burst(pilot, "1x12n")
        assert app.current_mode == "tasks"
        await _burst(pilot, "\x1b")
        dialog = Choice("Which?", [("a", "A")])
        await app.push_screen(dialog)
        dialog.dismiss("a")
        dialog.dismiss("a")
        await settle(pilot)
        assert len(app.screen_stack) == 1


async def test_a_key_struck_before_a_dialog_that_opened_itself_stood_is_not_for_it(
    app: CrmApp, ports: Ports
) -> None:
    async with app.run_test() as pilot:
        await settle(pilot)
        early = events.Key("escape", None)
        popup = Confirm("Sure?")
        app.push_screen(popup)
        app._ahead.opens_by_itself(popup)
        await settle(pilot)
        await app.on_event(early)
        await settle(pilot)
        assert app.screen is popup
        await app.on_event(events.Key("escape", None))
        await settle(pilot)
        assert app.screen is not popup


async def test_a_caller_typed_in_one_burst_is_found_before_enter_goes_on(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        leads.add(work, "Olga Kim", infos=[("phone", "+7 701 555 12 34")])
    async with app.run_test() as pilot:
        await _burst(pilot, ":inquiry call\rOlga\t\t87015551234\r\r^")
    with ports.store.facts("look") as work:
        (lead,) = work.all(Lead)
        assert [one.lead_id for one in work.all(Interest)] == [lead.key]
