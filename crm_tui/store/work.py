"""The unit of work: the one way to change the store.

Rows are written by ``add``, ``change``, ``change_many`` and ``remove``; each remembers how the row was before. At
the end the journal entry, the search documents and the change row are written in the same transaction.
"""

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, Select, Table, Update, bindparam, delete, insert, select
from sqlmodel import SQLModel

from crm_tui.domain.errors import Conflict, NotFound
from crm_tui.store import held, journal, records
from crm_tui.store.hooking import Entry
from crm_tui.store.images import Image, image_from, images_of, inserted_id, raw_row, typed
from crm_tui.store.tables import Change, table_of
from crm_tui.store.tables.base import Fact, Record

if TYPE_CHECKING:
    from crm_tui.domain.stems import Searchable
    from crm_tui.store.documents import LetterDocument
    from crm_tui.store.engine import Store

Row = TypeVar("Row", bound=SQLModel)
KEPT_CHANGES = 2000
MANY_IDS = 5000
"""A topic with more ids than this is published as "all of it" (an empty set)."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who changes something: a person, a rule, or the program itself."""

    name: str
    user_id: int | None = None

    @classmethod
    def program(cls, part: str) -> "Actor":
        """The program's own hand, for instance the sync."""
        return cls(f"program:{part}")


class Work:
    """One transaction on the store, open until its ``with`` block ends."""

    connection: Connection
    """For reads within the unit, and for bulk facts (then call ``touch``)."""

    def __init__(
        self, store: "Store", actor: Actor, command: str, *, journal: bool = True, undoable: bool = True
    ) -> None:
        self.store = store
        self.actor = actor
        self.command = command
        self.now: datetime = store.clock()
        self.topics: dict[str, set[int]] = {}
        self.undoes: int | None = None
        self.entries: list[Entry] = []
        self._journal = journal
        self._undoable = undoable
        self._before: dict[tuple[str, int], Image | None] = {}
        self._bodies: dict[int, Searchable] = {}
        self._heads: dict[int, LetterDocument] = {}
        self._entry: int | None = None
        self._told: dict[str, set[int]] = {}
        self._at_end: list[Callable[[], None]] = []

    def begin(self, connection: Connection) -> None:
        """Called by the store once the transaction is open."""
        self.connection = connection
        # Again, for another may have held the gate for seconds: entries of the journal follow each other in time.
        self.now = self.store.clock()

    def get(self, model: type[Row], row_id: int) -> Row:
        """The row with this id. Raises NotFound."""
        row = self.find(model, id=row_id)
        if row is None:
            raise NotFound("no_such_record", kind=table_of(model).name, id=row_id)
        return row

    def find(self, model: type[Row], **where: Any) -> Row | None:
        """The first row whose columns have these values, or None."""
        rows = self.all(model, limit=1, **where)
        return rows[0] if rows else None

    def all(self, model: type[Row], *, limit: int | None = None, **where: Any) -> list[Row]:
        """Every row whose columns have these values, by id."""
        query = _those_with(
            table_of(model), tuple((name, value is None) for name, value in where.items()), limit
        )
        values = {name: value for name, value in where.items() if value is not None}
        return [records.load(model, dict(row._mapping)) for row in self.connection.execute(query, values)]

    def add(self, row: Row) -> Row:
        """Insert the row and give it its id."""
        table = table_of(type(row))
        values = records.values(row)
        # Values beside the statement: SQLAlchemy finds it compiled without looking through each of them.
        result = self.connection.execute(insert(table), values)
        if "id" in table.c:
            row_id = inserted_id(result)
            row.id = row_id
            self._note(table.name, row_id, None)
        return row

    def add_many(self, rows: Sequence[Record | Fact]) -> None:
        """Insert rows of one table, and give them their ids."""
        if not rows:
            return
        table = table_of(type(rows[0]))
        query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
        ids = self.connection.scalars(query, [records.values(row) for row in rows])
        for row, row_id in zip(rows, ids, strict=True):
            row.id = row_id
            self._note(table.name, row_id, None)

    def change(self, row: Record | Fact, *, expected_version: int | None = None, **values: Any) -> bool:
        """Write new values into the row and its object; True when something differs.

        ``expected_version`` guards a form: raises Conflict when the row has changed since it was read.
        """
        table = table_of(type(row))
        stored = raw_row(self.connection, table.name, row.key)
        if stored is None:
            raise NotFound("no_such_record", kind=table.name, id=row.key)
        if expected_version is not None and stored["version"] != expected_version:
            raise Conflict("changed_meanwhile", kind=table.name, id=row.key)
        changed = {
            name: value
            for name, value in values.items()
            if typed(self.connection, table.name, name, stored[name]) != value
        }
        if not changed:
            return False
        self._note(table.name, row.key, image_from(stored))
        if isinstance(row, Record):
            changed["version"] = stored["version"] + 1
        self.connection.execute(_written(table, tuple(changed)), {**changed, "of_id": row.key})
        row.__dict__.update(changed)
        return True

    def change_many(self, model: type[Record] | type[Fact], ids: Iterable[int], **values: Any) -> list[int]:
        """Write the same values into many rows at once and return the ids that are there."""
        table = table_of(model)
        found: list[int] = []
        for batch in _batches(list(dict.fromkeys(ids))):
            before = images_of(self.connection, table.name, batch)
            for row_id, image in before.items():
                self._note(table.name, row_id, image)
            changed: dict[str, Any] = dict(values)
            if issubclass(model, Record):
                changed["version"] = table.c.version + 1
            self.connection.execute(table.update().where(table.c.id.in_(list(before))).values(changed))
            found.extend(before)
        return found

    def remove(self, row: Record | Fact) -> None:
        """Delete the row."""
        self.remove_many(type(row), [row.key])

    def remove_many(self, model: type[Record] | type[Fact], ids: Iterable[int]) -> None:
        """Delete the rows."""
        table = table_of(model)
        for batch in _batches(list(ids)):
            for row_id, image in images_of(self.connection, table.name, batch).items():
                self._note(table.name, row_id, image)
            self.connection.execute(delete(table).where(table.c.id.in_(batch)))

    def touch(self, model: type[SQLModel], ids: Iterable[int]) -> None:
        """Say that rows were written through ``connection``: for the feed and the search, not the journal.

        A letter whose header or text is new is touched as ``Letter``, or nobody finds it.
        """
        touched = set(ids)
        if touched:
            self.topics.setdefault(table_of(model).name, set()).update(touched)

    def index_as(
        self, bodies: "Mapping[int, Searchable] | None" = None, *, heads: Iterable["LetterDocument"] = ()
    ) -> None:
        """Say what the search is to know of letters that this unit of work touched: of texts that it stored, by
        letter, and of letters that it made, which have no text yet. It spares reading them again."""
        self._bodies.update(bodies or {})
        self._heads.update((head.letter_id, head) for head in heads)

    def act_for(self, actor: Actor, command: str) -> None:
        """From here on the unit is another's act, with a journal entry of its own that no undo takes back: a rule
        acts on what arrives."""
        self._write_journal()
        self._entry = None
        self.actor, self.command = actor, command
        self._journal, self._undoable = True, False

    def restore(self, table_name: str, images: Mapping[int, Image | None], now: Mapping[int, Image]) -> None:
        """Bring rows to images byte for byte; None deletes the row. ``now``: those that are there, as they are. For
        undo only."""
        for row_id in images:
            self._note(table_name, row_id, now.get(row_id))
        journal.write_images(self.connection, table_name, images, now)

    def at_end(self, act: Callable[[], None]) -> None:
        """Do this when the block has come to its end, still in this unit: what follows from all that was written."""
        self._at_end.append(act)

    def entry(self) -> int:
        """Id of the journal entry of this unit, which is written with it if there was none yet."""
        if self._entry is None:
            self._entry = journal.begin(self, undoable=self._undoable)
        return self._entry

    def carried(self, topics: Mapping[str, set[int]]) -> None:
        """Say what was written with its rows of the journal and its documents of the search (`store.trial`)."""
        for name, ids in topics.items():
            self._told.setdefault(name, set()).update(ids)

    def settle(self) -> None:
        """Write down what was changed so far: a unit that changes a hundred thousand rows calls this every few
        hundred, so that it need not remember them. Still one unit, one entry of the journal."""
        from crm_tui.store import search

        before = self._before
        self._write_journal()
        search.refresh(self.connection, self.topics, before, self._bodies, self._heads)
        for name, ids in self.topics.items():
            told = self._told.setdefault(name, set())
            if len(told) <= MANY_IDS:
                told |= ids
        self.topics, self._bodies, self._heads = {}, {}, {}

    def finish(self) -> None:
        """Called by the store at the end of the block: what is left to do, journal, search documents, change row.

        Raises Refused (``state_held``) where a state was written that a process holds.
        """
        while self._at_end:
            self._at_end.pop(0)()
        self.settle()
        if "interest" in self._told:
            ids = self._told["interest"]
            held.refuse_other_writers(self.connection, ids if len(ids) <= MANY_IDS else ())
        self.topics = {name: ids if len(ids) <= MANY_IDS else set() for name, ids in self._told.items()}
        if self.topics:
            self._announce()

    def _write_journal(self) -> None:
        if self._journal:
            before = self._entry
            self._entry = journal.write(self, self._before, undoable=self._undoable, entry_id=before)
            if self._entry is not None and before is None:
                self.entries.append(Entry(self._entry, self.command, self.actor, self.now))
        self._before = {}

    def _announce(self) -> None:
        topics = {name: sorted(ids) for name, ids in self.topics.items()}
        change = table_of(Change)
        result = self.connection.execute(insert(change), {"origin": self.store.origin, "topics": topics})
        newest = inserted_id(result)
        if newest % 100 == 0:
            self.connection.execute(delete(change).where(change.c.id <= newest - KEPT_CHANGES))

    def _note(self, table_name: str, row_id: int, before: Image | None) -> None:
        self._before.setdefault((table_name, row_id), before)
        self.topics.setdefault(table_name, set()).add(row_id)


@functools.cache
def _those_with(table: Table, where: tuple[tuple[str, bool], ...], limit: int | None) -> Select[Any]:
    """The rows where each of these columns is what is given under its name, or NULL. Made once: making a statement
    costs more than asking it."""
    conditions = (
        table.c[name].is_(None) if is_null else table.c[name] == bindparam(name) for name, is_null in where
    )
    query = select(table).where(*conditions).order_by(*table.primary_key.columns)
    return query if limit is None else query.limit(limit)


@functools.cache
def _written(table: Table, columns: tuple[str, ...]) -> Update:
    """The row ``of_id`` gets new values in these columns. Made once, as above."""
    values: dict[str, Any] = {name: bindparam(name) for name in columns}
    return table.update().where(table.c.id == bindparam("of_id")).values(values)


def _batches(ids: Sequence[int], size: int = 500) -> Iterable[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
