"""Writing a letter: sender, recipients, subject, files, text. What is typed is kept as a draft within a second."""

import asyncio
import contextlib
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from textual.containers import Grid
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen
from crm_tui.screens.writing.compose_files import FileActs
from crm_tui.screens.writing.compose_recipients import FIELDS, RecipientActs
from crm_tui.screens.writing.compose_sending import SendingActs
from crm_tui.screens.writing.compose_text import TextActs
from crm_tui.screens.writing.recipient_offers import Found
from crm_tui.services.letter import correspondents
from crm_tui.services.unkept import UnkeptLetter
from crm_tui.services.writing import draft_copies, draft_files, drafts, signatures
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.text_field import TextBox, TextField

KEPT_AFTER_SECONDS = 1.0


class ComposeScreen(SendingActs, TextActs, FileActs, RecipientActs, Acting, CrmScreen[None]):
    """One letter being written, by one of ``accounts``."""

    SCOPES = ("compose",)

    def __init__(
        self,
        writing: Writing,
        accounts: Iterable[MailAccount],
        *,
        draft_id: int | None = None,
        files_at_first: int | None = None,
    ) -> None:
        """``files_at_first``: the draft was made just now, for so many files that the letter begins with."""
        super().__init__()
        self._files_at_first = files_at_first
        self._is_new = draft_id is None or files_at_first is not None
        self._begun = self._kept = self._newest = writing
        self.form = writing.format
        self.send_at: datetime | None = writing.send_at
        self.draft_id = draft_id
        self._accounts = [
            (str(one.key), clean(" — ".join(filter(None, (one.sender_name, one.address)))))
            for one in accounts
        ]
        self._signed_by = writing.account_id
        self._keeping = threading.Lock()
        self._waiting = False
        self._over = False

    def compose_body(self) -> Iterable[Widget]:
        begun = self._begun
        with Grid(classes="form-fields"):
            yield Static(Content(_("From")), classes="form-label")
            yield ChoiceField(self._accounts, str(begun.account_id or ""), id="compose-from")
            for name, label, value in (
                ("to", _("To"), begun.to),
                ("cc", _("Cc"), begun.cc),
                ("bcc", _("Bcc"), begun.bcc),
                ("subject", _("Subject"), begun.subject),
            ):
                yield Static(Content(label), classes="form-label")
                yield TextField(value, id=f"compose-{name}", select_on_focus=False)
        yield Static(Content(""), id="compose-files")
        yield Found()
        yield TextBox(begun.body, id="compose-body")
        yield Static(Content(""), id="compose-note")

    def on_mount(self) -> None:
        self.run_worker(lambda: correspondents.refresh(self.store), thread=True, exit_on_error=False)
        answers = self._begun.to and self._begun.subject and not self.subject_is_proposed()
        first_empty = "subject" if self._begun.to and self._begun.interest_id is not None else "to"
        self.query_one("#compose-body" if answers else f"#compose-{first_empty}").focus()
        if self.subject_is_proposed():
            self.query_one("#compose-subject", TextField).select_all()
        self._say_form()
        self.run_worker(self.show_files(), group="files")
        if answers and self._writes_outside and self.draft_id is None:
            self.shell.run_command("compose.editor")

    # What is written

    def writing(self) -> Writing:
        """What is typed now."""
        if not self.is_mounted:
            return self._kept
        return replace(
            self._begun,
            account_id=int(self.query_one("#compose-from", ChoiceField).value or 0) or None,
            to=self._typed("to"),
            cc=self._typed("cc"),
            bcc=self._typed("bcc"),
            subject=self._typed("subject"),
            body=self.query_one("#compose-body", TextBox).text,
            format=self.form,
            send_at=self.send_at,
        )

    def subject_is_proposed(self) -> bool:
        """The subject is that which a new letter begins with, not an answer's: another may take its place."""
        begun = self._begun
        is_answer = begun.reply_to_letter_id is not None or begun.forward_letter_id is not None
        return self._is_new and not is_answer and self._typed("subject") == begun.subject != ""

    def show_writing(self, writing: Writing) -> None:
        """Put subject and text as they are in ``writing`` into the fields."""
        self.query_one("#compose-subject", TextField).value = writing.subject
        body = self.query_one("#compose-body", TextBox)
        body.replace(writing.body, (0, 0), body.document.end)

    def sender(self) -> str:
        """Who sends it, as it is shown."""
        return dict(self._accounts).get(str(self.writing().account_id), "")

    def change_format(self, form: str) -> None:
        """Send the letter as ``plain`` text, or as ``markdown``."""
        self.form = form
        self._say_form()
        self._changed()

    @property
    def _writes_outside(self) -> bool:
        return self.shell.settings.config.mail.editor == "external"

    def _typed(self, name: str) -> str:
        return self.query_one(f"#compose-{name}", TextField).value

    # Keeping

    async def draft(self) -> int:
        """The draft of this letter, made where there is none yet."""
        self._newest = self.writing()
        await asyncio.to_thread(self._keep, even_unchanged=self.draft_id is None)
        assert self.draft_id is not None
        return self.draft_id

    async def keep(self) -> None:
        """Keep what is typed now. Raises StoreBusy."""
        self._newest = self.writing()
        await asyncio.to_thread(self._keep)

    async def keep_body(self, text: str) -> None:
        """Keep the text that an editor has saved."""
        self._newest = replace(self.writing(), body=text)
        with contextlib.suppress(CrmError):  # another program holds the store: the next saving tries again
            await asyncio.to_thread(self._keep)

    def unsent(self) -> UnkeptLetter | None:
        self._newest = self.writing()
        is_kept = self._over or self._newest == self._kept
        return None if is_kept else UnkeptLetter(self.draft_id, self._newest)

    def keep_unsent(self) -> None:
        self._keep()

    async def before_leaving(self) -> None:
        await self._end_as_draft()

    def on_screen_suspend(self) -> None:
        """Covered by another screen, or another mode is shown."""
        if not self._over:
            self._keep_soon()

    def on_unmount(self) -> None:
        self._over = True

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.has_focus and (event.input.id or "").removeprefix("compose-") in FIELDS:
            self.recipients_typed(event.input)
        self._changed()

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        self._say_form()
        self._changed()

    async def on_choice_field_changed(self, event: ChoiceField.Changed) -> None:
        """Another account signs with its own signature."""
        new = int(event.field.value or 0) or None
        old, self._signed_by = self._signed_by, new
        body = self.query_one("#compose-body", TextBox)
        signed = await self.look(lambda connection: signatures.exchanged(connection, body.text, old, new))
        if signed != body.text:
            place = body.cursor_location
            body.replace(signed, (0, 0), body.document.end)
            body.move_cursor(place)
        self._changed()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if self.person_taken():
            return
        self.recipients_closed()
        self._go_on(event.input)
        if event.input.id == "compose-subject" and self._writes_outside:
            self.shell.run_command("compose.editor")

    def _go_on(self, field: Input) -> None:
        """To the next field; an empty Cc or Bcc is passed over: Tab goes there."""
        order = [f"compose-{name}" for name in (*FIELDS, "subject", "body")]
        rest = order[order.index(str(field.id)) + 1 :]
        wanted = (
            name
            for name in rest
            if name.removeprefix("compose-") not in FIELDS or self._typed(name[8:]).strip()
        )
        self.query_one(f"#{next(wanted)}").focus()

    def on_choice_field_submitted(self, _event: ChoiceField.Submitted) -> None:
        self.focus_next()

    def on_descendant_blur(self) -> None:
        self.recipients_closed()

    def _changed(self) -> None:
        if not self._waiting:
            self._waiting = True
            self.set_timer(KEPT_AFTER_SECONDS, self._keep_soon)

    def _keep_soon(self) -> None:
        """Beside the screen, whose fields and keys do not wait for a store that is held."""
        self.run_worker(self._keep_now(), group="keeping")

    async def _keep_now(self) -> None:
        self._waiting = False
        try:
            await self.keep()
        except CrmError as error:  # another program holds the store
            self._say(f"! {self.shell.explain(error)}")
            self._changed()

    def _keep(self, *, even_unchanged: bool = False) -> None:
        """Write the draft when something was typed since it was written last; in any thread. Of two that wait for
        the store the later may come first: each writes the newest there is."""
        with self._keeping:
            writing = self._newest
            if self._over or (writing == self._kept and not even_unchanged):
                return
            with self.store.facts("draft.save") as work:
                self.draft_id = drafts.save(work, self.draft_id, writing, owner_id=self.actor.user_id)
            self._kept = writing

    # Leaving

    async def command_everywhere_back(self, argument: str = "") -> None:
        """Take a list of people away; else leave the letter as a draft."""
        if self.recipients_closed():
            return
        await self._end_as_draft()
        self.dismiss(None)

    async def _end_as_draft(self) -> None:
        """What is typed is kept; nothing is where nothing was done. Raises StoreBusy."""
        await self.keep()
        await self._end(as_draft=not await asyncio.to_thread(self._drop_untouched))

    def _drop_untouched(self) -> bool:
        """Take a draft away that was made for the files alone, when nothing was typed and no file came or went."""
        draft_id = self.draft_id
        if draft_id is None or self._files_at_first is None or self._kept != self._begun:
            return False
        with self.store.facts("draft.drop") as work:
            if len(draft_files.files(work.connection, draft_id)) != self._files_at_first:
                return False
            drafts.discard(work, draft_id)
        return True

    async def leave(self, *, as_draft: bool = False) -> None:
        """Close the letter; a draft gets its copy in the Drafts of its account."""
        await self._end(as_draft=as_draft)
        self.dismiss(None)

    async def _end(self, *, as_draft: bool) -> None:
        self._over = True
        draft_id = self.draft_id
        if as_draft and draft_id is not None:
            await asyncio.to_thread(self._publish, draft_id)
            self.shell.say(_("Kept as a draft; w goes on with it."))

    def _publish(self, draft_id: int) -> None:
        with contextlib.suppress(CrmError), self.store.facts("draft.publish") as work:
            draft_copies.publish(work, draft_id, self._zone())

    def _say_form(self) -> None:
        self._say(_("Markdown: sent laid out, and as text beside it") if self.form == "markdown" else "")

    def _say(self, text: str) -> None:
        self.query_one("#compose-note", Static).update(Content(text))
