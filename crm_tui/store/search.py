"""Full-text search over letters and records (SQLite FTS5). With ``engine.py`` the only place of dialect SQL.

The index knows the words as they stand (folded: letter case and ё = е make no difference) and, in a column of
their own, the stems that differ from them; so a word finds its forms without a tokenizer of our own.

A letter's rowid begins with its date, so that the newest hits come first without sorting, whatever their number.
A letter is indexed when its header is known and once more when its text is: two documents side by side, of which
the first hit counts. Documents of letters are never changed or deleted (the index is contentless and could not):
what is found is joined with the placements that stand.
"""

import functools
import re
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping

from sqlalchemy import Connection, select, text

from crm_tui.domain.text import fold
from crm_tui.store import documents
from crm_tui.store.documents import RECORD_KINDS, LetterDocument, RecordRow
from crm_tui.store.images import Image
from crm_tui.store.tables import Letter, table_of

LAYOUT = 1
"""Raise it when what is indexed changes: the store then builds the index anew."""

_ID_BITS = 28
_LATEST = (1 << (62 - _ID_BITS)) - 1
_BATCH = 500
_KIND_BITS = 40

_TABLES = {
    "letter_fts": "sender, recipients, subject, body, stems, content=''",
    "record_fts": "title, body, stems",
}


def create(connection: Connection) -> None:
    """Make the empty index."""
    for name, columns in _TABLES.items():
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, "
            "tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3')"
        )


def drop(connection: Connection) -> None:
    """Take the index away."""
    for name in _TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def rebuild(connection: Connection) -> None:
    """Fill the empty index with every letter and record."""
    letter = table_of(Letter).c.id
    index_letters(connection, connection.execute(select(letter).order_by(letter)).scalars().all())
    for kind in RECORD_KINDS:
        ids = connection.execute(text(f"SELECT id FROM {kind} ORDER BY id")).scalars().all()  # our own names
        index_records(connection, kind, ids)


def refresh(
    connection: Connection, topics: Mapping[str, set[int]], before: Mapping[tuple[str, int], Image | None]
) -> None:
    """Bring the documents of what a unit of work touched up to date."""
    index_letters(connection, topics.get("letter", ()))
    stale: dict[str, set[int]] = {kind: set(topics[kind]) for kind in RECORD_KINDS if kind in topics}
    if "contact_info" in topics:
        for kind, ids in documents.owners(connection, topics["contact_info"]).items():
            stale.setdefault(kind, set()).update(ids)
        for (table, _), image in before.items():
            if table == "contact_info" and image is not None:
                stale.setdefault(image["owner_kind"], set()).add(image["owner_id"])
    for kind, ids in stale.items():
        index_records(connection, kind, ids)


def index_letters(connection: Connection, ids: Iterable[int]) -> None:
    """Make the documents of letters that have none yet: of the header, or of the whole once the text is there."""
    for batch in _batches(sorted(ids)):
        known = list(documents.letters(connection, batch))
        keys = {_letter_key(one): one for one in known}
        there = connection.exec_driver_sql(
            f"SELECT id FROM letter_fts_docsize WHERE id IN ({','.join(map(str, keys))})"
        ).scalars()
        for key in there:
            del keys[key]
        rows = [
            (key, *_columns(one.sender, one.recipients, one.subject, one.body or ""))
            # FTS5 writes a batch in one piece when its rowids rise.
            for key, one in sorted(keys.items())
        ]
        if rows:
            connection.exec_driver_sql(
                "INSERT INTO letter_fts(rowid, sender, recipients, subject, body, stems) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )


def index_records(connection: Connection, kind: str, ids: Iterable[int]) -> None:
    """Bring the documents of records up to date; those whose words are the same are left alone."""
    first = RECORD_KINDS.index(kind) << _KIND_BITS
    for batch in _batches(sorted(ids)):
        wanted = {
            first + one.record_id: _columns(one.title, one.body)
            for one in documents.records(connection, kind, batch)
        }
        keys = ",".join(str(first + record_id) for record_id in batch)
        there = {
            row[0]: tuple(row[1:])
            for row in connection.exec_driver_sql(
                f"SELECT rowid, title, body, stems FROM record_fts WHERE rowid IN ({keys})"
            )
        }
        gone = [(key,) for key, columns in there.items() if wanted.get(key) != columns]
        new = [(key, *columns) for key, columns in wanted.items() if there.get(key) != columns]
        if gone:
            connection.exec_driver_sql("DELETE FROM record_fts WHERE rowid = ?", gone)
        if new:
            connection.exec_driver_sql(
                "INSERT INTO record_fts(rowid, title, body, stems) VALUES (?, ?, ?, ?)", new
            )


def _letter_key(letter: LetterDocument) -> int:
    seconds = min(max(letter.date_key, 0), _LATEST)
    return (seconds << (_ID_BITS + 1)) | (letter.letter_id << 1) | (letter.body is not None)


def _columns(*texts: str) -> tuple[str, ...]:
    folded = tuple(fold(part) for part in texts)
    words = {word for part in folded for word in _WORD.findall(part)}
    stems = {stem(word) for word in words} - words
    return (*folded, " ".join(sorted(stems)))


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


_WORD = re.compile(r"[^\W\d_]{3,}")


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    import snowballstemmer

    return snowballstemmer.stemmer("russian").stemWord(word)
