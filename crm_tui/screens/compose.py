"""Writing a letter: recipients, subject, text. What is typed is kept as a draft within a second."""

import asyncio
import threading
from collections.abc import Iterable
from functools import partial
from typing import Any

from textual.containers import Grid
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.acting import Acting
from crm_tui.screens.base import CrmScreen, Shell
from crm_tui.screens.compose_review import DISCARD, SEND, Review
from crm_tui.services import compose, outgoing
from crm_tui.services.compose import Writing
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.widgets.choice_field import ChoiceField
from crm_tui.widgets.text_field import TextBox, TextField

KEPT_AFTER_SECONDS = 1.0
RECIPIENTS = ("to", "cc")


class ComposeScreen(Acting, CrmScreen[None]):
    """One letter being written, by one of ``accounts``."""

    SCOPES = ("compose",)

    def __init__(
        self, writing: Writing, accounts: Iterable[MailAccount], *, draft_id: int | None = None
    ) -> None:
        super().__init__()
        self._begun = self._kept = writing
        self._accounts = [
            (str(one.key), clean(" — ".join(filter(None, (one.sender_name, one.address)))))
            for one in accounts
        ]
        self._draft_id = draft_id
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
                ("subject", _("Subject"), begun.subject),
            ):
                yield Static(Content(label), classes="form-label")
                yield TextField(value, id=f"compose-{name}")
        yield TextBox(begun.body, id="compose-body")
        yield Static(Content(""), id="compose-note")

    def on_mount(self) -> None:
        for name in RECIPIENTS:
            self.query_one(f"#compose-{name}", TextField).suggester = Addresses(self.store)
        first = "#compose-body" if self._begun.to and self._begun.subject else "#compose-to"
        self.query_one(first).focus()

    def writing(self) -> Writing:
        """What is typed now."""
        if not self.is_mounted:
            return self._kept
        return Writing(
            account_id=int(self.query_one("#compose-from", ChoiceField).value or 0) or None,
            to=self.query_one("#compose-to", TextField).value,
            cc=self.query_one("#compose-cc", TextField).value,
            subject=self.query_one("#compose-subject", TextField).value,
            body=self.query_one("#compose-body", TextBox).text,
            reply_to_letter_id=self._begun.reply_to_letter_id,
            interest_id=self._begun.interest_id,
        )

    # Keeping

    def session_state(self) -> dict[str, Any]:
        """Nothing: but when a session is kept, what is typed is kept too, as a draft."""
        self._keep(self.writing())
        return {}

    def before_leaving(self) -> None:
        self._keep(self.writing())

    def on_screen_suspend(self) -> None:
        """Covered by another screen, or another mode is shown."""
        if not self._over:
            try:
                self._keep(self.writing())
            except CrmError:  # another program holds the store
                self._changed()

    def on_unmount(self) -> None:
        self._over = True

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.input.id in ("compose-to", "compose-cc") and event.input.has_focus:
            self._say(_("Right completes an address that is known.") if event.value.strip() else "")
        self._changed()

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        self._say("")
        self._changed()

    def on_choice_field_changed(self, _event: ChoiceField.Changed) -> None:
        self._changed()

    def on_input_submitted(self, _event: Input.Submitted) -> None:
        self.focus_next()

    def on_choice_field_submitted(self, _event: ChoiceField.Submitted) -> None:
        self.focus_next()

    def _changed(self) -> None:
        if not self._waiting:
            self._waiting = True
            self.set_timer(KEPT_AFTER_SECONDS, self._keep_now)

    async def _keep_now(self) -> None:
        self._waiting = False
        try:
            await asyncio.to_thread(self._keep, self.writing())
        except CrmError as error:  # another program holds the store
            self._say(f"! {self.shell.explain(error)}")
            self._changed()

    def _keep(self, writing: Writing) -> None:
        """Write the draft when something was typed since it was written last; in any thread."""
        with self._keeping:
            if self._over or writing == self._kept:
                return
            with self.store.facts("draft.save") as work:
                self._draft_id = compose.save_draft(work, self._draft_id, writing)
            self._kept = writing

    # Leaving

    async def command_everywhere_back(self, argument: str = "") -> None:
        """Leave the letter as a draft."""
        await asyncio.to_thread(self._keep, self.writing())
        if self._draft_id is not None:
            self.shell.say(_("Kept as a draft; w goes on with it."))
        self._leave()

    async def command_compose_review(self, argument: str = "") -> None:
        """Look at the letter once more, then send it."""
        writing = self.writing()
        await asyncio.to_thread(self._keep, writing)
        to, cc = outgoing.recipients_of(writing)
        outside = await self.look(
            lambda connection: compose.outsiders(connection, [where for _name, where in (*to, *cc)])
        )
        sender = dict(self._accounts).get(str(writing.account_id), "")
        answer = await self.app.push_screen_wait(Review(writing, sender, to, cc, outside))
        if answer == SEND:
            await self._send(writing)
        elif answer == DISCARD:
            await self._discard()

    async def _send(self, writing: Writing) -> None:
        with_draft = self._draft_id
        await self.act("review.send", lambda work: outgoing.queue(work, writing, with_draft))
        seconds = int(outgoing.CALL_BACK.total_seconds())
        text = _("It will be sent in {n} seconds; u calls it back.").format(n=seconds)
        self.shell.say(text)
        self.app.set_timer(seconds, partial(_unsay, self.shell, text))
        self._leave()

    async def _discard(self) -> None:
        draft_id = self._draft_id
        if draft_id is not None:
            await self.act("review.discard", lambda work: compose.discard(work, draft_id))
            self.shell.say(_("Thrown away; u brings it back as a draft."))
        self._leave()

    def _leave(self) -> None:
        self._over = True
        self.dismiss(None)

    def _say(self, text: str) -> None:
        self.query_one("#compose-note", Static).update(Content(text))


def _unsay(shell: Shell, text: str) -> None:
    """Take the text back once it is not true any more, unless something else is said already."""
    if shell.message == text:
        shell.say("")


class Addresses(Suggester):
    """Completes the last address of a recipient field from the base."""

    def __init__(self, store: Store) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._store = store

    async def get_suggestion(self, value: str) -> str | None:
        return await asyncio.to_thread(self._look, value) or None

    def _look(self, value: str) -> str:
        with self._store.read() as connection:
            return compose.completion(connection, value)
