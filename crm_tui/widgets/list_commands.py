"""The commands ``list.*``, for a widget with the methods of ``RecordList``."""

from typing import Protocol

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.widgets.row_source import Order, RowSource


class Movable(Protocol):
    """What the commands call."""

    def cursor_down(self, count: int = 1) -> None: ...

    def cursor_up(self, count: int = 1) -> None: ...

    def page_down(self) -> None: ...

    def page_up(self) -> None: ...

    def home(self) -> None: ...

    def end(self) -> None: ...

    def open(self) -> None: ...

    def toggle_mark(self, advance: bool = True) -> None: ...

    def mark_range(self) -> None: ...

    def mark_all(self) -> None: ...

    def unmark_all(self) -> None: ...

    def marked_ids(self) -> tuple[int, ...]: ...

    @property
    def source(self) -> RowSource: ...

    @property
    def order(self) -> Order: ...

    def sort_by(self, column: str) -> None: ...


class ListCommands:
    """One method a command; the list itself binds no keys."""

    SCOPES = ("list",)

    def command_list_down(self: Movable, argument: str = "") -> None:
        self.cursor_down()

    def command_list_up(self: Movable, argument: str = "") -> None:
        self.cursor_up()

    def command_list_page_down(self: Movable, argument: str = "") -> None:
        self.page_down()

    def command_list_page_up(self: Movable, argument: str = "") -> None:
        self.page_up()

    def command_list_first(self: Movable, argument: str = "") -> None:
        self.home()

    def command_list_last(self: Movable, argument: str = "") -> None:
        self.end()

    def command_list_open(self: Movable, argument: str = "") -> None:
        self.open()

    def command_list_mark(self: Movable, argument: str = "") -> None:
        self.toggle_mark()

    def command_list_mark_all(self: Movable, argument: str = "") -> None:
        if self.marked_ids():
            self.unmark_all()
        else:
            self.mark_all()

    def command_list_mark_range(self: Movable, argument: str = "") -> None:
        self.mark_range()

    def command_list_sort(self: Movable, argument: str = "") -> None:
        columns = [column for column in self.source.columns if column.sortable]
        wanted = fold(argument)
        named = [
            column.id
            for column in columns
            if wanted and (column.id == wanted or fold(column.title).startswith(wanted))
        ]
        names = [column.id for column in columns if column.shown and column.in_turn]
        if named:
            self.sort_by(named[0])
        elif argument and not columns:
            raise Refused("one_order")
        elif argument:
            known = ", ".join(f"{column.id} ({column.title})" for column in columns)
            raise Invalid("no_such_column", name=clean(argument), columns=known)
        elif names:
            here = names.index(self.order.column) if self.order.column in names else -1
            self.sort_by(names[(here + 1) % len(names)])
