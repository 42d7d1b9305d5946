"""The rows of letters of all folders: what is found in all of them, with a column that says where each lies."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.letter.mail_folders import folder_title
from crm_tui.screens.letter.mail_source import LetterSource
from crm_tui.screens.letter.mail_threads_source import ThreadSource
from crm_tui.store.queries import folders as folder_queries
from crm_tui.store.queries import letters
from crm_tui.widgets.row_source import Column, Row

if TYPE_CHECKING:
    Base = LetterSource
else:
    Base = object

NARROW = {"sender": 10, "subject": 14}
"""Least widths beside the folder."""


class FolderColumn(Base):
    """For a source of letters: ``add_folder_column`` when it is made, ``with_folders`` for its rows."""

    _folder_names: Mapping[int, str] = {}
    _folder_place = 0

    def add_folder_column(self) -> None:
        """A column before the subject."""
        shown = [replace(one, min_width=NARROW.get(one.id, one.min_width)) for one in self.columns]
        self._folder_place = [one.id for one in shown].index("subject") + 1
        shown.insert(self._folder_place, Column("folder", _("Folder"), width=11, sortable=False))
        self.columns = tuple(shown)

    def learn_folders(self, connection: Connection) -> None:
        """Read what the folders are called."""
        known = folder_queries.rows(connection, counted=False)
        self._folder_names = {one.id: clean(folder_title(one)) for one in known}

    def with_folders(self, connection: Connection, rows: Mapping[int, Row]) -> dict[int, Row]:
        """The rows, each with the folder that its letter lies in."""
        lies_in = letters.folders_of(connection, list(rows))
        if set(lies_in.values()) - self._folder_names.keys():
            self.learn_folders(connection)
        return {key: self._with_folder(row, lies_in.get(key, 0)) for key, row in rows.items()}

    def _with_folder(self, row: Row, folder_id: int) -> Row:
        cells = list(row.cells)
        cells.insert(self._folder_place, self._folder_names.get(folder_id, ""))
        return replace(row, cells=tuple(cells))


class EverywhereSource(FolderColumn, LetterSource):
    """The letters of all folders that a needle finds."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.add_folder_column()

    def _rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
        return self.with_folders(connection, super()._rows(connection, ids))


class ThreadsEverywhere(FolderColumn, ThreadSource):
    """The same by threads."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.add_folder_column()

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        found = super().rows(ids)
        with self._store.read() as connection:
            return self.with_folders(connection, found)
