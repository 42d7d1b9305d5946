"""Open work goes over in one act and comes back with one undo; a deputy gets what is new meanwhile."""

from datetime import timedelta

import pytest

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.services import users
from crm_tui.services.event import calendar
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.party import customers
from crm_tui.services.task import absences, handover, tasks
from crm_tui.services.task.reminder_clock import ReminderClock
from crm_tui.store import undo
from crm_tui.store.queries.absences import lasting, stand_in
from crm_tui.store.tables import Customer, Event, Interest, Reminder, Task
from crm_tui.store.work import Actor
from tests.services.conftest import Office


def colleague(office: Office, name: str = "petrov") -> int:
    with office.store.facts("user") as work:
        return users.ensure(work, name, name=name.title()).key


def loaded(office: Office, petrov: int) -> None:
    """Fourteen tasks, six Interests, three meetings of Petrov, and what is not handed over."""
    now = office.clock.now
    with office.store.work(Actor("Petrov", petrov), "load") as work:
        for number in range(14):
            tasks.add(work, f"Task {number}", assignee_id=petrov, due_at=now + timedelta(days=number))
        tasks.done(work, tasks.add(work, "Done", assignee_id=petrov).key)
        for number in range(6):
            interests.add(work, f"Interest {number}", owner_id=petrov)
        for number in range(3):
            begin = now.replace(tzinfo=None) + timedelta(days=1 + number)
            calendar.add(
                work,
                f"Meeting {number}",
                dtstart=begin,
                dtend=begin + timedelta(hours=1),
                zone="UTC",
                owner_id=petrov,
            )
        past = now.replace(tzinfo=None) - timedelta(days=9)
        calendar.add(work, "Past", dtstart=past, dtend=past + timedelta(hours=1), zone="UTC", owner_id=petrov)
        customers.add(work, "Newco", owner_id=petrov)


def owners(office: Office) -> dict[str, list[int | None]]:
    with office.store.facts("look") as work:
        return {
            "tasks": [each.assignee_id for each in work.all(Task)],
            "interests": [each.owner_id for each in work.all(Interest)],
            "events": [each.owner_id for each in work.all(Event)],
            "customers": [each.owner_id for each in work.all(Customer)],
            "reminders": [each.user_id for each in work.all(Reminder)],
        }


def test_idx_39_open_work_goes_over_in_one_act_and_one_undo_brings_it_back(office: Office) -> None:
    petrov, me = colleague(office), office.user.key
    loaded(office, petrov)
    before = owners(office)
    with office.store.work(office.actor, "handover") as work:
        moved = handover.hand_over(work, petrov, me, since=work.now)
    assert moved == {"tasks": 14, "interests": 6, "events": 3, "interactions": 0}
    after = owners(office)
    assert after["tasks"] == [me] * 14 + [petrov]
    assert after["events"] == [me] * 3 + [petrov]
    assert after["customers"] == [petrov]
    assert after["reminders"].count(me) == 17
    undo.undo(office.store, office.actor)
    assert owners(office) == before


def test_idx_39_a_period_and_kinds_narrow_it(office: Office) -> None:
    petrov, me = colleague(office), office.user.key
    loaded(office, petrov)
    now = office.clock.now
    with office.store.read() as connection:
        found = handover.found(
            connection, petrov, ("tasks", "events", "customers"), now, now + timedelta(days=2, hours=1)
        )
        with pytest.raises(Invalid, match="handover_kind"):
            handover.found(connection, petrov, ("wishes",))
    assert {kind: len(ids) for kind, ids in found.items()} == {"tasks": 3, "events": 2, "customers": 1}
    with office.store.work(office.actor, "handover") as work:
        with pytest.raises(Invalid, match="handover_to_oneself"):
            handover.hand_over(work, petrov, petrov)
        with pytest.raises(Refused, match="handover_nothing"):
            handover.hand_over(work, me, petrov)


