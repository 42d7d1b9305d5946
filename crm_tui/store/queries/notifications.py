"""Reads of what a person was told of."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from crm_tui.store.tables import Notification, Placement, table_of

notification, placement = table_of(Notification), table_of(Placement)


@dataclass(frozen=True, slots=True)
class NotificationRow:
    """One notification; its sentence is made of ``code`` and ``facts``."""

    id: int
    code: str
    facts: Mapping[str, Any]
    subject_kind: str
    subject_id: int | None
    at: datetime
    is_read: bool
    """Put away, or its letter is read."""


def ids(connection: Connection, user_id: int) -> "array[int]":
    """All of one person, the newest first."""
    query = (
        select(notification.c.id)
        .where(notification.c.user_id == user_id)
        .order_by(notification.c.at.desc(), notification.c.id.desc())
    )
    return array("q", connection.scalars(query))


def rows(connection: Connection, wanted: Sequence[int]) -> dict[int, NotificationRow]:
    """Those of these ids that are there."""
    its_letter = and_(notification.c.subject_kind == "letter", placement.c.id == notification.c.subject_id)
    columns = notification.c
    query = (
        select(
            columns.id,
            columns.code,
            columns.facts,
            columns.subject_kind,
            columns.subject_id,
            columns.at,
            or_(columns.read_at.is_not(None), ~func.coalesce(placement.c.unread, True)).label("is_read"),
        )
        .outerjoin(placement, its_letter)
        .where(columns.id.in_(wanted))
    )
    return {row.id: NotificationRow(**row._mapping) for row in connection.execute(query)}
