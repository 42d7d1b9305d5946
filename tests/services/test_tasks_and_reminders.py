"""Tasks, planned contacts and the ledger of reminders."""

import threading
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.party import leads
from crm_tui.services.task import reminder_answers, reminders, tasks
from crm_tui.store import undo
from crm_tui.store.queries import tasks as task_queries
from crm_tui.store.tables import ContactInfo, Interaction, Interest, Task
from tests.calls import log_call
from tests.services.conftest import Office

ALMATY = ZoneInfo("Asia/Almaty")


def add(office: Office, title: str, due: datetime | None, **more: int | bool) -> Task:
    with office.store.work(office.actor, "task.add") as work:
        return tasks.add(work, title, assignee_id=office.user.key, due_at=due, **more)  # type: ignore[arg-type]


def test_tasks_stand_in_sections_overdue_first(office: Office) -> None:
    now = office.clock.now
    for title, due in [
        ("later", now + timedelta(days=30)),
        ("today", now + timedelta(hours=1)),
        ("overdue", now - timedelta(days=1)),
        ("no date", None),
        ("this week", now + timedelta(days=2)),
    ]:
        add(office, title, due)
    with office.store.read() as connection:
        found = task_queries.sections(connection, office.user.key, now, ALMATY)
        rows = task_queries.rows(connection, [key for key, _ in found])
    assert [(rows[key].title, task_queries.SECTIONS[section]) for key, section in found] == [
        ("overdue", "overdue"),
        ("today", "today"),
        ("this week", "week"),
        ("later", "later"),
        ("no date", "none"),
    ]


def test_a_done_task_reminds_no_more_and_undo_brings_the_reminder_back(office: Office) -> None:
    task = add(office, "call", office.clock.now + timedelta(hours=1))
    with office.store.work(office.actor, "task.done") as work:
        tasks.done(work, task.key, "they agreed")
    office.clock.move(hours=2)
    assert reminders.claim_due(office.store, office.user.key, "me") == []
    undo.undo(office.store, office.actor)
    assert [due.text for due in reminders.claim_due(office.store, office.user.key, "me")] == ["call"]
    with office.store.work(office.actor, "task.done") as work:
        tasks.done(work, task.key)
    with pytest.raises(Refused, match="task_not_open"), office.store.work(office.actor, "task.done") as work:
        tasks.done(work, task.key)


def test_whole_day_task_reminds_at_nine_by_the_wall_clock(office: Office) -> None:
    end_of_friday = datetime(2026, 11, 21, tzinfo=ALMATY)
    add(office, "report", end_of_friday, due_all_day=True)
    with office.store.read() as connection:
        due = reminders.next_due(connection, office.user.key)
    assert due == datetime(2026, 11, 20, 9, tzinfo=ALMATY)


