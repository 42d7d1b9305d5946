"""The cards of a kind in which something is missing that should be filled in (IDX-08)."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.record.custom_fields import asked_kind
from crm_tui.services.record import custom_fields, gaps
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag


class GapsScreen(ListScreen[None]):
    """Those with most gaps on top; Enter opens the card."""

    SCOPES = ("gaps",)
    TABLES = frozenset({*custom_fields.KINDS, "contact_info", "custom_field"})

    def __init__(self, kind: str = "customer") -> None:
        super().__init__()
        self._kind = kind

    def list_title(self) -> str:
        return _("Gaps: {kind}  (o: others)").format(kind=_(custom_fields.KINDS[self._kind]))

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Name"), flex=2, min_width=20, sortable=False),
            Column("percent", _("Filled"), width=7, align="right", sortable=False),
            Column("gaps", _("Missing (! required)"), flex=3, min_width=24, sortable=False),
            Column("owner", _("Owner"), width=16, sortable=False, drop=1),
        )
        empty = _("Nothing is missing in these cards. Settings say what should be filled in.")
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=Content(empty))

    def record_here(self) -> tuple[str, int]:
        """The card under the cursor (`screens.record.record_here`)."""
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return self._kind, self._list.current_id

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.shell.run_command(f"everywhere.show_{self._kind}", str(event.id))

    async def command_gaps_which(self, argument: str = "") -> None:
        """The gaps of another kind of card."""
        kind = await asked_kind(self)
        if kind:
            self._kind = kind
            self.query_one(".card-title", Static).update(Content(self.list_title()))
            self._list.reload()

    def _rows(self) -> Sequence[Row]:
        config, kind = self.shell.settings.config, self._kind
        with self.store.read() as connection:
            found = gaps.of_kind(connection, config, kind)
            asked = list(gaps.needs(connection, config, kind))
            labels = dict(zip(asked, gaps.labels(connection, kind, asked), strict=True))
        return [
            Row(
                one.id,
                (
                    clean(one.name),
                    f"{one.found.percent} %",
                    ", ".join(
                        f"! {labels[name]}" if name in one.found.missing else labels[name]
                        for name in one.found.gaps
                    ),
                    clean(one.owner),
                ),
                RowFlag.OVERDUE if one.found.missing else RowFlag.NONE,
            )
            for one in found
        ]
