"""Who is away, and who stands in (IDX-45)."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crm_tui.store.tables import Task, User, table_of
from crm_tui.store.tables.upkeep import Absence


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who is away, or will be."""

    id: int
    user_id: int
    name: str
    deputy: str
    """Name of who stands in; may be empty."""
    from_at: datetime
    until_at: datetime


def lasting(connection: Connection, now: datetime) -> list[Away]:
    """Absences that are not over, the first to begin first."""
    absence, user = table_of(Absence), table_of(User)
    deputy = user.alias()
    query = (
        select(absence, user.c.name, deputy.c.name.label("deputy"))
        .join(user, user.c.id == absence.c.user_id)
        .join(deputy, deputy.c.id == absence.c.deputy_id, isouter=True)
        .where(absence.c.until_at > now)
        .order_by(absence.c.from_at, absence.c.id)
    )
    return [
        Away(row.id, row.user_id, row.name, row.deputy or "", row.from_at, row.until_at)
        for row in connection.execute(query)
    ]


def returned(connection: Connection, now: datetime) -> list[int]:
    """Users who are back, and still have open tasks with a deputy."""
    task, absence = table_of(Task), table_of(Absence)
    away = select(absence.c.user_id).where(absence.c.from_at <= now, absence.c.until_at > now)
    query = (
        select(task.c.stands_for_id)
        .where(task.c.status == "open", task.c.stands_for_id.is_not(None), task.c.stands_for_id.not_in(away))
        .distinct()
    )
    return list(connection.execute(query).scalars())


def stand_in(connection: Connection, user_id: int, now: datetime) -> int:
    """Who gets what is for this user now: the deputy, or that one's deputy; the user, where nobody is there."""
    seen = [user_id]
    while True:
        deputy = _deputy(connection, seen[-1], now)
        if deputy is None:
            return seen[-1] if not _is_away(connection, seen[-1], now) else user_id
        if deputy in seen:
            return user_id
        seen.append(deputy)


def _deputy(connection: Connection, user_id: int, now: datetime) -> int | None:
    absence = table_of(Absence)
    query = (
        select(absence.c.deputy_id)
        .where(absence.c.user_id == user_id, absence.c.from_at <= now, absence.c.until_at > now)
        .where(absence.c.deputy_id.is_not(None))
        .order_by(absence.c.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def _is_away(connection: Connection, user_id: int, now: datetime) -> bool:
    absence = table_of(Absence)
    query = select(absence.c.id).where(
        absence.c.user_id == user_id, absence.c.from_at <= now, absence.c.until_at > now
    )
    return connection.execute(query.limit(1)).first() is not None
