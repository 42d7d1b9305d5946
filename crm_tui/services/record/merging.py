"""Two records that are one are made one (IDX-12, C-08): field by field, everything that hung on either on the one.

The other keeps its row as an alias: its id still opens, it stands in no list. One unit of work, so an undo brings
both back as they were; `apart` does so also when either was edited since, and tells what it left.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import PurePath
from typing import Any

from sqlalchemy import Connection, exists, select

from crm_tui.domain.errors import Conflict, Invalid, NotFound, Refused
from crm_tui.domain.text import fold
from crm_tui.services.party import parties
from crm_tui.services.party.parties import Party
from crm_tui.store import references
from crm_tui.store.engine import Store
from crm_tui.store.records import values as values_of
from crm_tui.store.tables import Contact, ContactInfo, Customer, JournalEntry, JournalRow, Lead, table_of
from crm_tui.store.undo import TakenBack, take_back
from crm_tui.store.work import Actor, Work

COMMAND = "party.merge"
"""The command under which a merge stands in the journal."""
MODELS: Mapping[str, type[Party]] = {"customer": Customer, "contact": Contact, "lead": Lead}
_NOT_CHOSEN = {
    "id",
    "version",
    "name_fold",
    "custom",
    "merged_into_id",
    "trashed_at",
    "created_at",
    "changed_at",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the two differ: what each says. A field of the company's own is ``custom.<code>``."""

    field: str
    kept: Any
    other: Any
    proposed: Any
    """What a person would most likely choose: what is there, and of two texts of notes both."""


def differences(connection: Connection, kind: str, keep_id: int, other_id: int) -> list[Difference]:
    """The fields in which the two differ, in the order of the columns. Raises NotFound."""
    one, other = (_row(connection, kind, key) for key in (keep_id, other_id))
    found = []
    for field in one:
        if field in _NOT_CHOSEN or one[field] == other[field]:
            continue
        found.append(Difference(field, one[field], other[field], _proposed(field, one[field], other[field])))
    for code in sorted({*one["custom"], *other["custom"]}):
        mine, theirs = one["custom"].get(code), other["custom"].get(code)
        if mine != theirs:
            found.append(Difference(f"custom.{code}", mine, theirs, theirs if mine in (None, "") else mine))
    return found


def merge(
    work: Work,
    kind: str,
    keep_id: int,
    other_id: int,
    chosen: Mapping[str, Any] | None = None,
    *,
    seen: Sequence[Difference] | None = None,
) -> Party:
    """Make one record of the two: ``keep_id`` stays, with the ``chosen`` values of fields, by default the proposed.

    Raises Invalid for a record and itself, Refused when one of them is in the trash or was merged, Conflict when they
    do not differ any more in what was ``seen`` when the values were chosen.
    """
    if keep_id == other_id:
        raise Invalid("one_record_twice", kind=kind)
    model = MODELS[kind]
    kept, other = work.get(model, keep_id), work.get(model, other_id)
    for party in (kept, other):
        if party.trashed_at is not None:
            raise Refused("was_merged" if party.merged_into_id else "in_the_trash", name=party.name)
    differing = differences(work.connection, kind, keep_id, other_id)
    if seen is not None and differing != list(seen):
        raise Conflict("changed_meanwhile", kind=kind, id=keep_id)
    proposed = {each.field: each.proposed for each in differing}
    _write(work, kept, {**proposed, **(chosen or {})})
    _infos_over(work, kind, keep_id, other_id)
    _names_apart(work, kind, keep_id, other_id)
    for reference in references.to_kind(kind):
        _over(work, reference, kind, keep_id, other_id)
    _two_others_over(work, kind, keep_id, other_id)
    work.change(other, merged_into_id=keep_id, trashed_at=work.now, changed_at=work.now)
    return kept


def present(connection: Connection, kind: str, record_id: int) -> int:
    """The record that took this one's place when they were merged; the id itself when it was not."""
    table = table_of(MODELS[kind])
    query = select(table.c.merged_into_id).where(table.c.id == record_id)
    return connection.execute(query).scalar_one_or_none() or record_id


def apart(store: Store, actor: Actor, kind: str, other_id: int) -> TakenBack:
    """Take the newest merge of this record into another apart, whatever was done since.

    What was edited since stays where it is and is told. Raises NotFound when it was not merged.
    """
    with store.read() as connection:
        entry_id = _entry(connection, kind, other_id)
    if entry_id is None:
        raise NotFound("was_not_merged", kind=kind, id=other_id)
    return take_back(store, actor, entry_id)


def merged_into(connection: Connection, kind: str, record_id: int) -> Sequence[tuple[int, str]]:
    """Id and name of the records that were merged into this one."""
    table = table_of(MODELS[kind])
    query = select(table.c.id, table.c.name).where(table.c.merged_into_id == record_id).order_by(table.c.id)
    return [(row.id, row.name) for row in connection.execute(query)]


