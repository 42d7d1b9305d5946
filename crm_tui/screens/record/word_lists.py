"""The lists of words that people choose from: kinds and statuses of customers, sources, reasons."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.errors import Refused
from crm_tui.i18n import N_, _
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.record import lists
from crm_tui.services.record.lists import Word
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag, heading_id

TITLES = {
    "customer_kind": N_("Kinds of customers"),
    "customer_status": N_("Statuses of customers"),
    "source": N_("Where customers come from"),
    "relation_kind": N_("Relations between customers"),
    "influence": N_("Influence of contact persons"),
    "lost_reason": N_("Why something is lost"),
    "decline_reason": N_("Why a letter is declined"),
    "move_reason": N_("Why a contact is put off"),
}


class WordListsScreen(ListScreen[None]):
    """All lists one under the other; a word that is no longer offered is dimmed and says so."""

    SCOPES = ("words",)
    TABLES = frozenset({"list_item"})

    def list_title(self) -> str:
        return _("Lists of words")

    def make_list(self) -> RecordList:
        self._numbers: dict[tuple[str, str], int] = {}
        self._words: dict[int, tuple[str, Word]] = {}
        columns = (
            Column("name", _("Word"), flex=1, min_width=24, sortable=False),
            Column("state", _("Offered"), width=14, sortable=False),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=Content(""))

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("words.rename")

    async def command_words_add(self, argument: str = "") -> None:
        """A new word of the list that the cursor stands in."""
        name, _word = self._here()
        typed = argument or await self.app.push_screen_wait(Prompt(_(TITLES[name]), kept_as=f"word-{name}"))
        if not typed:
            return
        made = await self.act("words.add", lambda work: lists.add(work, name, typed))
        self._list.reload()
        self._list.go_to(self._number(name, made.code))

    async def command_words_rename(self, argument: str = "") -> None:
        """Show the word under another name; records keep it."""
        name, word = self._here()
        typed = argument or await self.app.push_screen_wait(Prompt(_("Rename"), word.name))
        if typed:
            await self.act(
                "words.rename", lambda work: lists.rename(work, name, word.code, typed, was=word.name)
            )

    async def command_words_archive(self, argument: str = "") -> None:
        """Offer the word no more, or again."""
        name, word = self._here()
        await self.act("words.archive", lambda work: lists.archive(work, name, word.code, not word.archived))

    async def command_words_up(self, argument: str = "") -> None:
        await self._move(-1)

    async def command_words_down(self, argument: str = "") -> None:
        await self._move(1)

    async def _move(self, step: int) -> None:
        name, word = self._here()
        await self.act("words.move", lambda work: lists.move(work, name, word.code, step))

    def _here(self) -> tuple[str, Word]:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._words[self._list.current_id]

    def _number(self, name: str, code: str) -> int:
        return self._numbers.setdefault((name, code), len(self._numbers) + 1)

    def _rows(self) -> Sequence[Row]:
        rows = []
        with self.store.read() as connection:
            for section, (name, title) in enumerate(TITLES.items()):
                rows.append(Row(heading_id(section), (_(title), "")))
                for word in lists.words(connection, name):
                    number = self._number(name, word.code)
                    self._words[number] = (name, word)
                    state = _("no more") if word.archived else ""
                    flags = RowFlag.DIMMED if word.archived else RowFlag.NONE
                    rows.append(Row(number, (word.name, state), flags))
        return rows
