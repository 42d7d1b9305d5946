"""Processes as the command line shows them: what runs, and where one has been."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from crm_tui.domain.errors import NotFound
from crm_tui.domain.route.route_map import PointKind
from crm_tui.domain.text import clean
from crm_tui.services.process import process_needs
from crm_tui.services.process.process_state import ALIVE, route_of
from crm_tui.store.tables import User, found, table_of
from crm_tui.store.tables.processes import Process, ProcessToken

_BATCH = 500
process, waiting, user = table_of(Process), table_of(ProcessToken), table_of(User)


@dataclass(frozen=True, slots=True)
class Standing:
    """A point at which a process waits; empty fields where it waits at none."""

    process_id: int
    title: str
    """Number and name of the map."""
    status: str
    object_kind: str
    object_id: int
    card: str
    """What the card is called."""
    token: int = 0
    point: str = ""
    """Name of the step, or of what else it waits at."""
    kind: str = ""
    performer: str = ""
    due_at: datetime | None = None


def standing(
    connection: Connection, *, interest_id: int | None = None, process_id: int | None = None
) -> list[Standing]:
    """Where each process waits, of one Interest, one alone or all, the first due first."""
    here = and_(
        waiting.c.process_id == process.c.id,
        waiting.c.left_at.is_(None),
        waiting.c.kind != PointKind.JOIN.value,
    )
    query = (
        select(process, waiting.c.token, waiting.c.point, waiting.c.kind, waiting.c.deadline_at, waiting.c.due_at,
               user.c.name.label("performer"))
        .outerjoin(waiting, here)
        .outerjoin(user, user.c.id == waiting.c.performer_id)
        .where(process.c.status.in_(ALIVE))
        .order_by(waiting.c.due_at.is_(None), waiting.c.due_at, process.c.id, waiting.c.token)
    )  # fmt: skip
    if interest_id is not None:
        query = query.where(process.c.interest_id == interest_id)
    if process_id is not None:
        query = query.where(process.c.id == process_id)
    rows = connection.execute(query).all()
    names = card_names(connection, rows)
    return [_of_row(connection, row, names[row.object_kind, row.object_id]) for row in rows]


def card_names(connection: Connection, rows: Sequence[Row[Any]]) -> dict[tuple[str, int], str]:
    """Kind and id of the cards of these processes → what they are called; a few hundred at a time."""
    cards = sorted({(row.object_kind, row.object_id) for row in rows})
    known: dict[tuple[str, int], str] = {}
    for kind, of_kind in groupby(cards, key=lambda card: card[0]):
        table, ids = found(kind), [card[1] for card in of_kind]
        name = table.c.title if kind == "document" else table.c.name
        for start in range(0, len(ids), _BATCH):
            query = select(table.c.id, name).where(table.c.id.in_(ids[start : start + _BATCH]))
            known |= {(kind, row[0]): clean(row[1]) for row in connection.execute(query)}
    return known


def _of_row(connection: Connection, row: Row[Any], card: str) -> Standing:
    route = route_of(connection, row.version_id)
    point = route.by_id.get(row.point)
    return Standing(
        row.id,
        clean(route.title),
        row.status,
        row.object_kind,
        row.object_id,
        card,
        row.token or 0,
        clean(point.name or point.id) if point else "",
        row.kind or "",
        clean(row.performer or ""),
        row.deadline_at or row.due_at,
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a point of a process."""

    token: int
    point: str
    """Its name."""
    kind: str
    entered_at: datetime
    left_at: datetime | None
    due_at: datetime | None
    performer: str
    outcome: str
    """Its code; ``!cancelled`` where it was taken away."""
    result: str
    missing: tuple[str, ...]
    """What must be there before it can be completed, in words."""


@dataclass(frozen=True, slots=True)
class History:
    """A process with all points that it waited at."""

    id: int
    title: str
    status: str
    reason: str
    """Code of the list ``lost_reason``."""
    comment: str
    started_at: datetime
    ended_at: datetime | None
    entries: tuple[Entry, ...]


def history(connection: Connection, process_id: int) -> History:
    """A process, running or not. Raises NotFound."""
    row = connection.execute(select(process).where(process.c.id == process_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind="process", id=process_id)
    route = route_of(connection, row.version_id)
    query = (
        select(waiting, user.c.name.label("performer"))
        .outerjoin(user, user.c.id == waiting.c.performer_id)
        .where(waiting.c.process_id == process_id)
        .order_by(waiting.c.token)
    )
    entries = []
    for token in connection.execute(query):
        point = route.by_id.get(token.point)
        name = clean(point.name or point.id) if point else token.point
        missing = process_needs.missing(connection, process_id, token.token)
        entries.append(
            Entry(
                token.token, name, token.kind, token.entered_at, token.left_at, token.deadline_at or token.due_at,
                clean(token.performer or ""), token.outcome, token.result,
                tuple(process_needs.said(one) for one in missing),
            )
        )  # fmt: skip
    return History(
        row.id, clean(route.title), row.status, row.reason, row.comment, row.started_at, row.ended_at,
        tuple(entries),
    )  # fmt: skip
