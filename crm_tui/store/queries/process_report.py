"""How a map runs, counted in SQL over the rows of its processes (CORP-21): no statement knows one database only.

Everything is counted where it happened: entries by when a step was entered, times by when it was left, ends by when
the process ended, within ``since`` and before ``until`` (UTC). Median and ninth decile are those of the nearest rank:
the shortest time than which at least half, or nine tenths, of all are not longer.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Table, and_, case, extract, func, or_, select

from crm_tui.store.tables import User, table_of
from crm_tui.store.tables.processes import Process, ProcessEvent, ProcessToken, RouteMapVersion

CANCELLED = "!cancelled"
"""Outcome of a token that was taken away (``services.process.process_state``)."""
ALIVE = ("running", "stopped")
TIMED = ("step", "nested", "timer")
"""Kinds of points at which time passes; joins wait for what is counted already."""

process, token, event, user = (table_of(one) for one in (Process, ProcessToken, ProcessEvent, User))


def entries(connection: Connection, map_id: int, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Each point where something waits: ``point``, ``kind``, how often it was ``entered``, and how many of these were
    ``left`` and ``cancelled``, or wait still (``waiting``)."""
    gone = token.c.outcome == CANCELLED
    query = (
        select(
            token.c.point,
            token.c.kind,
            func.count().label("entered"),
            _how_many(token.c.left_at.is_not(None) & ~gone).label("left"),
            _how_many(token.c.left_at.is_not(None) & gone).label("cancelled"),
            _how_many(token.c.left_at.is_(None)).label("waiting"),
        )
        .where(token.c.map_id == map_id, token.c.kind.in_(TIMED), *_within(token.c.entered_at, since, until))
        .group_by(token.c.point, token.c.kind)
    )
    return connection.execute(query).all()


