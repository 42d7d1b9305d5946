"""Every letter is an inquiry to accept or to decline (MAIL-10, MAIL-12, KZ-01…05)."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from crm_tui.domain import address
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.domain.working_time import add_working_time
from crm_tui.i18n import _
from crm_tui.services import claims, contact_info, interests, leads, mail, scenarios
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
    Scenario,
    State,
    User,
    table_of,
)
from crm_tui.store.work import Work


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom the letter may come from, and why we think so."""

    kind: str
    """``customer``, ``contact`` or ``lead``."""
    id: int
    name: str
    reason: str
    """``address``, ``phone`` or ``domain``."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the intake wizard gathered. With ``interest_id`` the letter joins that Interest and nothing is made."""

    purpose: str = ""
    scenario: str = "sale"
    interest_id: int | None = None
    interest_name: str = ""
    who: Candidate | None = None
    """None makes a new lead of ``name``, ``phone`` and the sender's address."""
    name: str = ""
    company: str = ""
    phone: str = ""
    first_task: str = ""
    """Title of the first task; empty for the scenario's own."""


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


def open_interests(connection: Connection, who: Candidate) -> list[tuple[int, str, str]]:
    """The open Interests of somebody: id, name, state."""
    interest, state = table_of(Interest), table_of(State)
    column = {"customer": "customer_id", "contact": "contact_id", "lead": "lead_id"}[who.kind]
    rows = connection.execute(
        select(interest.c.id, interest.c.name, state.c.name.label("state"))
        .join(state, state.c.id == interest.c.state_id)
        .where(interest.c[column] == who.id, state.c.outcome == "open")
        .order_by(interest.c.changed_at.desc())
    )
    return [(row.id, row.name, row.state) for row in rows]


def accept(work: Work, letter_id: int, choice: Acceptance) -> Accepted:
    """Accept the letter: a lead where needed, an Interest, its first task, all in this unit of work.

    The letter is linked to the Interest, stands there as an inbound interaction and is moved to *Processed* where
    the account asks for that. Raises Refused when the letter was decided before.
    """
    letter = work.get(Letter, letter_id)
    _undecided(work, letter_id)
    user_id = _user(work)
    lead_id: int | None = None
    task_id: int | None = None
    if choice.interest_id is not None:
        interest = work.get(Interest, choice.interest_id)
    else:
        lead_id, customer_id, contact_id = _party(work, letter, choice, user_id)
        interest = interests.create(
            work,
            choice.interest_name or letter.subject or letter.sender_name or letter.sender_address,
            scenario=choice.scenario,
            owner_id=user_id,
            lead_id=lead_id,
            customer_id=customer_id,
            contact_id=contact_id,
            source="mail",
            purpose=choice.purpose,
        )
        task_id = _first_task(work, interest, choice, letter_id)
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
            decided_by=_user(work),
            decided_at=work.now,
        )
    )
    claims.mark_processed(work, letter_id)
    return _move_to_processed(work, letter_id)


def _undecided(work: Work, letter_id: int) -> None:
    known = work.find(Inquiry, letter_id=letter_id)
    if known is not None:
        raise Refused("already_decided", status=known.status)


def _user(work: Work) -> int:
    if work.actor.user_id is None:
        raise Refused("needs_a_person")
    return work.actor.user_id


def _party(
    work: Work, letter: Letter, choice: Acceptance, user_id: int
) -> tuple[int | None, int | None, int | None]:
    """Ids of the lead, customer and contact person that the Interest is for."""
    who = choice.who
    if who is not None and who.kind == "customer":
        return None, who.id, None
    if who is not None and who.kind == "contact":
        return None, work.get(Contact, who.id).customer_id, who.id
    if who is not None:
        return who.id, None, None
    name = choice.name or letter.sender_name or letter.sender_address
    lead = leads.add(work, name, company=choice.company, source="mail", owner_id=user_id)
    if address.is_valid(letter.sender_address):
        contact_info.add_email(work, "lead", lead.key, letter.sender_address)
    if choice.phone.strip():
        contact_info.add_phone(work, "lead", lead.key, choice.phone)
    return lead.key, None, None


def _first_task(work: Work, interest: Interest, choice: Acceptance, letter_id: int) -> int:
    scenario = work.get(Scenario, interest.scenario_id)
    title = choice.first_task or _(scenarios.FIRST_TASKS.get(scenario.code, interest.name))
    zone = ZoneInfo(work.get(User, _user(work)).zone)
    due_at = add_working_time(work.now, interests.FIRST_TASK_WORK, zone)
    return interests.first_task(work, interest, title=title, due_at=due_at, letter_id=letter_id)


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
    return connection.execute(select(table.c.name).where(table.c.id == owner_id)).scalar_one_or_none() or ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
