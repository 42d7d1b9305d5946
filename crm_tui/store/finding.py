"""What is found by a search line: letters, newest first, and records."""

from array import array
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from crm_tui.domain import stems
from crm_tui.domain.identity import name_key
from crm_tui.domain.letter import flags
from crm_tui.domain.query import Field, Flag, FlagTerm, Query, Term
from crm_tui.domain.text import fold
from crm_tui.store import documents, record_index, search
from crm_tui.store.documents import RecordRow
from crm_tui.store.record_index import RECORD_KINDS
from crm_tui.store.tables import Folder, Letter, Placement, table_of

placement, letter, folder = table_of(Placement), table_of(Letter), table_of(Folder)

MOST_WORDS = 32
SHORTEST_BEGINNING = 2
"""Of so many letters a beginning is sought in letters. What begins with a single one stands in no index of FTS5:
the places of all those words would be merged in memory, some 40 MB of them over a million letters."""
_LOOK = 400
"""Placements looked at in one go where there are words that must not be there."""
_SHORTEST_KEY = 3
_RANKED = 200
"""Records of a kind that are ranked: the newest of those that match."""
_COLUMNS = {Field.FROM: "sender", Field.TO: "recipients", Field.SUBJECT: "subject"}
_BEGINNING, _END = 0, (1 << 62)


def search_letters(
    connection: Connection,
    query: Query,
    *,
    folder_ids: Sequence[int] | None = None,
    limit: int = 200,
    before: int | None = None,
) -> "array[int]":
    """Ids of placements that match, newest first; about ``limit`` of them, a letter's places always together.

    ``folder_ids`` narrows the folders, ``before`` goes on after a placement found last time. Costs what the
    answer is long, not what the store is large. Any query is answered; one of which no word can be sought finds
    nothing.
    """
    folders = _folders(connection, query, folder_ids)
    wanted = [term for term in query.terms if term.field is not Field.FOLDER]
    words = [term for term in wanted if not term.negated][:MOST_WORDS]
    shortest = SHORTEST_BEGINNING
    unwanted = [
        one for one in (_expression(term, shortest=shortest) for term in wanted if term.negated) if one
    ][:MOST_WORDS]
    if not folders:
        return array("q")
    if not words:
        return _walked(connection, query, folders, " OR ".join(unwanted), limit, before)
    sought = [
        one for one in (_expression(term, last=term is words[-1], shortest=shortest) for term in words) if one
    ]
    if not sought:
        return array("q")
    expression = " AND ".join(sought)
    if unwanted:
        expression = f"({expression}) NOT ({' OR '.join(unwanted)})"
    return _matched(connection, query, folders, expression, limit, before)


def search_records(connection: Connection, text: str, limit: int = 50) -> list[RecordRow]:
    """Customers, contacts, leads, Interests, tasks, events and interactions with these words, the best first."""
    words = fold(text).split()[:MOST_WORDS]
    terms = [Term(word) for word in words]
    sought = [one for one in (_any_spelling(term, last=term is terms[-1]) for term in terms) if one]
    if not sought:
        return []
    expression = " AND ".join(sought)
    best = sorted(
        (rank, kind, -record_id)
        for kind in RECORD_KINDS
        for rank, record_id in record_index.record_hits(connection, kind, expression, _RANKED)
    )[:limit]
    rows = {
        (kind, record_id): row
        for kind in RECORD_KINDS
        for record_id, row in documents.shown(
            connection, kind, [-negative for _, found, negative in best if found == kind]
        ).items()
    }
    found = [rows.get((kind, -negative)) for _, kind, negative in best]
    return [row for row in found if row is not None]


def records_with(kind: str, text: str) -> Select[Any]:
    """A query for the ids of the records of a kind with these words, the last of them just begun."""
    terms = [Term(word) for word in fold(text).split()[:MOST_WORDS]]
    sought = [one for one in (_any_spelling(term, last=term is terms[-1]) for term in terms) if one]
    return record_index.records_with(kind, " AND ".join(sought) or '""')


def records_beginning(kind: str, text: str) -> Select[Any]:
    """A query for the ids of the records of a kind that have words beginning with each of these."""
    words = [word for one in fold(text).split()[:MOST_WORDS] for word in stems.words(one)]
    sought = [record_index.expression(word, prefix=True) for word in words]
    return record_index.records_with(kind, " AND ".join(sought) or '""')


def _any_spelling(term: Term, *, last: bool) -> str:
    """The expression of a term that may be a name: spelt as it is, or in other letters."""
    found = _expression(term, last=last)
    words = [word for word in name_key.words(term.text) if word != term.text]
    # Of a few letters the beginnings of half of all names are made.
    keys = [record_index.expression(word, prefix=last) for word in words if len(word) >= _SHORTEST_KEY]
    return f"({' OR '.join((found, *keys))})" if found and keys else found


