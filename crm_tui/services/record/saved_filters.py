"""Saved filters: conditions kept under a name in folders of one's own or everybody's, for any kind of list.

The kind of a filter is the id of its subject (``condition_fields.SUBJECTS``), so that every list has its own tree.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, or_, select

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.errors import CrmError, Invalid, NotFound, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.services import users
from crm_tui.services.record.ready_filters import READY_MADE
from crm_tui.store.tables import SavedFilter, table_of
from crm_tui.store.work import Actor, Work

LONGEST_NAME = 100
DEEPEST = 5
SHARED_RIGHT = "edit_shared_filters"
"""The right to add to everybody's filters, change and delete them (ELMA-30); an administrator has it too."""


@dataclass(frozen=True, slots=True)
class Node:
    """A filter or a folder of filters in the tree."""

    id: int
    """Negative for one that is ready-made."""
    name: str
    depth: int
    is_folder: bool
    shared: bool
    parent_id: int | None
    condition: Condition | None
    """None for a folder, and for a filter that asks for what this program does not know."""


def tree(connection: Connection, subject: Subject, user_id: int | None) -> list[Node]:
    """One's own filters, then everybody's: each folder before what lies in it; then the ready-made ones."""
    table = table_of(SavedFilter)
    rows = connection.execute(
        select(table)
        .where(
            table.c.kind == subject.id,
            table.c.look.is_(None),
            or_(table.c.user_id == user_id, table.c.user_id.is_(None)),
        )
        .order_by(table.c.user_id.is_(None), table.c.position, table.c.name, table.c.id)
    ).all()
    return [*_below(rows, subject, None, 0), *_ready_made(subject)]


def named(connection: Connection, subject: Subject, actor: Actor, name: str) -> Node | None:
    """The filter of that name, or the first whose name begins so."""
    wanted = fold(name)
    usable = [one for one in tree(connection, subject, actor.user_id) if one.condition is not None]
    return next(
        (one for one in usable if fold(one.name) == wanted),
        next((one for one in usable if fold(one.name).startswith(wanted)), None),
    )


def asked_for(connection: Connection, subject: Subject, actor: Actor, name: str) -> Condition:
    """What the filter of that name asks for, or the first whose name begins so. Raises NotFound that names those
    there are."""
    found = named(connection, subject, actor, name)
    if found is None or found.condition is None:
        known = [one.name for one in tree(connection, subject, actor.user_id) if one.condition is not None]
        raise NotFound("no_such_filter_among", name=clean(name), known=", ".join(dict.fromkeys(known)))
    return found.condition


def save(
    work: Work,
    subject: Subject,
    name: str,
    wanted: Condition,
    *,
    parent_id: int | None = None,
    shared: bool = False,
) -> SavedFilter:
    """Keep a condition under a name. Raises Invalid without a name."""
    return _added(work, subject, name, condition.as_json(wanted), parent_id, shared=shared)


def add_folder(
    work: Work, subject: Subject, name: str, *, parent_id: int | None = None, shared: bool = False
) -> SavedFilter:
    """A folder for filters. Raises Invalid without a name."""
    return _added(work, subject, name, None, parent_id, shared=shared)


def change(work: Work, filter_id: int, wanted: Condition) -> None:
    """Let the filter ask for something else."""
    work.change(_mine(work, filter_id), condition=condition.as_json(wanted))


def rename(work: Work, filter_id: int, name: str) -> None:
    """Another name. Raises Invalid for none."""
    work.change(_mine(work, filter_id), name=_good_name(name))


def move(work: Work, filter_id: int, parent_id: int | None, *, shared: bool) -> None:
    """Into a folder, or to the top of one's own (or everybody's) filters, with all that lies in it.

    Raises Refused for a folder that would lie in itself.
    """
    row = _mine(work, filter_id)
    if parent_id is not None:
        above: int | None = parent_id
        while above is not None:
            if above == row.key:
                raise Refused("filter_into_itself")
            above = work.get(SavedFilter, above).parent_id
        shared = _mine(work, parent_id).user_id is None
    if shared:
        _may_share(work)
    work.change(row, parent_id=parent_id)
    _hand_over(work, row, None if shared else work.actor.user_id)


def delete(work: Work, filter_id: int) -> None:
    """Remove a filter, or a folder that is empty. Raises Refused for one that is not."""
    row = _mine(work, filter_id)
    if work.find(SavedFilter, parent_id=row.key) is not None:
        raise Refused("filter_folder_not_empty", name=row.name)
    work.remove(row)


def looks_kept(kind: str, user_id: int | None) -> Select[Any]:
    """The looks of the rows of a list (``row_looks``): a person's own and everybody's, on or off."""
    table = table_of(SavedFilter)
    return select(table).where(
        table.c.kind == kind,
        table.c.look.is_not(None),
        or_(table.c.user_id == user_id, table.c.user_id.is_(None)),
    )


def has_looks(connection: Connection, kind: str, user_id: int | None) -> bool:
    """Whether there is any: a list without them asks for nothing more."""
    return connection.execute(looks_kept(kind, user_id).limit(1)).first() is not None


def _added(
    work: Work, subject: Subject, name: str, data: Any, parent_id: int | None, *, shared: bool
) -> SavedFilter:
    if parent_id is not None:
        shared = _mine(work, parent_id).user_id is None
    if shared:
        _may_share(work)
    return work.add(
        SavedFilter(
            kind=subject.id,
            name=_good_name(name),
            user_id=None if shared else work.actor.user_id,
            parent_id=parent_id,
            condition=data,
        )
    )


def _hand_over(work: Work, row: SavedFilter, user_id: int | None) -> None:
    work.change(row, user_id=user_id)
    for one in work.all(SavedFilter, parent_id=row.key):
        _hand_over(work, one, user_id)


def _mine(work: Work, filter_id: int) -> SavedFilter:
    """The row, which is one's own or everybody's. Raises Refused for another person's, and for everybody's without
    the right."""
    row = work.get(SavedFilter, filter_id)
    if row.user_id is None:
        _may_share(work)
    elif row.user_id != work.actor.user_id:
        raise Refused("filter_of_another")
    return row


def _may_share(work: Work) -> None:
    if not users.may(work.connection, work.actor.user_id, SHARED_RIGHT):
        raise Refused("filter_shared_right")


def _good_name(name: str) -> str:
    good = " ".join(clean(name).split())[:LONGEST_NAME]
    if not good:
        raise Invalid("filter_name_missing")
    return good


def _below(rows: Sequence[Any], subject: Subject, parent_id: int | None, depth: int) -> Iterator[Node]:
    if depth > DEEPEST:
        return
    for row in rows:
        if row.parent_id == parent_id:
            yield _node(row, subject, depth)
            yield from _below(rows, subject, row.id, depth + 1)


def _node(row: Any, subject: Subject, depth: int) -> Node:
    wanted: Condition | None = None
    if row.condition is not None:
        try:
            wanted = condition.parsed(row.condition, subject)
        except CrmError:  # made by a newer version of the program: shown, and not applied
            wanted = None
    return Node(row.id, row.name, depth, row.condition is None, row.user_id is None, row.parent_id, wanted)


def _ready_made(subject: Subject) -> Iterator[Node]:
    for number, (name, data) in enumerate(READY_MADE.get(subject.id, ()), 1):
        yield Node(-number, _(name), 0, False, True, None, condition.parsed(data, subject))