def test_assurance_10_of_four_sessions_exactly_one_fires_a_reminder(office: Office) -> None:
    for number in range(20):
        add(office, f"task {number}", office.clock.now + timedelta(minutes=number))
    office.clock.move(hours=1)
    claimed: list[int] = []
    threads = [
        threading.Thread(
            target=lambda name=str(number): claimed.extend(
                due.id for due in reminders.claim_due(office.store, office.user.key, name)
            )
        )
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == len(set(claimed)) == 20


def test_c_03_claim_of_a_dead_session_is_free_again_a_seen_one_is_not(office: Office) -> None:
    add(office, "call", office.clock.now)
    [due] = reminders.claim_due(office.store, office.user.key, "dead")
    assert reminders.claim_due(office.store, office.user.key, "me") == []
    office.clock.move(minutes=3)
    assert [one.id for one in reminders.claim_due(office.store, office.user.key, "me")] == [due.id]
    with office.store.facts("seen") as work:
        reminders.seen(work, [due.id])
    office.clock.move(minutes=3)
    assert reminders.claim_due(office.store, office.user.key, "other") == []


def test_c_03_snoozed_reminder_returns_at_its_time_and_once(office: Office) -> None:
    add(office, "call", office.clock.now)
    [due] = reminders.claim_due(office.store, office.user.key, "me")
    with office.store.work(office.actor, "reminder.snooze") as work:
        reminder_answers.snooze(work, [due.id], office.clock.now + timedelta(minutes=10))
    office.clock.move(minutes=9)
    assert reminders.claim_due(office.store, office.user.key, "me") == []
    office.clock.move(minutes=1)
    assert len(reminders.claim_due(office.store, office.user.key, "me")) == 1
    assert reminders.claim_due(office.store, office.user.key, "me") == []


def test_c77_10_logging_a_call_plans_the_next_and_notes_the_number(office: Office) -> None:
    from crm_tui.services.interest import interests

    with office.store.work(office.actor, "interest.create") as work:
        lead = leads.add(work, "Olga Kim")
        interest = interests.add(work, "Pumps", owner_id=office.user.key, lead_id=lead.key)
    monday = datetime(2026, 11, 23, 15, tzinfo=ALMATY)
    with office.store.work(office.actor, "interest.log_call") as work:
        log_call(work, interest.key, result="Wants 20", phone="8 (701) 555-12-34", next_contact_at=monday)
    with office.store.facts("look") as work:
        calls = {call.status: call for call in work.all(Interaction, interest_id=interest.key)}
        number = work.find(ContactInfo, owner_kind="lead", owner_id=lead.key, kind="mobile")
    assert calls["held"].result == "Wants 20"
    assert calls["planned"].starts_at == monday
    assert number is not None
    assert number.normal == "+77015551234"
    office.clock.now = monday - timedelta(minutes=15)
    [due] = reminders.claim_due(office.store, office.user.key, "me")
    assert (due.subject_kind, due.subject_at) == ("interaction", monday)
    with office.store.work(office.actor, "reminder.done") as work:
        reminder_answers.done(work, due.id, "They signed")
    with office.store.facts("look") as work:
        assert {call.status for call in work.all(Interaction, interest_id=interest.key)} == {"held"}


def test_a_new_title_does_not_wake_an_answered_reminder(office: Office) -> None:
    dismissed = add(office, "call", office.clock.now)
    snoozed = add(office, "write", office.clock.now)
    ids = {due.subject_id: due.id for due in reminders.claim_due(office.store, office.user.key, "me")}
    with office.store.work(office.actor, "reminder.dismiss") as work:
        reminder_answers.dismiss(work, [ids[dismissed.key]])
        reminder_answers.snooze(work, [ids[snoozed.key]], office.clock.now + timedelta(hours=1))
    with office.store.work(office.actor, "task.edit") as work:
        tasks.rename(work, dismissed.key, "call again")
        tasks.rename(work, snoozed.key, "write again")
    assert reminders.claim_due(office.store, office.user.key, "me") == []
    office.clock.move(hours=2)
    assert [due.text for due in reminders.claim_due(office.store, office.user.key, "me")] == ["write again"]


def test_c77_12_a_contact_that_was_held_is_no_more_the_next_one(office: Office) -> None:
    at = office.clock.now + timedelta(hours=1)
    with office.store.work(office.actor, "interest.new") as work:
        interest = interests.add(work, "20 pumps", owner_id=office.user.key)
        interactions.plan_contact(work, interest.key, at)
    office.clock.move(hours=1)
    (due,) = reminders.claim_due(office.store, office.user.key, "me")
    with office.store.work(office.actor, "reminder.done") as work:
        reminder_answers.done(work, due.id)
        assert work.get(Interest, interest.key).next_contact_at is None
    undo.undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert work.get(Interest, interest.key).next_contact_at == at


def test_a_new_task_can_be_taken_back_after_its_reminder_has_fired_and_was_seen(office: Office) -> None:
    add(office, "call", office.clock.now)
    [due] = reminders.claim_due(office.store, office.user.key, "me")
    with office.store.facts("seen") as work:
        reminders.seen(work, [due.id])
    undo.undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert work.all(Task) == []
