"""Threads of letters (MAIL-49): which place belongs to which, the letters of one, and what was made from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, literal, select

from crm_tui.domain.letter import threading
from crm_tui.domain.letter.threading import Linked, Node
from crm_tui.store.tables import (
    Event,
    Folder,
    Interest,
    Letter,
    LetterLink,
    Placement,
    State,
    Task,
    table_of,
)

placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)
_BATCH = 500
MOST_LETTERS = 2000
"""Letters of one thread that are shown; a list that answers itself by machine has more."""


@dataclass(frozen=True, slots=True)
class Member:
    """A letter of a thread."""

    letter_id: int
    place: int | None
    """Where it lies (the newest place of several); None when it was deleted everywhere."""
    folder: str
    role: str
    sender: str
    subject: str
    date: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """Something made from a letter, or that the letter belongs to."""

    letter_id: int
    kind: str
    """``task``, ``event`` or ``interest``."""
    id: int
    title: str
    status: str
    at: datetime


Keys = dict[int, tuple[str, str]]
"""Place → key of its thread, and its subject without the marks of answers."""


def keys(connection: Connection, places: Sequence[int]) -> Keys:
    """To which thread each of these places belongs."""
    found: Keys = {}
    for start in range(0, len(places), _BATCH):
        query = _keys().where(placement.c.id.in_(places[start : start + _BATCH]))
        found.update((row[0], (row[1], row[2])) for row in connection.execute(query))
    return found


def keys_in_folder(connection: Connection, folder_id: int) -> Keys:
    """To which thread each place of the folder belongs. Reads every letter of it: for a thread."""
    query = _keys().where(placement.c.folder_id == folder_id, ~placement.c.deleted)
    return {row[0]: (row[1], row[2]) for row in connection.execute(query)}


def counts(connection: Connection, folder_id: int, thread_keys: Sequence[str]) -> dict[str, int]:
    """How many letters of each of these threads lie in the folder."""
    query = (
        select(letter.c.thread_key, func.count())
        .join(placement, placement.c.letter_id == letter.c.id)
        .where(letter.c.thread_key.in_(thread_keys), ~placement.c.deleted)
        .where(placement.c.folder_id + 0 == folder_id)  # these few letters are walked, not the folder
        .group_by(letter.c.thread_key)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def linked(connection: Connection, places: Sequence[int]) -> list[Linked]:
    """These places as `domain.letter.threading.forest` takes them; ``key`` is the place."""
    query = _linked(placement.c.id).join(placement, placement.c.letter_id == letter.c.id)
    return _read(connection, query.where(placement.c.id.in_(places[:MOST_LETTERS])))


def thread_of(
    connection: Connection, letter_id: int, *, by_subject: bool = False
) -> tuple[list[Node], dict[int, Member]]:
    """The trees of the letter's thread in all folders, and its letters by id, which is the key in the trees."""
    own = select(letter.c.thread_key).where(letter.c.id == letter_id)
    key = _same_subject(letter_id).union(own) if by_subject else own
    query = _linked(letter.c.id).where(letter.c.thread_key.in_(key)).order_by(letter.c.date.desc())
    found = _read(connection, query.limit(MOST_LETTERS))
    return threading.forest(found, by_subject=by_subject), _members(connection, [one.key for one in found])


def _same_subject(letter_id: int) -> Select[Any]:
    """Keys of the threads of letters in the same folders that have the same subject."""
    own = placement.alias()
    return (
        select(letter.c.thread_key)
        .join(placement, placement.c.letter_id == letter.c.id)
        .join(
            own,
            (own.c.folder_id == placement.c.folder_id)
            & (own.c.subject_key == placement.c.subject_key)
            & ~placement.c.deleted,
        )
        .where(own.c.letter_id == letter_id, own.c.subject_key != "")
    )


def made_from(connection: Connection, letter_ids: Sequence[int]) -> list[Made]:
    """Tasks and events with these letters as their source, and Interests that they belong to, the oldest first."""
    task, link, interest, event = (table_of(one) for one in (Task, LetterLink, Interest, Event))
    state = table_of(State)
    queries: list[Select[Any]] = [
        select(task.c.letter_id, task.c.id, task.c.title, task.c.status, task.c.created_at).where(
            task.c.letter_id.in_(letter_ids)
        ),
        select(link.c.letter_id, interest.c.id, interest.c.name, state.c.name, interest.c.created_at)
        .join(interest, interest.c.id == link.c.record_id)
        .join(state, state.c.id == interest.c.state_id)
        .where(link.c.letter_id.in_(letter_ids), link.c.kind == "interest"),
        select(link.c.letter_id, event.c.id, event.c.summary, literal(""), event.c.created_at)
        .join(event, event.c.id == link.c.record_id)
        .where(link.c.letter_id.in_(letter_ids), link.c.kind == "event"),
    ]
    made = []
    for kind, query in zip(("task", "interest", "event"), queries, strict=True):
        made += [Made(row[0], kind, *row[1:]) for row in connection.execute(query)]
    return sorted(made, key=lambda one: (one.at, one.kind, one.id))


def _keys() -> Select[Any]:
    return select(placement.c.id, letter.c.thread_key, placement.c.subject_key).join(
        letter, letter.c.id == placement.c.letter_id
    )


def _linked(key: Any) -> Select[Any]:
    return select(
        key, letter.c.message_id, letter.c.references, letter.c.in_reply_to, letter.c.date, letter.c.subject
    )


def _read(connection: Connection, query: Select[Any]) -> list[Linked]:
    return [
        Linked(row[0], row[1], _ancestors(row[2], row[3]), row[4], row[5])
        for row in connection.execute(query)
    ]


def _ancestors(references: str, in_reply_to: str) -> tuple[str, ...]:
    """As `domain.letter.threading.ancestors`, of identifiers that were taken out of their headers at arrival."""
    chain = [one for one in references.split() if one != in_reply_to]
    return (*chain, in_reply_to) if in_reply_to else tuple(chain)


def _members(connection: Connection, letter_ids: Sequence[int]) -> dict[int, Member]:
    found: dict[int, Member] = {}
    for start in range(0, len(letter_ids), _BATCH):
        query = (
            select(
                letter.c.id,
                func.max(placement.c.id),
                folder.c.name,
                folder.c.role,
                func.coalesce(func.nullif(letter.c.sender_name, ""), letter.c.sender_address),
                letter.c.subject,
                letter.c.date,
            )
            .outerjoin(placement, (placement.c.letter_id == letter.c.id) & ~placement.c.deleted)
            .outerjoin(folder, folder.c.id == placement.c.folder_id)
            .where(letter.c.id.in_(letter_ids[start : start + _BATCH]))
            .group_by(letter.c.id)
        )
        for row in connection.execute(query):
            found[row[0]] = Member(row[0], row[1], row[2] or "", row[3] or "", *row[4:])
    return found
