"""The order of urgency in My Tasks, why a task stands where it does, and a filter that stays (L-22)."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.conditions.condition import Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.services.record import condition_subjects, saved_filters
from crm_tui.services.task import reminders, tasks
from crm_tui.store.tables import Interaction
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_customers import keys, user
from tests.screens.test_mail import on_layout

LATE, WAITED_FOR, PRESSING, SOMETIME = "Late by a day", "Ответить Айгуль", "Pressing", "Sometime"


@pytest.fixture
def base(ports: Ports) -> Ports:
    """Four tasks: by due time ``LATE``, ``SOMETIME``, then those without a date by priority."""
    me = user(ports)
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        deal = interests.add(work, "20 насосов", owner_id=me)
        work.add(
            Interaction(
                kind="letter",
                direction="in",
                status="held",
                starts_at=work.now - timedelta(hours=1),
                interest_id=deal.key,
                created_at=work.now,
                changed_at=work.now,
            )
        )
        late = tasks.add(work, LATE, assignee_id=me, due_at=work.now - timedelta(days=1))
        reminders.withdraw(work, "task", late.key)
        tasks.add(work, SOMETIME, assignee_id=me, due_at=work.now + timedelta(days=60))
        tasks.add(work, PRESSING, assignee_id=me, priority=1)
        tasks.add(
            work, WAITED_FOR, assignee_id=me, interest_id=deal.key, due_at=work.now + timedelta(days=60)
        )
    return ports


def shown(app: CrmApp) -> list[str]:
    """The tasks from the top down."""
    titles = (LATE, WAITED_FOR, PRESSING, SOMETIME)
    return [title for line in screen_text(app).splitlines() for title in titles if title in line]


@pytest.mark.parametrize(("layout", "size"), [("latin", (120, 40)), ("ru", (80, 24))])
async def test_l_22_tasks_by_urgency_and_why(
    app: CrmApp, base: Ports, layout: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "2")
        assert shown(app)[0] == LATE
        assert shown(app)[-1] == PRESSING  # without a date
        await pilot.press("colon")
        await type_text(pilot, "sort urgency\n")
        await settle(pilot)
        assert shown(app) == [LATE, WAITED_FOR, PRESSING, SOMETIME]
        assert "Later" not in screen_text(app)  # no headings: it is one order
        await keys(pilot, "g", "g", on_layout("j", layout), on_layout("W", layout))
        text = screen_text(app)
        assert "Urgency 7.4 = due 2.4 + customer waits 5.0" in text
        assert "the last letter is the customer's" in text
        await keys(pilot, "escape", on_layout("O", layout))
        assert shown(app)[0] == LATE
        assert "Overdue" in screen_text(app)  # by due time again, under headings


async def test_l_22_the_weights_are_settings_and_the_order_stays(make_app, base: Ports) -> None:  # type: ignore[no-untyped-def]
    app = make_app("[urgency]\ndue = 0.0\nimportant = 30.0\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "2", "O")
        assert shown(app)[:2] == [PRESSING, WAITED_FOR]
        assert "30.0" in screen_text(app)
        await pilot.press("Q")
    again = CrmApp(base)
    async with again.run_test(size=(120, 40)) as pilot:
        await settle(pilot)
        assert shown(again) == [
            LATE,
            WAITED_FOR,
            PRESSING,
            SOMETIME,
        ]  # by urgency still, with the weights shipped


async def test_l_22_a_saved_filter_stays_in_force_until_it_is_left(make_app, base: Ports) -> None:  # type: ignore[no-untyped-def]
    """A context of taskwarrior: one key of one's own puts it in force, through other places, a new task and a
    restart."""
    with base.store.read() as connection:
        subject = condition_subjects.subject(connection, "task")
    with base.store.work(base.actor, "filter.save") as work:
        saved_filters.save(work, subject, "Dated", Leaf("due_at", Operator.FILLED))
    app = make_app('[keys.tasks]\n"ctrl+x" = "list.filter Dated"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "2", "ctrl+x")
        assert "Filter: Dated" in screen_text(app)
        assert PRESSING not in shown(app)
        await keys(pilot, "1", "2", "n")
        await type_text(pilot, "Some day or other\n")
        await settle(pilot)
        assert "Some day or other" not in screen_text(app).replace("Added: Some day or other", "")
        await pilot.press("Q")
    again = CrmApp(base)
    async with again.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Filter: Dated" in screen_text(again)
        assert PRESSING not in shown(again)
        await keys(pilot, "escape")
        assert PRESSING in shown(again)
