"""A store in which every text that came from somebody else, or was typed, is the one given: the worst case."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from crm_tui.domain.text import fold
from crm_tui.services import users
from crm_tui.services.interest import scenarios
from crm_tui.store.engine import Store
from crm_tui.store.tables import (
    Attachment,
    Contact,
    ContactInfo,
    Customer,
    Event,
    Folder,
    Interaction,
    Interest,
    Letter,
    LetterLink,
    LetterRaw,
    LetterText,
    MailAccount,
    Placement,
    Reminder,
    State,
    Task,
    User,
    table_of,
)
from crm_tui.store.work import Actor, Work
from tests.stores import new_store


def fill(folder: Path, texts: Sequence[str], body: str) -> Store:
    """A store with a letter, a task, an Interest, an event and a folder for each text, past every cleaning."""
    store = new_store(folder)
    user = users.current(store)
    with store.facts("scenarios.shipped") as work:
        scenarios.ensure_shipped(work)
    with store.work(Actor.program("test"), "foreign") as work:
        state = work.connection.execute(table_of(State).select().limit(1)).one()
        account = work.add(
            MailAccount(
                name=texts[0],
                address="me@example.org",
                imap_host="localhost",
                imap_port=1,
                imap_user=texts[0],
            )
        )
        inbox = _folder(work, account.key, "INBOX", "inbox")
        for number, text in enumerate(texts):
            _folder(work, account.key, f"{number} {text}")
            _records(work, user, state.scenario_id, state.id, number, text)
            _letter(work, inbox, number, text, f"{text}\n{body}")
    return store


def _folder(work: Work, account_id: int, name: str, role: str = "") -> int:
    return work.add(
        Folder(account_id=account_id, name=name, srv_name=name, role=role, uidvalidity=1, delimiter="\x1d")
    ).key


def _records(work: Work, user: User, scenario_id: int, state_id: int, number: int, text: str) -> None:
    now = work.now
    named: dict[str, Any] = {
        "name": f"n{number} {text}",
        "name_fold": fold(text),
        "created_at": now,
        "changed_at": now,
    }
    customer = work.add(Customer(**named, city=text, notes=text, owner_id=user.key))
    contact = work.add(Contact(**named, customer_id=customer.key, role=text, notes=text))
    for kind in ("phone", "email"):
        work.add(
            ContactInfo(
                owner_kind="contact", owner_id=contact.key, kind=kind, value=text, normal=f"{kind}{number}"
            )
        )
    interest = work.add(
        Interest(
            **named,
            scenario_id=scenario_id,
            state_id=state_id,
            customer_id=customer.key,
            contact_id=contact.key,
            owner_id=user.key,
            source=text,
            purpose=text,
            state_since=now,
            next_contact_at=now + timedelta(hours=1),
        )
    )
    on: dict[str, Any] = {
        "interest_id": interest.key,
        "customer_id": customer.key,
        "created_at": now,
        "changed_at": now,
    }
    task = work.add(
        Task(
            **on, title=text, title_fold=fold(text), notes=text, result=text, assignee_id=user.key, due_at=now
        )
    )
    starts = now + timedelta(minutes=30)
    work.add(
        Event(
            **on,
            uid=f"{number}{text}",
            summary=text,
            location=text,
            description=text,
            dtstart=starts.replace(tzinfo=None),
            dtend=(starts + timedelta(minutes=30)).replace(tzinfo=None),
            zone="UTC",
            starts_at=starts,
            until_at=starts + timedelta(minutes=30),
            owner_id=user.key,
        )
    )
    work.add(
        Interaction(
            **on, kind="call", subject=text, result=text, phone=text, starts_at=now, owner_id=user.key
        )
    )
    work.add(
        Reminder(
            user_id=user.key,
            subject_kind="task",
            subject_id=task.key,
            text=text,
            due_at=now,
            subject_at=now,
            fired_at=now,
            fired_by="test",
        )
    )


def _letter(work: Work, folder_id: int, number: int, text: str, body: str) -> None:
    row = work.add(
        Letter(
            identity=str(number),
            size=1000,
            subject=text,
            sender_name=text,
            sender_address=f"{text}@example.com",
            recipients={"to": [[text, text]], "cc": [[text, text]]},
            date=work.now - timedelta(minutes=number),
            snippet=text,
            has_attachments=True,
            body_state="full",
        )
    )
    work.connection.execute(insert(table_of(LetterText)).values(letter_id=row.key, text=body))
    header = " ".join(text.split())
    raw = f"Subject: {header}\r\nX-Foreign: {header}\r\nContent-Type: text/plain\r\n\r\n{body}"
    work.connection.execute(
        insert(table_of(LetterRaw)).values(letter_id=row.key, raw=raw.encode("utf-8", "replace"))
    )
    work.add(Attachment(letter_id=row.key, part="2", name=text, content_type=text, size=5))
    work.add(LetterLink(letter_id=row.key, kind="interest", record_id=1))
    work.add(
        Placement(
            letter_id=row.key,
            folder_id=folder_id,
            date_key=int(row.date.timestamp()),
            sender_key=fold(text),
            subject_key=fold(text),
        )
    )
