"""Taking letters out of the search index, so that no piece of it keeps their words."""

from collections.abc import Collection

from sqlalchemy import Connection

from crm_tui.store import documents, search

_BATCH = 200


def forget_letters(connection: Connection, ids: Collection[int]) -> None:
    """Take the documents of letters out of the search index, before the letters lose their words.

    A contentless index is told what to take out: the same columns that were put in (sqlite.org/fts5.html 6.1).
    """
    wanted = sorted(ids)
    for start in range(0, len(wanted), _BATCH):
        batch = wanted[start : start + _BATCH]
        whole = {each.letter_id: each for each in documents.letters(connection, batch)}
        rows: list[tuple[int, tuple[bytes, ...]]] = []
        for head in documents.heads(connection, batch):
            rows.append(
                (search.letter_key(head.date_key, head.letter_id), documents.letter_columns(head, None))
            )
            full = whole[head.letter_id]
            key = search.letter_key(head.date_key, head.letter_id, whole=True)
            rows.append((key, documents.letter_columns(full, None)))
        there = search.documents_at(connection, [key for key, _words in rows])
        for key, words in rows:
            if key in there:
                connection.exec_driver_sql(
                    f"INSERT INTO letter_fts(letter_fts, rowid, {search.LETTER_COLUMNS}) "
                    f"VALUES ('delete', ?, {search.LETTER_VALUES})",
                    (key, *words),
                )


def purge_index(connection: Connection) -> None:
    """Write the search index anew in one piece: words that were taken out stay in the old pieces until then."""
    for name in ("letter_fts", "record_fts"):
        connection.exec_driver_sql(f"INSERT INTO {name}({name}) VALUES ('optimize')")
