"""A meeting that a letter invites to, taken into the calendar: added, moved with a later letter, or taken away."""

from dataclasses import dataclass
from datetime import timedelta

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.parsing.invitation import Invitation
from crm_tui.services import calendar
from crm_tui.store.tables import Event, LetterLink
from crm_tui.store.work import Work

SHORTEST = timedelta(minutes=30)
"""Length of a meeting that tells no end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: ``what`` is ``added``, ``changed`` or ``removed``."""

    event_id: int
    what: str


def take(work: Work, invitation: Invitation, letter_id: int, *, owner_id: int, zone: str) -> Taken:
    """Do in the calendar what the invitation says; ``zone`` is of a time that has none of its own.

    The same meeting (by its UID) is not added twice: a later letter about it changes it, a cancellation takes it
    away. Raises Refused for an answer to an invitation, NotFound for a cancelled meeting that is not there.
    """
    if invitation.method in ("reply", "counter", "refresh", "declinecounter"):
        raise Refused("invitation_is_answer")
    known = work.find(Event, uid=invitation.uid, owner_id=owner_id) if invitation.uid else None
    if invitation.method == "cancel":
        if known is None:
            raise NotFound("meeting_not_in_calendar")
        calendar.remove(work, known.key)
        return Taken(known.key, "removed")
    ends = invitation.dtend if invitation.dtend > invitation.dtstart else invitation.dtstart + SHORTEST
    if known is not None:
        calendar.move(work, known.key, invitation.dtstart, dtend=ends)
        work.change(known, location=invitation.location, description=invitation.description)
        return Taken(known.key, "changed")
    event = calendar.add(
        work,
        invitation.summary or invitation.uid or "?",
        dtstart=invitation.dtstart,
        dtend=ends,
        zone=invitation.zone or zone,
        owner_id=owner_id,
        rrule=invitation.rrule,
        all_day=invitation.all_day,
        location=invitation.location,
        description=invitation.description,
    )
    if invitation.uid:
        work.change(event, uid=invitation.uid)
    link(work, letter_id, event.key)
    return Taken(event.key, "added")


def link(work: Work, letter_id: int, event_id: int) -> None:
    """The event was made from the letter (MAIL-13): the letter's linkage structure shows it."""
    work.add(LetterLink(letter_id=letter_id, kind="event", record_id=event_id))
