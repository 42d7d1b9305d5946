"""Letters that are more than a letter: invitations, delivery reports, automatic answers, mailing lists."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_utc, to_wall, zone_of
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.forms.prompt import Choice, Confirm
from crm_tui.services.letter import attachments
from crm_tui.store.queries import letters
from crm_tui.store.queries.letters import LetterCard
from crm_tui.store.work import Work
from crm_tui.widgets.letter_view import Paragraph

if TYPE_CHECKING:
    from crm_tui.domain.letter.unsubscribe import ByLetter, ByPage
    from crm_tui.parsing.invitation import Invitation, Person
    from crm_tui.parsing.letter import Letter
    from crm_tui.screens.letter.mail_acts import LetterActs

    Base = LetterActs
else:
    Base = object

KINDS = {
    "bounce": N_("delivery report"),
    "receipt": N_("receipt: the letter was displayed"),
    "auto_reply": N_("automatic answer: nobody wrote it just now"),
    "automatic": N_("automatic letter"),
    "invitation": N_("invitation"),
    "list": N_("mailing list"),
}
METHODS = {
    "request": N_("Invitation"),
    "publish": N_("Event"),
    "cancel": N_("Cancelled meeting"),
    "reply": N_("Answer to an invitation"),
    "counter": N_("Another time is proposed"),
    "add": N_("Further meeting"),
}
ANSWERS = {
    "ACCEPTED": N_("accepts"),
    "DECLINED": N_("declines"),
    "TENTATIVE": N_("may come"),
}
SUBJECTS = {
    "ACCEPTED": N_("Accepted: {title}"),
    "TENTATIVE": N_("Perhaps: {title}"),
    "DECLINED": N_("Declined: {title}"),
}
"""Subjects of answers to an invitation."""
DONE = {
    "added": N_("In the calendar: {title}"),
    "changed": N_("Changed in the calendar: {title}"),
    "removed": N_("Taken out of the calendar: {title}"),
    "noted": N_("Not in the calendar, and no earlier invitation brings it there: {title}"),
}
MOST_ADDRESSES = 20


class RecognisedActs(Base):
    """For a screen with a letter at hand."""

    if TYPE_CHECKING:

        async def parsed(self, card: LetterCard) -> Letter | None: ...

        async def follow_link(self, url: str, host: str, note: str = "") -> None: ...

    # Invitations

    async def invitation_in(self, card: LetterCard) -> "Invitation | None":
        """The invitation that the letter brings."""
        part = next((one.part for one in card.attachments if one.content_type == "text/calendar"), None)
        return None if part is None else await asyncio.to_thread(self._invitation, card.row.letter_id, part)

    def _invitation(self, letter_id: int, part: str) -> "Invitation | None":
        from crm_tui.parsing.invitation import read

        return read(attachments.content(self.store, letter_id, part))

    async def command_mail_to_calendar(self, argument: str = "") -> None:
        """Take the meeting that the letter is about into the calendar, or out of it."""
        from crm_tui.services.letter import invitations

        card = self.card(self.letter_at_hand())
        invitation = await self.invitation_in(card)
        if invitation is None:
            raise NotFound("no_invitation")
        taken = await self.act(
            "mail.to_calendar",
            lambda work: invitations.take(
                work, invitation, card.row.letter_id, owner_id=self._user_id, zone=self.shell.ports.zone
            ),
        )
        self.shell.say(_(DONE[taken.what]).format(title=invitation.summary))

    async def command_mail_answer_invitation(self, argument: str = "") -> None:
        """Tell the organiser who comes, after a question; what is accepted is in the calendar, too."""
        from crm_tui.services.letter import invitations

        card = self.card(self.letter_at_hand())
        invitation = await self.invitation_in(card)
        if invitation is None:
            raise NotFound("no_invitation")
        choices = {"accept": "ACCEPTED", "tentative": "TENTATIVE", "decline": "DECLINED"}
        options = [
            (name, _(SUBJECTS[status]).format(title=invitation.summary)) for name, status in choices.items()
        ]
        chosen = argument or await self.app.push_screen_wait(Choice(_("Answer the invitation"), options))
        if chosen not in choices:
            return
        status, who = choices[chosen], invitation.organiser
        subject = _(SUBJECTS[status]).format(title=invitation.summary)
        question = _("A letter goes to {address}: “{subject}”. Send it?").format(
            address=_who(who) if who is not None else "?", subject=subject
        )
        if not await self.app.push_screen_wait(Confirm(question)):
            return

        def answered(work: Work) -> None:
            invitations.answer(work, invitation, card.row.letter_id, card.account_id, status, subject)
            if status != "DECLINED":
                zone = self.shell.ports.zone
                invitations.take(work, invitation, card.row.letter_id, owner_id=self._user_id, zone=zone)

        await self.act("mail.answer_invitation", answered)
        self.shell.say(_("The answer waits to be sent; u calls it back."))

    # Mailing lists

    async def command_mail_unsubscribe(self, argument: str = "") -> None:
        """Leave the mailing list: by a letter, after a question, or by the address of its page, which is shown."""
        from crm_tui.domain.letter import unsubscribe
        from crm_tui.domain.letter.unsubscribe import ByLetter

        card = self.card(self.letter_at_hand())
        with self.store.read() as connection:
            header, one_click = letters.list_unsubscribe(connection, card.row.letter_id)
        ways = unsubscribe.ways(header)
        if not ways:
            raise NotFound("no_unsubscribe")
        way = ways[0]
        if len(ways) > 1:
            options = [(str(number), _way_text(one)) for number, one in enumerate(ways)]
            chosen = await self.app.push_screen_wait(Choice(_("Unsubscribe"), options))
            if chosen is None:
                return
            way = ways[int(chosen)]
        if isinstance(way, ByLetter):
            await self._unsubscribe_by_letter(card, way)
        else:
            await self._unsubscribe_on_page(way, one_click=one_click)

    async def _unsubscribe_by_letter(self, card: LetterCard, way: "ByLetter") -> None:
        from crm_tui.services.writing import outgoing
        from crm_tui.services.writing.compose import Writing

        question = _("A letter goes to {address}: “{subject}”. Unsubscribe?").format(
            address=way.to, subject=way.subject
        )
        if not await self.app.push_screen_wait(Confirm(question)):
            return
        writing = Writing(card.account_id, to=way.to, subject=way.subject, body=way.body)
        await self.act("mail.unsubscribe", lambda work: outgoing.queue(work, writing))
        self.shell.say(_("The letter to {address} waits to be sent; u calls it back.").format(address=way.to))

    async def _unsubscribe_on_page(self, way: "ByPage", *, one_click: bool) -> None:
        from crm_tui.parsing.html_writer import link

        shown = link(1, way.url)
        note = _("The list promises that one click there is enough.") if one_click else ""
        await self.follow_link(shown.url, shown.host, note)


def _way_text(way: "ByLetter | ByPage") -> str:
    from crm_tui.domain.letter.unsubscribe import ByLetter

    if isinstance(way, ByLetter):
        return _("write to {address}").format(address=way.to)
    from crm_tui.parsing.html_writer import link

    return _("visit a page of {host}").format(host=link(1, way.url).host or "?")


def kind_text(card: LetterCard) -> str:
    """What kind of letter it is, where it is not an ordinary one."""
    return _(KINDS[card.row.kind]) if card.row.kind in KINDS else ""


def recognised(
    parsed: "Letter | None", invitation: "Invitation | None", zone: tzinfo
) -> tuple[Paragraph, ...]:
    """What the letter says beside its text: a meeting with time and place, addresses that were not reached."""
    shown: list[Paragraph] = []
    if invitation is not None:
        shown += _meeting(invitation, zone)
    if parsed is not None:
        shown += _not_delivered(parsed)
    return tuple(shown)


ANSWERED = N_("answers")
"""What somebody says who answered in a way of their own."""


def _meeting(invitation: "Invitation", zone: tzinfo) -> Iterator[Paragraph]:
    title = _(METHODS.get(invitation.method, METHODS["publish"]))
    yield Paragraph(f"{title}: {invitation.summary or _('(no subject)')}", "title")
    yield Paragraph(_("When: {time}").format(time=_when(invitation, zone)), "label")
    if invitation.recurs:
        rule = _("it repeats") if invitation.rrule else _("it repeats by a rule that is not understood here")
        yield Paragraph(_("Repeats: {rule}").format(rule=rule), "label")
    if invitation.location:
        yield Paragraph(_("Where: {place}").format(place=invitation.location), "label")
    if invitation.organiser is not None:
        yield Paragraph(_("Organiser: {who}").format(who=_who(invitation.organiser)), "label")
    for person in invitation.people[:MOST_ADDRESSES] if invitation.method == "reply" else ():
        answer = _(ANSWERS.get(person.answer, ANSWERED))
        yield Paragraph(f"{_who(person)}: {answer}", "label")
    if invitation.people and invitation.method != "reply":
        count = len(invitation.people)
        yield Paragraph(
            ngettext("{n} person is invited.", "{n} people are invited.", count).format(n=count), "label"
        )
    if invitation.method == "cancel":
        yield Paragraph(_("C: take it out of the calendar"), "notice")
    elif invitation.method in ("request", "publish", "add"):
        answered = invitation.method == "publish"
        hint = _("C: into the calendar") if answered else _("Y: answer · C: into the calendar")
        yield Paragraph(hint, "notice")


def _when(invitation: "Invitation", zone: tzinfo) -> str:
    """By the person's own clock, and by that of the meeting where it is another one."""
    start, end = invitation.dtstart, invitation.dtend
    if invitation.all_day:
        return f"{start:%d.%m.%Y}" if (end - start).days <= 1 else f"{start:%d.%m.%Y} – {end:%d.%m.%Y}"
    theirs = zone_of(invitation.zone) if invitation.zone else zone
    here = to_wall(to_utc(start, theirs), zone), to_wall(to_utc(end, theirs), zone)
    own = _span(*here)
    if here[0].replace(tzinfo=None) == start.replace(tzinfo=None):
        return own
    return _("{time} ({theirs} in {zone})").format(time=own, theirs=_span(start, end), zone=invitation.zone)


def _span(start: datetime, end: datetime) -> str:
    same_day = start.date() == end.date()
    return (
        f"{start:%d.%m.%Y %H:%M} – {end:%H:%M}"
        if same_day
        else f"{start:%d.%m.%Y %H:%M} – {end:%d.%m.%Y %H:%M}"
    )


def _who(person: "Person") -> str:
    named = person.name and person.name != person.address
    return f"{person.name} <{person.address}>" if named else person.address


def _not_delivered(parsed: "Letter") -> Iterator[Paragraph]:
    for one in parsed.bounces[:MOST_ADDRESSES]:
        text = _("Not delivered to {address}") if one.permanent else _("Not yet delivered to {address}")
        reason = clean(" ".join(part for part in (one.status, one.diagnostic) if part))
        said = text.format(address=one.address) + (f": {reason}" if reason else "")
        yield Paragraph(said, "label")
