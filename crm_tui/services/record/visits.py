"""The records that a user opened last (L-01): facts of the session, written down in no journal."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from crm_tui.domain.text import clean
from crm_tui.services.ports import Found
from crm_tui.store.tables import found, table_of
from crm_tui.store.tables.cards import Visit
from crm_tui.store.work import Work

KINDS = ("customer", "contact", "lead", "interest", "document")
"""Kinds of records with a card of their own."""
KEPT = 200
"""Visits of a user that are remembered."""

visit = table_of(Visit)


def note(work: Work, user_id: int, kind: str, record_id: int) -> None:
    """The user opened this record now. No screen is told: nothing that is shown changes by it."""
    row = insert(visit).values(user_id=user_id, kind=kind, record_id=record_id, at=work.now)
    work.connection.execute(
        row.on_conflict_do_update(["user_id", "kind", "record_id"], set_={"at": work.now})
    )
    beyond = (
        select(visit.c.id)
        .where(visit.c.user_id == user_id)
        .order_by(visit.c.at.desc(), visit.c.id.desc())
        .limit(-1)
        .offset(KEPT)
    )
    work.connection.execute(delete(visit).where(visit.c.id.in_(beyond)))


def recent(connection: Connection, user_id: int | None, limit: int) -> list[Found]:
    """The records visited last that are still there, the last one first."""
    query = (
        select(visit.c.kind, visit.c.record_id, visit.c.at)
        .where(visit.c.user_id == user_id, visit.c.kind.in_(KINDS))
        .order_by(visit.c.at.desc(), visit.c.id.desc())
        .limit(limit * 2)
    )
    visited: list[tuple[str, int, datetime]] = [(row[0], row[1], row[2]) for row in connection.execute(query)]
    names: Mapping[str, dict[int, str]] = {
        kind: _names(connection, kind, [key for of, key, _at in visited if of == kind])
        for kind in {kind for kind, _key, _at in visited}
    }
    return [
        Found(kind, names[kind][key], f"everywhere.show_{kind}", str(key))
        for kind, key, _at in visited
        if key in names[kind]
    ][:limit]


def _names(connection: Connection, kind: str, record_ids: list[int]) -> dict[int, str]:
    table = found(kind)
    column = table.c.title if kind == "document" else table.c.name
    query = select(table.c.id, column).where(table.c.id.in_(record_ids), table.c.trashed_at.is_(None))
    return {row[0]: clean(row[1]) for row in connection.execute(query)}
