"""A letter being written: what it begins with, and its draft, kept so that a lost line costs nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, union

from crm_tui.domain import address
from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean, fold
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Draft,
    Lead,
    Letter,
    LetterLink,
    LetterText,
    MailAccount,
    User,
    table_of,
)
from crm_tui.store.work import Work

MOST_QUOTED = 1000
"""Lines of a letter that its reply quotes; what follows is marked by an ellipsis."""
COMPLETED_FROM = 2
"""Characters after which an address is completed."""
_MARKS = re.compile(r"\s*(re|aw|sv|antw|fwd?|отв|ответ|на)(\[\d+\])?\s*:\s*", re.IGNORECASE)
_LEAD_IN = re.compile(r"^.*[,;\n]\s*|^\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter as it is typed."""

    account_id: int | None = None
    """The account that sends it."""
    to: str = ""
    cc: str = ""
    subject: str = ""
    body: str = ""
    reply_to_letter_id: int | None = None
    interest_id: int | None = None
    """The Interest that the letter belongs to."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list."""

    id: int
    to: str
    subject: str
    changed_at: datetime


def reply(connection: Connection, letter_id: int, account_id: int, introduction: str) -> Writing:
    """The beginning of an answer to a letter: to Reply-To or From (RFC 5322 section 3.6.2), its text quoted.

    ``introduction`` is the line above the quoted text. Whatever a hostile letter holds, what comes back can be
    typed on and sent: unusable addresses are left out. Raises NotFound.
    """
    letter, text, link = table_of(Letter), table_of(LetterText), table_of(LetterLink)
    found = connection.execute(
        select(
            letter.c.subject, letter.c.sender_name, letter.c.sender_address, letter.c.recipients, text.c.text
        )
        .outerjoin(text, text.c.letter_id == letter.c.id)
        .where(letter.c.id == letter_id)
    ).one_or_none()
    if found is None:
        raise NotFound("no_such_record", kind="letter", id=letter_id)
    interest_id = connection.scalar(
        select(link.c.record_id)
        .where(link.c.letter_id == letter_id, link.c.kind == "interest")
        .order_by(link.c.id)
        .limit(1)
    )
    return Writing(
        account_id=account_id,
        to=", ".join(address.joined(name, where) for name, where in _answered(connection, found)),
        subject=reply_subject(found.subject),
        body="\n\n" + introduction + "\n" + quoted(found.text or ""),
        reply_to_letter_id=letter_id,
        interest_id=interest_id,
    )


def reply_subject(subject: str) -> str:
    """``Re:`` and the subject without the marks of earlier answers."""
    plain = " ".join(clean(subject).split())
    while found := _MARKS.match(plain):
        plain = plain[found.end() :]
    return f"Re: {plain}".rstrip()


def quoted(text: str) -> str:
    """The text with ``>`` before each line; its trailing empty lines are left out."""
    lines = clean(text, multiline=True).rstrip().split("\n")
    more = [">", "> […]"] if len(lines) > MOST_QUOTED else []
    marked = [(">" if not line or line.startswith(">") else "> ") + line for line in lines[:MOST_QUOTED]]
    return "\n".join(marked + more) + "\n"


def _answered(connection: Connection, letter: Any) -> list[tuple[str, str]]:
    """Whom an answer goes to; an answer to a letter of our own goes to those whom that one was sent to."""
    recipients: dict[str, Any] = letter.recipients or {}
    boxes = [tuple(box) for box in recipients.get("reply_to") or ()] or [
        (letter.sender_name, letter.sender_address)
    ]
    own = own_addresses(connection)
    if all(address.normal(where) in own for _name, where in boxes):
        boxes = [tuple(box) for box in recipients.get("to") or ()] or boxes
    usable = {address.normal(where): (name, where) for name, where in boxes if address.is_valid(where)}
    return list(usable.values())


def own_addresses(connection: Connection) -> frozenset[str]:
    """The addresses of our accounts and users, in their normal form."""
    account, user = table_of(MailAccount), table_of(User)
    found = connection.scalars(union(select(account.c.address), select(user.c.email)))
    return frozenset(address.normal(one) for one in found if one)


