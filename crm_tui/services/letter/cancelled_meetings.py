"""Meetings that were cancelled: letters come in any order, and an older one must not bring a meeting back.

RFC 5546 section 2.1.5: of two letters about a meeting the one with the higher SEQUENCE is later, with the same the
one with the later DTSTAMP; a letter that names none was written at its own date (``invitations.take``).
"""

from collections.abc import Sequence
from datetime import datetime

from crm_tui.domain import wall
from crm_tui.domain.errors import Refused
from crm_tui.parsing.invitation import Invitation
from crm_tui.store.tables.meetings import CancelledMeeting
from crm_tui.store.work import Work


def note(work: Work, invitation: Invitation, owner_id: int, zone: str) -> None:
    """Keep that the organiser cancelled it, the latest of such letters; ``zone`` is that of its times."""
    meant = _instant(invitation.occurrence, zone)
    for one in work.all(CancelledMeeting, uid=invitation.uid, owner_id=owner_id):
        if _instant(one.occurrence, one.zone) == meant:
            if _is_later(invitation, one):
                work.change(one, sequence=invitation.sequence, stamped_at=invitation.stamped_at)
            return
    work.add(
        CancelledMeeting(
            uid=invitation.uid,
            owner_id=owner_id,
            occurrence=invitation.occurrence,
            zone=zone,
            sequence=invitation.sequence,
            stamped_at=invitation.stamped_at,
        )
    )


def later_than(work: Work, invitation: Invitation, owner_id: int) -> Sequence[CancelledMeeting]:
    """The cancellations of the meeting, and of single ones of its series, that this letter is not later than."""
    if not invitation.uid:
        return []
    found = work.all(CancelledMeeting, uid=invitation.uid, owner_id=owner_id)
    return [one for one in found if not _is_later(invitation, one)]


def refuse_cancelled(cancelled: Sequence[CancelledMeeting], invitation: Invitation, zone: str) -> None:
    """Raise Refused where what the letter is about was cancelled since; ``zone`` is that of its times."""
    said = invitation.occurrence
    for one in cancelled:
        which = one.occurrence
        if which is None or which == said or _instant(which, one.zone) == _instant(said, zone):
            raise Refused("meeting_was_cancelled")


def single_ones(cancelled: Sequence[CancelledMeeting], zone: str, *, all_day: bool) -> list[datetime]:
    """Which ones of the series were cancelled, by the wall clock of ``zone``."""
    named = [(one.occurrence, wall.zone_of(one.zone)) for one in cancelled if one.occurrence is not None]
    return [at if all_day else wall.to_wall(wall.to_utc(at, its), wall.zone_of(zone)) for at, its in named]


def _instant(occurrence: datetime | None, zone: str) -> datetime | None:
    return None if occurrence is None else wall.to_utc(occurrence, wall.zone_of(zone))


def _is_later(invitation: Invitation, cancelled: CancelledMeeting) -> bool:
    if invitation.sequence != cancelled.sequence:
        return invitation.sequence > cancelled.sequence
    if invitation.stamped_at is None or cancelled.stamped_at is None:
        return False
    return invitation.stamped_at > cancelled.stamped_at
