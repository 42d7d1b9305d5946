"""Figures of a map to be read: sections of lines, read in a thread while "Looking …" stands there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import Connection
from textual import work as in_worker
from textual.content import Content

from crm_tui.domain.errors import CrmError
from crm_tui.i18n import _
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row, heading_id


@dataclass(frozen=True, slots=True)
class Section:
    """Lines below a title; each with as many cells as there are columns."""

    title: str
    lines: Sequence[tuple[str, ...]]


class MapReadout(ListScreen[None]):
    """Of such a screen its columns are told, and its sections."""

    WIDTHS: ClassVar[Sequence[int]] = (10, 10, 10)
    """Cells of the columns behind the first, which takes what is left."""

    def __init__(self, map_id: int) -> None:
        super().__init__()
        self._map_id = map_id
        self._sections: Sequence[Section] | None = None

    def titles(self) -> Sequence[str]:
        """What stands over the columns."""
        raise NotImplementedError

    def read(self, connection: Connection) -> Sequence[Section]:
        """The sections. Called in a thread."""
        raise NotImplementedError

    def make_list(self) -> RecordList:
        first, *rest = self.titles()
        columns: list[Any] = [Column("first", first, flex=1, min_width=24, sortable=False)]
        for place, (title, width) in enumerate(zip(rest, self.WIDTHS, strict=True)):
            columns.append(Column(f"figure{place}", title, width=width, align="right", sortable=False))
        return RecordList(SmallSource(columns, self._rows), Order(""), empty=Content(_("Looking …")))

    def on_mount(self) -> None:
        self.reload()

    def reload(self) -> None:
        self._look_again()

    @in_worker(exclusive=True, group="figures")
    async def _look_again(self) -> None:
        try:
            self._sections = await self.look(self.read)
        except CrmError as error:
            self._list.set_empty(Content(self.shell.explain(error)))
            return
        self._list.set_empty(Content(_("There is nothing to tell yet.")))
        self._list.reload()

    def _rows(self) -> list[Row]:
        rows: list[Row] = []
        for number, section in enumerate(self._sections or ()):
            if section.lines:
                rows.append(Row(heading_id(number), (section.title,)))
                rows += [
                    Row((number + 1) * 10_000 + place, cells) for place, cells in enumerate(section.lines)
                ]
        return rows
