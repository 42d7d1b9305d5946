"""Story A7: a colleague falls ill; his open work comes to me in one act, and so does what is new till Friday."""

from datetime import timedelta

from crm_tui.services import users
from crm_tui.services.event import calendar
from crm_tui.services.interest import interests
from crm_tui.services.task import tasks
from crm_tui.store.tables import Event, Interest, JournalEntry, Task
from crm_tui.store.tables.upkeep import Absence
from crm_tui.store.work import Actor
from tests.stories.office import ZONE, Office, Seat


def petrov_is_busy(office: Office) -> int:
    """Fourteen tasks, six Interests and three meetings."""
    store = office.store()
    with store.facts("user") as work:
        petrov = users.ensure(work, "petrov", name="Petrov", zone=ZONE).key
    with store.work(Actor("Petrov", petrov), "load") as work:
        for number in range(14):
            tasks.add(
                work, f"Task {number}", assignee_id=petrov, due_at=work.now + timedelta(days=1 + number)
            )
        for number in range(6):
            interests.add(work, f"Interest {number}", owner_id=petrov)
        for number in range(3):
            begin = work.now.replace(tzinfo=None) + timedelta(days=1 + number)
            calendar.add(
                work,
                f"Meeting {number}",
                dtstart=begin,
                dtend=begin + timedelta(hours=1),
                zone=ZONE,
                owner_id=petrov,
            )
    store.close()
    return petrov


async def test_a7_idx_39_idx_45_corp_44_a_colleague_falls_ill(office: Office, seat: Seat) -> None:
    petrov, me = petrov_is_busy(office), office.actor.user_id
    async with office.at_desk(*seat) as desk:
        await desk.press(":")
        await desk.write("handover\n")
        await desk.sees("Hand over work", "Petrov")
        await desk.press(*["tab"] * 9)
        await desk.write("friday")
        await desk.press("ctrl+s")
        await desk.sees("14 tasks, 6 Interests, 3 events", "gets new tasks until")
        await desk.press("y")
        await desk.until(lambda: {each.assignee_id for each in desk.rows(Task)} == {me}, "the tasks are mine")
        assert {each.owner_id for each in (*desk.rows(Interest), *desk.rows(Event))} == {me}
        assert [one.command for one in desk.rows(JournalEntry)][-1] == "handover"
        assert desk.row(Absence).deputy_id == me
        with desk.app.ports.store.work(Actor.program("process"), "task.add") as work:
            given = tasks.add(work, "A new process task", assignee_id=petrov, kind="process")
            assert given.assignee_id == me
        await desk.press("2")
        await desk.sees("A new process task", "Task 0")
        await desk.press("u")
        await desk.until(
            lambda: [each.assignee_id for each in desk.rows(Task, kind="personal")] == [petrov] * 14,
            "tasks are back",
        )
        assert {each.owner_id for each in (*desk.rows(Interest), *desk.rows(Event))} == {petrov}
        assert desk.rows(Absence) == []
