"""The rows of the journal of contacts."""

from array import array
from collections.abc import Mapping, Sequence

from crm_tui.domain.clock import Clock
from crm_tui.domain.wall import to_wall, zone_of
from crm_tui.i18n import N_, _
from crm_tui.screens.interaction.interaction_acts import attempt_text
from crm_tui.screens.lists.narrowing import Narrowing, clause_of
from crm_tui.screens.wording import begun_large, kind_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import interactions
from crm_tui.store.queries.interactions import InteractionRow, Which
from crm_tui.widgets.row_source import Column, Order, Row, RowFlag

STATUSES = {
    "planned": N_("planned"),
    "held": N_("held"),
    "cancelled": N_("cancelled"),
    "missed": N_("missed"),
}


class JournalSource:
    """Interactions by time, the newest first; which of them by ``which``."""

    def __init__(self, store: Store, clock: Clock, zone: str) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.which = Which()
        self.narrowing: Narrowing | None = None
        self.columns = (
            Column("at", _("When"), width=14, sortable=False),
            Column("kind", _("Kind"), width=10, sortable=False),
            Column("party", _("With whom"), flex=2, min_width=14, sortable=False),
            Column("result", _("Result"), flex=3, min_width=16, sortable=False),
            Column("status", _("Status"), width=12, sortable=False, drop=1),
            Column("owner", _("By whom"), flex=1, min_width=10, sortable=False, drop=2),
        )

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        clause = clause_of(self.narrowing, anew=False)
        with self._store.read() as connection:
            wanted = interactions.ids(connection, self.which, needle, limit, narrowed=clause)
            rows = interactions.rows(connection, wanted)
        return [self._row(rows[key]) for key in wanted if key in rows]

    def ids(self, _order: Order, needle: str) -> "array[int]":
        """All ids."""
        clause = clause_of(self.narrowing, anew=True)
        with self._store.read() as connection:
            return interactions.ids(connection, self.which, needle, narrowed=clause)

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            found = interactions.rows(connection, ids)
        return {key: self._row(row) for key, row in found.items()}

    def _row(self, row: InteractionRow) -> Row:
        planned = row.status == "planned"
        status = attempt_text(row.attempts + 1) if planned and row.attempts else _(STATUSES[row.status])
        said = next((line for line in row.result.splitlines() if line.strip()), "")
        flags = RowFlag.NONE
        if planned and row.starts_at < self._clock():
            flags = RowFlag.OVERDUE
        elif row.status == "cancelled":
            flags = RowFlag.DIMMED
        way = "←" if row.direction == "in" else "→"
        return Row(
            row.id,
            (
                f"{to_wall(row.starts_at, self._zone):%d.%m.%y %H:%M}",
                f"{way} {kind_text(row.kind)}",
                row.party or _("(nobody yet)"),
                " · ".join(filter(None, (said, row.subject if row.subject != row.party else ""))),
                begun_large(status),
                row.owner,
            ),
            flags,
        )
