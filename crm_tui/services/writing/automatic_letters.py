"""Letters that a process or a trigger sends by itself: whom to, from which account, and never half filled in.

A letter is built and queued in the unit of work of what caused it, so that it is neither lost nor doubled (RM-11).
What keeps it from going out is told as a code of ``messages_process.REASONS``, never passed over (RM-15, C-14).
"""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC

from sqlalchemy import ColumnElement, Connection, select

from crm_tui.domain.errors import CrmError
from crm_tui.domain.identity import address
from crm_tui.domain.letter import auto_mail, template
from crm_tui.domain.text import clean, fold
from crm_tui.services.process.process_object import About, zone_of_user
from crm_tui.services.writing import letter_build, letter_templates, letter_values, signatures
from crm_tui.services.writing.compose import Writing
from crm_tui.services.writing.letter_templates import TemplateRow
from crm_tui.services.writing.outbox import CALL_BACK, as_written
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Folder,
    Lead,
    Letter,
    LetterLink,
    MailAccount,
    Outbox,
    Placement,
    User,
    table_of,
)
from crm_tui.store.work import Work

FAULTS = frozenset(
    {"no_account", "client_in_trash", "no_template", "template_broken", "needs_attention", "not_done"}
)
"""Reasons that somebody must see to: the owner is told at once."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Who gets a notification; without an address, why not."""

    address: str = ""
    name: str = ""
    kind: str = ""
    """``lead``, ``contact`` or ``user``."""
    id: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A template with its values; or why it cannot be sent."""

    subject: str = ""
    body: str = ""
    reason: str = ""
    detail: str = ""
    """The fields without a value."""


def client(
    connection: Connection, about: About, *, info: str = "email", asks_for: frozenset[str] = frozenset()
) -> Whom:
    """The lead or contact person of a card, and the address (``info`` "email") or mobile number ("mobile") (RM-15).

    A lead is written to by its e-mail, a contact person by what is noted as the e-mail for mailing. Of both the one
    whom the condition ``asks_for`` (fields of it), else the contact person; of a customer the contact person who can
    be reached, a key person first.
    """
    if about.kind == "customer":
        people = (_reached(connection, "contact", one, info) for one in _people(connection, about.id))
        return next((one for one in people if one.address), Whom(reason=_missing("contact", info)))
    kinds: list[tuple[str, int | None]] = [("contact", about.contact_id), ("lead", about.lead_id)]
    if "lead_id" in asks_for and "contact_id" not in asks_for:
        kinds.reverse()
    for kind, owner_id in kinds:
        if owner_id is not None:
            return _reached(connection, kind, owner_id, info)
    return Whom(reason="no_client")


def colleague(connection: Connection, user_id: int | None) -> Whom:
    """A user by the e-mail noted with the name."""
    if user_id is None:
        return Whom(reason="no_performer")
    user = table_of(User)
    row = connection.execute(select(user.c.name, user.c.email).where(user.c.id == user_id)).one()
    if not address.is_valid(row.email):
        return Whom(kind="user", id=user_id, reason="no_performer_email")
    return Whom(row.email, row.name, "user", user_id)


def senders(connection: Connection) -> dict[str, str]:
    """The accounts that can send: address → name."""
    table = table_of(MailAccount)
    query = select(table.c.address, table.c.name).where(*_usable()).order_by(table.c.id)
    return {row.address: row.name for row in connection.execute(query)}


def account(connection: Connection, about: About, named: str = "") -> int | None:
    """The account that a letter about the card goes from: the one of this address, where the map names one; else that
    which the newest letter of the Interest or lead came to; else the owner's; else the only one of a group.

    None where that one cannot send, and where there is none: a letter leaves from no stranger's address.
    """
    table = table_of(MailAccount)
    if named:
        found: int | None = connection.scalar(select(table.c.id).where(table.c.address == named, *_usable()))
        return found
    found = _written_to(connection, about)
    if found is not None:
        return found
    query = select(table.c.id, table.c.owner_id, table.c.shared).where(*_usable()).order_by(table.c.id)
    rows = connection.execute(query).all()
    own = [row.id for row in rows if row.owner_id == about.owner_id and row.owner_id is not None]
    group = [row.id for row in rows if row.shared or row.owner_id is None]
    if own:
        return int(own[0])
    return int(group[0]) if len(group) == 1 else None


def _usable() -> tuple[ColumnElement[bool], ...]:
    table = table_of(MailAccount)
    return table.c.enabled, table.c.smtp_host != ""


def _written_to(connection: Connection, about: About) -> int | None:
    """The account that the newest letter of the Interest lies in; of a lead without one, that of the lead's."""
    linked = [("interest", about.interest_id), ("lead", about.lead_id)]
    account, place, folder, link, letter = (
        table_of(one) for one in (MailAccount, Placement, Folder, LetterLink, Letter)
    )
    for kind, record_id in linked:
        if record_id is None:
            continue
        query = (
            select(folder.c.account_id)
            .select_from(link.join(letter, letter.c.id == link.c.letter_id))
            .join(place, place.c.letter_id == letter.c.id)
            .join(folder, folder.c.id == place.c.folder_id)
            .join(account, account.c.id == folder.c.account_id)
            .where(link.c.kind == kind, link.c.record_id == record_id, *_usable())
            .order_by(letter.c.date.desc(), folder.c.account_id)
            .limit(1)
        )
        found: int | None = connection.scalar(query)
        if found is not None:
            return found
    return None


