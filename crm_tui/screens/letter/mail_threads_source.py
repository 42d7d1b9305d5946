"""The rows of a list of letters by threads: one row a thread, with its letters below it where it is unfolded."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.letter.threading import forest
from crm_tui.screens.letter.mail_source import LetterSource
from crm_tui.store.engine import Store
from crm_tui.widgets import glyphs
from crm_tui.widgets.row_source import Order, Row

if TYPE_CHECKING:
    from crm_tui.store.queries.threads import Keys

SUBJECT = 3
"""Place of the subject among the cells."""
DEEPEST = 12
"""Levels by which an answer is moved to the right at most."""


class ThreadSource(LetterSource):
    """A thread stands where the first of its letters stands in the order of the list.

    ``by_subject`` also joins letters that have nothing but their subject in common.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        zone: str,
        folder_id: int | None,
        *,
        outgoing: bool,
        chosen: Collection[str],
        by_subject: bool,
        unfolded: set[str],
    ) -> None:
        super().__init__(store, clock, zone, folder_id, outgoing=outgoing, chosen=chosen)
        self.by_subject = by_subject
        self.unfolded = unfolded
        """Keys of the threads whose letters are all shown."""
        self._heads: dict[int, tuple[str, int]] = {}
        """Place of the first letter of a thread → its key, and the number of its letters."""
        self._depths: dict[int, int] = {}
        """Place of a letter below a first one → its depth in the tree."""

    @property
    def threads(self) -> int:
        """How many threads there are, unfolded ones counted once."""
        return len(self._heads)

    def thread_at(self, place: int) -> str | None:
        """Key of the thread whose first letter lies there, if it has several."""
        key, count = self._heads.get(place, ("", 1))
        return key if count > 1 else None

    def count_at(self, place: int) -> int:
        """How many letters the thread has whose first letter lies there."""
        return self._heads.get(place, ("", 1))[1]

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows: so many letters are looked at that as many threads are among them."""
        vector = self._first_threads(order, needle, limit)
        found = self.rows(vector[:limit])
        return [found[key] for key in vector[:limit] if key in found]

    def _first_threads(self, order: Order, needle: str, limit: int) -> "array[int]":
        from crm_tui.store.queries import threads

        vector, looked_at = array("q"), limit
        with self._store.read() as connection:
            while len(vector) < limit:
                places = self._first_ids(connection, order, needle, looked_at)
                vector = self._grouped(connection, places, threads.keys(connection, places))
                if len(places) < looked_at:
                    break
                looked_at *= 4
            self._count(connection, needle)
        return vector

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All rows in their order."""
        from crm_tui.store.queries import threads

        vector = super().ids(order, needle)
        with self._store.read() as connection:
            if needle or self.folder_id is None:
                keys = threads.keys(connection, vector)
            else:
                keys = threads.keys_in_folder(connection, self.folder_id)
            return self._grouped(connection, vector, keys)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids, with the number of letters or the depth before the subject."""
        return {key: self._marked(row) for key, row in super().rows(ids).items()}

    def _grouped(self, connection: Connection, vector: Sequence[int], keys: "Keys") -> "array[int]":
        joined = _joined_by_subject(keys) if self.by_subject else {}
        members: dict[str, list[int]] = {}
        for place in vector:
            if place in keys:
                key = keys[place][0]
                members.setdefault(joined.get(key, key), []).append(place)
        heads = {places[0]: (key, len(places)) for key, places in members.items()}
        depths: dict[int, int] = {}
        shown = array("q")
        for head, (key, count) in heads.items():
            shown.append(head)
            if count > 1 and key in self.unfolded:
                below = self._below(connection, head, members[key])
                depths.update(below)
                shown.extend(below)
        self._heads, self._depths = heads, depths
        return shown

    def _below(self, connection: Connection, head: int, places: Sequence[int]) -> dict[int, int]:
        """The other letters of a thread in the order of its tree, each with its depth."""
        from crm_tui.store.queries import threads

        trees = forest(threads.linked(connection, places), by_subject=self.by_subject)
        walked = [one for tree in trees for one in tree.walk()]
        return {
            node.letter.key: min(depth + 1, DEEPEST)
            for node, depth in walked
            if node.letter is not None and node.letter.key != head
        }

    def _count(self, connection: Connection, needle: str) -> None:
        """Of the threads that were found in a part of the folder: how many letters they have in all of it."""
        from crm_tui.store.queries import threads

        if needle or self.folder_id is None or self.by_subject:  # then only all letters tell
            return
        counts = threads.counts(connection, self.folder_id, [key for key, _count in self._heads.values()])
        self._heads = {place: (key, counts.get(key, count)) for place, (key, count) in self._heads.items()}

    def _marked(self, row: Row) -> Row:
        signs = glyphs.current()
        key, count = self._heads.get(row.id, ("", 1))
        if row.id in self._depths:
            before = "  " * (self._depths[row.id] - 1) + "└ "
        elif count > 1:
            before = f"{signs.opened if key in self.unfolded else signs.closed} ({count}) "
        else:
            return row
        cells = list(row.cells)
        cells[SUBJECT] = f"{before}{cells[SUBJECT]}"
        return replace(row, cells=tuple(cells))


def _joined_by_subject(keys: "Keys") -> dict[str, str]:
    """Key of a thread → key of the one that it is joined to, since a letter of both has the same subject."""
    leads: dict[str, str] = {}
    first: dict[str, str] = {}

    def root(key: str) -> str:
        while (onward := leads.get(key, key)) != key:
            key = onward
        return key

    for key, subject in keys.values():
        if subject and (other := first.setdefault(subject, key)) != key:
            leads.setdefault(root(key), root(other))
    return {key: root(key) for key, _subject in keys.values()}
