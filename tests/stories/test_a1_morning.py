"""Story A1: the morning in few keys."""

from datetime import timedelta

from crm_tui.services.event import calendar
from crm_tui.services.interest import interests
from crm_tui.services.party import leads
from crm_tui.services.task import tasks
from crm_tui.store.tables import Placement, Task
from tests.stories.office import ZONE, Office


def before_the_weekend(office: Office) -> None:
    """What the days before have left: an Interest nobody cared for, four tasks, two meetings."""
    store, now = office.store(), office.clock.now
    user_id = office.actor.user_id
    assert user_id is not None
    office.clock.move(days=-40)
    with store.work(office.actor, "interest.new") as work:
        lead = leads.add(work, "Pavel Orlov")
        interests.add(work, "A boiler for the bath house", owner_id=user_id, lead_id=lead.key)
    office.clock.now = now
    with store.work(office.actor, "plan") as work:
        lead = leads.add(work, "Olga Kim")
        interest = interests.add(work, "Twenty pumps", owner_id=user_id, lead_id=lead.key)
        for title, hours in (("Answer Petrov", 1), ("Call Olga", -2), ("Send prices", 2), ("Buy paper", 3)):
            tasks.add(
                work, title, assignee_id=user_id, due_at=now + timedelta(hours=hours),
                interest_id=interest.key if title == "Call Olga" else None,
            )  # fmt: skip
        for title, hours in (("Staff meeting", 6), ("Visit the plant", 23)):
            begin = now.replace(tzinfo=None) + timedelta(hours=hours)
            calendar.add(
                work, title, dtstart=begin, dtend=begin + timedelta(hours=1), zone=ZONE, owner_id=user_id,
                reminder_minutes=None,
            )  # fmt: skip
    store.close()


async def test_a1_morning_in_few_keys(office: Office) -> None:
    before_the_weekend(office)
    async with office.at_desk() as desk:
        await desk.mail_is_quiet()
        for subject in ("Valves", "Pipes", "Boilers"):
            office.deliver(subject, "How much?", f"{subject} <{subject.lower()}@there.example>")
        await desk.until(lambda: len(desk.rows(Placement)) == 3, "three letters")
        await desk.sees("1 reminder", "Dismiss")
        await desk.press("esc")
        shown = await desk.sees(
            "Inquiries not processed: 3",
            "Tasks until tonight: 4",
            "overdue: 1",
            "Meetings today and tomorrow: 2",
            "Neglected: 1",
            "A boiler for the bath house",
        )
        blocks = [line for line in shown.splitlines() if "Call Olga" in line or "Answer Petrov" in line]
        assert "Call Olga" in blocks[0], "the overdue first"
        await desk.press("2")
        await desk.sees("[2 My Tasks]", "Buy paper")
        await desk.press("enter")
        await desk.sees("[4 Interests]", "Twenty pumps", "Meeting", "Call Olga")
        await desk.press("2")
        await desk.press("j")
        await desk.press("0")
        await desk.sees("[0 Today]")
        await desk.press("2")
        await desk.sees("[2 My Tasks]")
        await desk.press("d")
        await desk.until(
            lambda: [task.title for task in desk.rows(Task, status="done")] == ["Answer Petrov"],
            "the cursor stands where it stood",
        )
