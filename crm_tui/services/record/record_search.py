"""Records by a few letters, for the palette: the best of what can be gone to, and the newest letters."""

from collections.abc import Sequence

from sqlalchemy import Connection, String, func, or_, select

from crm_tui.domain import query
from crm_tui.domain.text import clean, fold
from crm_tui.domain.wall import to_wall, zone_of
from crm_tui.services.ports import Found
from crm_tui.store import finding
from crm_tui.store.documents import RecordRow
from crm_tui.store.engine import Store
from crm_tui.store.queries import interests, legal_entities, letters, timeline
from crm_tui.store.tables import found as table_found

MOST_LETTERS = 8
MOST_RECORDS = 20
MOST_OF_PARTY = 5
MOST_DOCUMENTS = 5
MOST_ENTITIES = 5
PARTIES = frozenset({"customer", "contact", "lead"})
SHOWN = PARTIES | frozenset({"task", "event", "interest", "interaction"})
"""Kinds of records that a command ``everywhere.show_…`` goes to."""


class StoredRecords:
    """The ``RecordSearch`` of ``services.ports``, over the store. Costs milliseconds; called in a thread."""

    def __init__(self, store: Store, zone: str) -> None:
        self._store = store
        self._zone = zone_of(zone)

    def __call__(self, text: str) -> Sequence[Found]:
        with self._store.read() as connection:
            records = finding.search_records(connection, text, MOST_RECORDS)
            parties = [
                _found(row.kind, row.id, row.title, row.subtitle) for row in records if row.kind in PARTIES
            ]
            found = self._of_parties(connection, records)
            named = {one.argument for one in found}
            letters_again = timeline.about_letters(
                connection, [row.id for row in records if row.kind == "interaction"]
            )
            found += [
                _found(row.kind, row.id, row.title, row.subtitle)
                for row in records
                if row.kind in SHOWN - PARTIES
                and not (row.kind == "interest" and str(row.id) in named)
                and not (row.kind == "interaction" and row.id in letters_again)
            ]
            return (
                parties
                + _entities(connection, text)
                + found
                + _documents(connection, text)
                + self._letters(connection, text)
            )

    def _of_parties(self, connection: Connection, records: Sequence[RecordRow]) -> list[Found]:
        """The Interests of the customers and people found."""
        ids = interests.of_party(
            connection,
            [row.id for row in records if row.kind == "customer"],
            [row.id for row in records if row.kind == "contact"],
            MOST_OF_PARTY,
        )
        rows = interests.rows(connection, ids)
        return [_found("interest", key, rows[key].name, rows[key].party) for key in ids if key in rows]

    def _letters(self, connection: Connection, text: str) -> list[Found]:
        meant = query.parse(text, self._store.clock(), self._zone)
        places = list(finding.search_letters(connection, meant, limit=MOST_LETTERS))[:MOST_LETTERS]
        rows = letters.rows(connection, places)
        return [
            _found(
                "letter",
                place,
                rows[place].subject,
                f"{rows[place].sender}, {to_wall(rows[place].date, self._zone):%d.%m.%y}",
            )
            for place in places
            if place in rows
        ]


def _entities(connection: Connection, text: str) -> list[Found]:
    """Legal entities by the words of their names, or by the beginning of a number of theirs."""
    ids = legal_entities.ids(connection, "name", needle=text, limit=MOST_ENTITIES)
    rows = legal_entities.rows(connection, ids)
    return [
        _found(
            "legal_entity", key, rows[key].name, " ".join((rows[key].tax_number, rows[key].customer)).strip()
        )
        for key in ids
        if key in rows
    ]


def _documents(connection: Connection, text: str) -> list[Found]:
    """Documents whose title or number has all the words."""
    document = table_found("document")
    query = select(document.c.id, document.c.title, document.c.number).where(document.c.trashed_at.is_(None))
    for word in fold(text).split():
        number = func.crm_fold(document.c.number, type_=String)
        query = query.where(
            or_(
                document.c.title_fold.contains(word, autoescape=True),
                number.contains(word, autoescape=True),
            )
        )
    rows = connection.execute(query.order_by(document.c.id.desc()).limit(MOST_DOCUMENTS))
    return [_found("document", row.id, row.title, row.number) for row in rows]


def _found(kind: str, record_id: int, title: str, beside: str) -> Found:
    text = " · ".join(part for part in (clean(title), clean(beside)) if part)
    return Found(kind, text, f"everywhere.show_{kind}", str(record_id))
