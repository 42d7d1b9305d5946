"""Every letter is an inquiry to accept or to decline (MAIL-10, MAIL-12, KZ-01…05)."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, or_, select

from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.services.inquiry.intake_interest import Acceptance as Acceptance
from crm_tui.services.inquiry.intake_interest import Candidate as Candidate
from crm_tui.services.inquiry.intake_interest import interest_for, person
from crm_tui.services.interest import interests
from crm_tui.services.letter import claims, mail
from crm_tui.services.process import trigger_events
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Folder,
    Inquiry,
    Interaction,
    Interest,
    Lead,
    Letter,
    MailAccount,
    Placement,
    State,
    table_of,
)
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """What accepting a letter made or used."""

    interest_id: int
    lead_id: int | None = None
    task_id: int | None = None
    moved: list[int] = field(default_factory=list)


def candidates(connection: Connection, sender_address: str, phones: list[str]) -> list[Candidate]:
    """Who the sender may be: by address, then by phone, then by the domain of the address; each once."""
    info = table_of(ContactInfo)
    found: dict[tuple[str, int], Candidate] = {}

    def note(rows: list[tuple[str, int]], reason: str) -> None:
        for kind, owner_id in rows:
            name = _name_of(connection, kind, owner_id)
            if name:
                found.setdefault((kind, owner_id), Candidate(kind, owner_id, name, reason))

    def owners(*where: object) -> list[tuple[str, int]]:
        rows = connection.execute(
            select(info.c.owner_kind, info.c.owner_id).where(*where).order_by(info.c.id).limit(20)  # type: ignore[arg-type]
        )
        return [(row.owner_kind, row.owner_id) for row in rows]

    normal = address.normal(sender_address)
    note(owners(info.c.kind == "email", info.c.normal == normal), "address")
    if phones:
        note(owners(info.c.kind.in_(("phone", "mobile")), info.c.normal.in_(phones)), "phone")
    domain = address.domain_of(normal)
    if domain and domain not in address.FREE_MAIL:
        note(
            owners(info.c.kind == "email", info.c.normal.like(f"%@{_escaped(domain)}", escape="\\")), "domain"
        )
    return list(found.values())


def open_interests(
    connection: Connection, who: Candidate, *, of_firm: bool = False
) -> list[tuple[int, str, str]]:
    """The open Interests of somebody: id, name, state; with ``of_firm`` also those of a contact person's customer."""
    interest, state, contact = table_of(Interest), table_of(State), table_of(Contact)
    own = (
        interest.c[{"customer": "customer_id", "contact": "contact_id", "lead": "lead_id"}[who.kind]]
        == who.id
    )
    wanted = own
    if of_firm and who.kind == "contact":
        firm = select(contact.c.customer_id).where(contact.c.id == who.id)
        wanted = or_(own, interest.c.customer_id.in_(firm))
    rows = connection.execute(
        select(interest.c.id, interest.c.name, state.c.name.label("state"))
        .join(state, state.c.id == interest.c.state_id)
        .where(wanted, state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .order_by(own.desc(), interest.c.changed_at.desc())
    )
    return [(row.id, row.name, row.state) for row in rows]


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


def _name_of(connection: Connection, kind: str, owner_id: int) -> str:
    table = {"customer": table_of(Customer), "contact": table_of(Contact), "lead": table_of(Lead)}[kind]
    query = select(table.c.name).where(table.c.id == owner_id, table.c.trashed_at.is_(None))
    return connection.execute(query).scalar_one_or_none() or ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
