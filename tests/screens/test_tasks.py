"""My Tasks by keyboard alone."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.tasks import TasksScreen
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Task
from tests.screens.keyboard import screen_text, type_text


def all_tasks(ports: Ports) -> dict[str, str]:
    with ports.store.facts("look") as work:
        return {task.title: task.status for task in work.all(Task)}


@pytest.mark.parametrize(
    ("new", "done", "undo"), [("n", "d", "u"), ("т", "в", "г")], ids=["latin", "russian"]
)
async def test_add_in_words_done_and_undo(app: CrmApp, ports: Ports, new: str, done: str, undo: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", new)
        await type_text(pilot, "Позвонить Айгуль завтра 10:00")
        assert "20.11" in screen_text(app)
        await pilot.press("enter")
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, TasksScreen)
        text = screen_text(app)
        assert "Позвонить Айгуль" in text
        assert "tomorrow 10:00" in text
        assert all_tasks(ports) == {"Позвонить Айгуль": "open"}
        await pilot.press(done)
        await pilot.app.workers.wait_for_complete()
        assert all_tasks(ports) == {"Позвонить Айгуль": "done"}
        await pilot.press(undo)
        await pilot.app.workers.wait_for_complete()
        assert all_tasks(ports) == {"Позвонить Айгуль": "open"}
        await pilot.pause()
        assert "Позвонить Айгуль" in screen_text(app)
