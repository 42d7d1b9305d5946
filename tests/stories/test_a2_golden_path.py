"""Story A2 without a process: a stranger's letter becomes work, and the work is done. With one: the file beside."""

import email
import email.policy

import pytest

from crm_tui.store.tables import (
    Event,
    Folder,
    Inquiry,
    Interaction,
    Interest,
    JournalEntry,
    Lead,
    Letter,
    LetterLink,
    Notification,
    Outbox,
    Placement,
    Reminder,
    Task,
)
from tests.stories.office import Desk, Office

SUBJECT = "Pumps for the new plant"
TEXT = "Good day!\n\nWe need twenty pumps by spring. What do they cost?\n\n--\nOlga Kim\nNewco\n+7 701 555 12 34\n"
ANSWERS = {
    "latin": "A hundred each.",
    "russian": "По сто за штуку.",
}
WORDS = {
    "latin": ("Meeting with Olga tomorrow 15:00", "Meeting with Olga"),
    "russian": ("Встреча с Ольгой завтра 15:00", "Встреча с Ольгой"),
}


@pytest.mark.parametrize(
    ("layout", "size"),
    [("russian", (80, 24))],
    ids=["russian-80x24"],
)
async def test_a2_a_strangers_letter_becomes_work(office: Office, layout: str, size: tuple[int, int]) -> None:
    async with office.at_desk(size, layout) as desk:
        await desk.mail_is_quiet()
        await the_letter_comes(desk)
        await it_is_accepted_by_three_times_enter(desk)
        await the_server_has_it_in_processed(desk)
        await the_first_task_is_done(desk)
        await an_answer_is_written(desk)
        await a_meeting_is_planned_in_words(desk)
        await its_reminder_fires_is_snoozed_and_fires_once_more(desk)


async def the_letter_comes(desk: Desk) -> None:
    desk.office.deliver(SUBJECT, TEXT)
    await desk.sees("1 new letter: Ctrl+N", "Olga Kim")
    assert [place for places in desk.office.on_server().values() for place in places] == [("INBOX", 0)]
    assert [told.code for told in desk.rows(Notification)] == ["new_letter"]
    await desk.press("ctrl+n")
    await desk.sees(SUBJECT, "We need twenty pumps")
    await desk.is_rid_of("1 new letter")


async def it_is_accepted_by_three_times_enter(desk: Desk) -> None:
    before = {entry.key for entry in desk.rows(JournalEntry)}
    await desk.press("a")
    await desk.sees("1 of 3", "Olga Kim", "+77015551234")
    await desk.press("enter")
    await desk.sees("2 of 3", "Purchase")
    await desk.press("enter")
    await desk.sees("3 of 3")
    await desk.press("enter")
    await desk.sees("Meeting", "Waiting", "Meeting — call the client")
    interest, lead, task = desk.row(Interest), desk.row(Lead), desk.row(Task)
    assert (interest.name, interest.lead_id, lead.name) == (SUBJECT, lead.key, "Olga Kim")
    assert task.interest_id == interest.key
    assert task.due_at is not None
    assert task.due_at.isoformat() == "2026-11-20T06:40:00+00:00", "four working hours: Friday 11:40 there"
    assert desk.row(Inquiry).status == "accepted"
    assert desk.row(LetterLink).record_id == interest.key
    assert desk.row(Interaction, kind="letter").interest_id == interest.key
    (entry,) = [
        entry for entry in desk.rows(JournalEntry) if entry.key not in before and "accept" in entry.command
    ]
    assert entry.command == "inquiry.accept"


async def the_server_has_it_in_processed(desk: Desk) -> None:
    (place,) = desk.rows(Placement)
    assert desk.row(Folder, id=place.folder_id).role == "processed"
    await desk.until(
        lambda: (
            [[name for name, _flags in places] for places in desk.office.on_server().values()]
            == [["Processed"]]
        ),
        "the letter is in Processed on the server",
    )


async def the_first_task_is_done(desk: Desk) -> None:
    await desk.press("d")
    await desk.sees("Next task")
    await desk.press("ctrl+s")
    await desk.until(lambda: desk.row(Task).status == "done", "the task is done")
    assert desk.rows(Reminder) == []


async def an_answer_is_written(desk: Desk) -> None:
    """From the Interest to its letter, the answer typed above the quoted text, sent once, filed once."""
    await desk.press("G", "enter")
    await desk.sees("We need twenty pumps")
    await desk.press("r")
    await desk.sees("olga@newco.example", f"Re: {SUBJECT}")
    await desk.write(ANSWERS[desk.layout])
    await desk.press("ctrl+s")
    await desk.sees(ANSWERS[desk.layout], "Send")
    await desk.press("y")
    await desk.until(lambda: desk.rows(Outbox, status="queued"), "the letter waits to be sent")
    assert desk.office.sink.deliveries == []
    await desk.press("4")
    await desk.sees("Sent letter", f"Re: {SUBJECT[:12]}", "waits to be sent")
    await desk.later(seconds=11)
    await desk.until(lambda: desk.row(Outbox).status == "sent", "the letter is sent")
    (delivery,) = desk.office.sink.deliveries
    assert delivery.recipients == ("olga@newco.example",)
    sent = email.message_from_bytes(delivery.raw, policy=email.policy.default)
    assert sent["Subject"] == f"Re: {SUBJECT}"
    assert sent["In-Reply-To"] in desk.row(Letter, subject=SUBJECT).message_id.join(("<", ">"))
    text = sent.get_content()
    assert text.startswith(ANSWERS[desk.layout])
    assert "> We need twenty pumps by spring." in text
    await desk.until(
        lambda: (
            sorted(name for places in desk.office.on_server().values() for name, _flags in places)
            == ["Processed", "Sent"]
        ),
        "the copy in Sent on the server",
    )


async def a_meeting_is_planned_in_words(desk: Desk) -> None:
    line, title = WORDS[desk.layout]
    await desk.press("3", "n")
    await desk.sees("New event")
    await desk.write(line)
    await desk.press("enter")
    await desk.sees(title)
    event = desk.row(Event)
    assert (event.summary, event.starts_at.isoformat()) == (title, "2026-11-20T10:00:00+00:00")
    assert desk.row(Reminder).due_at.isoformat() == "2026-11-20T09:45:00+00:00"


async def its_reminder_fires_is_snoozed_and_fires_once_more(desk: Desk) -> None:
    title = WORDS[desk.layout][1]
    await desk.later(hours=22, minutes=4)
    await desk.press("4")
    await desk.later(minutes=1)
    await desk.sees("1 reminder", title, "in 15 min")
    await desk.press("z")
    await desk.sees("in 10 minutes")
    await desk.press("1")
    await desk.is_rid_of("in 15 min")
    assert desk.row(Reminder).due_at == desk.office.clock.now.replace(minute=55)
    await desk.later(minutes=10)
    await desk.sees("1 reminder", title, "in 5 min")
    await desk.press("X")
    await desk.is_rid_of("in 5 min")
    reminder = desk.row(Reminder)
    assert (reminder.snoozes, reminder.acknowledged_at) == (1, desk.office.clock.now)