def template_named(connection: Connection, name: str, user_id: int | None) -> TemplateRow | None:
    """The template of that name: everybody's before the user's own."""
    wanted = fold(" ".join(name.split()))
    found = [one for one in letter_templates.templates(connection, user_id) if fold(one.name) == wanted]
    return min(found, key=lambda one: (one.user_id is not None, one.id), default=None)


def values(
    connection: Connection,
    about: About,
    whom: Whom,
    process: Mapping[str, str] | None = None,
    named: str = "",
    records: Collection[str] = letter_values.RECORDS,
) -> letter_values.Found:
    """What templates about the card are filled with: plain texts. ``process`` are the values of that record,
    ``named`` the account that its map names; only what these ``records`` say is looked up."""
    persons = {"contact": about.contact_id, "customer": about.customer_id, "lead": about.lead_id}
    if whom.kind in persons:  # whom the letter goes to is its "contact": for a lead, no other stands in
        persons |= {"contact": None, whom.kind: whom.id}
    account_id = account(connection, about, named) if "account" in records else None
    writing = Writing(account_id, interest_id=about.interest_id)
    # The zone is that of a letter's date, and none is answered.
    found = letter_values.of(connection, writing, about.owner_id, UTC, persons, records)
    found["process"] |= {name: clean(" ".join(text.split())) for name, text in (process or {}).items()}
    return found


def rendered(connection: Connection, about: About, name: str, known: letter_values.Found) -> Rendered:
    """The template of that name with these values. Nothing of a template is left in what comes back."""
    row = template_named(connection, name, about.owner_id)
    if row is None:
        return Rendered(reason="no_template", detail=clean(name))
    try:
        subject, body = template.fill(row.subject, known), template.fill(row.body, known)
    except CrmError:
        return Rendered(reason="template_broken", detail=row.name)
    # What a value brings is never looked at again, yet a letter that shows the signs of a template is held.
    left = template.left_open(f"{subject.text}\n{body.text}")
    empty = tuple(dict.fromkeys((*subject.empty, *body.empty, *left)))
    if empty:
        return Rendered(reason="needs_attention", detail=clean(", ".join(empty)))
    return Rendered(clean(" ".join(subject.text.split())), clean(body.text, multiline=True))


def queue(work: Work, about: About, whom: Whom, letter: Rendered, key: str, named: str = "") -> Outbox | str:
    """Put the letter into the outbox; the reason, as a code, where that cannot be. Once for each ``key``. ``named``
    is the account that a map names.

    It waits there as a person's own does, so that an undo calls it back.
    """
    known = work.find(Outbox, dedupe_key=key)
    if known is not None:  # its step was taken back after the letter had gone
        return known
    account_id = account(work.connection, about, named)
    if account_id is None:
        return "no_account"
    sender = work.get(MailAccount, account_id)
    signed = signatures.placed(work.connection, account_id, "").lstrip("\n")
    body = letter.body.rstrip("\n") + (f"\n\n{signed}" if signed else "") + "\n"
    writing = Writing(
        account_id,
        to=address.joined(whom.name, whom.address),
        subject=letter.subject,
        body=body,
        interest_id=about.interest_id,
    )
    try:
        to = letter_build.recipients_of(writing)
    except CrmError:
        return {"lead": "no_email", "user": "no_performer_email"}.get(whom.kind, "no_mailing_email")
    message_id = f"{secrets.token_hex(16)}@{address.domain_of(sender.address)}"
    built = letter_build.build(
        (sender.sender_name, sender.address), to.to, [],
        subject=writing.subject, body=writing.body, message_id=message_id, answered=None,
        at=work.now.astimezone(zone_of_user(work.connection, about.owner_id)),
    )  # fmt: skip
    marks = "".join(f"{name}: {value}\r\n" for name, value in auto_mail.marks(sender.address))
    return work.add(
        Outbox(
            account_id=account_id,
            message_id=message_id,
            raw=marks.encode("ascii") + built,
            envelope_from=letter_build.wire_address(sender.address),
            recipients=to.addresses,
            next_try_at=work.now + CALL_BACK,
            not_before=work.now + CALL_BACK,
            dedupe_key=key,
            automatic=True,
            interest_id=about.interest_id,
            author_id=about.owner_id,
            draft=as_written(writing),
            created_at=work.now,
        )
    )


def _people(connection: Connection, customer_id: int) -> list[int]:
    person = table_of(Contact)
    query = select(person.c.id).where(person.c.customer_id == customer_id, person.c.trashed_at.is_(None))
    return list(connection.scalars(query.order_by(person.c.is_key.desc(), person.c.id)))


def _missing(kind: str, info: str) -> str:
    return "no_mobile" if info == "mobile" else "no_email" if kind == "lead" else "no_mailing_email"


def _reached(connection: Connection, kind: str, owner_id: int, info: str) -> Whom:
    person = table_of(Lead) if kind == "lead" else table_of(Contact)
    known = connection.execute(select(person.c.name, person.c.trashed_at).where(person.c.id == owner_id))
    found = known.one_or_none()
    if found is not None and found.trashed_at is not None:
        return Whom(kind=kind, id=owner_id, reason="client_in_trash")
    table = table_of(ContactInfo)
    query = select(table.c.value, table.c.normal).where(
        table.c.owner_kind == kind, table.c.owner_id == owner_id, table.c.kind == info
    )
    if info == "email" and kind != "lead":
        query = query.where(table.c.for_mailing)
    row = connection.execute(query.order_by(table.c.for_mailing.desc(), table.c.id).limit(1)).first()
    if row is None:
        return Whom(kind=kind, id=owner_id, reason=_missing(kind, info))
    name = clean(found.name) if found is not None else ""
    return Whom(row.normal if info == "mobile" else row.value, name, kind, owner_id)
