"""A meeting that a letter invites to: taken into the calendar, moved with a later letter, taken away; answered."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from crm_tui.domain import wall
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.identity import address
from crm_tui.parsing.invitation import Invitation
from crm_tui.services.event import calendar
from crm_tui.services.letter import cancelled_meetings
from crm_tui.services.writing import draft_files, drafts, outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import Event as EventRow
from crm_tui.store.tables import Letter, LetterLink, MailAccount, Outbox
from crm_tui.store.work import Work

ANSWERS = ("ACCEPTED", "TENTATIVE", "DECLINED")
"""Participation statuses of an answer (RFC 5545 3.2.12)."""
SHORTEST = timedelta(minutes=30)
"""Length of a meeting that tells no end."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: ``what`` is ``added``, ``changed``, ``removed``, or ``noted`` of a meeting that was
    cancelled before it was in the calendar, and has no event."""

    event_id: int | None
    what: str


def take(work: Work, invitation: Invitation, letter_id: int, *, owner_id: int, zone: str) -> Taken:
    """Do in the calendar what the invitation says; ``zone`` is of a time that has none of its own.

    The same meeting (by its UID) is not added twice: a later letter about it changes it, a cancellation takes it
    away; a letter about one of a series touches no other one. Raises Refused for an answer to an invitation and for a
    letter that is older than what the calendar has or than a cancellation, NotFound for a cancelled meeting that is
    not there and has no UID by which it could come later.
    """
    if invitation.method in ("reply", "counter", "refresh", "declinecounter"):
        raise Refused("invitation_is_answer")
    if invitation.stamped_at is None:
        invitation = replace(invitation, stamped_at=work.get(Letter, letter_id).date)
    zone = invitation.zone or zone
    cancelled = cancelled_meetings.later_than(work, invitation, owner_id)
    if invitation.method != "cancel":
        cancelled_meetings.refuse_cancelled(cancelled, invitation, zone)
    known = work.find(EventRow, uid=invitation.uid, owner_id=owner_id) if invitation.uid else None
    ends = invitation.dtend if invitation.dtend > invitation.dtstart else invitation.dtstart + SHORTEST
    if known is not None:
        taken = _followed(work, invitation, known, ends, zone)
        if taken.what == "removed":
            cancelled_meetings.note(work, invitation, owner_id, zone)
        return taken
    if invitation.method == "cancel":
        if not invitation.uid:
            raise NotFound("meeting_not_in_calendar")
        cancelled_meetings.note(work, invitation, owner_id, zone)
        return Taken(None, "noted")
    event = calendar.add(
        work,
        invitation.summary or invitation.uid or "?",
        dtstart=invitation.dtstart,
        dtend=ends,
        zone=zone,
        owner_id=owner_id,
        rrule=invitation.rrule,
        all_day=invitation.all_day,
        location=invitation.location,
        description=invitation.description,
    )
    if invitation.uid:
        work.change(event, uid=invitation.uid, **_revision(invitation))
    if event.rrule:
        for at in cancelled_meetings.single_ones(cancelled, event.zone, all_day=event.all_day):
            calendar.remove(work, event.key, occurrence=at)
    link(work, letter_id, event.key)
    return Taken(event.key, "added")


def _followed(work: Work, invitation: Invitation, known: EventRow, ends: datetime, zone: str) -> Taken:
    """Do with a meeting that is in the calendar, or with one of a series, what a later letter says of it."""

    def by_its_clock(at: datetime) -> datetime:
        if invitation.all_day:
            return at
        return wall.to_wall(wall.to_utc(at, wall.zone_of(zone)), wall.zone_of(known.zone))

    occurrence = None if invitation.occurrence is None else by_its_clock(invitation.occurrence)
    if occurrence is not None:  # it may have been moved before
        known = work.find(EventRow, series_id=known.key, recurrence_id=occurrence) or known
    if _is_older(invitation, known):
        raise Refused("invitation_is_older")
    if invitation.method == "cancel":
        calendar.remove(work, known.key, occurrence=occurrence)
        return Taken(known.key, "removed")
    begins = by_its_clock(invitation.dtstart)
    event = calendar.move(work, known.key, begins, dtend=by_its_clock(ends), occurrence=occurrence)
    work.change(
        event,
        summary=invitation.summary or event.summary,
        all_day=invitation.all_day,
        location=invitation.location,
        description=invitation.description,
        **_revision(invitation),
    )
    return Taken(event.key, "changed")


def _revision(invitation: Invitation) -> dict[str, Any]:
    return {"sequence": invitation.sequence, "stamped_at": invitation.stamped_at}


def _is_older(invitation: Invitation, known: EventRow) -> bool:
    """Whether the letter was overtaken by a later one on its way (RFC 5546 section 2.1.5)."""
    if invitation.sequence != known.sequence or None in (invitation.stamped_at, known.stamped_at):
        return invitation.sequence < known.sequence
    assert invitation.stamped_at is not None
    assert known.stamped_at is not None
    return invitation.stamped_at < known.stamped_at


def answer(
    work: Work, invitation: Invitation, letter_id: int, account_id: int, status: str, subject: str
) -> Outbox:
    """Queue the letter that tells the organiser who comes (RFC 5546 3.2.3); ``status`` is one of ``ANSWERS``.

    Raises Refused for a letter that asks for no answer, or whose organiser has no usable address.
    """
    organiser = invitation.organiser
    if invitation.method not in ("request", "add") or not invitation.uid:
        raise Refused("invitation_wants_no_answer")
    if organiser is None or not address.is_valid(organiser.address):
        raise Refused("organiser_unknown")
    account = work.get(MailAccount, account_id)
    writing = Writing(
        account_id, to=organiser.address, subject=subject, body=subject, reply_to_letter_id=letter_id
    )
    draft_id = drafts.save(work, None, writing, owner_id=work.actor.user_id)
    content = _reply(invitation, account, status, work.now)
    draft_files.attach(work, draft_id, "reply.ics", content, "text/calendar")
    return outgoing.queue(work, writing, draft_id)


def _reply(invitation: Invitation, account: MailAccount, status: str, now: datetime) -> bytes:
    from icalendar import Calendar, Event, vCalAddress

    assert invitation.organiser is not None, "it was looked at"
    invited = {one.address.lower(): one.address for one in invitation.people}
    person = vCalAddress("mailto:" + invited.get(account.address.lower(), account.address))
    person.params["PARTSTAT"] = status
    if account.sender_name:
        person.params["CN"] = account.sender_name
    event = Event()
    event.add("UID", invitation.uid)
    event.add("DTSTAMP", now.astimezone(UTC))
    event.add("SEQUENCE", invitation.sequence)
    if invitation.occurrence is not None:
        event.add("RECURRENCE-ID", _named(invitation, invitation.occurrence))
    event.add("SUMMARY", invitation.summary)
    event.add("ORGANIZER", vCalAddress("mailto:" + invitation.organiser.address))
    event.add("ATTENDEE", person)
    calendar_file = Calendar()
    for name, value in (("PRODID", "-//crm_tui//EN"), ("VERSION", "2.0"), ("METHOD", "REPLY")):
        calendar_file.add(name, value)
    calendar_file.add_component(event)
    return bytes(calendar_file.to_ical())


def _named(invitation: Invitation, occurrence: datetime) -> date:
    """One of a series as its organiser names it."""
    if invitation.all_day:
        return occurrence.date()
    return occurrence.replace(tzinfo=wall.zone_of(invitation.zone)) if invitation.zone else occurrence


def link(work: Work, letter_id: int, event_id: int) -> None:
    """The event was made from the letter (MAIL-13): the letter's linkage structure shows it."""
    work.add(LetterLink(letter_id=letter_id, kind="event", record_id=event_id))
