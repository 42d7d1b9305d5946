"""Telling a person something once: new letters, a failed job."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.store.tables import Notification, table_of
from crm_tui.store.work import Work

FEW = 3
"""Up to this many new letters are told one by one, more in one summary (decision D-01)."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A notification that its user was not told yet."""

    id: int
    code: str
    facts: Mapping[str, Any]
    subject_id: int | None


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
    if len(letters) > FEW:
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


def any_unseen(connection: Connection, user_id: int) -> bool:
    """Whether there is something that the user was not told yet."""
    table = table_of(Notification)
    query = select(table.c.id).where(table.c.user_id == user_id, table.c.seen_at.is_(None)).limit(1)
    return connection.scalar(query) is not None


def take_unseen(work: Work, user_id: int) -> list[Unseen]:
    """What the user was not told yet, the oldest first; it counts as told from now on."""
    found = work.all(Notification, user_id=user_id, seen_at=None)
    seen(work, [one.key for one in found])
    return [Unseen(one.key, one.code, one.facts, one.subject_id) for one in found]
