"""Answers to a reminder: what was answered before its time is not reminded of again."""

from datetime import timedelta

import pytest

from crm_tui.services.event import calendar
from crm_tui.services.task import reminder_answers, reminders
from crm_tui.store.tables import Event
from tests.services.conftest import Office


def event(office: Office, rrule: str) -> Event:
    begin = office.clock.now.replace(tzinfo=None) + timedelta(hours=5, minutes=20)
    with office.store.work(office.actor, "calendar.new") as work:
        return calendar.add(
            work, "Staff meeting", dtstart=begin, dtend=begin + timedelta(hours=1), zone="Asia/Almaty",
            owner_id=office.user.key, rrule=rrule,
        )  # fmt: skip


def claimed(office: Office) -> list[int]:
    return [due.id for due in reminders.claim_due(office.store, office.user.key, "here")]


@pytest.mark.parametrize("answer", [reminder_answers.dismiss, None], ids=["dismissed", "done"])
@pytest.mark.parametrize(("rrule", "days"), [("", None), ("FREQ=DAILY;COUNT=3", 1)], ids=["once", "daily"])
def test_rem_an_event_answered_before_it_begins_is_quiet_until_the_next_one(
    office: Office, answer: object, rrule: str, days: int | None
) -> None:
    made = event(office, rrule)
    office.clock.move(minutes=10)
    (due,) = claimed(office)
    with office.store.work(office.actor, "reminder.dismiss") as work:
        if answer is None:
            reminder_answers.done(work, due)
        else:
            reminder_answers.dismiss(work, [due])
    assert claimed(office) == []
    office.clock.move(minutes=15)
    assert claimed(office) == []
    with office.store.read() as connection:
        following = reminders.next_due(connection, office.user.key)
    if days is None:
        assert following is None
    else:
        assert following == made.starts_at + timedelta(days=days) - timedelta(minutes=15)
