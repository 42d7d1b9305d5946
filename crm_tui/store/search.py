"""Full-text search over letters and records (SQLite FTS5). With ``record_index.py``, ``engine.py``, ``bulk.py`` and
``json_text.py`` the dialect SQL.

The index knows the words as they stand (folded: letter case, accents and ё = е make no difference) and, in a column
of their own, the stems that differ from them; so a word finds its forms without a tokenizer of our own. FTS5 is
given words with spaces between (`index_words`): its tokenizer for ASCII, which looks at no letter, is fast.

A letter's rowid begins with its date, so that the newest hits come first without sorting, whatever their number.
A letter is indexed when its header is known and once more when its text is: two documents side by side, of which
the first hit counts. Documents of letters are never changed or deleted (the index is contentless and could not):
what is found is joined with the placements that stand. When what is indexed changes, ``beside.INDEX_LAYOUT`` is
raised.
"""

from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Connection,
    Integer,
    Select,
    column,
    exists,
    literal_column,
    select,
    table,
)

from crm_tui.domain.letter import flags
from crm_tui.domain.query import Flag, FlagTerm
from crm_tui.domain.stems import Searchable
from crm_tui.store import documents, record_index
from crm_tui.store.documents import LetterDocument
from crm_tui.store.images import Image
from crm_tui.store.record_index import KIND_BITS, RECORD_KINDS
from crm_tui.store.tables import Letter, LetterText, table_of

_ID_BITS = 28
_LATEST = (1 << (62 - _ID_BITS)) - 1
_BATCH = 500

_FLAG_CONDITIONS = {
    Flag.UNREAD: "+p.unread",
    Flag.IMPORTANT: f"p.flags & {int(flags.Flag.FLAGGED)}",
    Flag.ATTACHMENT: "SELECT has_attachments FROM letter WHERE letter.id = p.letter_id",
}

LETTER_COLUMNS = "sender, recipients, subject, body, stems"
LETTER_VALUES = ", ".join(["CAST(? AS TEXT)"] * 5)
"""Given in UTF-8 already."""

_TABLES = {
    "letter_fts": f"{LETTER_COLUMNS}, content=''",
    "record_fts": "title, body, stems",
}


def create(connection: Connection) -> None:
    """Make the empty index."""
    for name, columns in _TABLES.items():
        connection.exec_driver_sql(
            f"CREATE VIRTUAL TABLE {name} USING fts5({columns}, tokenize='ascii', prefix='2')"
        )
        # A first sync writes piece after piece: with 4, FTS5 spends a third of its time on making them one.
        connection.exec_driver_sql(f"INSERT INTO {name}({name}, rank) VALUES ('automerge', 16)")


def drop(connection: Connection) -> None:
    """Take the index away."""
    for name in _TABLES:
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")


def rebuild(connection: Connection) -> None:
    """Fill the empty index with every letter and record."""
    letter = table_of(Letter).c.id
    index_letters(connection, connection.execute(select(letter).order_by(letter)).scalars().all())
    for kind in RECORD_KINDS:
        index_records(connection, kind, _record_ids(connection, kind))


def refresh(
    connection: Connection,
    topics: Mapping[str, set[int]],
    before: Mapping[tuple[str, int], Image | None],
    bodies: Mapping[int, Searchable],
    heads: Mapping[int, LetterDocument],
) -> None:
    """Bring the documents of what a unit of work touched up to date, some of which it has at hand."""
    index_letters(connection, topics.get("letter", ()), bodies, heads)
    stale: dict[str, set[int]] = {kind: set(topics[kind]) for kind in RECORD_KINDS if kind in topics}
    if "contact_info" in topics:
        for kind, ids in documents.owners(connection, topics["contact_info"]).items():
            stale.setdefault(kind, set()).update(ids)
        for (table, _), image in before.items():
            if table == "contact_info" and image is not None:
                stale.setdefault(image["owner_kind"], set()).add(image["owner_id"])
    for kind, ids in stale.items():
        index_records(connection, kind, ids)


def index_letters(
    connection: Connection,
    ids: Iterable[int],
    bodies: Mapping[int, Searchable] = MappingProxyType({}),
    heads: Mapping[int, LetterDocument] = MappingProxyType({}),
) -> None:
    """Make the documents of letters that have none yet.

    ``bodies``: what `parsing.gist` made of their texts; ``heads``: letters whose texts are known not to be here.
    """
    for batch in _batches(sorted(ids)):
        ready = [one for one in batch if one in bodies]
        fresh = {
            letter_key(
                one.date_key, one.letter_id, whole=one.letter_id in bodies or one.body is not None
            ): one
            for one in (
                *documents.letters(
                    connection, [one for one in batch if one not in bodies and one not in heads]
                ),
                *documents.heads(connection, ready),
                *(heads[one] for one in batch if one in heads and one not in bodies),
            )
        }
        for key in documents_at(connection, fresh):
            del fresh[key]
        rows = [
            (key, *documents.letter_columns(one, bodies.get(one.letter_id)))
            # FTS5 writes a batch in one piece when its rowids rise.
            for key, one in sorted(fresh.items())
        ]
        if rows:
            connection.exec_driver_sql(
                f"INSERT INTO letter_fts(rowid, {LETTER_COLUMNS}) VALUES (?, {LETTER_VALUES})", rows
            )


