"""Records by a few letters, for the palette: the newest letters, and the best of what can be gone to."""

from collections.abc import Sequence

from sqlalchemy import select

from crm_tui.domain import query
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.services.ports import Found
from crm_tui.store import finding
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, Placement, table_of

MOST_LETTERS = 8
MOST_RECORDS = 20
SHOWN = frozenset({"task", "event", "interest", "interaction"})
"""Kinds of records that a command ``everywhere.show_…`` goes to."""

letter, placement = table_of(Letter), table_of(Placement)


class StoredRecords:
    """The ``RecordSearch`` of ``services.ports``, over the store. Costs milliseconds; called in a thread."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store = store
        self._zone = zone_of(zone)

    def __call__(self, text: str) -> Sequence[Found]:
        with self._store.read() as connection:
            records = finding.search_records(connection, text, MOST_RECORDS)
            meant = query.parse(text, self._store.clock(), self._zone)
            places = list(finding.search_letters(connection, meant, limit=MOST_LETTERS))[:MOST_LETTERS]
            subjects = dict(
                connection.execute(
                    select(placement.c.id, letter.c.subject)
                    .join_from(placement, letter, placement.c.letter_id == letter.c.id)
                    .where(placement.c.id.in_(places))
                ).all()
            )
        found = [
            Found(row.kind, clean(row.title), f"everywhere.show_{row.kind}", str(row.id))
            for row in records
            if row.kind in SHOWN
        ]
        return found + [
            Found("letter", clean(subjects[place] or ""), "everywhere.show_letter", str(place))
            for place in places
            if place in subjects
        ]
