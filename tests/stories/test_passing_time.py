"""A screen that stays open for hours stays true: tasks fall due, days end, and nobody pressed a key."""

from datetime import timedelta

from crm_tui.services.task import tasks
from tests.stories.office import Office


async def test_the_clock_alone_changes_what_is_shown(office: Office) -> None:
    store, user_id = office.store(), office.actor.user_id
    assert user_id is not None
    with store.work(office.actor, "plan") as work:
        due = work.now + timedelta(minutes=5)
        tasks.add(work, "Call Olga", assignee_id=user_id, due_at=due)
        tasks.add(work, "Send prices", assignee_id=user_id, due_at=work.now + timedelta(hours=20))
    store.close()
    async with office.at_desk() as desk:
        await desk.sees("Call Olga", "in 5 min")
        await desk.press("X")
        await desk.sees("Tasks until tonight: 1")
        assert "overdue" not in desk.screen
        await desk.later(minutes=6)
        await desk.sees("Tasks until tonight: 1 · overdue: 1")
        await desk.press("2")
        await desk.sees("tomorrow 12:40")
        await desk.later(hours=8)
        await desk.sees("today 12:40")
        await desk.press("0")
        await desk.sees("Tasks until tonight: 2 · overdue: 1")
