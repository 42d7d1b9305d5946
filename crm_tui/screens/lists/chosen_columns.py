"""Which columns a list of records has, and in which order, kept in the settings (IDX-26, ELMA-05)."""

import asyncio
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from crm_tui import config
from crm_tui.config.card_fields import CUSTOM
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.store.engine import Store
from crm_tui.store.tables import found
from crm_tui.widgets.row_source import Column, Order, Row, RowSource, is_heading

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen
    from crm_tui.screens.lists.own_columns import OwnColumns

    Base = CrmScreen[Any]
else:
    Base = object

SETTINGS = {
    "interest": "interests.columns",
    "customer": "lists.customer",
    "contact": "lists.contact",
    "lead": "lists.lead",
    "document": "lists.document",
    "task": "lists.task",
}
"""Kind of record → the setting that names the columns of its list; empty: as the program has them."""
ALWAYS = ("name", "title")
"""Without its name a row says of nothing what it is."""
FEW = 2000
"""So many records are sorted by a field of one's own at once; of more, a thread does it."""


class ChosenSource:
    """The rows of another source with the chosen columns, in their order. What is not chosen still sorts.

    ``own``: the company's own fields, where one of them is chosen.
    """

    def __init__(
        self, inner: RowSource, store: Store, own: "OwnColumns | None", chosen: Sequence[str]
    ) -> None:
        self._inner = inner
        self._store = store
        self._own = own
        own_columns = own.columns if own else {}
        places = {column.id: place for place, column in enumerate(_choosable(inner))}
        shown = [one for one in dict.fromkeys(chosen) if one in places or one in own_columns]
        if not set(ALWAYS) & set(shown):
            shown = [*(one for one in ALWAYS if one in places), *shown]
        self._cells: list[int | str] = [places.get(one, one) for one in shown]
        known = {column.id: column for column in inner.columns} | own_columns
        hidden = [one for one in known if one not in shown]
        self.columns = (
            *(known[one] for one in shown),
            *(replace(known[one], shown=False) for one in hidden),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row] | None:
        """The first rows, where they are at hand."""
        if self._own is None or order.column not in self._own.fields:
            rows_found = self._inner.first(order, needle, limit)
            return None if rows_found is None else self._drawn(rows_found)
        if _is_long(self._store, self._own.kind):
            return None
        ids = self.ids(order, needle)[:limit]
        rows = self.rows(ids)
        return [rows[key] for key in ids if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids."""
        if self._own is None or order.column not in self._own.fields:
            return self._inner.ids(order, needle)
        by_name = self._inner.ids(_BY_NAME, needle)
        with self._store.read() as connection:
            return self._own.sorted(connection, order.column, by_name, descending=order.descending)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        return {row.id: row for row in self._drawn(list(self._inner.rows(ids).values()))}

    def _drawn(self, rows: Sequence[Row]) -> list[Row]:
        own: dict[int, dict[str, str]] = {}
        if self._own is not None:
            with self._store.read() as connection:
                own = self._own.cells(connection, [row.id for row in rows if not is_heading(row.id)])
        return [
            row
            if is_heading(row.id)
            else replace(
                row,
                cells=tuple(
                    row.cells[cell] if isinstance(cell, int) else own.get(row.id, {}).get(cell, "")
                    for cell in self._cells
                ),
            )
            for row in rows
        ]


class ColumnChoice(Base):
    """For a list of records of one kind: its rows go through ``with_columns``."""

    def columns_kind(self) -> str:
        """The kind of the records."""
        raise NotImplementedError

    def chosen_source(self) -> RowSource:
        """The rows before columns are chosen."""
        raise NotImplementedError

    def show_columns(self) -> None:
        """Draw the list with the columns that are chosen now, the cursor where it stands."""
        raise NotImplementedError

    def with_columns(self, source: RowSource) -> RowSource:
        """The rows of a source with the chosen columns."""
        chosen = self._chosen_columns()
        if not chosen:
            return source
        own = None
        if self.shows_own_fields():
            from crm_tui.screens.lists.own_columns import own_columns

            own = own_columns(self.store, self.columns_kind())
        return ChosenSource(source, self.store, own, chosen)

    def shows_own_fields(self) -> bool:
        """Whether a field of the company's own is among the chosen columns."""
        return any(one.startswith(CUSTOM) for one in self._chosen_columns())

    def can_records_columns(self) -> bool:
        return self.columns_kind() in SETTINGS

    async def command_records_columns(self, argument: str = "") -> None:
        """Which columns the list has, in which order; kept in the settings."""
        from crm_tui.screens.forms.prompt import Prompt
        from crm_tui.screens.lists.own_columns import own_columns

        inner = self.chosen_source()
        titles = {column.id: column.title for column in _choosable(inner)}
        shipped = list(titles)
        own = own_columns(self.store, self.columns_kind())
        titles |= {name: column.title for name, column in own.columns.items()}

        def asked(typed: str) -> list[str]:
            names = list(dict.fromkeys(typed.replace(",", " ").split()))
            for one in names:
                if one not in titles:
                    raise Invalid("no_such_column", name=clean(one), columns=", ".join(titles))
            return names

        def understood(typed: str) -> str:
            names = asked(typed)
            others = ", ".join(f"{name} ({title})" for name, title in titles.items() if name not in names)
            shown = ", ".join(titles[name] for name in names)
            return (
                "\n".join((shown, _("There are also: {columns}").format(columns=others))) if others else shown
            )

        typed = argument or await self.app.push_screen_wait(
            Prompt(
                _("Columns, in their order"),
                " ".join(self._chosen_columns() or shipped),
                preview=understood,
                hint=_("Empty: as they come. There are: {columns}").format(
                    columns=", ".join(f"{name} ({title})" for name, title in titles.items())
                ),
                may_be_empty=True,
            )
        )
        if typed is None:
            return
        await self._keep(" ".join(asked(typed)) or _setting(config.Config(), self.columns_kind()))
        self.show_columns()

    async def _keep(self, chosen: str) -> None:
        name = SETTINGS[self.columns_kind()]
        try:
            await asyncio.to_thread(config.write, name, chosen)
        except (OSError, ValueError) as error:
            raise Refused("cannot_write", path=str(config.config_file()), reason=clean(str(error))) from error
        self.shell.take_settings()

    def _chosen_columns(self) -> list[str]:
        return _setting(self.shell.settings.config, self.columns_kind()).split()


_BY_NAME = Order("name")


def _is_long(store: Store, kind: str) -> bool:
    table = found(kind)
    beyond = select(table.c.id).order_by(table.c.id).offset(FEW).limit(1)
    with store.read() as connection:
        return connection.execute(beyond).first() is not None


def _setting(settings: config.Config, kind: str) -> str:
    section, _dot, name = SETTINGS.get(kind, "").partition(".")
    return str(getattr(getattr(settings, section), name)) if name else ""


def _choosable(source: RowSource) -> list[Column]:
    """The columns that have cells."""
    return [column for column in source.columns if column.shown]