def _expression(term: Term, *, last: bool = False, shortest: int = 1) -> str:
    """The FTS5 expression of a term; empty when nothing in it can be sought.

    A word being typed is a beginning; so is a part of a name or address, and a word that ends in ``*``. A word is
    sought by its stem too; in a single column by whatever begins with the stem. What has fewer letters than
    ``shortest`` is a whole word, never a beginning.
    """
    words = stems.words(term.text)
    if not words:
        return ""
    columns = _COLUMNS.get(term.field, "") if term.field else ""
    if term.phrase:
        return record_index.expression(term.text, columns)
    name = term.field in (Field.FROM, Field.TO)
    prefix = (last or name or term.text.endswith("*")) and len(words[-1]) >= shortest
    stem = "" if name or len(words) > 1 else stems.stem(words[0])
    if len(stem) < shortest if columns else stem == words[0]:
        stem = ""
    return record_index.expression(term.text, columns, prefix=prefix, stem=stem)


def _matched(
    connection: Connection,
    query: Query,
    folders: Sequence[int],
    expression: str,
    limit: int,
    before: int | None,
) -> "array[int]":
    """By the index of words, down from the newest."""
    low = _BEGINNING if query.after is None else search.letter_key(int(query.after.timestamp()), 0)
    high = _END if query.before is None else search.letter_key(int(query.before.timestamp()), 0)
    if before is not None:
        high = min(high, _key_of(connection, before))
    found: dict[int, None] = {}
    letter_id = 0
    # Both documents of a letter, of the whole and of its header, lead to the same placements.
    with closing(search.places(connection, expression, low, high, folders, query.flags)) as places:
        for key, placement_id in places:
            if len(found) >= limit and search.letter_of(key) != letter_id:
                break
            letter_id = search.letter_of(key)
            found[placement_id] = None
    return array("q", found)


def _walked(
    connection: Connection,
    query: Query,
    folders: Sequence[int],
    unwanted: str,
    limit: int,
    before: int | None,
) -> "array[int]":
    """Without a word to look for: down the folders by date."""
    found = array("q")
    start = before
    look = max(limit, _LOOK if unwanted else 0)
    while len(found) < limit:
        rows = sorted(
            (row for one in folders for row in _newest(connection, query, one, start, look)), reverse=True
        )[:look]
        if not rows:
            break
        hits: set[int] = set()
        if unwanted:
            low, high = search.letter_key(rows[-1][0] - 1, 0), search.letter_key(rows[0][0] + 2, 0)
            hits = set(map(search.letter_of, search.letter_hits(connection, unwanted, low, high, -1)))
        found.extend(row[1] for row in rows if row[2] not in hits)
        start = rows[-1][1]
    return found[:limit]


def _newest(
    connection: Connection, query: Query, folder_id: int, before: int | None, limit: int
) -> Iterator[tuple[int, int, int]]:
    """Date, id and letter of placements in one folder, newest first."""
    select_ = (
        select(placement.c.id, placement.c.letter_id, placement.c.date_key)
        .where(placement.c.folder_id == folder_id, ~placement.c.deleted, *map(_flag, query.flags))
        .order_by(placement.c.date_key.desc(), placement.c.id.desc())
    )
    if query.after is not None:
        select_ = select_.where(placement.c.date_key >= int(query.after.timestamp()))
    if query.before is not None:
        select_ = select_.where(placement.c.date_key < int(query.before.timestamp()))
    if before is not None:
        day = connection.execute(select(placement.c.date_key).where(placement.c.id == before)).scalar()
        if day is None:
            return
        select_ = select_.where(
            (placement.c.date_key < day) | ((placement.c.date_key == day) & (placement.c.id < before)),
            placement.c.date_key <= day,
        )
    for placement_id, letter_id, day in connection.execute(select_.limit(limit)):
        yield day, placement_id, letter_id


def _flag(term: FlagTerm) -> ColumnElement[bool]:
    if term.flag is Flag.UNREAD:
        holds: ColumnElement[bool] = placement.c.unread
    elif term.flag is Flag.IMPORTANT:
        holds = placement.c.flags.bitwise_and(int(flags.Flag.FLAGGED)) != 0
    else:
        with_files = select(letter.c.id).where(letter.c.id == placement.c.letter_id, letter.c.has_attachments)
        holds = with_files.exists()
    return ~holds if term.negated else holds


def _key_of(connection: Connection, placement_id: int) -> int:
    query = (
        select(letter.c.date, letter.c.id)
        .join(placement, placement.c.letter_id == letter.c.id)
        .where(placement.c.id == placement_id)
    )
    row = connection.execute(query).one_or_none()
    return _BEGINNING if row is None else search.letter_key(int(row.date.timestamp()), row.id)


def _folders(connection: Connection, query: Query, folder_ids: Sequence[int] | None) -> list[int]:
    """Folders to look in: those given, or all that are shown; of these, those that the query names."""
    names = [term for term in query.terms if term.field is Field.FOLDER]
    found = []
    for folder_id, name, role, hidden in connection.execute(
        select(folder.c.id, folder.c.name, folder.c.role, folder.c.hidden)
    ):
        if hidden if folder_ids is None else folder_id not in folder_ids:
            continue
        if all((term.text in fold(name) or term.text == role) is not term.negated for term in names):
            found.append(folder_id)
    return found
