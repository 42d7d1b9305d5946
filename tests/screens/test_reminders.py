"""The reminder popup: fires once, never over typing, and takes its answers by single keys."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from textual import events
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.shell import attention
from crm_tui.screens.task.reminder import ReminderPopup
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Reminder, Task
from tests.screens.keyboard import screen_text, settle, type_text
from tests.stores import TestClock
from tests.waiting import settled


def add(ports: Ports, title: str, **in_time: float) -> int:
    with ports.store.work(ports.actor, "task.add") as work:
        assert ports.actor.user_id is not None
        due = work.now + timedelta(**in_time)
        return tasks.add(work, title, assignee_id=ports.actor.user_id, due_at=due).key


def look(ports: Ports, reminder_of: int) -> tuple[Task, list[Reminder]]:
    with ports.store.facts("look") as work:
        return work.get(Task, reminder_of), work.all(Reminder, subject_id=reminder_of)


async def tick(pilot: Pilot[int]) -> None:
    """What the app does once a second by itself. No worker is awaited: a dialog that waits for a person is one."""
    app = pilot.app
    assert isinstance(app, CrmApp)
    await settle(pilot)  # it hears of what was just written
    app._look_around()
    await settled(pilot, lambda: not any(one.group == "reminders" and one.is_running for one in app.workers))
    await settle(pilot)


@pytest.mark.parametrize(("snooze", "done"), [("z", "d"), ("я", "в")], ids=["latin", "russian"])
async def test_fires_snoozes_and_is_done(app: CrmApp, ports: Ports, snooze: str, done: str) -> None:
    clock = ports.clock
    assert isinstance(clock, TestClock)
    task_id = add(ports, "Call Olga", minutes=30)
    async with app.run_test(size=(80, 24)) as pilot:
        await tick(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        clock.move(minutes=15)
        await tick(pilot)
        assert isinstance(app.screen, ReminderPopup)
        assert "Call Olga" in screen_text(app)
        assert "in 15 min" in screen_text(app)
        await pilot.press(snooze, "1")
        await settle(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        [reminder] = look(ports, task_id)[1]
        assert reminder.due_at == clock.now + timedelta(minutes=10)
        await tick(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        clock.move(minutes=10)
        await tick(pilot)
        assert isinstance(app.screen, ReminderPopup)
        await pilot.press(done)
        await settle(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        task, rest = look(ports, task_id)
        assert (task.status, rest) == ("done", [])


async def test_never_steals_typing_and_waits_in_the_status_line(app: CrmApp, ports: Ports) -> None:
    clock = ports.clock
    assert isinstance(clock, TestClock)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "n")
        await type_text(pilot, "Buy ")
        add(ports, "Call Olga", minutes=10)
        await tick(pilot)
        await type_text(pilot, "paper")
        assert not isinstance(app.screen, ReminderPopup)
        assert "Buy paper" in screen_text(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "1 reminder" in screen_text(app)
        await pilot.press("ctrl+g")
        await pilot.pause()
        assert isinstance(app.screen, ReminderPopup)


async def test_many_are_one_list_answered_at_once_by_marks(app: CrmApp, ports: Ports) -> None:
    clock = ports.clock
    assert isinstance(clock, TestClock)
    ids = [add(ports, f"Task {number}", minutes=20 + number) for number in range(5)]
    clock.move(hours=8)
    async with app.run_test(size=(80, 24)) as pilot:
        await tick(pilot)
        assert isinstance(app.screen, ReminderPopup)
        assert "While you were away: 5" in screen_text(app)
        await pilot.press("V", "X")
        await settle(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        assert all(look(ports, task_id)[1][0].acknowledged_at == clock.now for task_id in ids)


async def test_a_key_that_comes_while_the_popup_opens_is_not_for_it(app: CrmApp, ports: Ports) -> None:
    """It was typed for what lay below: nothing is done by it, and the program does not end."""
    task_id = add(ports, "Call Olga", minutes=10)
    async with app.run_test(size=(80, 24)) as pilot:
        await tick(pilot)
        assert isinstance(app.screen, ReminderPopup)
        await pilot.press("escape")
        await settle(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        app.push_screen(ReminderPopup())
        await app.on_event(events.Key("enter", None))
        await settle(pilot)
        assert "Call Olga" in screen_text(app)
        assert look(ports, task_id)[0].status == "open"


async def test_one_opens_when_the_hands_rest(
    app: CrmApp, ports: Ports, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A ``d`` meant for the list below completed the task of the reminder that had just opened over it."""
    clock = ports.clock
    assert isinstance(clock, TestClock)
    task_id = add(ports, "Call Olga", minutes=15)
    monkeypatch.setattr(attention, "REST_SECONDS", 0.05)
    now = 100.0
    monkeypatch.setattr(attention, "time", SimpleNamespace(monotonic=lambda: now))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "j")
        await tick(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        assert "1 reminder: Ctrl+G" in screen_text(app)
        now = 101.0
        await pilot.press("g")  # and the rest of the chord is still to come
        now = 102.0
        await settle(pilot)
        assert not isinstance(app.screen, ReminderPopup)
        await pilot.press("escape")
        assert look(ports, task_id)[0].status == "open"
        now = 103.0
        await settled(pilot, lambda: isinstance(app.screen, ReminderPopup))
