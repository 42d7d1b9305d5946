"""Undo and redo of any journalled command.

An undo is itself a journal entry that names the one it takes back; a redo takes back an undo. Only the fields that
the command changed are brought back, so that what the sync learned meanwhile stays; when somebody else changed one
of those fields since, nothing is touched and the conflict is told.

A row that nobody else wrote comes back byte for byte, its ``version`` too. So the number of a version can be given
twice: a form that was opened between a change and its undo does not notice it when exactly one other change was
made after the undo, and writes over it. That is the price of the exact undo (issue 2); the journal has both.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Select, exists, select
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.errors import Conflict, NotFound
from crm_tui.store import references
from crm_tui.store.images import Image, images_of
from crm_tui.store.tables import JournalEntry, JournalRow, found, table_of
from crm_tui.store.work import Actor, Work

if TYPE_CHECKING:
    from crm_tui.store.engine import Store

_STAMPS = ("version", "changed_at")
"""Columns that every change writes: that they differ says only that something else was changed."""
_BATCH = 500
"""Rows of an entry that are brought back before they are written down."""
_SENT = ("outbox", "text_message")
"""Tables of what may have gone when it is to be taken back."""


@dataclass(frozen=True, slots=True)
class Undone:
    """What an undo or redo did."""

    command: str
    rows: int


@dataclass(frozen=True, slots=True)
class Left:
    """A field that was changed since, and so was left as it is; an empty name for the whole row."""

    table: str
    row_id: int
    field: str


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What came of taking back an entry that is not the last."""

    rows: int
    left: list[Left]


def undo(store: "Store", actor: Actor, passed: Collection[int] = ()) -> Undone:
    """Take back the actor's last command that is not taken back yet, the entries ``passed`` left out.

    Raises NotFound when there is none, Conflict when what it changed has been changed since: its ``entry`` and
    ``command`` say which, so that a person who cannot take back a letter that has gone comes to what was before it.
    """
    return _reverse(store, actor, "undo", redo=False, passed=passed)


def redo(store: "Store", actor: Actor) -> Undone:
    """Do again what the actor's last undo took back, if no other command came after it. Raises like ``undo``."""
    return _reverse(store, actor, "redo", redo=True)


def take_back(store: "Store", actor: Actor, entry_id: int) -> TakenBack:
    """Take back one entry, however old it is; what was changed since stays as it is and is told (C-08).

    Raises NotFound when there is no such entry or it was taken back, Conflict when a row that it made is still used.
    """
    try:
        with store.work(actor, "take_back") as work:
            entry = table_of(JournalEntry)
            taken = exists().where(entry.alias().c.undoes == entry_id)
            query = select(entry.c.command).where(entry.c.id == entry_id, entry.c.undoable, ~taken)
            command = work.connection.execute(query).scalar_one_or_none()
            if command is None:
                raise NotFound("nothing_to_undo")
            store.defer_foreign_keys(work.connection)
            work.undoes = entry_id
            left: list[Left] = []
            return TakenBack(_bring_back(work, entry_id, str(command), left), left)
    except IntegrityError as error:
        raise Conflict("undo_still_used", command="take_back") from error


def _reverse(
    store: "Store", actor: Actor, command: str, *, redo: bool, passed: Collection[int] = ()
) -> Undone:
    entry: int | None = None
    what = command
    try:
        with store.work(actor, command) as work:
            entry = _last(work.connection, actor, redo=redo, passed=passed)
            if entry is None:
                raise NotFound("nothing_to_redo" if redo else "nothing_to_undo")
            store.defer_foreign_keys(work.connection)
            work.undoes = entry
            what = _name(work.connection, entry)
            return Undone(what, _bring_back(work, entry, what))
    except IntegrityError as error:
        raise Conflict("undo_still_used", command=what, entry=entry) from error
    except Conflict as conflict:
        conflict.facts["entry"] = entry
        raise


def _last(connection: Connection, actor: Actor, *, redo: bool, passed: Collection[int] = ()) -> int | None:
    """The entry to take back: the newest command for an undo, the newest undo for a redo.

    A redo is barred by any newer command, also by one that was itself undone and done again since.
    """
    entry = table_of(JournalEntry)
    later = entry.alias()
    query = (
        select(entry.c.id, entry.c.command)
        .where(entry.c.user_id == actor.user_id, entry.c.undoable)
        .where(~exists().where(later.c.undoes == entry.c.id))
        .order_by(entry.c.id.desc())
    )
    newest_command = 0
    for entry_id, command in connection.execute(query):
        if not redo:
            if command != "undo" and entry_id not in passed:
                return int(entry_id)
        elif command == "undo":
            return int(entry_id) if newest_command < entry_id else None
        else:
            newest_command = max(newest_command, _root(connection, entry_id))
            if newest_command == entry_id:
                return None
    return None


def _root(connection: Connection, entry_id: int) -> int:
    """The entry of the command a person gave: this one, or what a chain of undo and redo leads back to."""
    entry = table_of(JournalEntry)
    while True:
        taken_back = connection.execute(select(entry.c.undoes).where(entry.c.id == entry_id)).scalar_one()
        if taken_back is None:
            return entry_id
        entry_id = taken_back