def index_records(connection: Connection, kind: str, ids: Iterable[int]) -> None:
    """Bring the documents of records up to date; those whose words are the same are left alone."""
    first = RECORD_KINDS.index(kind) << KIND_BITS
    for batch in _batches(sorted(ids)):
        stale = _stale_records(connection, kind, batch)
        if not stale:
            continue
        connection.exec_driver_sql(
            "DELETE FROM record_fts WHERE rowid = ?", [(first + record_id,) for record_id in stale]
        )
        rows = [(first + record_id, *columns) for record_id, columns in stale.items() if columns is not None]
        if rows:
            connection.exec_driver_sql(
                "INSERT INTO record_fts(rowid, title, body, stems) VALUES (?, ?, ?, ?)", rows
            )


def letter_hits(connection: Connection, expression: str, low: int, high: int, limit: int) -> list[int]:
    """Keys of documents that match, from ``high`` (not included) down to ``low``, the newest first."""
    return list(
        connection.exec_driver_sql(
            "SELECT rowid FROM letter_fts WHERE letter_fts MATCH ? AND rowid >= ? AND rowid < ? "
            "ORDER BY rowid DESC LIMIT ?",
            (expression, low, high, limit),
        ).scalars()
    )


def places(
    connection: Connection,
    expression: str,
    low: int,
    high: int,
    folders: Iterable[int],
    wanted: Iterable[FlagTerm],
) -> Generator[tuple[int, int]]:
    """Key of a document that matches and id of a placement of its letter, newest first, read as far as asked.

    The unary plus and the cross join keep SQLite to the one good way: down the index of words, and from each
    letter to its placements.
    """
    conditions = "".join(
        f" AND {'NOT ' if term.negated else ''}({_FLAG_CONDITIONS[term.flag]})" for term in wanted
    )
    result = connection.exec_driver_sql(
        "SELECT f.rowid, p.id FROM letter_fts f CROSS JOIN placement p "
        f"ON p.letter_id = (f.rowid >> 1) & {(1 << _ID_BITS) - 1} "
        "WHERE f.letter_fts MATCH ? AND f.rowid >= ? AND f.rowid < ? "
        f"AND NOT +p.deleted AND +p.folder_id IN ({','.join(str(int(one)) for one in folders)}){conditions} "
        "ORDER BY f.rowid DESC",
        (expression, low, high),
    )
    try:
        for key, placement_id in result:
            yield int(key), int(placement_id)
    finally:
        result.close()


def letters_with(stems: Sequence[str]) -> Select[Any]:
    """A query for the ids of letters in whose text words begin with all of these."""
    index: Any = table("letter_fts", column("rowid", Integer))
    wanted = " AND ".join(record_index.expression(one, "body", prefix=True) for one in stems)
    # The name of the whole row is not one of its columns: it is how FTS5 is asked.
    match = literal_column("letter_fts").op("MATCH", is_comparison=True)(wanted)
    letter_id = index.c.rowid.op(">>")(1).op("&")((1 << _ID_BITS) - 1)
    return select(letter_id).where(match)


def letter_key(seconds: int, letter_id: int, *, whole: bool = False) -> int:
    """The rowid of a letter's document: its date (seconds since 1970), its id, whether its text is in it."""
    return (min(max(seconds, 0), _LATEST) << (_ID_BITS + 1)) | (letter_id << 1) | whole


def letter_of(key: int) -> int:
    """The letter that a document is of."""
    return (key >> 1) & ((1 << _ID_BITS) - 1)


def out_of_date(connection: Connection) -> Iterator[tuple[str, list[int]]]:
    """Kinds and ids of letters and records whose documents are missing or old."""
    missing: list[int] = []
    letter, text_of = table_of(Letter), table_of(LetterText)
    whole = exists().where(text_of.c.letter_id == letter.c.id)
    query = select(letter.c.id, letter.c.date, whole).order_by(letter.c.id)
    for rows in connection.execute(query).partitions(_BATCH):
        keys = {letter_key(int(day.timestamp()), one, whole=bool(full)): one for one, day, full in rows}
        there = set(documents_at(connection, keys))
        missing += [one for key, one in keys.items() if key not in there]
    if missing:
        yield "letter", missing
    for kind in RECORD_KINDS:
        stale = [
            record_id
            for batch in _batches(_record_ids(connection, kind))
            for record_id in _stale_records(connection, kind, batch)
        ]
        if stale:
            yield kind, stale


def documents_at(connection: Connection, keys: Iterable[int]) -> Sequence[int]:
    """Those of the keys at which there is a document of a letter."""
    wanted = ",".join(map(str, keys))
    found = connection.exec_driver_sql(f"SELECT id FROM letter_fts_docsize WHERE id IN ({wanted})")
    return found.scalars().all()


def _record_ids(connection: Connection, kind: str) -> list[int]:
    found = connection.exec_driver_sql(
        f"SELECT id FROM {kind} UNION SELECT rowid - {RECORD_KINDS.index(kind) << KIND_BITS} FROM record_fts "
        f"WHERE rowid >> {KIND_BITS} = {RECORD_KINDS.index(kind)} ORDER BY 1"
    )
    return list(found.scalars())


def _stale_records(
    connection: Connection, kind: str, ids: Collection[int]
) -> dict[int, tuple[str, ...] | None]:
    """What the index should know of the records of which it knows otherwise; None for those that are gone."""
    first = RECORD_KINDS.index(kind) << KIND_BITS
    wanted = {
        one.record_id: documents.columns(one.title, one.body)
        for one in documents.records(connection, kind, ids)
    }
    keys = ",".join(str(first + record_id) for record_id in ids)
    rows = connection.exec_driver_sql(
        f"SELECT rowid - {first}, title, body, stems FROM record_fts WHERE rowid IN ({keys})"
    )
    there = {row[0]: tuple(row[1:]) for row in rows}
    return {one: wanted.get(one) for one in ids if wanted.get(one) != there.get(one)}


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
