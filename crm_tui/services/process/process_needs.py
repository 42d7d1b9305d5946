"""What a step lacks before it can be completed (RM-18, RM-21): documents entered within it, fields filled in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.record_subjects import RECORDS
from crm_tui.domain.document_words import KINDS
from crm_tui.domain.identity import address
from crm_tui.domain.route.route_map import Requirement, Step
from crm_tui.i18n import N_, _
from crm_tui.services.interest import checklist_fields
from crm_tui.services.process.process_state import route_of
from crm_tui.services.record import condition_subjects
from crm_tui.store import record_conditions
from crm_tui.store.tables import Contact, ContactInfo, Interaction, Outbox, table_of
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import Process, ProcessToken

TALKS: Mapping[str, str] = {
    "call": N_("Phone call"),
    "meeting": N_("Meeting"),
    "conference": N_("Internet conference"),
    "message": N_("Message"),
}
"""Kinds of interactions that a step may demand: held within it."""
LETTER = "letter"
"""An outgoing e-mail that a person wrote: once it is queued."""
DOCUMENTS: Mapping[str, str] = {
    **TALKS,
    LETTER: N_("Outgoing e-mail"),
    **{kind: name for kind, name in KINDS.items() if kind not in (LETTER, "other")},
}
"""Code → name of all kinds of documents that a step may demand."""
_NOT_MADE = ("draft", "cancelled")
_NOT_SENT = ("cancelled", "failed")

interaction, document, letter, info = (table_of(one) for one in (Interaction, Document, Outbox, ContactInfo))


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that a step demands and does not have yet."""

    kind: str
    """``document`` or ``field``."""
    of: str
    """The kind of document, or the field."""
    name: str
    """As it is shown: translated."""
    count: int = 1
    """How many are demanded."""
    there: int = 0
    """How many there are."""


def missing(connection: Connection, process_id: int, token: int) -> tuple[Missing, ...]:
    """What the step at which the token waits still lacks, in the order of its map; nothing where it can be completed,
    and where no step waits."""
    process, row = table_of(Process), table_of(ProcessToken)
    query = (
        select(process, row.c.point, row.c.entered_at)
        .join(row, row.c.process_id == process.c.id)
        .where(process.c.id == process_id, row.c.token == token, row.c.left_at.is_(None))
    )
    found = connection.execute(query).one_or_none()
    if found is None:
        return ()
    step = route_of(connection, found.version_id).by_id.get(found.point)
    return lacking(connection, found, step, found.entered_at) if isinstance(step, Step) else ()


def lacking(
    connection: Connection, of: Process | Row[Any], step: Step, since: datetime
) -> tuple[Missing, ...]:
    """What a step of a process, entered at ``since``, lacks; as ``missing``."""
    if not step.requirements:
        return ()
    card = _Card(connection, of.object_kind, of.object_id, of.interest_id, since)
    return tuple(one for need in step.requirements if (one := card.lacks(need)) is not None)


def said(one: Missing) -> str:
    """What is missing, in words; with how many there are of several."""
    if one.count == 1:
        return one.name
    return _("{name} ({there} of {count})").format(name=one.name, there=one.there, count=one.count)


def demandable(connection: Connection, object_kind: str) -> dict[str, str]:
    """Code → source text of the fields that a step on such an object may demand (RM-21)."""
    found = dict(checklist_fields.FIELDS) if object_kind == "interest" else {}
    if object_kind in RECORDS:
        subject = condition_subjects.subject(connection, object_kind)
        found |= {code: field.title for code, field in subject.fields.items() if code not in found}
    return found


@dataclass(frozen=True, slots=True)
class _Card:
    connection: Connection
    kind: str
    id: int
    interest_id: int | None
    since: datetime

    def lacks(self, need: Requirement) -> Missing | None:
        if need.kind == "document":
            there = self.documents(need.of)
            if there >= need.count:
                return None
            return Missing("document", need.of, _(DOCUMENTS.get(need.of, need.of)), need.count, there)
        name = self.empty_field(need.of)
        return None if name is None else Missing("field", need.of, name)

    def documents(self, kind: str) -> int:
        """How many of the kind were entered since the step was."""
        if kind in TALKS:
            entered = or_(interaction.c.created_at >= self.since, interaction.c.starts_at >= self.since)
            held = [interaction.c.kind == kind, interaction.c.status == "held", entered]
            return self._count(interaction, held)
        if kind == LETTER:
            return self._letters()
        made = [
            document.c.kind == kind,
            document.c.status.not_in(_NOT_MADE),
            document.c.trashed_at.is_(None),
            document.c.created_at >= self.since,
        ]
        return self._count(document, made)

    def empty_field(self, code: str) -> str | None:
        """What the field is called, when it is empty; None when it is filled, or not there any more."""
        if self.kind == "interest" and code in checklist_fields.FIELDS:
            filled = checklist_fields.filled(self.connection, [self.id], [code])
            return None if code in filled.get(self.id, ()) else _(checklist_fields.FIELDS[code])
        if self.kind not in RECORDS:
            return None
        subject = condition_subjects.subject(self.connection, self.kind)
        field = subject.fields.get(code)
        if field is None:
            return None
        context = Context(self.since, UTC)
        made = record_conditions.records(self.connection, subject, [self.id], context, [code])
        value = made.get(self.id, {}).get(code)
        return _(field.title) if value in (None, "", (), False) else None

    def _count(self, table: Any, clauses: Iterable[ColumnElement[bool]]) -> int:
        if self.interest_id is not None:
            whose = table.c.interest_id == self.interest_id
        elif f"{self.kind}_id" in table.c:
            whose = table.c[f"{self.kind}_id"] == self.id
        else:
            return 0
        query = select(func.count()).select_from(table).where(whose, *clauses)
        return int(self.connection.execute(query).scalar_one())

    def _letters(self) -> int:
        """Letters that went out of our outbox, and those that were sent with another program and joined the card."""
        queued = select(letter.c.id, letter.c.recipients).where(
            letter.c.created_at >= self.since, ~letter.c.automatic, letter.c.status.not_in(_NOT_SENT)
        )
        if self.interest_id is None:
            theirs = self._addresses()
            rows = self.connection.execute(queued).all()
            return sum(any(address.normal(one) in theirs for one in row.recipients) for row in rows)
        mine = self.connection.execute(queued.where(letter.c.interest_id == self.interest_id)).all()
        from_here = select(letter.c.letter_id).where(letter.c.letter_id.is_not(None))
        elsewhere = [
            interaction.c.kind == "letter",
            interaction.c.direction == "out",
            interaction.c.status == "held",
            interaction.c.starts_at >= self.since,
            interaction.c.letter_id.not_in(from_here),
        ]
        return len(mine) + self._count(interaction, elsewhere)

    def _addresses(self) -> set[str]:
        """Of the card; of a customer also those of its people."""
        owners = and_(info.c.owner_kind == self.kind, info.c.owner_id == self.id)
        if self.kind == "customer":
            contact = table_of(Contact)
            people = select(contact.c.id).where(contact.c.customer_id == self.id)
            owners = or_(owners, and_(info.c.owner_kind == "contact", info.c.owner_id.in_(people)))
        return set(self.connection.scalars(select(info.c.normal).where(info.c.kind == "email", owners)))
