"""How the list of letters is put: its order, its columns, letters alone or by threads (MAIL-16, MAIL-49)."""

from collections.abc import Mapping
from typing import Any

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.letter.mail_everywhere_source import EverywhereSource, ThreadsEverywhere
from crm_tui.screens.letter.mail_looks import LetterLooks
from crm_tui.screens.letter.mail_shape import CHOOSABLE, CHOSEN_AT_FIRST
from crm_tui.screens.letter.mail_source import LetterSource
from crm_tui.screens.letter.mail_threads_source import ThreadSource
from crm_tui.widgets.reading_list import FIRST_ROWS
from crm_tui.widgets.row_source import Column

DONE = "done"


class ListOrder(LetterLooks):
    """For the Mail screen: ``_list`` is its list."""

    folder_id: int | None
    threaded = False
    """Whether one row is one thread."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen_columns: frozenset[str] = CHOSEN_AT_FIRST
        self.unfolded: set[str] = set()
        self._unfolded_at: int | None = None
        """The thread that was unfolded just now: its letters are brought into view when they are there."""

    def source_of(self, folder_id: int | None, *, outgoing: bool) -> LetterSource:
        """The rows of a folder as the person wants them."""
        source = self._plain_or_threaded(folder_id, outgoing=outgoing)
        source.user_id = self.actor.user_id
        return self.dressed(source)

    def _plain_or_threaded(self, folder_id: int | None, *, outgoing: bool) -> LetterSource:
        ports = self.shell.ports
        if not self.threaded:
            plain = LetterSource if folder_id is not None else EverywhereSource
            return plain(
                self.store, ports.clock, ports.zone, folder_id, outgoing=outgoing, chosen=self.chosen_columns
            )
        threads = ThreadSource if folder_id is not None else ThreadsEverywhere
        return threads(
            self.store,
            ports.clock,
            ports.zone,
            folder_id,
            outgoing=outgoing,
            chosen=self.chosen_columns,
            by_subject=self.shell.settings.config.mail.threads_by_subject,
            unfolded=self.unfolded,
        )

    def order_state(self) -> dict[str, Any]:
        """What a session keeps of it."""
        columns = None if self.chosen_columns == CHOSEN_AT_FIRST else sorted(self.chosen_columns)
        return {"columns": columns, "threads": self.threaded}

    def take_order_state(self, state: Mapping[str, Any]) -> None:
        """What an earlier session kept."""
        columns = state.get("columns")
        if isinstance(columns, list):
            self.chosen_columns = frozenset(columns) & frozenset(CHOOSABLE)
        self.threaded = bool(state.get("threads"))

    # The order

    async def command_mail_order(self, argument: str = "") -> None:
        """Sort by anything that letters can be sorted by, shown as a column or not."""
        columns = [one for one in self._list.source.columns if one.sortable]
        wanted: str | None = next(
            (one.id for one in columns if argument and fold(one.title).startswith(fold(argument))), None
        ) or next((one.id for one in columns if one.id == argument), None)
        if wanted is None:
            options = [(one.id, self._order_text(one)) for one in columns]
            wanted = await self.app.push_screen_wait(Choice(_("Sort by"), options))
        if wanted is None:
            return
        if wanted in CHOOSABLE and wanted not in self.chosen_columns:
            self.chosen_columns |= {wanted}
            self.show_source_again()
        self._list.sort_by(wanted)
        self.session_changed()

    def _order_text(self, column: Column) -> str:
        here = self._list.order
        if column.id != here.column:
            return column.title
        return _("{column} (now; again turns it round)").format(column=column.title)

    # Columns

    async def command_mail_columns(self, argument: str = "") -> None:
        """Choose the columns beside date, sender and subject; they are kept."""
        titles = {one.id: one.title for one in self._list.source.columns if one.id in CHOOSABLE}
        if argument in titles:
            self._toggle_column(argument)
            return
        while True:
            options = [
                (name, ("[x] " if name in self.chosen_columns else "[ ] ") + titles[name])
                for name in CHOOSABLE
            ]
            note = _("Enter shows or hides a column; Esc when it is right.")
            name = await self.app.push_screen_wait(Choice(_("Columns"), options, note=note))
            if name is None:
                return
            self._toggle_column(name)

    def _toggle_column(self, name: str) -> None:
        self.chosen_columns ^= {name}
        self.show_source_again()
        self.session_changed()

    # Threads

    def threads_counted(self) -> None:
        """All letters are known: threads joined by their subjects are larger than their first letters told."""
        source = self._list.source
        if isinstance(source, ThreadSource) and source.by_subject:
            self._list.patch(self._list.ids[:FIRST_ROWS])
        unfolded = self._unfolded_at
        if isinstance(source, ThreadSource) and unfolded is not None and unfolded == self._list.current_id:
            self._list.show_below(source.count_at(unfolded) - 1)
        self._unfolded_at = None

    def command_mail_threads(self, argument: str = "") -> None:
        """One row a thread, or one a letter."""
        self.threaded = not self.threaded
        self.show_source_again()
        self.shell.say(_("By threads: - unfolds one.") if self.threaded else _("Each letter by itself."))
        self.session_changed()

    def command_mail_fold(self, argument: str = "") -> None:
        """Show or hide the letters of the thread under the cursor."""
        source, place = self._list.source, self._list.current_id
        if not isinstance(source, ThreadSource) or place is None:
            raise Refused("not_by_threads")
        key = source.thread_at(place)
        if key is None:
            raise Refused("thread_of_one")
        self.unfolded ^= {key}
        self._unfolded_at = place if key in self.unfolded else None
        self._list.patch([place])
        self._list.reload()
