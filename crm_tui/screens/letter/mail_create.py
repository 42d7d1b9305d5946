"""What is made from a letter (MAIL-13), and all letters with the person who wrote it (MAIL-02, MAIL-38)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_tui.domain.errors import NotFound
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.services.inquiry import askers
from crm_tui.store.queries import accounts, addresses
from crm_tui.store.queries.letters import LetterCard
from crm_tui.store.tables import Event, Task
from crm_tui.store.work import Work

if TYPE_CHECKING:
    from crm_tui.screens.event.calendar_form import EventForm
    from crm_tui.screens.letter.mail_acts import LetterActs

    Base = LetterActs
else:
    Base = object


class CreateActs(Base):
    """For a screen with a letter at hand."""

    async def command_mail_create(self, argument: str = "") -> None:
        """A task of one's own, an assignment to somebody, or an event; the letter stays its source."""
        card = self.card(self.letter_at_hand())
        what: str | None = argument or await self.app.push_screen_wait(
            Choice(
                _("Create from the letter"),
                [
                    ("task", _("a task of my own")),
                    ("assignment", _("an assignment")),
                    ("event", _("an event")),
                ],
            )
        )
        if what == "event":
            await self._event(card)
        elif what is not None:
            assignee = self._user_id if what == "task" else await self._performer()
            if assignee is not None:
                await self.task_from(card, assignee, kind="personal" if what == "task" else "assignment")

    async def command_mail_task(self, argument: str = "") -> None:
        """A task that keeps the letter as its source (MAIL-13)."""
        await self.task_from(self.card(self.letter_at_hand()), self._user_id, typed=argument)

    async def task_from(
        self, card: LetterCard, assignee_id: int, *, kind: str = "personal", typed: str = ""
    ) -> Task | None:
        """Ask for the task in a line, its date in words, and add it; None when that is given up."""
        from crm_tui.screens.forms.prompt import Prompt
        from crm_tui.screens.task.task_dates import due_of, echo_of
        from crm_tui.services.task import tasks

        now, zone = self._now(), self._zone()

        def understood(line: str) -> str:
            echo = echo_of(line, now, zone)
            return _("Due {date}").format(date=echo) if echo else _("No date in it")

        line = await self.app.push_screen_wait(
            Prompt(
                _("New task") if kind == "personal" else _("New assignment"),
                typed or card.row.subject,
                preview=understood,
                kept_as=f"task-of-letter-{card.row.letter_id}",
            )
        )
        if not line:
            return None
        title, due_at, all_day = due_of(line, now, zone)
        task = await self.act(
            "task.add",
            lambda work: tasks.add(
                work,
                title,
                assignee_id=assignee_id,
                kind=kind,
                due_at=due_at,
                due_all_day=all_day,
                interest_id=card.interests[0] if card.interests else None,
                letter_id=card.row.letter_id,
            ),
        )
        self.shell.say(_("Added: {title}").format(title=task.title))
        return task

    async def _performer(self) -> int | None:
        """Whom it is assigned to."""
        users = await self.look(addresses.users)
        chosen = await self.app.push_screen_wait(
            Choice(_("Who is to do it?"), [(str(key), clean(name)) for key, name in users])
        )
        return None if chosen is None else int(chosen)

    async def _event(self, card: LetterCard) -> None:
        from crm_tui.screens.event.calendar_form import EventForm
        from crm_tui.screens.forms.form import FormDialog

        form = EventForm(self._now(), self.shell.ports.zone)
        summary, *others = form.fields()
        await self.app.push_screen_wait(
            FormDialog(
                _("New event"),
                [replace(summary, value=card.row.subject), *others],
                save=lambda values: self._save_event(card, form, values),
                kept_as=f"event-of-letter-{card.row.letter_id}",
            )
        )

    async def _save_event(self, card: LetterCard, form: "EventForm", values: Mapping[str, str]) -> None:
        from crm_tui.services.event import calendar
        from crm_tui.services.letter import invitations

        filled = form.read(values)

        def saved(work: Work) -> Event:
            event = calendar.add(
                work,
                filled.summary,
                dtstart=filled.dtstart,
                dtend=filled.dtend,
                zone=self.shell.ports.zone,
                owner_id=self._user_id,
                rrule=filled.rrule,
                all_day=filled.all_day,
                location=filled.location,
                reminder_minutes=filled.reminder_minutes,
                interest_id=card.interests[0] if card.interests else None,
            )
            invitations.link(work, card.row.letter_id, event.key)
            return event

        event = await self.act("calendar.new", saved)
        self.shell.say(_("Added: {title}").format(title=event.summary))

    # The correspondence

    async def command_mail_correspondence(self, argument: str = "") -> None:
        """All letters from and to the person at the other end, by any of their addresses."""
        card = self.card(self.letter_at_hand())
        found = await self.look(lambda connection: self._addresses(connection, card))
        if not found:
            raise NotFound("no_other_end")
        self.shell.run_command("everywhere.letters_with", " ".join(found))

    def _addresses(self, connection: Connection, card: LetterCard) -> Sequence[str]:
        own = accounts.own_addresses(connection)
        recipients = card.row.recipients.get("to") or [] if isinstance(card.row.recipients, dict) else []
        others = [
            one for one in (card.sender_address, *(where for _name, where in recipients)) if one not in own
        ]
        if not others:
            return ()
        who = next(iter(askers.with_address(connection, others[0])), None)
        known = addresses.of_party(connection, who.kind, who.id) if who is not None else []
        return known or others[:1]
