"""What is held of a person: counted, and erased (C-13, L-13; docs/personal-data.md).

Erasing is one unit of work, journalled as ``personal.erase`` without what was erased, and no undo takes it back.
After it the file is written anew (`store.erasing.rinse`), or freed pages would keep the words.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, false, func, not_, select, update

from crm_tui.domain.errors import Refused
from crm_tui.services import users
from crm_tui.services.privacy import person_search, traces
from crm_tui.services.privacy.person import ERASED, KINDS, Person, replaced
from crm_tui.services.privacy.personal_tables import PERSONAL, OfColumn, Personal
from crm_tui.store import erasing, files, record_index, search, search_erasing
from crm_tui.store.engine import Store
from crm_tui.store.erasing import Rinsed, among, stored_value
from crm_tui.store.images import Image, raw_table
from crm_tui.store.record_index import RECORD_KINDS
from crm_tui.store.tables import Outbox, Placement, every_table, found, models, table_of
from crm_tui.store.work import Actor, Work

COMMAND = "personal.erase"
"""Under which an erasure stands in the journal."""
_ON_THE_WAY = ("queued", "sending", "deferred", "uncertain")


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one table that are a person's."""

    table: str
    erased: int
    kept: int
    """Of which only the name is replaced."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an erasure would do."""

    person: Person
    counts: tuple[Count, ...]
    mentions: int
    """Letters and records of others that say the whole name or an address, and stay."""

    @property
    def name(self) -> str:
        """The name to be typed as a confirmation."""
        return self.person.title


@dataclass(frozen=True, slots=True)
class Erasure:
    """What an erasure did."""

    counts: tuple[Count, ...]
    images: int
    """Images of the journal out of which the words were taken."""
    rinsed: Rinsed
    backups: tuple[Path, ...]
    """Copies of the store in which the person still stands."""
    traces: tuple[Path, ...] = ()
    """Files of the program in which the person may still stand."""


def preview(connection: Connection, kind: str, record_id: int, *, keep: bool = True) -> Preview:
    """What there is of the person and what an erasure would do; ``keep`` as in `erase`. Raises NotFound, Refused for
    a firm."""
    person = person_search.find(connection, kind, record_id, keep=keep)
    counts = []
    for name, entry in PERSONAL.items():
        count = _count(connection, person, found(name), entry)
        if count.erased or count.kept:
            counts.append(count)
    return Preview(person, tuple(counts), _mentions(connection, person))


def erase(
    store: Store, actor: Actor, kind: str, record_id: int, *, keep: bool = True, from_server: bool = False
) -> Erasure:
    """Erase the person from the store, and its file of all that they were known by.

    ``keep``: papers and Interests with money stay, with the name replaced, as the law asks of a company.
    Erasing once more does no harm: it ends what was cut short, such as writing the file anew.
    ``from_server``: their letters are deleted on the mail server too, at the next sync.
    Raises NotFound; Refused for a firm, to who is no administrator, and while a letter to the person is on its way;
    StoreBusy.
    """
    every_table()
    with store.facts(COMMAND) as work:
        users.need_administrator(work.connection, actor)
        person = person_search.find(work.connection, kind, record_id, keep=keep)
        _refuse_on_the_way(work.connection, person)
        store.defer_foreign_keys(work.connection)
        search_erasing.forget_letters(work.connection, person.of("letter"))
        with erasing.unguarded(work.connection):
            # All is counted before anything goes, for what is found depends on what is there.
            counts = tuple(
                _count(work.connection, person, found(name), entry) for name, entry in PERSONAL.items()
            )
            images = sum(_erase_table(work, person, name, entry) for name, entry in PERSONAL.items())
        _put_away(work, person)
        if from_server:
            _delete_on_server(work, person)
        told = [(each, row_id) for each in (*KINDS, "interest", "document") for row_id in person.of(each)]
        erasing.note(work, actor, COMMAND, sorted(told))
    # At once, for no second erasing knows the name.
    left = traces.clean(person, store.path)
    with store.facts(COMMAND) as work:
        search_erasing.purge_index(work.connection)
    rinsed = erasing.rinse(store)
    return Erasure(tuple(c for c in counts if c.erased or c.kept), images, rinsed, copies(store.path), left)


def copies(path: Path) -> tuple[Path, ...]:
    """Backups beside the store, and stores that were set aside."""
    aside = [*path.parent.glob(f"{path.name}.before-*"), *path.parent.glob(f"{path.name}.damaged-*")]
    return (*files.backups(path), *sorted(aside))


