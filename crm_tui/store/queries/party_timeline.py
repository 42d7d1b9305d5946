"""Everything that was with a customer, contact person or lead, in one place in time order (KZ-07, ELMA-08).

Also what was within their Interests and with their contact persons, and the letters from their addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, false, func, literal, or_, select

from crm_tui.store.queries.outbox import subjects
from crm_tui.store.queries.timeline import Entry
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Event,
    Interaction,
    Interest,
    Letter,
    LetterLink,
    Outbox,
    State,
    StateChange,
    Task,
    found,
    table_of,
)

POST = "post"
"""An interaction that was a letter on paper, or elsewhere: not one of Mail."""

interest, contact, info = table_of(Interest), table_of(Contact), table_of(ContactInfo)
letter, link, interaction = table_of(Letter), table_of(LetterLink), table_of(Interaction)


@dataclass(frozen=True, slots=True)
class _Scope:
    """Clauses and queries for what belongs to a party."""

    kind: str
    party_id: int

    @property
    def interests(self) -> Select[Any]:
        column = {"customer": "customer_id", "contact": "contact_id", "lead": "lead_id"}[self.kind]
        return select(interest.c.id).where(interest.c[column] == self.party_id)

    @property
    def people(self) -> Select[Any]:
        return select(contact.c.id).where(contact.c.customer_id == self.party_id)

    @property
    def addresses(self) -> Select[Any]:
        whose = and_(info.c.owner_kind == self.kind, info.c.owner_id == self.party_id)
        if self.kind == "customer":
            whose = or_(whose, and_(info.c.owner_kind == "contact", info.c.owner_id.in_(self.people)))
        return select(info.c.normal).where(info.c.kind == "email", whose)

    def own(self, table: Any) -> ColumnElement[bool]:
        """The rows that name the party, or an Interest of it."""
        clauses = [table.c.interest_id.in_(self.interests)]
        column = f"{self.kind}_id"
        if column in table.c:
            clauses.append(table.c[column] == self.party_id)
        return or_(*clauses)


def of_party(connection: Connection, kind: str, party_id: int, most: int | None = None) -> list[Entry]:
    """Everything with a ``customer``, ``contact`` or ``lead``, the newest first; of each kind of thing at most
    ``most``, so that the first ``most`` of the whole are the true ones."""
    scope = _Scope(kind, party_id)
    entries: list[Entry] = []
    for query in _parts(scope):
        at = query.selected_columns[2]
        entries += [Entry(*row) for row in connection.execute(query.order_by(at.desc()).limit(most))]
    titles = subjects(connection, [entry.id for entry in entries if entry.kind == "outgoing"])
    entries = [
        replace(entry, title=titles.get(entry.id, "")) if entry.kind == "outgoing" else entry
        for entry in entries
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.kind, entry.id), reverse=True)[:most]


def _parts(scope: _Scope) -> Iterator[Select[Any]]:
    yield _letters(scope)
    yield _interactions(scope)
    yield _tasks(scope)
    yield _events(scope)
    yield _moves(scope)
    yield _outgoing(scope)
    yield _documents(scope)
    if scope.kind == "customer":
        yield _statuses(scope)


def _letters(scope: _Scope) -> Select[Any]:
    linked = select(link.c.letter_id).where(
        or_(
            and_(link.c.kind == scope.kind, link.c.record_id == scope.party_id)
            if scope.kind != "contact"
            else false(),
            and_(link.c.kind == "interest", link.c.record_id.in_(scope.interests)),
        )
    )
    return select(
        literal("letter"),
        letter.c.id,
        letter.c.date,
        letter.c.subject,
        letter.c.sender_name + literal(" ") + letter.c.sender_address,
        literal(""),
    ).where(or_(letter.c.id.in_(linked), letter.c.sender_address.in_(scope.addresses)))


def _interactions(scope: _Scope) -> Select[Any]:
    whose = scope.own(interaction)
    if scope.kind == "contact":
        takes_part = found("interaction_contact")
        whose = or_(
            whose,
            interaction.c.id.in_(
                select(takes_part.c.interaction_id).where(takes_part.c.contact_id == scope.party_id)
            ),
        )
    return select(
        case((interaction.c.kind == "letter", POST), else_=interaction.c.kind),
        interaction.c.id,
        interaction.c.starts_at,
        interaction.c.subject,
        interaction.c.result,
        interaction.c.status,
    ).where(whose, interaction.c.letter_id.is_(None))


def _tasks(scope: _Scope) -> Select[Any]:
    task = table_of(Task)
    return select(
        literal("task"),
        task.c.id,
        func.coalesce(task.c.done_at, task.c.due_at, task.c.created_at),
        task.c.title,
        task.c.result,
        task.c.status,
    ).where(scope.own(task))


def _events(scope: _Scope) -> Select[Any]:
    event = table_of(Event)
    return select(
        literal("event"), event.c.id, event.c.starts_at, event.c.summary, event.c.location, literal("")
    ).where(scope.own(event))


def _moves(scope: _Scope) -> Select[Any]:
    change, state = table_of(StateChange), table_of(State)
    return (
        select(literal("state"), change.c.id, change.c.at, state.c.name, change.c.comment, interest.c.name)
        .join(state, state.c.id == change.c.to_state_id)
        .join(interest, interest.c.id == change.c.interest_id)
        .where(change.c.interest_id.in_(scope.interests))
    )


def _outgoing(scope: _Scope) -> Select[Any]:
    outbox = table_of(Outbox)
    return select(
        literal("outgoing"), outbox.c.id, outbox.c.created_at, literal(""), literal(""), outbox.c.status
    ).where(outbox.c.interest_id.in_(scope.interests), outbox.c.letter_id.is_(None))


def _documents(scope: _Scope) -> Select[Any]:
    document = found("document")
    return select(
        literal("document"),
        document.c.id,
        document.c.created_at,
        document.c.title,
        literal(""),
        document.c.status,
    ).where(scope.own(document), document.c.trashed_at.is_(None))


def _statuses(scope: _Scope) -> Select[Any]:
    change, customer = found("customer_status_change"), table_of(Customer)
    return (
        select(
            literal("status"),
            change.c.id,
            change.c.at,
            change.c.to_status,
            change.c.from_status,
            change.c.actor,
        )
        .join(customer, customer.c.id == change.c.customer_id)
        .where(customer.c.id == scope.party_id)
    )


def interest_of(connection: Connection, state_change_id: int) -> int | None:
    """The Interest that a state change belongs to."""
    change = table_of(StateChange)
    return connection.execute(
        select(change.c.interest_id).where(change.c.id == state_change_id)
    ).scalar_one_or_none()


def party_of_interaction(connection: Connection, interaction_id: int) -> tuple[str, int] | None:
    """Kind and id of whom an interaction was with: the contact person, else the customer, else the lead."""
    row = connection.execute(
        select(interaction.c.contact_id, interaction.c.customer_id, interaction.c.lead_id).where(
            interaction.c.id == interaction_id
        )
    ).one_or_none()
    if row is None:
        return None
    named = (("contact", row.contact_id), ("customer", row.customer_id), ("lead", row.lead_id))
    return next(((kind, key) for kind, key in named if key is not None), None)
