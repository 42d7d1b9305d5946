"""Telling a person something once: new letters, a failed job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, select

from crm_tui.store.tables import Notification, table_of
from crm_tui.store.work import Work

NAMED = 20
"""Up to this many new letters of one fetch are kept one by one, of more only the number. How many are *told* one by
one is the reader's setting ``notify.few_letters`` (MAIL-42, MAIL-43)."""
KEPT_DAYS = 90
"""So long a notification can be looked up."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A notification that its user was not told yet."""

    id: int
    code: str
    facts: Mapping[str, Any]
    subject_kind: str
    subject_id: int | None
    at: datetime
    """The same for all of one batch."""


def notify(
    work: Work, user_id: int, code: str, *, kind: str = "", subject_id: int | None = None, **facts: Any
) -> Notification:
    """Leave a notification; its text is made of ``code`` and ``facts`` when it is shown."""
    return work.add(
        Notification(
            user_id=user_id, code=code, facts=facts, subject_kind=kind, subject_id=subject_id, at=work.now
        )
    )


def new_letters(work: Work, user_id: int, letters: Sequence[tuple[int, str, str]]) -> None:
    """Tell of new letters: (placement id, sender, subject) each."""
    if not letters:
        return
    if len(letters) > NAMED:
        notify(work, user_id, "new_letters", count=len(letters))
        return
    for placement_id, sender, subject in letters:
        notify(
            work,
            user_id,
            "new_letter",
            kind="letter",
            subject_id=placement_id,
            sender=sender,
            subject=subject,
        )


def seen(work: Work, ids: Sequence[int]) -> None:
    """The notifications have been shown to their user."""
    work.change_many(Notification, ids, seen_at=work.now)


def mark_read(work: Work, ids: Sequence[int], *, read: bool = True) -> None:
    """Their user has looked at what they are about, or put them away; or wants them back."""
    work.change_many(Notification, ids, read_at=work.now if read else None)


def read_all(work: Work, user_id: int) -> int:
    """Put all away that the user has not looked at; answers how many."""
    ids = [one.key for one in work.all(Notification, user_id=user_id, read_at=None)]
    mark_read(work, ids)
    return len(ids)


def letters_read(work: Work, user_id: int) -> None:
    """The user has looked at the list of letters."""
    found = work.all(Notification, user_id=user_id, read_at=None)
    mark_read(work, [one.key for one in found if one.code in ("new_letter", "new_letters")])


def forget_old(work: Work) -> None:
    """Remove what is older than ``KEPT_DAYS``."""
    table = table_of(Notification)
    work.connection.execute(delete(table).where(table.c.at < work.now - timedelta(days=KEPT_DAYS)))


def any_unseen(connection: Connection, user_id: int) -> bool:
    """Whether there is something that the user was not told yet."""
    table = table_of(Notification)
    query = select(table.c.id).where(table.c.user_id == user_id, table.c.seen_at.is_(None)).limit(1)
    return connection.scalar(query) is not None


def take_unseen(work: Work, user_id: int) -> list[Unseen]:
    """What the user was not told yet, the oldest first; it counts as told from now on."""
    found = work.all(Notification, user_id=user_id, seen_at=None)
    seen(work, [one.key for one in found])
    return [
        Unseen(one.key, one.code, one.facts, one.subject_kind, one.subject_id, one.at)
        for one in sorted(found, key=lambda one: one.key)
    ]
