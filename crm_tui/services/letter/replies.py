"""Answers to letters of an Interest join it by themselves, and its owner is told (story A3, C-17, C-18)."""

from collections.abc import Sequence

from sqlalchemy import select

from crm_tui.services.inquiry import inquiries
from crm_tui.services.interest import interests
from crm_tui.services.process import trigger_events
from crm_tui.services.task import notifications
from crm_tui.store.queries import accounts
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Interest,
    Letter,
    LetterLink,
    MailAccount,
    Placement,
    table_of,
)
from crm_tui.store.work import Work

WAITS = "customer_waits"
"""Code of the notification; its subject is the place of the letter."""
_LETTER, _PLACEMENT, _LINK = table_of(Letter), table_of(Placement), table_of(LetterLink)
_BATCH = 500


def arrived(work: Work, folder_id: int, placement_ids: Sequence[int]) -> None:
    """Letters have come into a folder: those in an inbox that answer a letter of an Interest join it.

    Whoever sent it: the references decide, not the address. Automatic letters and our own join nothing, nor does
    what lay in the mailbox when it was first read.
    """
    folder = work.get(Folder, folder_id)
    if folder.role != "inbox" or not work.get(MailAccount, folder.account_id).last_complete_pass:
        return
    own = accounts.own_addresses(work.connection)
    for start in range(0, len(placement_ids), _BATCH):
        answers = _answers(work, placement_ids[start : start + _BATCH])
        if not answers:
            continue
        linked = _linked(work, {known for _letter, known_ids in answers.values() for known in known_ids})
        for place, (letter_id, known_ids) in answers.items():
            interest_id = next((linked[known] for known in known_ids if known in linked), None)
            if interest_id is not None:
                _join(work, place, work.get(Letter, letter_id), interest_id, own)


def _answers(work: Work, placement_ids: Sequence[int]) -> dict[int, tuple[int, list[str]]]:
    """Place of a letter that a person wrote → the letter, and the Message-IDs it answers, the nearest first."""
    query = (
        select(_PLACEMENT.c.id.label("place"), _LETTER.c.id, _LETTER.c.in_reply_to, _LETTER.c.references)
        .join(_PLACEMENT, _PLACEMENT.c.letter_id == _LETTER.c.id)
        .where(_PLACEMENT.c.id.in_(placement_ids), _LETTER.c.kind == "letter")
    )
    answers = {}
    for row in work.connection.execute(query):
        known = [*row.in_reply_to.split(), *reversed(row.references.split())]
        if known:
            answers[row.place] = (row.id, list(dict.fromkeys(known)))
    return answers


def _linked(work: Work, message_ids: set[str]) -> dict[str, int]:
    """Message-ID → the Interest its letter belongs to, the newest where there are several."""
    query = (
        select(_LETTER.c.message_id, _LINK.c.record_id)
        .join(_LINK, _LINK.c.letter_id == _LETTER.c.id)
        .where(_LETTER.c.message_id.in_(message_ids), _LINK.c.kind == "interest")
        .order_by(_LINK.c.id)
    )
    return {row.message_id: row.record_id for row in work.connection.execute(query)}


def _join(work: Work, place: int, letter: Letter, interest_id: int, own: frozenset[str]) -> None:
    known = work.find(LetterLink, letter_id=letter.key, kind="interest", record_id=interest_id)
    if letter.sender_address in own or known is not None:
        return
    interest = work.get(Interest, interest_id)
    interests.link_letter(work, interest_id, letter.key)
    inquiries.inbound(work, letter, interest, interest.owner_id)
    trigger_events.happened(work, "interest", [interest_id], "letter")
    if work.find(Inquiry, letter_id=letter.key) is None:
        work.add(
            Inquiry(letter_id=letter.key, status="accepted", interest_id=interest_id, decided_at=work.now)
        )
    if interest.owner_id is not None:
        notifications.notify(
            work,
            interest.owner_id,
            WAITS,
            kind="letter",
            subject_id=place,
            sender=letter.sender_name or letter.sender_address,
            interest=interest.name,
            subject=letter.subject,
        )
