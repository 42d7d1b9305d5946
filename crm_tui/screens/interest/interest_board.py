"""The board of Interests: My Sales as columns of cards (IDX-27)."""

import asyncio
from typing import TYPE_CHECKING, Any

from textual.content import Content
from textual.widgets import Static

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import fold
from crm_tui.i18n import _
from crm_tui.screens.interest.board_source import BoardSource, total_text
from crm_tui.screens.interest.interest_commands import InterestCommands
from crm_tui.screens.interest.interest_source import ALL_COLUMNS
from crm_tui.store.queries import interests
from crm_tui.widgets.board_view import BoardView
from crm_tui.widgets.row_source import Order

if TYPE_CHECKING:
    from crm_tui.screens.base import CrmScreen

    class Base(InterestCommands, CrmScreen[Any]):
        pass
else:
    Base = InterestCommands

ORDERS = ("next", "amount", "age", "changed", "name")


class InterestBoard(Base):
    """For the screen that shows a ``BoardView`` named ``board`` over a ``BoardSource`` named ``cards``."""

    board: BoardView
    cards: BoardSource
    on_board = False
    _total = _said = ""

    def read_board(self) -> None:
        """Read the board anew, in a thread; the cursor stays on its card."""
        self.run_worker(self._take_board(), group="board", exclusive=True)

    async def _take_board(self) -> None:
        if not self.cards.scenario_id:
            with self.store.read() as connection:
                found = interests.scenarios(connection)
            if not found:
                return
            self.cards.scenario_id = found[0][0]
        columns = await asyncio.to_thread(self.cards.read)
        self._total = total_text(columns)
        self.board.show(columns)
        self.show_board_head()

    def show_board_head(self) -> None:
        """Which scenario, in what order, and which of its columns are seen."""
        with self.store.read() as connection:
            names = {key: name for key, _code, name in interests.scenarios(connection)}
        order = next(column.title for column in ALL_COLUMNS if column.id == self.cards.order.column)
        seen, count = self.board.seen, len(self.cards.states)
        parts = [
            _(names.get(self.cards.scenario_id, "")),
            self._total,
            _("by {order}").format(order=_(order)),
        ]
        if len(seen) < count:
            parts.append(
                _("columns {first}–{last} of {count}").format(
                    first=seen.start + 1, last=seen.stop, count=count
                )
            )
        marked = len(self.board.marked_ids())
        if marked:
            parts.append(_("{count} marked").format(count=marked))
        text = " · ".join(parts)
        if text != self._said:
            self._said = text
            self.query_one("#board-head", Static).update(Content(text))

    def on_board_view_opened(self, event: BoardView.Opened) -> None:
        self.shell.run_command("everywhere.show_interest", str(event.key))

    def on_board_view_highlighted(self, _event: BoardView.Highlighted) -> None:
        self.show_board_head()
        self.session_changed()

    # Commands

    async def command_board_on(self, argument: str = "") -> None:
        """The marked cards, or the one under the cursor, into the next state."""
        await self._move_cards(1)

    async def command_board_back(self, argument: str = "") -> None:
        """The marked cards, or the one under the cursor, into the state before."""
        await self._move_cards(-1)

    async def _move_cards(self, step: int) -> None:
        chosen = self.chosen_interests()
        with self.store.read() as connection:
            states = interests.states(connection, self.cards.scenario_id)
        here = next(index for index, state in enumerate(states) if state.id == self.board.column)
        if not 0 <= here + step < len(states):
            raise Refused("no_column_there")
        if await self.move_interests(chosen, states[here + step]):
            self.board.unmark_all()

    def command_board_scenario(self, argument: str = "") -> None:
        """The board of the next scenario, or of the one named."""
        with self.store.read() as connection:
            found = interests.scenarios(connection)
        keys = [key for key, _code, _name in found]
        named = [key for key, _code, name in found if argument and fold(_(name)).startswith(fold(argument))]
        here = keys.index(self.cards.scenario_id) if self.cards.scenario_id in keys else -1
        self.cards.scenario_id = named[0] if named else keys[(here + 1) % len(keys)]
        self.board.unmark_all()
        self.read_board()
        self.session_changed()

    def command_list_sort(self, argument: str = "") -> None:
        """The cards in another order: the next one, or by the column named."""
        named = [
            column.id
            for column in ALL_COLUMNS
            if argument and column.id in ORDERS and fold(_(column.title)).startswith(fold(argument))
        ]
        here = ORDERS.index(self.cards.order.column)
        column = named[0] if named else ORDERS[(here + 1) % len(ORDERS)]
        self.cards.order = Order(column, descending=column in ("amount", "changed"))
        self.read_board()
