"""The rows of a list of letters that a filter leaves, looked for beforehand in a thread."""

from array import array
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.screens.letter.mail_everywhere_source import FolderColumn
from crm_tui.screens.letter.mail_shape import CHOSEN_AT_FIRST
from crm_tui.screens.letter.mail_source import MOST_FOUND, NEWEST_FIRST, LetterSource
from crm_tui.store import finding, letter_conditions
from crm_tui.store.engine import Store
from crm_tui.store.queries import letter_order
from crm_tui.widgets.row_source import Order, Row

SORTED_AT_ONCE = 2000
"""So many letters are put into another order in the loop; of more the first page comes sorted from the thread."""


class FilteredSource(FolderColumn, LetterSource):
    """The letters of a folder, or of all without one, for which the condition holds.

    ``look`` reads them and must be called in a thread before the source is shown: filtering may take a second.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        zone: str,
        folder_id: int | None,
        condition: Condition,
        user_id: int | None,
        *,
        outgoing: bool = False,
        chosen: Collection[str] = CHOSEN_AT_FIRST,
    ) -> None:
        super().__init__(store, clock, zone, folder_id, outgoing=outgoing, chosen=chosen)
        self._condition = condition
        self.user_id = user_id
        self._found_ids = array("q")
        self._sorted = NEWEST_FIRST
        if folder_id is None:
            self.add_folder_column()

    def look(self, order: Order = NEWEST_FIRST) -> int:
        """Read what fits the filter, in a thread; answers how many letters."""
        context = Context(self._clock(), self._zone, self.user_id)
        folders = None if self.folder_id is None else [self.folder_id]
        with self._store.read() as connection:
            found = letter_conditions.found(connection, self._condition, context, folder_ids=folders)
            if order != NEWEST_FIRST:
                found = letter_order.in_order(connection, found, order.column, descending=order.descending)
            self.learn_folders(connection)
        self._found_ids, self._sorted = found, order
        return len(found)

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        with self._store.read() as connection:
            ids: Sequence[int] = self._found_ids
            if needle:
                ids = self._searched(connection, needle)
            if order != self._sorted and len(ids) <= SORTED_AT_ONCE:
                ids = letter_order.in_order(connection, ids, order.column, descending=order.descending)
        rows = self.rows(ids[:limit])
        return [rows[key] for key in ids[:limit] if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        self.look(order)
        if not needle:
            return self._found_ids
        with self._store.read() as connection:
            return array("q", self._searched(connection, needle))

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        found = super().rows(ids)
        if self.folder_id is not None:
            return found
        with self._store.read() as connection:
            return self.with_folders(connection, found)

    def _searched(self, connection: Connection, needle: str) -> list[int]:
        """Of what the filter leaves, what a search line finds as well."""
        from crm_tui.domain import query

        wanted = query.parse(needle, self._clock(), self._zone)
        folders = None if self.folder_id is None else [self.folder_id]
        hits = set(finding.search_letters(connection, wanted, folder_ids=folders, limit=MOST_FOUND))
        return [key for key in self._found_ids if key in hits]
