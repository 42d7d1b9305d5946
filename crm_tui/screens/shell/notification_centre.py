"""The list of notifications: what this person was told of, the newest first; Enter goes to what it is about."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, cast

from textual.content import Content

from crm_tui.domain.clock import Clock
from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import fold
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _, ngettext
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.shell.news import CALLS
from crm_tui.screens.wording import list_date
from crm_tui.services import messages
from crm_tui.services.task import notifications
from crm_tui.store.engine import Store
from crm_tui.store.queries import notifications as queries
from crm_tui.store.queries.notifications import NotificationRow
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

if TYPE_CHECKING:
    from crm_tui.screens.shell.news import News


class NotificationSource:
    """The notifications of one person."""

    def __init__(self, store: Store, user_id: int, clock: Clock, zone: str) -> None:
        self._store, self._user_id, self._clock, self._zone = store, user_id, clock, zone_of(zone)
        self.columns = (
            Column("at", _("When"), width=8, sortable=False),
            Column("text", _("What"), flex=1, min_width=30, sortable=False),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        wanted = self.ids(order, needle)[:limit]
        rows = self.rows(wanted)
        return [rows[key] for key in wanted if key in rows]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """All, or those whose sentence contains the words."""
        with self._store.read() as connection:
            found = queries.ids(connection, self._user_id)
            if not needle:
                return found
            rows = queries.rows(connection, found)
        words = fold(needle).split()
        return array("q", (key for key in found if all(word in fold(_text(rows[key])) for word in words)))

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            found = queries.rows(connection, ids)
        return {key: self._row(row) for key, row in found.items()}

    def _row(self, row: NotificationRow) -> Row:
        flags = RowFlag.NONE if row.is_read else RowFlag.UNREAD
        return Row(row.id, (list_date(row.at, self._clock(), self._zone), _text(row)), flags)


class NotificationCentre(ListScreen[None]):
    """The list, and what can be done with its rows."""

    SCOPES = ("notifications",)
    TABLES = frozenset({"notification"})
    CURSOR = "notification"

    def list_title(self) -> str:
        return _("Notifications")

    def make_list(self) -> RecordList:
        source = NotificationSource(self.store, self._user_id, self.shell.ports.clock, self.shell.ports.zone)
        return RecordList(source, Order(""), empty=Content(_("You were told of nothing yet.")))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        """Enter goes to what the notification is about; one that is about nothing is only put away."""
        (row,) = self._rows([event.id])
        if row.subject_id is None and row.code not in ("new_letters", *CALLS):
            self.shell.run_command("notifications.read")
        else:
            cast("News", self.app).open_news(row)

    async def command_notifications_read(self, argument: str = "") -> None:
        """The marked ones count as looked at; when all of them do already, as not looked at."""
        chosen = self._list.marked_ids() or self._current()
        read = not all(row.is_read for row in self._rows(chosen))
        await self.act("notification.read", lambda work: notifications.mark_read(work, chosen, read=read))

    async def command_notifications_read_all(self, argument: str = "") -> None:
        count = await self.act(
            "notification.read_all", lambda work: notifications.read_all(work, self._user_id)
        )
        self.shell.say(ngettext("{n} put away.", "{n} put away.", count).format(n=count))

    def _current(self) -> tuple[int, ...]:
        if self._list.current_id is None:
            raise Refused("nothing_chosen")
        return (self._list.current_id,)

    def _rows(self, ids: Sequence[int]) -> list[NotificationRow]:
        with self.store.read() as connection:
            rows = list(queries.rows(connection, ids).values())
        if not rows:
            raise NotFound("no_such_record", kind="notification", id=str(ids))
        return rows


def _text(row: NotificationRow) -> str:
    return messages.of_notification(row.code, row.facts)
