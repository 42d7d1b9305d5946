"""What the search index knows of a letter or a record: its words, read from the tables."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Table, select

from crm_tui.domain.identity import name_key
from crm_tui.domain.stems import Searchable, searchable
from crm_tui.store.record_index import RECORD_KINDS
from crm_tui.store.tables import (
    Attachment,
    Contact,
    ContactInfo,
    Customer,
    Event,
    Interaction,
    Interest,
    Lead,
    Letter,
    LetterText,
    State,
    Task,
    table_of,
)

_BODIES: dict[str, tuple[str, ...]] = {
    "customer": ("city", "region", "address", "activity", "tax_number", "notes"),
    "contact": ("role", "address", "notes"),
    "lead": ("company", "role", "city", "source", "notes"),
    "interest": ("purpose", "short_status", "terms", "source", "close_reason"),
    "task": ("notes", "result"),
    "event": ("location", "description"),
    "interaction": ("phone", "result"),
}
_HEAD = ("date", "sender_name", "sender_address", "recipients", "subject")
_TITLES = {"task": "title", "event": "summary", "interaction": "subject"}
_PARTIES = ("customer", "contact", "lead")
_IN_THE_TRASH = (*_PARTIES, "interest")
"""Kinds whose rows may lie in the trash, where they are not found."""


@dataclass(frozen=True, slots=True)
class LetterDocument:
    """The words of a letter; ``body`` is None while its text is not here."""

    letter_id: int
    date_key: int
    """Seconds since 1970."""
    sender: str
    recipients: str
    subject: str
    body: str | None


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """The words of a record."""

    record_id: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record that was found, by what it is told apart from others."""

    kind: str
    """The name of its table."""
    id: int
    title: str
    subtitle: str
    """Firm, place, state or day; may be empty."""


def letters(connection: Connection, ids: Collection[int]) -> Iterator[LetterDocument]:
    """The documents of the letters that are there."""
    if not ids:
        return
    from crm_tui.parsing.gist import searched  # brings the parser, which most commands never need

    text, attachment = table_of(LetterText), table_of(Attachment)
    names: dict[int, list[str]] = {}
    files = select(attachment.c.letter_id, attachment.c.name).where(attachment.c.letter_id.in_(ids))
    for letter_id, name in connection.execute(files):
        names.setdefault(letter_id, []).append(name)
    texts = select(text.c.letter_id, text.c.text).where(text.c.letter_id.in_(ids))
    bodies = {
        row.letter_id: searched(row.text, names.get(row.letter_id, ())) for row in connection.execute(texts)
    }
    for head in heads(connection, ids):
        yield replace(head, body=bodies.get(head.letter_id))


def heads(connection: Connection, ids: Collection[int]) -> Iterator[LetterDocument]:
    """The documents of the letters that are there, without their text."""
    if not ids:
        return
    letter = table_of(Letter)
    query = select(letter.c.id, *(letter.c[name] for name in _HEAD)).where(letter.c.id.in_(ids))
    for letter_id, *values in connection.execute(query):
        yield _head(letter_id, *values)


def head_of(letter_id: int, values: Mapping[str, Any]) -> LetterDocument:
    """The document of a letter, without its text, from the values of its row."""
    return _head(letter_id, *(values[name] for name in _HEAD))


def records(connection: Connection, kind: str, ids: Collection[int]) -> Iterator[RecordDocument]:
    """The documents of the records of one kind that are there."""
    table = _table(kind)
    title = table.c[_TITLES.get(kind, "name")]
    infos = _contact_infos(connection, kind, ids)
    query = select(table.c.id, title, *(table.c[name] for name in _BODIES[kind])).where(table.c.id.in_(ids))
    if kind in _IN_THE_TRASH:
        query = query.where(table.c.trashed_at.is_(None))
    for row in connection.execute(query):
        # A name is found by any spelling of it: the words in which spellings meet are words of the record too.
        keys = name_key.words(row[1]) if kind in _PARTIES else ()
        yield RecordDocument(row[0], row[1], " \n".join([*row[2:], *infos.get(row[0], ()), " ".join(keys)]))