def _row(connection: Connection, kind: str, record_id: int) -> dict[str, Any]:
    table = table_of(MODELS[kind])
    row = connection.execute(select(table).where(table.c.id == record_id)).one_or_none()
    if row is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    return dict(row._mapping)


def _proposed(field: str, kept: Any, other: Any) -> Any:
    if field == "notes" and kept and other:
        return f"{kept}\n\n{other}"
    return other if kept in (None, "", False) else kept


def _write(work: Work, kept: Party, chosen: Mapping[str, Any]) -> None:
    fields = {name: value for name, value in chosen.items() if not name.startswith("custom.")}
    unknown = set(fields) - (set(values_of(kept)) - _NOT_CHOSEN)
    if unknown:
        raise Invalid("no_such_field", field=min(unknown))
    custom = dict(kept.custom)
    for name, value in chosen.items():
        if name.startswith("custom."):
            custom[name.removeprefix("custom.")] = value
    fields = parties.cleaned(fields)
    if isinstance(kept, Lead):  # found by its firm too
        fields["name_fold"] = fold(f"{fields.get('name', kept.name)} {fields.get('company', kept.company)}")
    elif "name" in fields:
        fields["name_fold"] = fold(fields["name"])
    custom = {code: value for code, value in custom.items() if value is not None}
    work.change(kept, **fields, custom=custom, changed_at=work.now)


def _infos_over(work: Work, kind: str, keep_id: int, other_id: int) -> None:
    """An address or number that both have is kept once."""
    there = {(info.kind, info.normal) for info in work.all(ContactInfo, owner_kind=kind, owner_id=keep_id)}
    for info in work.all(ContactInfo, owner_kind=kind, owner_id=other_id):
        if (info.kind, info.normal) in there:
            work.remove(info)


def _names_apart(work: Work, kind: str, keep_id: int, other_id: int) -> None:
    """A file called as one of the record that stays gets a number: by its name a file gets its next version."""
    from crm_tui.store.tables.papers import CardFile

    taken = {file.name for file in work.all(CardFile, owner_kind=kind, owner_id=keep_id)}
    for file in work.all(CardFile, owner_kind=kind, owner_id=other_id):
        if file.name in taken:
            path = PurePath(file.name)
            names = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
            work.change(file, name=next(name for name in names if name not in taken))
        taken.add(file.name)


def _two_others_over(work: Work, kind: str, keep_id: int, other_id: int) -> None:
    """Whom the other was said not to be, the one that stays is not either."""
    from crm_tui.store.tables.upkeep import NotDuplicate

    for row in (
        *work.all(NotDuplicate, kind=kind, one_id=other_id),
        *work.all(NotDuplicate, kind=kind, other_id=other_id),
    ):
        third = row.other_id if row.one_id == other_id else row.one_id
        pair = {"one_id": min(third, keep_id), "other_id": max(third, keep_id)}
        if third == keep_id or work.find(NotDuplicate, kind=kind, **pair) is not None:
            work.remove(row)
        else:
            work.change(row, **pair)


def _over(work: Work, reference: references.Reference, kind: str, keep_id: int, other_id: int) -> None:
    moving = references.ids(work.connection, reference, kind, other_id)
    doubled = [row_id for row_id in moving if _is_there(work.connection, reference, row_id, keep_id)]
    work.remove_many(reference.model, doubled)
    work.change_many(reference.model, set(moving) - set(doubled), **{reference.column: keep_id})


def _is_there(connection: Connection, reference: references.Reference, row_id: int, keep_id: int) -> bool:
    """Whether the row would be the same as one that is there, or lead from the record to itself."""
    table = reference.table
    row = connection.execute(select(table).where(table.c.id == row_id)).one()._mapping
    if table.name == "relation" and keep_id in (row["from_id"], row["to_id"]):
        return True
    for key in reference.unique_with():
        same = [table.c[name] == (keep_id if name == reference.column else row[name]) for name in key]
        if connection.execute(select(exists().where(*same))).scalar_one():
            return True
    return False


def _entry(connection: Connection, kind: str, other_id: int) -> int | None:
    entry, row = table_of(JournalEntry), table_of(JournalRow)
    later = entry.alias()
    query = (
        select(entry.c.id)
        .join(row, row.c.entry_id == entry.c.id)
        .where(row.c.table_name == kind, row.c.row_id == other_id, entry.c.command == COMMAND)
        .where(~exists().where(later.c.undoes == entry.c.id))
        .order_by(entry.c.id.desc())
    )
    for entry_id in connection.execute(query).scalars():
        if _lost_in(connection, entry_id, kind, other_id):
            return int(entry_id)
    return None


def _lost_in(connection: Connection, entry_id: int, kind: str, other_id: int) -> bool:
    row = table_of(JournalRow)
    query = select(row.c.after).where(
        row.c.entry_id == entry_id, row.c.table_name == kind, row.c.row_id == other_id
    )
    after = connection.execute(query).scalar_one()
    return after is not None and after["merged_into_id"] is not None
