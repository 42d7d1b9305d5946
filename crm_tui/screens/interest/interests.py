"""Interests: the list or the board, and the card of one with its states and everything made within it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.base import CrmScreen, Topics
from crm_tui.screens.interest.board_source import BoardSource
from crm_tui.screens.interest.interest_board import InterestBoard
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.interest.interest_losing import LosingMany
from crm_tui.screens.interest.interest_new import InterestNew
from crm_tui.screens.interest.interest_source import InterestSource
from crm_tui.screens.lists.bulk_acts import BulkActs
from crm_tui.screens.lists.list_filter import NarrowedLine
from crm_tui.screens.lists.list_search import ListSearch, SearchBar
from crm_tui.screens.lists.looked_list import LookedList
from crm_tui.widgets.board_view import BoardView
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Order

TOPICS = frozenset(
    {"interest", "customer", "lead", "contact", "state", "scenario", "task", "interaction", "*"}
)


class Shown:
    """What the search line narrows: the list or the board, whichever is shown."""

    def __init__(self, screen: "InterestsScreen") -> None:
        self._screen = screen

    @property
    def needle(self) -> str:
        """What it is narrowed to."""
        screen = self._screen
        return screen.cards.needle if screen.on_board else screen.records.needle

    def set_needle(self, needle: str) -> None:
        """Narrow it."""
        screen = self._screen
        if not screen.on_board:
            screen.records.set_needle(needle)
        elif needle != screen.cards.needle:
            screen.cards.needle = needle
            screen.read_board()

    def focus(self) -> None:
        """Give it the focus."""
        screen = self._screen
        (screen.board if screen.on_board else screen.records).focus()


class InterestsScreen(
    LosingMany, BulkActs, LookedList, ListSearch, InterestNew, InterestBoard, CrmScreen[None]
):
    """The Interests as a list, the last changed first, or as a board."""

    SCOPES = ("interest", "records")

    def compose_body(self) -> Iterable[Widget]:
        ports = self.shell.ports
        self._source = InterestSource(self.store, ports.clock, ports.zone)
        self.cards = BoardSource(self.store, ports.clock)
        self.records = RecordList(
            self.looked(self._source),
            Order("changed", descending=True),
            empty=Content(self.empty_text()),
        )
        self.cards.looks = self._looks
        self.board = BoardView(self.cards)
        self.board.display = False
        trash = Static(Content(_("In the trash: D brings back")), id="trash-head", classes="card-title")
        trash.display = False
        head = Static(Content(""), id="board-head", classes="card-title")
        head.display = False
        self._shown = Shown(self)
        yield NarrowedLine()
        yield trash
        yield head
        yield self.records
        yield self.board
        yield SearchBar(self._shown)

    def on_mount(self) -> None:
        self.records.focus()

    def reload(self) -> None:
        if self.on_board:
            self.read_board()
        else:
            self.records.reload()

    def store_changed(self, topics: Topics) -> None:
        self.take_looks(topics)
        if topics.keys() & TOPICS or (self.on_board and "saved_filter" in topics):
            self.reload()

    def session_state(self) -> dict[str, Any]:
        return {
            "interest": self.board.current_id if self.on_board else self.records.current_id,
            "needle": self._shown.needle,
            "closed": self._source.closed,
            "in_trash": self._source.in_trash,
            "board": self.on_board,
            "scenario": self.cards.scenario_id,
            "filter": self.filter_state(),
        }

    def restore_session(self, state: Mapping[str, Any]) -> None:
        if isinstance(state.get("scenario"), int):
            self.cards.scenario_id = state["scenario"]
        if state.get("closed"):
            self._source.closed = self.cards.closed = True
            self.records.reload()
        if state.get("in_trash"):
            self._show_trash(True)
        elif state.get("board"):
            self._switch(board=True)
        if state.get("needle"):
            self.query_one(SearchBar).open(str(state["needle"]))
        if isinstance(state.get("interest"), int):
            self.records.go_to(state["interest"])
        self.restore_filter(state.get("filter"), state.get("interest"))

    # Filter and acts on many

    def bulk_kind(self) -> str:
        return "interest"

    def bulk_ids(self) -> Sequence[int]:
        return self.chosen_interests()

    def bulk_found(self) -> Sequence[int]:
        if self.on_board:
            return self.board.marked_ids() or self.cards.ids()
        return self.records.marked_ids() or self.records.ids

    def looked_records(self) -> RecordList:
        return self.records

    def filtered_source(self) -> InterestSource:
        return self._source

    def empty_text(self) -> str:
        return _("No Interest yet. a on a letter accepts an inquiry, n here makes one by hand.")

    def filtered_kind(self) -> str:
        return "interest"

    def filtered_id(self) -> int | None:
        return self.board.current_id if self.on_board else self.records.current_id

    def show_narrowed(self, keep: int | None) -> None:
        if self.narrowing.condition is not None:
            self._show_trash(False)
        self.cards.narrowing = self.narrowing
        super().show_narrowed(keep)
        if self.on_board:
            self.read_board()

    # The Interests that commands mean

    def interest_id(self) -> int:
        current = self.board.current_id if self.on_board else self.records.current_id
        if current is None:
            raise Refused("nothing_chosen")
        return current

    def chosen_interests(self) -> tuple[int, ...]:
        marked = self.board.marked_ids() if self.on_board else self.records.marked_ids()
        return marked or (self.interest_id(),)

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self.shell.run_command("everywhere.show_interest", str(event.id))

    def on_record_list_highlighted(self, _event: RecordList.Highlighted) -> None:
        self.session_changed()

    def show_record(self, record_id: int) -> None:
        """Open the card, in place of one that is open. Raises NotFound."""
        self.card_of(record_id)
        if isinstance(self.app.screen, InterestScreen):
            self.app.pop_screen()
        self.app.push_screen(InterestScreen(record_id))

    # How they are shown

    def command_interest_view(self, argument: str = "") -> None:
        """The board, or the list."""
        self._show_trash(False)
        self._switch(board=not self.on_board)
        self.session_changed()

    def command_interest_in_trash(self, argument: str = "") -> None:
        """Those in the trash, always as a list, or the others again."""
        self._show_trash(not self._source.in_trash)
        self.session_changed()

    def _show_trash(self, shown: bool) -> None:
        if shown == self._source.in_trash:
            return
        if shown and self.narrowing.condition is not None:
            self.clear_filter()  # it finds nothing of what lies in the trash
        self._source.in_trash = self.query_one("#trash-head").display = shown
        self.records.set_empty(
            Content(_("Nothing lies in the trash. X: back") if shown else self.empty_text())
        )
        self.records.unmark_all()
        if self.on_board:
            self._switch(board=False)
        else:
            self.records.reload()

    def _switch(self, *, board: bool) -> None:
        self.on_board = board
        self.records.display = not board
        self.board.display = self.query_one("#board-head").display = board
        self._shown.focus()
        self.reload()

    def command_interest_closed(self, argument: str = "") -> None:
        """Closed Interests too, or only open ones."""
        self._source.closed = self.cards.closed = not self._source.closed
        self.reload()
        self.shell.say(_("Closed ones too") if self._source.closed else _("Open ones only"))
        self.session_changed()
