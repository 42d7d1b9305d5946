"""Every letter is an inquiry to accept or to decline (MAIL-10, MAIL-12, KZ-01…05)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services.inquiry.intake_interest import Acceptance, interest_for, person
from crm_tui.services.interest import interests
from crm_tui.services.letter import claims, mail
from crm_tui.services.process import trigger_events
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Interaction,
    Interest,
    Letter,
    MailAccount,
    Placement,
)
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting a letter made or used."""

    interest_id: int
    lead_id: int | None = None
    task_id: int | None = None
    moved: list[int] = field(default_factory=list)


def accept(work: Work, letter_id: int, choice: Acceptance) -> Accepted:
    """Accept the letter: a lead where needed, an Interest, its first task, all in this unit of work.

    The letter is linked to the Interest, stands there as an inbound interaction and is moved to *Processed* where
    the account asks for that. Raises Refused when the letter was decided before.
    """
    letter = work.get(Letter, letter_id)
    _undecided(work, letter_id)
    user_id = person(work)
    sender = letter.sender_name or letter.sender_address
    choice = replace(
        choice,
        email=letter.sender_address,
        name=choice.name or sender,
        interest_name=choice.interest_name or letter.subject or sender,
    )
    interest, lead_id, task_id = interest_for(work, choice, user_id, letter_id)
    interests.link_letter(work, interest.key, letter_id)
    inbound(work, letter, interest, user_id)
    work.add(
        Inquiry(
            letter_id=letter_id,
            status="accepted",
            purpose=choice.purpose,
            interest_id=interest.key,
            decided_by=user_id,
            decided_at=work.now,
        )
    )
    claims.mark_processed(work, letter_id)
    trigger_events.happened(work, "interest", [interest.key], "accepted")
    return Accepted(interest.key, lead_id, task_id, _move_to_processed(work, letter_id))


def decline(work: Work, letter_id: int, reason: str = "") -> list[int]:
    """Decline the letter; answers the places that were moved to *Processed*.

    Raises Invalid when the account demands a reason and there is none (MAIL-12), Refused when it was decided before.
    """
    work.get(Letter, letter_id)
    _undecided(work, letter_id)
    reason = clean(reason).strip()
    if not reason and any(account.decline_needs_reason for account in _accounts(work, letter_id)):
        raise Invalid("decline_needs_reason")
    work.add(
        Inquiry(
            letter_id=letter_id,
            status="declined",
            reason=reason,
            decided_by=person(work),
            decided_at=work.now,
        )
    )
    claims.mark_processed(work, letter_id)
    return _move_to_processed(work, letter_id)


def undecided(inbox_ids: Sequence[int]) -> Condition:
    """Letters of these inboxes that were neither accepted nor declined: those that Today counts."""
    return Group(
        "all",
        (
            Leaf("decision", Operator.EMPTY),
            Leaf("kind", Operator.EQUALS, "letter"),
            Leaf("folder", Operator.IN, tuple(inbox_ids)),
        ),
    )


def _undecided(work: Work, letter_id: int) -> None:
    known = work.find(Inquiry, letter_id=letter_id)
    if known is not None:
        raise Refused("already_decided", status=known.status)


def inbound(work: Work, letter: Letter, interest: Interest, user_id: int | None) -> None:
    """The letter stands on the Interest's timeline as something that came in."""
    work.add(
        Interaction(
            kind="letter",
            direction="in",
            status="held",
            subject=letter.subject,
            starts_at=letter.date,
            interest_id=interest.key,
            customer_id=interest.customer_id,
            contact_id=interest.contact_id,
            lead_id=interest.lead_id,
            letter_id=letter.key,
            owner_id=user_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )


def _move_to_processed(work: Work, letter_id: int) -> list[int]:
    moved = []
    for placement in work.all(Placement, letter_id=letter_id, deleted=False):
        folder = work.get(Folder, placement.folder_id)
        account = work.get(MailAccount, folder.account_id)
        if account.move_accepted and folder.role == "inbox":
            target = mail.processed_folder(work, account.key)
            mail.move(work, [placement.key], target.key)
            moved.append(placement.key)
    return moved


def _accounts(work: Work, letter_id: int) -> list[MailAccount]:
    folders = {place.folder_id for place in work.all(Placement, letter_id=letter_id)}
    ids = {work.get(Folder, folder_id).account_id for folder_id in folders}
    return [work.get(MailAccount, account_id) for account_id in ids]