def _name(connection: Connection, entry_id: int) -> str:
    entry = table_of(JournalEntry)
    query = select(entry.c.command).where(entry.c.id == _root(connection, entry_id))
    return str(connection.execute(query).scalar_one())


def _bring_back(work: Work, entry_id: int, command: str, left: list[Left] | None = None) -> int:
    row = table_of(JournalRow)
    query = (
        select(row.c.id, row.c.table_name, row.c.row_id, row.c.before, row.c.after)
        .where(row.c.entry_id == entry_id)
        .order_by(row.c.id.desc())
        .limit(_BATCH)
    )
    count = 0
    removed: dict[str, list[int]] = {}
    rows = _written(work.connection, query)
    while rows:
        for together in _each_once(rows):
            for name, row_id in _bring_together(work, together, command, left):
                removed.setdefault(name, []).append(row_id)
        count += len(rows)
        work.settle()
        rows = _written(work.connection, query.where(row.c.id < rows[-1].id))
    for name, ids in removed.items():
        _refuse_orphans(work.connection, name, ids, command)
    return count


@dataclass(frozen=True, slots=True)
class _Written:
    """A row of the journal: what a record was and what it became."""

    id: int
    table: str
    row_id: int
    before: Image | None
    after: Image | None


def _written(connection: Connection, query: Select[Any]) -> list[_Written]:
    return [_Written(*row) for row in connection.execute(query)]


def _each_once(rows: Iterable[_Written]) -> Iterator[Collection[_Written]]:
    """The rows in their order, parted where a record is named once more: a unit of work that settled."""
    together: dict[tuple[str, int], _Written] = {}
    for one in rows:
        if (one.table, one.row_id) in together:
            yield together.values()
            together = {}
        together[one.table, one.row_id] = one
    yield together.values()


def _bring_together(
    work: Work, rows: Collection[_Written], command: str, left: list[Left] | None
) -> list[tuple[str, int]]:
    """Bring records back from what they became to what they were, and answer those that are removed."""
    ids: dict[str, list[int]] = {}
    for one in rows:
        ids.setdefault(one.table, []).append(one.row_id)
    now = {name: images_of(work.connection, name, some) for name, some in ids.items()}
    wanted: dict[str, dict[int, Image | None]] = {}
    for one in rows:
        there = now[one.table].get(one.row_id)
        if one.table in _SENT and one.before is None and _has_gone(there, one.after):
            continue
        gone = one.table == "outbox" and there is not None and there["status"] == "sent"
        conflict = Conflict(
            "undo_letter_gone" if gone else "undo_changed_since",
            command=command,
            kind=one.table,
            id=one.row_id,
        )
        judge = _Judge(one.table, one.row_id, conflict, left)
        image = _merged(one.table, there, one.before, one.after, judge)
        if image != there:
            wanted.setdefault(one.table, {})[one.row_id] = image
    for name, images in wanted.items():
        work.restore(name, images, now[name])
    return [(name, row_id) for name, images in wanted.items() for row_id in images if images[row_id] is None]


def _refuse_orphans(connection: Connection, name: str, ids: list[int], command: str) -> None:
    """What was added to a record since would be left without it. Raises Conflict."""
    for start in range(0, len(ids), _BATCH):
        if references.orphans(connection, name, ids[start : start + _BATCH]):
            raise Conflict("undo_still_used", command=command)


def _has_gone(now: Image | None, after: Image | None) -> bool:
    """Whether an automatic letter or a text message that the entry queued was sent since: it stays, all else is
    brought back (A4)."""
    return now is not None and bool(now.get("automatic", True)) and now != after


@dataclass(frozen=True, slots=True)
class _Judge:
    """What is done about a field that was changed since: told in ``left``, or raised where there is no such list."""

    table: str
    row_id: int
    conflict: Conflict
    left: list[Left] | None

    def changed_since(self, field: str = "") -> None:
        if self.left is None:
            raise self.conflict
        self.left.append(Left(self.table, self.row_id, field))


def _merged(
    name: str, now: Image | None, before: Image | None, after: Image | None, judge: _Judge
) -> Image | None:
    if (now is None) != (after is None):
        judge.changed_since()
        return now
    if now is None or after is None:
        return before
    if before is None:
        if now.get("version") != after.get("version"):
            judge.changed_since()
            return now
        return None
    if now == after:
        return before
    result = dict(now)
    for field, value in after.items():
        changed = before[field] ^ value if found(name).c[field].info.get("bits") else None
        if before[field] == value or (field in _STAMPS and now[field] != value):
            continue
        if changed is not None and not (now[field] ^ value) & changed:
            # The sync may have changed other bits meanwhile.
            result[field] = (now[field] & ~changed) | (before[field] & changed)
        elif changed is None and now[field] == value:
            result[field] = before[field]
        else:
            judge.changed_since(field)
    if "version" in now:
        # Others have written since: a form that was opened on their version must not take this one for it.
        result["version"] = now["version"] + 1
    return result
