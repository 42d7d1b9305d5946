"""What the board of a scenario shows: its states with counts and sums, and the cards in them."""

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crm_tui.domain.clock import Clock
from crm_tui.i18n import _, ngettext
from crm_tui.screens.interest.interest_source import ABOUT_CLOSED, NO_NEXT, age_text, amount_text
from crm_tui.screens.lists.narrowing import Narrowing, asks_about, clause_of
from crm_tui.store.engine import Store
from crm_tui.store.queries import board, interests
from crm_tui.store.queries.board import Heap
from crm_tui.store.queries.interests import InterestRow, StateRow
from crm_tui.widgets.board_drawing import Card, Column
from crm_tui.widgets.row_source import Order

if TYPE_CHECKING:
    from crm_tui.screens.lists.looked_rows import Looks
    from crm_tui.services.record.row_looks import Look

MOST_CURRENCIES = 3
LATE = "!"
"""The next action should have been done by now."""


class BoardSource:
    """One scenario at a time; closed states are columns too when ``closed``."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self.scenario_id = 0
        self.closed = False
        self.narrowing: Narrowing | None = None
        self.needle = ""
        self.order = Order("next")
        self.states: dict[int, StateRow] = {}
        self.looks: Looks | None = None
        """Marks and styles of cards, as in the list."""

    def read(self) -> list[Column]:
        """All columns with the ids of their cards. Called in a thread."""
        if self.looks is not None:
            self.looks.read()
        clause = clause_of(self.narrowing, anew=True)
        closed = self.closed or asks_about(self.narrowing, ABOUT_CLOSED)
        with self._store.read() as connection:
            states = board.columns(connection, self.scenario_id, closed=closed)
            heaps = board.heaps(connection, self.scenario_id, self.needle, clause)
            ids = board.ids(
                connection,
                self.scenario_id,
                self.order.column,
                descending=self.order.descending,
                needle=self.needle,
                closed=closed,
                clause=clause,
            )
        self.states = {state.id: state for state in states}
        lines = min(MOST_CURRENCIES, max((len(heap.sums) for heap in heaps.values()), default=0))
        empty: array[int] = array("q")
        return [
            Column(
                state.id,
                _titled(state, heaps.get(state.id)),
                _sums(heaps.get(state.id), lines),
                ids.get(state.id, empty),
            )
            for state in states
        ]

    def ids(self) -> list[int]:
        """All cards of the board, column after column."""
        return [key for column in self.read() for key in column.ids]

    def cards(self, ids: Sequence[int]) -> Mapping[int, Card]:
        """The cards of these Interests."""
        looks = self.looks.of(ids) if self.looks is not None else {}
        with self._store.read() as connection:
            rows = interests.rows(connection, ids)
        return {key: self._card(row, looks.get(key)) for key, row in rows.items()}

    def _card(self, row: InterestRow, look: "Look | None") -> Card:
        now = self._clock()
        late = row.outcome == "open" and row.next_at is not None and row.next_at < now
        mark = LATE if late else NO_NEXT if row.outcome == "open" and not row.has_next else ""
        # The amount first: in a narrow column the word for a card that stands too long would push it out.
        facts = (amount_text(row.amount_minor, row.currency), age_text(row, now))
        name = row.name if look is None else f"{look.text} {row.name}"
        lines = (name, row.party, " ".join(fact for fact in facts if fact))
        style = "" if look is None or look.style == "plain" else look.style
        return Card(lines, mark, stale=row.is_rotting(now), dimmed=row.outcome != "open", look=style)


def total_text(columns: Sequence[Column]) -> str:
    """How many cards there are on the board."""
    count = sum(len(column.ids) for column in columns)
    return ngettext("{count} Interest", "{count} Interests", count).format(count=count)


def _titled(state: StateRow, heap: Heap | None) -> str:
    return f"{_(state.name)} {heap.count if heap else 0}"


def _sums(heap: Heap | None, lines: int) -> tuple[str, ...]:
    """The sums, one a currency; where there are too many the smallest are left out, and that is shown."""
    texts = [amount_text(minor, currency) for currency, minor in heap.sums] if heap else []
    if len(texts) > lines:
        texts = texts[:lines]
        texts[-1] += " +"
    return tuple(texts + [""] * (lines - len(texts)))