def shown(connection: Connection, kind: str, ids: Collection[int]) -> dict[int, RecordRow]:
    """The records as they are listed among what was found."""
    found = connection.execute(_shown(kind).where(_table(kind).c.id.in_(ids)))
    return {
        row[0]: RecordRow(kind, row[0], row[1], ", ".join(str(part) for part in row[2:] if part))
        for row in found
    }


def owners(connection: Connection, info_ids: Iterable[int]) -> dict[str, set[int]]:
    """Which records the contact information with these ids belongs to."""
    info = table_of(ContactInfo)
    found: dict[str, set[int]] = {}
    query = select(info.c.owner_kind, info.c.owner_id).where(info.c.id.in_(list(info_ids)))
    for kind, record_id in connection.execute(query):
        found.setdefault(kind, set()).add(record_id)
    return found


def _shown(kind: str) -> Select[Any]:
    table = _table(kind)
    title = table.c[_TITLES.get(kind, "name")]
    customer, state = table_of(Customer), table_of(State)
    match kind:
        case "customer":
            return select(table.c.id, title, table.c.city)
        case "contact":
            firm = customer.alias()
            return select(table.c.id, title, firm.c.name).join(
                firm, firm.c.id == table.c.customer_id, isouter=True
            )
        case "lead":
            return select(table.c.id, title, table.c.company)
        case "interest":
            return (
                select(table.c.id, title, customer.c.name, state.c.name)
                .join(customer, customer.c.id == table.c.customer_id, isouter=True)
                .join(state, state.c.id == table.c.state_id)
            )
        case "task":
            return select(table.c.id, title)
        case "event":
            return select(table.c.id, title, table.c.location)
        case _:
            return (
                select(table.c.id, title, customer.c.name)
                .select_from(table)
                .join(customer, customer.c.id == table.c.customer_id, isouter=True)
            )


def _contact_infos(connection: Connection, kind: str, ids: Collection[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if kind not in _PARTIES:
        return found
    info = table_of(ContactInfo)
    query = select(info.c.owner_id, info.c.value, info.c.normal).where(
        info.c.owner_kind == kind, info.c.owner_id.in_(ids)
    )
    for owner_id, value, normal in connection.execute(query):
        found.setdefault(owner_id, []).extend((value, normal))
    return found


def _head(
    letter_id: int, date: datetime, name: str, address: str, recipients: Any, subject: str
) -> LetterDocument:
    return LetterDocument(
        letter_id, int(date.timestamp()), f"{name} {address}", _boxes(recipients), subject, None
    )


def _boxes(recipients: Any) -> str:
    lists = (recipients or {}).values()
    return " ".join(str(part) for boxes in lists for box in boxes for part in box if part)


def _table(kind: str) -> Table:
    models = (Customer, Contact, Lead, Interest, Task, Event, Interaction)
    return table_of(models[RECORD_KINDS.index(kind)])


def letter_columns(one: LetterDocument, body: Searchable | None) -> tuple[bytes, ...]:
    """What the index holds of a letter, in UTF-8; of a ``body`` that is made ready its words are not looked for
    again."""
    head = (_repeated(one.sender), _repeated(one.recipients), _made_ready(one.subject))
    return _columns(*head, _made_ready(one.body or "") if body is None else body)


def columns(*texts: str) -> tuple[str, ...]:
    """The texts as they are searched, and after them the stems that differ from their words."""
    return tuple(column.decode() for column in _columns(*map(_made_ready, texts)))


def _made_ready(text: str) -> Searchable:
    return searchable(text.encode("utf-8", "ignore"))


def _columns(*texts: Searchable) -> tuple[bytes, ...]:
    return (*(text.words for text in texts), b" ".join(text.stems for text in texts if text.stems))


_repeated = lru_cache(maxsize=2048)(_made_ready)
"""Of people, who write and are written to often."""
