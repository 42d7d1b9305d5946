"""From the look at a letter to its sending: now, later, with the job, or not at all."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import dates
from crm_tui.i18n import _, ngettext
from crm_tui.screens.forms.form import Field, FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.shell.sync_status import UNREACHABLE
from crm_tui.screens.task.task_dates import languages
from crm_tui.screens.wording import date_hint, full_date
from crm_tui.screens.writing.compose_files import file_text
from crm_tui.screens.writing.compose_review import (
    ATTACH,
    DISCARD,
    FALLBACK,
    LATER,
    POSTPONE,
    SEND,
    TEMPLATE,
    ReviewDialog,
    Reviewed,
)
from crm_tui.services.writing import drafts, letter_review, letter_templates, outgoing

if TYPE_CHECKING:
    from datetime import datetime

    from crm_tui.screens.acting import Acting
    from crm_tui.screens.base import CrmScreen, Shell
    from crm_tui.services.writing.compose import Writing
    from crm_tui.services.writing.draft_files import FileRow

    class Base(Acting, CrmScreen[None]):
        """What the sending needs of its screen."""

        draft_id: int | None
        send_at: datetime | None

        def writing(self) -> Writing: ...

        def show_writing(self, writing: Writing) -> None: ...

        def sender(self) -> str: ...

        async def keep(self) -> None: ...

        async def files(self) -> list[FileRow]: ...

        async def leave(self, *, as_draft: bool = False) -> None: ...

        async def command_compose_template(self, argument: str = "") -> None: ...

        async def command_compose_attach(self, argument: str = "") -> None: ...

else:
    Base = object


class SendingActs(Base):
    """For the screen of a letter."""

    async def command_compose_review(self, argument: str = "") -> None:
        """Look at the letter until it is sent, left, or written on."""
        while True:
            await self.keep()
            reviewed = await self._reviewed()
            answer = await self.app.push_screen_wait(ReviewDialog(reviewed))
            if answer == TEMPLATE:
                await self.command_compose_template()
            elif answer == ATTACH:
                await self.command_compose_attach()
            elif answer == LATER:
                await self._choose_time()
            elif answer == FALLBACK:
                await self._fill_empty(reviewed.review.empty)
            else:
                break
        if answer == POSTPONE:
            await self.leave(as_draft=True)
        elif answer == DISCARD:
            await self._discard()
        elif answer == SEND:
            await self._send_unless_asked(reviewed)

    async def _reviewed(self) -> Reviewed:
        writing, files = self.writing(), await self.files()
        words = self.shell.settings.config.mail.attachment_words
        review = await self.look(lambda connection: letter_review.look(connection, writing, files, words))
        goes = "" if self.send_at is None else full_date(self.send_at, self._zone())
        return Reviewed(writing, self.sender(), review, tuple(map(file_text, files)), goes)

    async def _send_unless_asked(self, reviewed: Reviewed) -> None:
        """Send it, unless something looks forgotten and the person then thinks better of it."""
        for code in reviewed.review.questions:
            options = [(SEND, _("send it all the same"))]
            if code == "attachment_missing":
                options.append((ATTACH, _("attach a file")))
            answer = await self.app.push_screen_wait(
                Choice(
                    _(letter_review.QUESTIONS[code]),
                    options,
                    note=_("y sends it; Esc goes on writing."),
                    yes=SEND,
                )
            )
            if answer == ATTACH:
                await self.command_compose_attach()
                self.shell.run_command("compose.review")
            if answer != SEND:
                return
        await self._send(reviewed.writing)

    async def _send(self, writing: "Writing") -> None:
        draft_id, mail = self.draft_id, self.shell.settings.config.mail
        by_job = mail.send == "job"
        hold = timedelta(seconds=mail.undo_seconds)
        made = await self.look(lambda connection: outgoing.content(connection, writing, draft_id))
        await self.act(
            "review.send",
            lambda work: outgoing.queue(
                work, writing, draft_id, hold=hold, by_job=by_job, send_at=writing.send_at, made=made
            ),
        )
        text = self._sent_text(writing, mail.undo_seconds, by_job=by_job)
        await self.leave()
        self.shell.say(text)
        if mail.undo_seconds and writing.send_at is None and not by_job:
            self.app.set_timer(mail.undo_seconds, partial(_unsay, self.shell, text))

    def _sent_text(self, writing: "Writing", seconds: int, *, by_job: bool) -> str:
        if writing.send_at is not None:
            return _("It goes {date}; u takes it back.").format(date=full_date(writing.send_at, self._zone()))
        if by_job:
            return _("Queued: it goes with the next scheduled run. u takes it back.")
        sync = self.shell.ports.sync
        states = sync.states() if sync is not None else ()
        if any(
            one.account_id == writing.account_id and one.error is not None and one.error.code in UNREACHABLE
            for one in states
        ):
            return _("Queued: it goes as soon as the server is reached. u takes it back.")
        if not seconds:
            return _("It is being sent.")
        return ngettext("Sent in {n} s: u undo", "Sent in {n} s: u undo", seconds).format(n=seconds)

    async def _choose_time(self) -> None:
        """When the letter goes out, in words; nothing typed: at once."""
        now, zone = self._now(), self._zone()

        def instant(typed: str) -> "datetime":
            moment = dates.parse(typed, now, zone, languages())
            if moment is None:
                raise Invalid("not_a_date", value=typed)
            if moment.instant() <= now:
                raise Invalid("time_is_past", value=typed)
            return moment.instant()

        typed = await self.app.push_screen_wait(
            Prompt(
                _("When does it go out?"),
                preview=lambda text: full_date(instant(text), zone),
                hint=date_hint() + "\n" + _("Nothing typed: at once."),
                may_be_empty=True,
            )
        )
        if typed is not None:
            self.send_at = instant(typed) if typed.strip() else None

    async def _fill_empty(self, names: tuple[str, ...]) -> None:
        """Texts for what a template left open (story B4)."""
        values = await self.app.push_screen_wait(
            FormDialog(
                _("What stands for what is empty?"),
                [Field(f"name-{number}", name.rpartition(".")[2]) for number, name in enumerate(names)],
            )
        )
        if values is not None:
            given = {name: values[f"name-{number}"].strip() for number, name in enumerate(names)}
            filled = {name: text for name, text in given.items() if text}
            self.show_writing(letter_templates.with_fallbacks(self.writing(), filled))

    async def _discard(self) -> None:
        draft_id = self.draft_id
        if draft_id is not None:
            await self.act("review.discard", lambda work: drafts.discard(work, draft_id))
        await self.leave()
        if draft_id is not None:
            self.shell.say(_("Thrown away; u brings it back as a draft."))


def _unsay(shell: "Shell", text: str) -> None:
    """Take the text back once it is not true any more, unless something else is said already."""
    if shell.message == text:
        shell.say("")
