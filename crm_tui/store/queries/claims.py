"""Reads of who has which letter of a group mailbox, and whether somebody elsewhere has dealt with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from crm_tui.domain.letter.flags import CLAIMED, PROCESSED
from crm_tui.store.tables import Inquiry, LetterClaim, MailAccount, Placement, User, table_of

claim, placement, user = table_of(LetterClaim), table_of(Placement), table_of(User)
account, inquiry = table_of(MailAccount), table_of(Inquiry)


@dataclass(frozen=True, slots=True)
class Shared:
    """What others do with a letter. ``holder`` is empty for one whose name only another program knows."""

    holder: str = ""
    since: datetime | None = None
    is_held: bool = False
    answering: bool = False
    processed_elsewhere: bool = False
    decided_by: str = ""
    decided_at: datetime | None = None


_SHARED_ACCOUNT = select(account.c.id).where(account.c.enabled, account.c.shared).limit(1)

ALONE = Shared()
"""Nobody else has anything to do with the letter."""


def has_group_mailbox(connection: Connection) -> bool:
    """Whether any account in use is one of several people."""
    return connection.scalar(_SHARED_ACCOUNT) is not None


def of_places(
    connection: Connection, places: Sequence[int], user_id: int | None, now: datetime
) -> dict[int, Shared]:
    """For the places of letters that somebody else has or has dealt with, by place."""
    if not places or not has_group_mailbox(connection):
        return {}
    rows = connection.execute(
        select(placement.c.id, placement.c.letter_id, placement.c.keywords).where(placement.c.id.in_(places))
    ).all()
    letters = [row.letter_id for row in rows]
    claims = {
        row.letter_id: row
        for row in connection.execute(
            select(claim, user.c.name)
            .join(user, user.c.id == claim.c.user_id)
            .where(claim.c.letter_id.in_(letters), claim.c.until > now)
            .order_by((claim.c.user_id == user_id).desc(), claim.c.since.desc())
        )
    }
    decisions = {
        row.letter_id: row
        for row in connection.execute(
            select(inquiry.c.letter_id, inquiry.c.decided_at, user.c.name)
            .outerjoin(user, user.c.id == inquiry.c.decided_by)
            .where(inquiry.c.letter_id.in_(letters))
        )
    }
    found = {}
    for row in rows:
        held, decided = claims.get(row.letter_id), decisions.get(row.letter_id)
        words = {word.casefold() for word in row.keywords}
        mine = held is not None and held.user_id == user_id
        elsewhere = held is None and CLAIMED.casefold() in words
        shared = Shared(
            holder=held.name if held is not None and not mine else "",
            since=held.since if held is not None and not mine else None,
            is_held=elsewhere or (held is not None and not mine),
            answering=held is not None and not mine and held.answering,
            processed_elsewhere=decided is None and PROCESSED.casefold() in words,
            decided_by=decided.name or "" if decided is not None else "",
            decided_at=decided.decided_at if decided is not None else None,
        )
        if shared != ALONE:
            found[row.id] = shared
    return found
