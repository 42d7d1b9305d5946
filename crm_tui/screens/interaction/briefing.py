"""The briefing before a talk (L-26, story O8): one page, read offline, scrolled, piped, printed."""

from collections.abc import Iterable
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.interaction import briefing_text
from crm_tui.screens.interaction.interaction_acts import InteractionActs
from crm_tui.screens.interaction.talk_of import talk_of
from crm_tui.screens.letter.mail_files import piped
from crm_tui.widgets.letter_view import LetterView, Paragraph


class BriefingScreen(InteractionActs, CrmScreen[None]):
    """``kind`` and ``record_id`` name what it is about; ``phone`` is the number that is calling."""

    SCOPES = ("briefing",)

    def __init__(self, kind: str, record_id: int, phone: str = "") -> None:
        super().__init__()
        self._kind, self._record_id, self._phone = kind, record_id, phone

    def compose_body(self) -> Iterable[Widget]:
        yield Static(Content(_("Briefing")), classes="card-title")
        yield LetterView()

    def on_mount(self) -> None:
        self.query_one(LetterView).focus()
        self._show(keep_place=False)

    def record_here(self) -> tuple[str, int]:
        """For commands that work with any record."""
        return self._kind, self._record_id

    def reload(self) -> None:
        self._show(keep_place=True)

    def store_changed(self, topics: Topics) -> None:
        self.reload()

    def session_state(self) -> dict[str, Any]:
        return {}

    async def command_briefing_log_call(self, argument: str = "") -> None:
        """The form of the talk; the page comes back after it."""
        with self.store.read() as connection:
            talk = talk_of(connection, self._kind, self._record_id, self._phone)
        await self.ask_talk(talk)

    async def command_briefing_pipe(self, argument: str = "") -> None:
        """A program reads the page: a printer's queue, a pager."""
        await piped(self, briefing_text.text_of(self._lines).encode(), argument)

    def command_briefing_card(self, argument: str = "") -> None:
        """The record that it is about."""
        self.shell.run_command(f"everywhere.show_{self._kind}", str(self._record_id))

    def _show(self, *, keep_place: bool) -> None:
        with self.store.read() as connection:
            self._lines = briefing_text.page(
                connection, self._kind, self._record_id, self._now(), self._zone()
            )
        shown = [Paragraph(line.text, "title" if line.is_title else "own") for line in self._lines]
        self.query_one(LetterView).show(shown, keep_place=keep_place)