def outsiders(connection: Connection, addresses: Sequence[str]) -> set[str]:
    """Those of the addresses that are neither ours nor of a domain of our own (T-5)."""
    own = own_addresses(connection)
    domains = {address.domain_of(one) for one in own} - address.FREE_MAIL
    return {
        one for one in addresses if address.normal(one) not in own and address.domain_of(one) not in domains
    }


def completion(connection: Connection, typed: str) -> str:
    """The whole recipient field with its last address completed, or an empty text.

    Looked for among the addresses of customers, contact persons, leads and users, by the beginning of the
    address or of the name.
    """
    lead_in = _LEAD_IN.match(typed)
    before = lead_in[0] if lead_in else ""
    begun = typed[len(before) :]
    if len(begun) < COMPLETED_FROM:
        return ""
    info, user = table_of(ContactInfo), table_of(User)
    by_address = connection.execute(
        select(info.c.owner_kind, info.c.owner_id, info.c.value)
        .where(info.c.kind == "email", info.c.normal.startswith(address.normal(begun), autoescape=True))
        .order_by(info.c.normal)
        .limit(1)
    ).one_or_none()
    if by_address is not None and by_address.value.casefold().startswith(begun.casefold()):
        return typed + str(by_address.value)[len(begun) :]
    for table in (table_of(Contact), table_of(Customer), table_of(Lead)):
        named = connection.execute(
            select(table.c.name, info.c.value)
            .join(info, (info.c.owner_id == table.c.id) & (info.c.owner_kind == table.name))
            .where(info.c.kind == "email", table.c.name_fold.startswith(fold(begun), autoescape=True))
            .order_by(table.c.name_fold)
            .limit(1)
        ).one_or_none()
        if named is not None and named.name.casefold().startswith(begun.casefold()):
            return before + begun + address.joined(named.name, named.value)[len(begun) :]
    colleague = connection.execute(
        select(user.c.name, user.c.email)
        .where(user.c.email != "", user.c.name.startswith(begun, autoescape=True))
        .limit(1)
    ).one_or_none()
    return "" if colleague is None else before + address.joined(colleague.name, colleague.email)


# Drafts


def save_draft(work: Work, draft_id: int | None, writing: Writing) -> int:
    """Keep what is typed; answers the id of the draft. One that is gone meanwhile is made anew."""
    values: dict[str, Any] = {
        "account_id": writing.account_id,
        "fields": {"to": writing.to, "cc": writing.cc, "subject": writing.subject},
        "body": writing.body,
        "reply_to_letter_id": writing.reply_to_letter_id,
        "interest_id": writing.interest_id,
        "changed_at": work.now,
    }
    known = None if draft_id is None else work.find(Draft, id=draft_id)
    if known is None:
        return work.add(Draft(created_at=work.now, **values)).key
    work.change(known, **values)
    return known.key


def discard(work: Work, draft_id: int) -> None:
    """Throw a draft away."""
    draft = work.find(Draft, id=draft_id)
    if draft is not None:
        work.remove(draft)


def drafts(connection: Connection) -> list[DraftRow]:
    """The letters that are not finished, the newest first."""
    draft = table_of(Draft)
    rows = connection.execute(
        select(draft.c.id, draft.c.fields, draft.c.changed_at).order_by(draft.c.changed_at.desc(), draft.c.id)
    )
    return [DraftRow(row.id, row.fields["to"], row.fields["subject"], row.changed_at) for row in rows]


def draft(connection: Connection, draft_id: int) -> Writing:
    """A draft as it was typed. Raises NotFound."""
    table = table_of(Draft)
    row = connection.execute(select(table).where(table.c.id == draft_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="draft", id=draft_id)
    return Writing(
        account_id=row.account_id,
        to=row.fields["to"],
        cc=row.fields["cc"],
        subject=row.fields["subject"],
        body=row.body,
        reply_to_letter_id=row.reply_to_letter_id,
        interest_id=row.interest_id,
    )
