"""Reads of interactions: the journal of contacts (C77-17), and one with all that its form shows."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import fold
from crm_tui.store.tables import Contact, Customer, Interaction, Interest, Lead, User, found, table_of

interaction, interest, user = table_of(Interaction), table_of(Interest), table_of(User)
customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)

_SUBJECT = func.coalesce(func.nullif(interaction.c.subject, ""), interest.c.name, "")
_PARTY = func.coalesce(customer.c.name, contact.c.name, lead.c.name, "")


@dataclass(frozen=True, slots=True)
class Which:
    """Which interactions a list shows. Instants; ``text`` is looked for in result and subject."""

    since: datetime | None = None
    until: datetime | None = None
    owner_id: int | None = None
    text: str = ""
    kind: str = ""
    status: str = ""
    unlinked: bool = False
    """Only those with nobody and within no Interest (IDX-24)."""


@dataclass(frozen=True, slots=True)
class InteractionRow:
    """An interaction in a list."""

    id: int
    kind: str
    direction: str
    status: str
    starts_at: datetime
    subject: str
    result: str
    party: str
    owner: str
    attempts: int
    letter_id: int | None


@dataclass(frozen=True, slots=True)
class InteractionCard:
    """An interaction with all that its form shows."""

    row: InteractionRow
    version: int
    phone: str
    interest_id: int | None
    customer_id: int | None
    contact_id: int | None
    lead_id: int | None
    owner_id: int | None
    remind_minutes: int | None
    people: tuple[tuple[int, str], ...]
    """Contact persons who take part beside the one it names: id, name."""


def ids(
    connection: Connection,
    which: Which,
    needle: str = "",
    limit: int | None = None,
    *,
    narrowed: ColumnElement[bool] | None = None,
) -> "array[int]":
    """Ids by time, the newest first; of the needle every word stands in subject, result, or a name; ``narrowed``:
    those that a filter leaves."""
    query = _joined(select(interaction.c.id)).where(*_clauses(which), *_words(needle))
    if narrowed is not None:
        query = query.where(narrowed)
    query = query.order_by(interaction.c.starts_at.desc(), interaction.c.id.desc()).limit(limit)
    return array("q", connection.execute(query).scalars())


def rows(connection: Connection, interaction_ids: Sequence[int]) -> dict[int, InteractionRow]:
    """The rows of these interactions; those that are gone are left out."""
    query = _joined(_columns()).where(interaction.c.id.in_(interaction_ids))
    return {row.id: InteractionRow(*row) for row in connection.execute(query)}


def card(connection: Connection, interaction_id: int) -> InteractionCard:
    """One interaction. Raises NotFound."""
    row = rows(connection, [interaction_id]).get(interaction_id)
    if row is None:
        raise NotFound("no_such_record", kind="interaction", id=interaction_id)
    names = ("version", "phone", "interest_id", "customer_id", "contact_id", "lead_id", "owner_id")
    more = connection.execute(
        select(*(interaction.c[name] for name in (*names, "remind_minutes"))).where(
            interaction.c.id == interaction_id
        )
    ).one()
    takes_part = found("interaction_contact")
    people = connection.execute(
        select(contact.c.id, contact.c.name)
        .join(takes_part, takes_part.c.contact_id == contact.c.id)
        .where(takes_part.c.interaction_id == interaction_id)
        .order_by(contact.c.name_fold, contact.c.id)
    )
    return InteractionCard(row=row, people=tuple((one.id, one.name) for one in people), **more._mapping)


def _columns() -> Select[Any]:
    return select(
        interaction.c.id,
        interaction.c.kind,
        interaction.c.direction,
        interaction.c.status,
        interaction.c.starts_at,
        _SUBJECT,
        interaction.c.result,
        _PARTY,
        func.coalesce(user.c.name, ""),
        interaction.c.attempts,
        interaction.c.letter_id,
    )


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(
        interaction.outerjoin(interest, interest.c.id == interaction.c.interest_id)
        .outerjoin(customer, customer.c.id == interaction.c.customer_id)
        .outerjoin(contact, contact.c.id == interaction.c.contact_id)
        .outerjoin(lead, lead.c.id == interaction.c.lead_id)
        .outerjoin(user, user.c.id == interaction.c.owner_id)
    )


def _clauses(which: Which) -> list[ColumnElement[bool]]:
    clauses: list[ColumnElement[bool]] = []
    if which.since is not None:
        clauses.append(interaction.c.starts_at >= which.since)
    if which.until is not None:
        clauses.append(interaction.c.starts_at < which.until)
    for name in ("owner_id", "kind", "status"):
        value = getattr(which, name)
        if value:
            clauses.append(interaction.c[name] == value)
    if which.unlinked:
        names = ("interest_id", "customer_id", "contact_id", "lead_id")
        clauses.append(and_(*(interaction.c[name].is_(None) for name in names)))
    words = which.text.split()
    return [*clauses, *(_has(word, interaction.c.result, interaction.c.subject) for word in words)]


def _words(needle: str) -> list[ColumnElement[bool]]:
    folded = (customer.c.name_fold, contact.c.name_fold, lead.c.name_fold, interest.c.name_fold)
    return [
        or_(
            _has(word, interaction.c.result, interaction.c.subject, user.c.name),
            *(column.contains(fold(word), autoescape=True) for column in folded),
        )
        for word in needle.split()
    ]


def _has(word: str, *columns: ColumnElement[str]) -> ColumnElement[bool]:
    """The word as typed, in small letters, or begun with a capital: the store folds only Latin letters itself."""
    forms = dict.fromkeys((word, word.lower(), word.capitalize(), word.upper()))
    return or_(*(column.contains(form, autoescape=True) for column in columns for form in forms))
