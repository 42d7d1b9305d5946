"""Story A2 whole: a letter of a stranger becomes a sale by the map "1.2 Sale (quick)", which is won."""

import email
import email.policy
from pathlib import Path

import pytest

from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Inquiry,
    Interaction,
    Interest,
    JournalEntry,
    Lead,
    LetterLink,
    Outbox,
    Reminder,
    StateChange,
    Task,
)
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import ProcessNotice, ProcessToken, RouteMapVersion
from tests.stories.office import Desk, Office
from tests.stories.processes import at, process_of, quick_sale, stands_in, state_of

SUBJECT = "Pumps for the new plant"
TEXT = "Good day!\n\nWe need twenty pumps by spring. What do they cost?\n\n--\nOlga Kim\n"


async def test_a2_bp_01_bp_21_rm_18_rm_20_rm_23_bp_05_kz_04_kzt_11_kzt_12_elp_07_from_a_letter_to_a_customer(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first half over a thin line with a Ukrainian keyboard, the second at a wide screen with a Latin one."""
    quick_sale(office)
    monkeypatch.setenv("TERM", "vt220")
    async with office.at_desk((80, 24), "ukrainian") as desk:
        await desk.mail_is_quiet()
        await in_five_keys_from_the_letter_to_the_process(desk)
        await the_welcome_letter_goes_by_itself(desk)
        await without_the_call_the_step_is_not_completed(desk)
        await it_is_reminded_of_and_put_off(desk)
        await the_call_is_made_and_the_next_is_planned_for_monday(desk)
        await the_process_moves_the_state_and_nobody_else_does(desk)
    monkeypatch.setenv("TERM", "xterm-256color")
    async with office.at_desk((120, 40), "latin") as desk:
        await from_the_task_to_its_step(desk)
        await a_proposal_goes_out_with_a_letter(desk, tmp_path)
        await it_goes_on_to_control_with_five_touches(desk)
        await it_is_won_and_the_lead_becomes_a_customer(desk)


async def in_five_keys_from_the_letter_to_the_process(desk: Desk) -> None:
    desk.office.deliver(SUBJECT, TEXT)
    await desk.sees("1 new letter: Ctrl+N")
    before = {entry.key for entry in desk.rows(JournalEntry)}
    await desk.press("ctrl+n")
    await desk.sees("We need twenty pumps")
    await desk.press("a")
    await desk.sees("1 of 3", "Olga Kim")
    await desk.press("enter")
    await desk.sees("2 of 3", "Purchase")
    await desk.press("enter")
    await desk.sees("3 of 3")
    await desk.press("enter")
    await stands_in(desk, "Meeting")
    await desk.sees("1.2 Sale (quick): Meeting", "due tomorrow 11:40", "Missing: Phone call (c)")
    accepted = [entry for entry in desk.rows(JournalEntry) if entry.key not in before]
    assert [entry.command for entry in accepted if not entry.command.startswith("mail.")] == [
        "inquiry.accept"
    ], "one act"
    assert (state_of(desk), desk.row(Inquiry).status) == ("meeting", "accepted")
    assert desk.row(Interest).lead_id == desk.row(Lead).key
    assert process_of(desk).version_id == desk.row(RouteMapVersion).key, "pinned"
    task = desk.row(Task)
    assert (task.title, task.kind) == ("Meeting — Call the client", "process")
    assert task.due_at == at("2026-11-20T06:40:00+00:00"), "four working hours: Friday 11:40 there"


async def the_welcome_letter_goes_by_itself(desk: Desk) -> None:
    letter = desk.row(Outbox)
    assert (letter.automatic, letter.status) == (True, "queued")
    await desk.later(seconds=11)
    await desk.until(lambda: desk.row(Outbox).status == "sent", "the welcome letter is sent")
    (delivery,) = desk.office.sink.deliveries
    assert delivery.recipients == ("olga@newco.example",)
    sent = email.message_from_bytes(delivery.raw, policy=email.policy.default)
    assert sent["Subject"] == f"Your inquiry: {SUBJECT}"
    assert "Hello Olga," in sent.get_content()
    assert "{{" not in delivery.raw.decode("utf-8", "replace")
    (notice,) = [one for one in desk.rows(ProcessNotice) if not one.reason]
    assert (notice.target, notice.address) == ("Welcome letter, new client", "olga@newco.example")
    assert desk.row(LetterLink, letter_id=desk.row(Outbox).letter_id).record_id == desk.row(Interest).key
    await desk.until(
        lambda: sorted(name for places in desk.office.on_server().values() for name, _flags in places)
        == ["Processed", "Sent"],
        "the copy in Sent, the inquiry in Processed",
    )  # fmt: skip
    await desk.sees("Your inquiry:", "automatic")


async def without_the_call_the_step_is_not_completed(desk: Desk) -> None:
    await desk.press("d")
    await desk.sees("Missing on Meeting: Phone call, Phone number")
    assert (state_of(desk), desk.row(Task).status) == ("meeting", "open")


async def it_is_reminded_of_and_put_off(desk: Desk) -> None:
    await desk.later(hours=18, minutes=45)
    await desk.sees("1 reminder", "Meeting — Call the client", "in 15 min")
    await desk.press("z")
    await desk.sees("in 10 minutes")
    await desk.press("1")
    await desk.is_rid_of("1 reminder")
    await desk.later(minutes=10)
    await desk.sees("1 reminder", "in 5 min")
    assert desk.row(Reminder).snoozes == 1


async def the_call_is_made_and_the_next_is_planned_for_monday(desk: Desk) -> None:
    await desk.press("enter")
    await desk.is_rid_of("in 5 min")
    await stands_in(desk, "Meeting")
    await desk.press("c")
    await desk.sees("Remind before", "Phone")
    await desk.write("+7 701 555 12 34")
    await desk.press("tab")
    await desk.write("Wants twenty by spring")
    await desk.press("tab")
    await desk.write("tomorrow 15:00")
    await desk.press("ctrl+s")
    await desk.sees("Sat 21.11 15:00 is no working day", "Mon 23.11 15:00, the next working day")
    await desk.press("enter")
    await desk.sees("d: execute")
    phone = desk.row(ContactInfo, kind="mobile")
    assert (phone.value, phone.normal) == ("+7 701 555 12 34", "+77015551234")
    held, planned = sorted(desk.rows(Interaction, kind="call"), key=lambda one: one.key)
    assert (held.status, planned.status) == ("held", "planned")
    assert planned.starts_at == at("2026-11-23T10:00:00+00:00")
    assert desk.rows(Reminder, subject_kind="interaction", subject_id=planned.key)


async def the_process_moves_the_state_and_nobody_else_does(desk: Desk) -> None:
    await desk.press("d")
    await stands_in(desk, "Proposal")
    await desk.sees("1.2 Sale (quick): Proposal", "Missing: Proposal (P), Outgoing e-mail (w)")
    assert [move.actor for move in desk.rows(StateChange)][-1] == "rule:1.2 Sale (quick) / Meeting"
    meeting, proposal = sorted(desk.rows(Task), key=lambda one: one.key)
    assert (meeting.status, proposal.status) == ("done", "open")
    assert not desk.rows(Reminder, subject_kind="task", subject_id=meeting.key)
    await desk.press("s")
    await desk.sees("The state is controlled by the process 1.2 Sale (quick)")
    assert state_of(desk) == "proposal"


async def from_the_task_to_its_step(desk: Desk) -> None:
    """My Tasks says by which map a task is; Enter opens its Interest, the step on top (BP-04)."""
    await desk.press("2")
    await desk.sees("[1.2] Proposal — Make the proposal", "1.2 Sale (quick)")
    await desk.press("enter")
    await stands_in(desk, "Proposal")


async def a_proposal_goes_out_with_a_letter(desk: Desk, folder: Path) -> None:
    (folder / "offer.txt").write_text("Twenty pumps, a hundred each", "utf-8")
    await desk.press("P")
    await desk.sees("Proposal", "Valid until")
    await desk.press("ctrl+s")
    await desk.sees("Nothing is attached here yet")
    await desk.press("escape")
    await desk.sees("Proposal (a draft without a file: gD)")
    await desk.press("g", "D")
    await desk.sees("Documents: ")
    await desk.press("enter")
    await desk.sees("Nothing is attached here yet")
    await desk.press("a")
    await desk.sees("Attach a file")
    await desk.press("ctrl+u")
    await desk.write(str(folder / "offer.txt"))
    await desk.press("enter")
    await desk.until(lambda: "offer.txt" in desk.screen and "Attach a file" not in desk.screen, "attached")
    await desk.press("escape")
    await desk.sees("Documents: ")
    await desk.press("escape")
    await desk.sees("Proposal (a draft: w sends its file)", "Outgoing e-mail (w)")
    await desk.press("w")
    await desk.sees("olga@newco.example", "offer.txt", "Re: Your inquiry: ")
    await desk.press("ctrl+s")
    await desk.sees("Send to 1 address?")
    await desk.press("t")
    await desk.sees("From template")
    await desk.write("Proposal")
    await desk.press("enter")
    await desk.sees("Our proposal: ", "our proposal is attached")
    await desk.press("y")
    await desk.sees("d: execute")
    assert desk.row(Document).status == "sent", "with its file, once the letter is queued (D-09)"
    assert desk.rows(Outbox, status="queued")
    await desk.later(seconds=11)
    await desk.until(lambda: len(desk.office.sink.deliveries) == 2, "the proposal is sent")
    sent = email.message_from_bytes(desk.office.sink.deliveries[-1].raw, policy=email.policy.default)
    assert [(part.get_filename(), part.get_content()) for part in sent.iter_attachments()] == [
        ("offer.txt", "Twenty pumps, a hundred each")
    ]


async def it_goes_on_to_control_with_five_touches(desk: Desk) -> None:
    await desk.press("d")
    await stands_in(desk, "Waiting for client")
    await a_call(desk, "Likes it")
    await a_letter(desk, "As agreed", 3)
    await desk.press("d")
    await desk.sees("1 Agreed", "2 Another proposal", "3 Refused")
    await desk.press("1")
    await stands_in(desk, "Contract")
    await desk.press("I")
    await desk.sees("Invoice", "Valid until")
    await desk.press("ctrl+s")
    await desk.sees("Nothing is attached here yet")
    await desk.press("w")
    await desk.sees("2 sent")
    await desk.press("2")
    await desk.until(lambda: desk.rows(Document, kind="invoice", status="sent"), "the invoice is sent")
    await desk.press("escape")
    await desk.sees("Missing: Outgoing e-mail (w)")
    await a_letter(desk, "Your invoice", 4)
    assert at_least_five_touches(desk)
    await desk.press("d")
    await stands_in(desk, "Control")


async def it_is_won_and_the_lead_becomes_a_customer(desk: Desk) -> None:
    await a_call(desk, "Paid")
    await desk.press("W")
    await desk.sees("Way: 1.2 Sale (quick)", "Control", "Won:", "Another proposal: to Proposal")
    await desk.press("escape")
    await desk.sees("[Timeline]", "d: 1 Won · 2 Lost")
    await desk.press("d")
    await desk.sees("Control: how did it end?")
    await desk.press("1")
    await desk.sees("Won. Make a customer of Olga Kim?")
    await desk.press("enter")
    await desk.until(lambda: desk.rows(Customer), "the lead is a customer")
    await stands_in(desk, "Won")
    customer, contact = desk.row(Customer), desk.row(Contact)
    interest = desk.row(Interest)
    assert (interest.customer_id, interest.contact_id) == (customer.key, contact.key)
    assert customer.owner_id == interest.owner_id
    assert {one.customer_id for one in desk.rows(Interaction)} == {customer.key}, "all calls and letters"
    assert {one.customer_id for one in desk.rows(Task)} == {customer.key}
    assert (process_of(desk).status, process_of(desk).successful) == ("completed", True)
    assert [one.point for one in desk.rows(ProcessToken)] == [
        "meeting",
        "proposal",
        "waiting",
        "contract",
        "control",
    ]
    assert [move.actor.partition(" / ")[2] for move in desk.rows(StateChange)][1:] == [
        "Meeting", "Proposal", "Waiting for client", "Contract/Invoice", "Control",
    ]  # fmt: skip


def at_least_five_touches(desk: Desk) -> bool:
    """Calls that took place, and letters of ours that nobody but a person wrote (RM-20)."""
    calls = [one for one in desk.rows(Interaction, kind="call") if one.status == "held"]
    return len(calls) + len([one for one in desk.rows(Outbox) if not one.automatic]) >= 5


async def a_call(desk: Desk, result: str) -> None:
    """A call with the number that is known now."""
    await desk.press("c")
    await desk.sees("Remind before", "+7 701 555 12 34")
    await desk.press("tab")
    await desk.write(result)
    await desk.press("ctrl+s")
    await desk.is_rid_of("Remind before")


async def a_letter(desk: Desk, subject: str, deliveries: int) -> None:
    """A few words by mail; it is the letter of this number that goes out."""
    await desk.press("w")
    await desk.sees("olga@newco.example", "Subject")
    await desk.write(subject)
    await desk.press("enter")
    await desk.write("Good day.")
    await desk.press("ctrl+s")
    await desk.sees("Send to 1 address?")
    await desk.press("y")
    await desk.until(lambda: desk.rows(Outbox, status="queued"), f"{subject} waits to be sent")
    await desk.later(seconds=11)
    await desk.until(lambda: len(desk.office.sink.deliveries) == deliveries, f"{subject} is sent")
