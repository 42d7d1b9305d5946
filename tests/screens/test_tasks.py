"""My Tasks by keyboard alone."""

from datetime import timedelta

import pytest

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.screens.task.tasks import TasksScreen
from crm_tui.services.interest import scenarios
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Task
from tests.screens.keyboard import screen_text, settle, type_text


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


async def test_overdue_and_priority_have_a_sign_each(app: CrmApp, ports: Ports) -> None:
    user_id = ports.actor.user_id
    assert user_id is not None
    with ports.store.work(ports.actor, "setup") as work:
        for title, priority, hours in (("Late", 0, -30), ("Late and pressing", 1, -29), ("Pressing", 1, 29)):
            tasks.add(
                work,
                title,
                assignee_id=user_id,
                priority=priority,
                due_at=ports.clock() + timedelta(hours=hours),
            )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        signs = {line[19:40].strip(): line[:4].strip() for line in screen_text(app).splitlines()}
        assert signs["Late"] == "▌  !"
        assert signs["Late and pressing"] == "↑!"
        assert signs["Pressing"] == "↑"
        await pilot.press("0")
        await settle(pilot)
        today = [line for line in screen_text(app).splitlines() if "Late and pressing" in line]
        assert [line[:4].strip() for line in today] == ["↑!"]


async def test_a_title_is_gone_on_with_and_its_date_stays(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2", "n")
        assert "The date may be written in words" in screen_text(app)
        await type_text(pilot, "Call Olga tomorrow 10:00")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("e")
        await settle(pilot)
        await type_text(pilot, " Kim")
        await settle(pilot)
        assert "due as before: tomorrow 10:00" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert all_tasks(ports) == {"Call Olga Kim": "open"}
        await pilot.press("z")
        await settle(pilot)
        assert "For example: tomorrow 15:00" in screen_text(app)
        await type_text(pilot, "30.11 11:00")
        await pilot.press("enter")
        await settle(pilot)
        assert "1 task moved to" in screen_text(app)
        assert "30.11 11:00    Call Olga Kim" in screen_text(app)


@pytest.mark.parametrize(("key", "size"), [("Y", (120, 40)), ("Н", (80, 24))], ids=["latin", "russian"])
async def test_idx_26_my_tasks_has_the_columns_that_are_chosen(
    app: CrmApp, ports: Ports, key: str, size: tuple[int, int]
) -> None:
    user_id = ports.actor.user_id
    assert user_id is not None
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        for title, party, hours in (("Send the offer", "Zarya", 1), ("Call back", "Alfa", 2), ("Tea", "", 3)):
            customer = customers.add(work, party).key if party else None
            tasks.add(
                work,
                title,
                assignee_id=user_id,
                customer_id=customer,
                priority=1 if party else 0,
                due_at=ports.clock() + timedelta(days=hours),
            )
    async with app.run_test(size=size) as pilot:
        await pilot.press("2", key)
        await settle(pilot)
        await pilot.press("ctrl+u")
        await type_text(pilot, "customer priority title due\n")
        await settle(pilot)
        head, section, *rows = screen_text(app).splitlines()[1:6]
        assert head.split() == ["Customer", "Priority", "Task", "Due▲"]
        assert "Next 7 days" in section  # whole, though the first column is another
        assert [row.split()[-1] for row in rows] == ["16:40"] * 3
        assert rows[0].replace("▌", "").replace("↑", "").split()[:5] == [
            "Zarya",
            "high",
            "Send",
            "the",
            "offer",
        ]
        await pilot.press("colon")
        await type_text(pilot, "sort customer\n")
        await settle(pilot)
        found = [line for line in screen_text(app).splitlines() if "16:40" in line]
        assert [next(word for word in ("Alfa", "Zarya", "Tea") if word in line) for line in found] == [
            "Alfa", "Zarya", "Tea",
        ]  # fmt: skip
        await pilot.press("colon")
        await type_text(pilot, "sort interest\n")
        await settle(pilot)
        assert "Task (Interest▲)" in screen_text(app).splitlines()[1]
        await pilot.press("colon")
        await type_text(pilot, "sort urgency\n")
        await settle(pilot)
        assert "Task (Urgency▼)" in screen_text(app).splitlines()[1]
        await pilot.press("colon")
        await type_text(pilot, "sort nonsense\n")
        await settle(pilot)
        assert "There is no column nonsense" in screen_text(app)
        await pilot.press("O", "Q")
    again = CrmApp(ports, config.load(config.config_file(), {}))
    async with again.run_test(size=size) as pilot:
        await settle(pilot)
        assert screen_text(again).splitlines()[1].split() == ["Customer▲", "Priority", "Task", "Due"]
