"""What of the records stands in the search index (`store.search`): dialect SQL, without all that fills the index."""

from typing import Any

from sqlalchemy import Connection, Integer, Select, column, literal_column, select, table

from crm_tui.domain.index_words import indexed
from crm_tui.domain.text import fold

RECORD_KINDS = ("customer", "contact", "lead", "interest", "task", "event", "interaction")
"""Tables whose rows are found; the position of a kind in it is part of the index's layout."""
KIND_BITS = 40
"""Of a document's rowid, those that are the id of the record; above them stands its kind."""


def record_hits(connection: Connection, kind: str, expression: str, limit: int) -> list[tuple[float, int]]:
    """Rank (the lower the better) and id of the newest records of a kind that match."""
    first = RECORD_KINDS.index(kind) << KIND_BITS
    found = connection.exec_driver_sql(
        "SELECT bm25(record_fts, 10.0, 1.0, 1.0), rowid - ? FROM record_fts "
        "WHERE record_fts MATCH ? AND rowid >= ? AND rowid < ? ORDER BY rowid DESC LIMIT ?",
        (first, expression, first, first + (1 << KIND_BITS), limit),
    )
    return [(rank, record_id) for rank, record_id in found]


def records_with(kind: str, wanted: str) -> Select[Any]:
    """A query for the ids of the records of a kind that match an expression."""
    index: Any = table("record_fts", column("rowid", Integer))
    match = literal_column("record_fts").op("MATCH", is_comparison=True)(wanted)
    first = RECORD_KINDS.index(kind) << KIND_BITS
    return select(index.c.rowid - first).where(
        match, index.c.rowid >= first, index.c.rowid < first + (1 << KIND_BITS)
    )


def expression(words: str, columns: str = "", *, prefix: bool = False, stem: str = "") -> str:
    """An FTS5 expression for words side by side, in some columns only, or (``prefix``) the last one just begun.

    ``stem`` is another word that serves as well. Whatever stands in the words is taken literally.
    """
    found = _quoted(words) + (" *" if prefix else "")
    if stem:
        found = f"({found} OR {_quoted(stem)}{' *' if columns else ''})"
    return f"{{{columns}}} : {found}" if columns else found


def _quoted(words: str) -> str:
    return f'"{indexed(fold(words))}"'