def test_idx_39_a_reminder_the_other_has_already_stays_single(office: Office) -> None:
    petrov, me = colleague(office), office.user.key
    with office.store.work(office.actor, "plan") as work:
        interactions.plan(work, kind="call", at=work.now + timedelta(days=1), subject="Call", owner_id=petrov)
    with office.store.work(office.actor, "handover") as work:
        assert handover.hand_over(work, petrov, me, ("interactions",)) == {"interactions": 1}
        assert [each.user_id for each in work.all(Reminder)] == [me]


def test_idx_45_new_tasks_come_to_the_deputy_and_go_back(office: Office) -> None:
    petrov, sidorov, me = colleague(office), colleague(office, "sidorov"), office.user.key
    now = office.clock.now
    with office.store.work(office.actor, "absence.add") as work:
        absences.add(work, petrov, sidorov, now, now + timedelta(days=3), "Ill")
        absences.add(work, sidorov, me, now + timedelta(days=1), now + timedelta(days=2))
        given = tasks.add(work, "For Petrov", assignee_id=petrov, due_at=now + timedelta(hours=5))
        assert (given.assignee_id, given.stands_for_id) == (sidorov, petrov)
        assert [each.user_id for each in work.all(Reminder)] == [sidorov]
        done = tasks.add(work, "Done meanwhile", assignee_id=petrov)
        tasks.done(work, done.key)
    with office.store.work(Actor("Petrov", petrov), "task.add") as work:
        own = tasks.add(work, "He gives it to himself", assignee_id=petrov)
        assert (own.assignee_id, own.stands_for_id) == (petrov, None)
    with office.store.read() as connection:
        assert stand_in(connection, petrov, now + timedelta(days=1, hours=1)) == me
        assert stand_in(connection, petrov, now + timedelta(days=4)) == petrov
        assert [(one.name, one.deputy) for one in lasting(connection, now)] == [
            ("Petrov", "Sidorov"),
            ("Sidorov", office.user.name),
        ]
    clock = ReminderClock(office.store, me)
    clock.claim()
    with office.store.facts("look") as work:
        assert work.get(Task, given.key).assignee_id == sidorov
    office.clock.move(days=3, minutes=1)
    clock.claim()
    with office.store.facts("look") as work:
        back = work.get(Task, given.key)
        assert (back.assignee_id, back.stands_for_id) == (petrov, None)
        assert [each.user_id for each in work.all(Reminder, subject_id=given.key)] == [petrov]
        assert work.get(Task, done.key).assignee_id == sidorov


def test_idx_45_an_absence_ends_early_and_what_makes_no_sense_is_refused(office: Office) -> None:
    petrov, me = colleague(office), office.user.key
    now = office.clock.now
    with office.store.work(office.actor, "absence.add") as work:
        absence = absences.add(work, petrov, me, now - timedelta(days=1), now + timedelta(days=3))
        tasks.add(work, "For Petrov", assignee_id=petrov)
        for arguments in ((petrov, petrov, now, now + timedelta(days=1)), (petrov, me, now, now)):
            with pytest.raises(Invalid, match="absence"):
                absences.add(work, *arguments)
        # Two who stand in for each other: it stays with the one it was given to.
        absences.add(work, me, petrov, now, now + timedelta(hours=1))
        assert stand_in(work.connection, petrov, now) == petrov
    with office.store.work(office.actor, "absence.end") as work:
        assert absences.end(work, absence.key) == 1
        assert absences.end(work, absence.key) == 0


def test_idx_39_whoever_is_reminded_already_is_not_twice_and_the_former_owner_not_at_all(
    office: Office,
) -> None:
    petrov, me = colleague(office), office.user.key
    due = office.clock.now + timedelta(days=1)
    with office.store.work(Actor("Petrov", petrov), "task.add") as work:
        task = tasks.add(work, "Call", assignee_id=petrov, due_at=due).key
        for user_id in (petrov, me):
            if work.find(Reminder, user_id=user_id, subject_id=task) is None:
                work.add(
                    Reminder(user_id=user_id, subject_kind="task", subject_id=task, text="Call", due_at=due)
                )
    with office.store.work(office.actor, "handover") as work:
        handover.hand_over(work, petrov, me)
        assert [each.user_id for each in work.all(Reminder)] == [me]
    undo.undo(office.store, office.actor)
    assert sorted(owners(office)["reminders"]) == sorted([petrov, me])
