"""The ledger of reminders: due times, claims, snoozes.

Firing is a claim by compare-and-set, so that of several sessions exactly one shows a reminder; fired, seen and
acknowledged are three facts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from crm_tui.store.engine import Store
from crm_tui.store.tables import Reminder, table_of
from crm_tui.store.work import Work

CLAIM_LEASE = timedelta(minutes=2)
"""A fired reminder that nobody has seen after this time is fired again: its session died with it."""


_BATCH = 500
_NOT_FIRED: dict[str, Any] = {"fired_at": None, "fired_by": "", "seen_at": None, "acknowledged_at": None}


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that has fired."""

    id: int
    subject_kind: str
    subject_id: int
    occurrence: str
    text: str
    due_at: datetime
    subject_at: datetime | None


def schedule(
    work: Work,
    *,
    user_id: int,
    subject_kind: str,
    subject_id: int,
    text: str,
    due_at: datetime,
    subject_at: datetime | None,
    occurrence: str = "",
) -> Reminder:
    """Write or rewrite the reminder of this user for this subject; it has not fired then."""
    known = work.find(
        Reminder, user_id=user_id, subject_kind=subject_kind, subject_id=subject_id, occurrence=occurrence
    )
    if known is None:
        return work.add(
            Reminder(
                user_id=user_id,
                subject_kind=subject_kind,
                subject_id=subject_id,
                occurrence=occurrence,
                text=text,
                due_at=due_at,
                subject_at=subject_at,
            )
        )
    if known.due_at == due_at and known.subject_at == subject_at and known.acknowledged_at is None:
        work.change(known, text=text)
    else:
        work.change(known, text=text, due_at=due_at, subject_at=subject_at, **_NOT_FIRED)
    return known


def rename(work: Work, subject_kind: str, subject_id: int, text: str) -> None:
    """The subject is called otherwise; what was answered to its reminders, or put off, stands."""
    for reminder in work.all(Reminder, subject_kind=subject_kind, subject_id=subject_id):
        work.change(reminder, text=text)


def rename_many(work: Work, subject_kind: str, subject_ids: Sequence[int], text: str) -> None:
    """All of these subjects are called this; what was answered to their reminders, or put off, stands."""
    reminder = table_of(Reminder)
    for start in range(0, len(subject_ids), _BATCH):
        query = select(reminder.c.id).where(
            reminder.c.subject_kind == subject_kind,
            reminder.c.subject_id.in_(subject_ids[start : start + _BATCH]),
        )
        work.change_many(Reminder, work.connection.scalars(query).all(), text=text)


def withdraw(work: Work, subject_kind: str, subject_id: int) -> None:
    """The subject needs no reminding any more."""
    for reminder in work.all(Reminder, subject_kind=subject_kind, subject_id=subject_id):
        work.remove(reminder)


def withdraw_of_others(work: Work, subject_kind: str, subject_id: int, user_id: int) -> None:
    """Only this user is reminded of the subject: it belonged to another before."""
    for reminder in work.all(Reminder, subject_kind=subject_kind, subject_id=subject_id):
        if reminder.user_id != user_id:
            work.remove(reminder)


def claim_due(
    store: Store, user_id: int, session: str, limit: int = 50, *, patience: timedelta = timedelta()
) -> list[Due]:
    """Claim what is due now for this user and was claimed by no other session; oldest first.

    A claim whose session has not shown it within ``CLAIM_LEASE`` is free again. ``patience``: what is due for less
    than this is left to others.
    """
    now = store.clock()
    reminder = table_of(Reminder)
    free = or_(
        reminder.c.fired_at.is_(None),
        (reminder.c.seen_at.is_(None)) & (reminder.c.fired_at < now - CLAIM_LEASE),
    )
    ready = (reminder.c.user_id == user_id) & reminder.c.acknowledged_at.is_(None)
    ready = ready & (reminder.c.due_at <= now - patience) & free
    with store.read() as connection:
        if connection.execute(select(reminder.c.id).where(ready).limit(1)).first() is None:
            return []
    with store.facts("reminder.claim") as work:
        chosen = select(reminder.c.id).where(ready).order_by(reminder.c.due_at).limit(limit)
        # The predicate is repeated outside: on PostgreSQL the inner select alone lets two claim one row.
        rows = work.connection.execute(
            reminder.update()
            .where(reminder.c.id.in_(chosen), ready)
            .values(fired_at=now, fired_by=session)
            .returning(*(reminder.c[name] for name in Due.__dataclass_fields__))
        ).all()
        work.touch(Reminder, [row.id for row in rows])
    return sorted((Due(*row) for row in rows), key=lambda due: (due.due_at, due.id))


def next_due(connection: Connection, user_id: int) -> datetime | None:
    """When the next reminder that has not fired is due; in the past when some wait already."""
    reminder = table_of(Reminder)
    waiting = (
        reminder.c.user_id == user_id,
        reminder.c.acknowledged_at.is_(None),
        reminder.c.fired_at.is_(None),
    )
    found: datetime | None = connection.execute(
        select(func.min(reminder.c.due_at)).where(*waiting)
    ).scalar_one()
    return found


def fired(
    connection: Connection, user_id: int, *, limit: int | None = None, ids: Sequence[int] | None = None
) -> list[Due]:
    """Fired and not acknowledged: what the reminder list shows, oldest first; the first of them, or of these."""
    reminder = table_of(Reminder)
    query = select(*(reminder.c[name] for name in Due.__dataclass_fields__)).where(_is_waiting(user_id))
    if ids is not None:
        query = query.where(reminder.c.id.in_(list(ids)))
    rows = connection.execute(query.order_by(reminder.c.due_at, reminder.c.id).limit(limit))
    return [Due(*row) for row in rows]


def count_fired(connection: Connection, user_id: int) -> int:
    """How many have fired and are not acknowledged."""
    return connection.execute(
        select(func.count()).select_from(table_of(Reminder)).where(_is_waiting(user_id))
    ).scalar_one()


def _is_waiting(user_id: int) -> ColumnElement[bool]:
    reminder = table_of(Reminder)
    waiting: ColumnElement[bool] = (
        (reminder.c.user_id == user_id)
        & reminder.c.acknowledged_at.is_(None)
        & reminder.c.fired_at.is_not(None)
    )
    return waiting


def seen(work: Work, reminder_ids: Sequence[int]) -> None:
    """The reminders have been shown to their user."""
    # Like firing, a fact beside what a person changes: it neither makes a form stale nor hinders an undo.
    reminder = table_of(Reminder)
    work.connection.execute(
        reminder.update().where(reminder.c.id.in_(list(reminder_ids))).values(seen_at=work.now)
    )
    work.touch(Reminder, reminder_ids)


def snooze(work: Work, reminder_ids: Sequence[int], until: datetime) -> None:
    """Fire again at ``until``."""
    for reminder_id in reminder_ids:
        reminder = work.get(Reminder, reminder_id)
        work.change(reminder, due_at=until, snoozes=reminder.snoozes + 1, **_NOT_FIRED)


def dismiss(work: Work, reminder_ids: Sequence[int]) -> None:
    """Acknowledge: do not remind of this again."""
    work.change_many(Reminder, reminder_ids, acknowledged_at=work.now)
