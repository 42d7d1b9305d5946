"""Who stands in the base twice (IDX-12): pairs with how sure it is and why, to be merged or said to be two."""

from collections.abc import Sequence

from textual import work as in_worker
from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.identity.duplicate_search import Pair
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.record.merging import MergeScreen
from crm_tui.services.record import duplicates
from crm_tui.services.record.likeness_words import reasons_text
from crm_tui.store.queries import parties
from crm_tui.store.work import Work
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

TITLES = {"customer": N_("Customers"), "contact": N_("Contact persons"), "lead": N_("Leads")}


class DuplicatesScreen(ListScreen[None]):
    """The likeliest pair on top; Enter puts the two side by side."""

    SCOPES = ("duplicates",)

    def __init__(self, kind: str = "customer") -> None:
        super().__init__()
        self._kind = kind
        self._pairs: dict[int, Pair] = {}
        self._names: dict[int, str] = {}
        self._searched = False

    def list_title(self) -> str:
        title = _(TITLES[self._kind])
        if not self._searched:
            return _("Duplicates, {kind}: searching …").format(kind=title)
        found = ngettext("{n} pair", "{n} pairs", len(self._pairs)).format(n=len(self._pairs))
        return _("Duplicates, {kind}: {found}").format(kind=title, found=found)

    def make_list(self) -> RecordList:
        columns = (
            Column("sure", "%", width=4, align="right", sortable=False),
            Column("one", _("One"), flex=1, min_width=16, sortable=False),
            Column("other", _("The other"), flex=1, min_width=16, sortable=False),
            Column("why", _("Why"), flex=1, min_width=20, sortable=False, drop=1),
        )
        return RecordList(
            SmallSource(columns, self._rows), Order(""), empty=Content(_("Nobody stands here twice."))
        )

    def on_mount(self) -> None:
        self._search()

    @in_worker(exclusive=True)
    async def _search(self) -> None:
        """Seconds over a hundred thousand records, so it is done once, not with each change of the store."""
        self._searched = False
        self._retitle()
        found = await self.look(lambda connection: duplicates.search(connection, self._kind))
        self._pairs = dict(enumerate(found, 1))
        ids = {key for pair in found for key in (pair.one, pair.other)}
        rows = await self.look(lambda connection: list(parties.rows(connection, self._kind, ids)))
        self._names = {row.id: row.name if not row.city else f"{row.name}, {row.city}" for row in rows}
        self._searched = True
        self.reload()
        self._retitle()

    def _retitle(self) -> None:
        self.query_one(".card-title", Static).update(Content(self.list_title()))

    async def command_duplicates_which(self, argument: str = "") -> None:
        """Another kind of record."""
        chosen = argument or await self.app.push_screen_wait(
            Choice(_("Look among"), [(kind, _(title)) for kind, title in TITLES.items()])
        )
        if chosen in TITLES:
            self._kind = chosen
            self._search()

    def on_record_list_opened(self, _event: RecordList.Opened) -> None:
        self.shell.run_command("duplicates.compare")

    async def command_duplicates_compare(self, argument: str = "") -> None:
        """The two side by side."""
        _place, pair = self._current()
        if await self.app.push_screen_wait(MergeScreen(self._kind, pair.one, pair.other)):
            gone = {pair.other, pair.one}
            self._pairs = {
                key: each for key, each in self._pairs.items() if not gone & {each.one, each.other}
            }
            self._retitle()
            self.reload()

    async def command_duplicates_are_two(self, argument: str = "") -> None:
        """The marked pairs, or the one under the cursor, are not the same."""
        chosen = self._list.marked_ids() or [self._current()[0]]
        two = [self._pairs[key] for key in chosen]

        def say(work: Work) -> None:
            for pair in two:
                duplicates.are_two(work, self._kind, pair.one, pair.other)

        await self.act("duplicates.are_two", say)
        for key in chosen:
            del self._pairs[key]
        self._retitle()
        self.reload()

    def _current(self) -> tuple[int, Pair]:
        place = self._list.current_id
        if place is None:
            raise Refused("nothing_chosen")
        return place, self._pairs[place]

    def _rows(self) -> Sequence[Row]:
        return [
            Row(
                key,
                (
                    str(pair.likeness.percent),
                    clean(self._names.get(pair.one, "")),
                    clean(self._names.get(pair.other, "")),
                    reasons_text(pair.likeness.reasons),
                ),
            )
            for key, pair in self._pairs.items()
        ]