def times(connection: Connection, map_id: int, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Seconds of the clock from entering to leaving: ``point``, ``median``, ``p90``, of how many (``number``)."""
    seconds = extract("epoch", token.c.left_at) - extract("epoch", token.c.entered_at)
    timed = select(token.c.point.label("name"), seconds.label("seconds")).where(*_left(map_id, since, until))
    return connection.execute(_ranks(timed.subquery())).all()


def visits(connection: Connection, map_id: int, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Each time that a point was left: ``point``, ``performer_id``, ``entered_at``, ``left_at``; for working time,
    which the database does not know."""
    columns: list[Any] = [token.c.point, token.c.performer_id, token.c.entered_at, token.c.left_at]
    return connection.execute(select(*columns).where(*_left(map_id, since, until))).all()


def whole(connection: Connection, map_id: int, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Processes that ended, by how: ``name`` (``successful``, ``unsuccessful``, ``terminated``), their ``number``,
    seconds of the clock from start to end (``median``, ``p90``)."""
    how = case(
        (process.c.status == "terminated", "terminated"),
        (process.c.successful, "successful"),
        else_="unsuccessful",
    )
    seconds = extract("epoch", process.c.ended_at) - extract("epoch", process.c.started_at)
    ended = select(how.label("name"), seconds.label("seconds")).where(
        process.c.map_id == map_id, *_within(process.c.ended_at, since, until)
    )
    return connection.execute(_ranks(ended.subquery())).all()


def started(connection: Connection, map_id: int, since: datetime, until: datetime) -> int:
    """How many processes were started."""
    query = select(func.count()).where(
        process.c.map_id == map_id, *_within(process.c.started_at, since, until)
    )
    return int(connection.execute(query).scalar_one())


def deaths(connection: Connection, map_id: int, since: datetime, until: datetime) -> Sequence[Row[Any]]:
    """Where processes die: ``status``, ``point`` at which they were, ``ended_point``, ``reason``, ``number``; the
    most frequent first.

    One that was terminated died where it waited, at the oldest step if at several points; one that came to an
    unsuccessful end died at the step that was completed last.
    """
    taken = (
        select(token.c.process_id, func.min(token.c.token).label("token"))
        .where(token.c.map_id == map_id, token.c.outcome == CANCELLED, token.c.kind != "join")
        .group_by(token.c.process_id)
        .subquery()
    )
    newest = (
        select(event.c.process_id, func.max(event.c.number).label("number"))
        .join(process, process.c.id == event.c.process_id)
        .where(process.c.map_id == map_id, process.c.successful.is_(False), event.c.kind == "completed")
        .group_by(event.c.process_id)
        .subquery()
    )
    last = event.alias("last")
    at = case((process.c.status == "terminated", taken.c.token), else_=last.c.token)
    there = token.alias("there")
    dead = or_(process.c.status == "terminated", process.c.successful.is_(False))
    point = func.coalesce(there.c.point, "")
    query = (
        select(
            process.c.status,
            point.label("point"),
            process.c.ended_point,
            process.c.reason,
            func.count().label("number"),
        )
        .outerjoin(taken, taken.c.process_id == process.c.id)
        .outerjoin(newest, newest.c.process_id == process.c.id)
        .outerjoin(last, and_(last.c.process_id == process.c.id, last.c.number == newest.c.number))
        .outerjoin(there, and_(there.c.process_id == process.c.id, there.c.token == at))
        .where(process.c.map_id == map_id, dead, *_within(process.c.ended_at, since, until))
        .group_by(process.c.status, point, process.c.ended_point, process.c.reason)
        .order_by(func.count().desc(), point, process.c.reason)
    )
    return connection.execute(query).all()


def late(
    connection: Connection, map_id: int, since: datetime, until: datetime, now: datetime
) -> Sequence[Row[Any]]:
    """Steps whose deadline lay in the period, by performer: ``performer_id``, ``name``, how many (``number``), how
    many were completed ``late``, how many of those still open are late (``open_late``)."""
    after = and_(token.c.left_at.is_not(None), token.c.left_at > token.c.deadline_at)
    open_late = and_(token.c.left_at.is_(None), token.c.deadline_at < now)
    query = (
        select(
            token.c.performer_id,
            user.c.name,
            func.count().label("number"),
            _how_many(after).label("late"),
            _how_many(open_late).label("open_late"),
        )
        .outerjoin(user, user.c.id == token.c.performer_id)
        .where(
            token.c.map_id == map_id,
            token.c.outcome != CANCELLED,
            *_within(token.c.deadline_at, since, until),
        )
        .group_by(token.c.performer_id, user.c.name)
        .order_by((_how_many(after) + _how_many(open_late)).desc(), user.c.name)
    )
    return connection.execute(query).all()


def waiting(connection: Connection, map_id: int, now: datetime) -> Sequence[Row[Any]]:
    """Where the processes of the map stand now: ``point``, ``number``, ``late``, since when the oldest
    (``oldest``)."""
    query = (
        select(
            token.c.point,
            func.count().label("number"),
            _how_many(token.c.deadline_at < now).label("late"),
            func.min(token.c.entered_at).label("oldest"),
        )
        .join(process, process.c.id == token.c.process_id)
        .where(token.c.map_id == map_id, token.c.left_at.is_(None), token.c.kind.in_(TIMED))
        .where(process.c.status.in_(ALIVE))
        .group_by(token.c.point)
    )
    return connection.execute(query).all()


def alive(connection: Connection, map_id: int) -> Sequence[Row[Any]]:
    """Processes that have not ended: ``status``, number of the ``version``, ``number``."""
    version: Table = table_of(RouteMapVersion)
    query = (
        select(process.c.status, version.c.number.label("version"), func.count().label("number"))
        .join(version, version.c.id == process.c.version_id)
        .where(process.c.map_id == map_id, process.c.status.in_(ALIVE))
        .group_by(process.c.status, version.c.number)
        .order_by(version.c.number, process.c.status)
    )
    return connection.execute(query).all()


def _left(map_id: int, since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    return (
        token.c.map_id == map_id,
        token.c.kind.in_(TIMED),
        token.c.outcome != CANCELLED,
        *_within(token.c.left_at, since, until),
    )


def _within(column: Any, since: datetime, until: datetime) -> Sequence[ColumnElement[bool]]:
    return (column >= since, column < until)


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _ranks(timed: Any) -> Any:
    ranked = select(
        timed.c.name,
        timed.c.seconds,
        func.row_number().over(partition_by=timed.c.name, order_by=timed.c.seconds).label("place"),
        func.count().over(partition_by=timed.c.name).label("number"),
    ).subquery()
    return (
        select(
            ranked.c.name,
            func.max(ranked.c.number).label("number"),
            func.min(case((ranked.c.place * 2 >= ranked.c.number, ranked.c.seconds))).label("median"),
            func.min(case((ranked.c.place * 10 >= ranked.c.number * 9, ranked.c.seconds))).label("p90"),
        )
        .group_by(ranked.c.name)
        .order_by(ranked.c.name)
    )