def clauses(person: Person, table: Table, entry: Personal) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """The clause of the rows that are the person's, and of those among them of which only the name is replaced."""
    column = table.c.__getitem__
    mine = func.coalesce(entry.find(person, column), false())
    kept = func.coalesce(entry.kept(person, column), false()) if entry.kept else false()
    return mine == 1, kept == 1 if entry.kept else false()


def _count(connection: Connection, person: Person, table: Table, entry: Personal) -> Count:
    mine, kept = clauses(person, table, entry)
    everything, named = (
        connection.execute(select(func.count()).select_from(table).where(clause)).scalar_one()
        for clause in (mine, and_(mine, kept))
    )
    return Count(table.name, everything - named, named)


def _erase_table(work: Work, person: Person, name: str, entry: Personal) -> int:
    """Erase the rows of one table and the images of them; answers how many images."""
    table = found(name)
    mine, kept = clauses(person, table, entry)
    words = {each: value for each, value in entry.erased.items() if not isinstance(value, OfColumn)}
    copies_of = {each: value.name for each, value in entry.erased.items() if isinstance(value, OfColumn)}
    copied = {each: table.c[other] for each, other in copies_of.items()}
    has_id = "id" in table.c
    ids = set(work.connection.scalars(select(table.c.id).where(mine))) if has_id else set()
    kept_ids = set(work.connection.scalars(select(table.c.id).where(mine, kept))) if has_id else set()
    for row_id in kept_ids:
        _rename(work.connection, person, table, entry, row_id)
    gone = among(table.c.id, ids - kept_ids) if has_id else mine
    if entry.removed:
        work.connection.execute(delete(table).where(gone))
    elif words:
        version = {"version": table.c.version + 1} if "version" in table.c else {}
        work.connection.execute(update(table).where(gone).values(**words, **copied, **version))
    if not has_id:
        return 0
    work.touch(models()[name], ids)
    blank = {each: stored_value(table, each, value) for each, value in words.items()}

    def scrub(image: Image, row_id: int) -> Image:
        if row_id in kept_ids:
            return image | {each: _renamed(person, image.get(each)) for each in entry.erased}
        filled = blank | {each: image.get(other) for each, other in copies_of.items()}
        return image | {each: value for each, value in filled.items() if each in image}

    return erasing.scrub_journal(work.connection, name, ids, lambda column: entry.find(person, column), scrub)


def _rename(connection: Connection, person: Person, table: Table, entry: Personal, row_id: int) -> None:
    """Replace the name in the words of one row; JSON is written as the text that it is."""
    raw = raw_table(table.name)
    row = connection.execute(select(raw).where(raw.c.id == row_id)).one()._mapping
    values = {each: _renamed(person, row[each]) for each in entry.erased}
    connection.execute(update(raw).where(raw.c.id == row_id).values(values))


def _renamed(person: Person, value: Any) -> Any:
    return replaced(person, value, ERASED) if isinstance(value, str) else value


def _put_away(work: Work, person: Person) -> None:
    """The records stay as what others refer to, and stand in no list."""
    for kind in KINDS:
        table = found(kind)
        statement = update(table).where(among(table.c.id, person.of(kind)))
        work.connection.execute(statement.values(trashed_at=work.now, changed_at=work.now))


def _delete_on_server(work: Work, person: Person) -> None:
    placement = table_of(Placement)
    whose = and_(among(placement.c.letter_id, person.of("letter")), not_(placement.c.deleted))
    ids = list(work.connection.scalars(select(placement.c.id).where(whose)))
    work.connection.execute(update(placement).where(among(placement.c.id, ids)).values(deleted=True))
    work.touch(Placement, ids)


def _refuse_on_the_way(connection: Connection, person: Person) -> None:
    outbox = table_of(Outbox)
    whose = and_(among(outbox.c.id, person.of("outbox")), outbox.c.status.in_(_ON_THE_WAY))
    waiting = connection.execute(select(func.count()).where(whose)).scalar_one()
    if waiting:
        raise Refused("erase_on_the_way", n=waiting)


def _mentions(connection: Connection, person: Person) -> int:
    """What else the search finds under the whole name or an address: a letter or record once for each word."""
    mine = person.of("letter")
    said: set[tuple[str, int]] = set()
    for word in (*person.names, *person.addresses):
        asked = record_index.expression(word)
        hits = (search.letter_of(key) for key in search.letter_hits(connection, asked, 0, 1 << 62, _MOST))
        said |= {("letter", one) for one in hits if one not in mine}
        for kind in RECORD_KINDS:
            found_there = record_index.record_hits(connection, kind, asked, _MOST)
            said |= {(kind, one) for _rank, one in found_there if one not in person.of(kind)}
    return len(said)


_MOST = 1000
"""Mentions of a word that are counted."""
