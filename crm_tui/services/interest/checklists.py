"""The checklist of a state: what is to be checked off while an Interest stands in it (IDX-34)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services import users
from crm_tui.services.interest import checklist_fields
from crm_tui.store import records
from crm_tui.store.tables import Interest, table_of
from crm_tui.store.tables.deals import ChecklistItem, ChecklistMark
from crm_tui.store.work import Work

item, mark, interest = table_of(ChecklistItem), table_of(ChecklistMark), table_of(Interest)


@dataclass(frozen=True, slots=True)
class Entry:
    """An item as an Interest has it."""

    id: int
    text: str
    required: bool
    checked: bool
    field: str
    """What is to be filled in; empty where a person checks it off."""


def of_interest(connection: Connection, interest_id: int) -> list[Entry]:
    """The items of the state that the Interest stands in, in their order; archived ones only where checked."""
    query = _entries([interest_id]).where(~item.c.archived | mark.c.id.is_not(None))
    return [entry for _id, entry in _with_fields(connection, connection.execute(query).all())]


def unchecked(connection: Connection, interest_ids: Sequence[int]) -> dict[int, list[Entry]]:
    """Interest → required items of its state that are not checked off yet; those with none are left out."""
    query = _entries(interest_ids).where(item.c.required, ~item.c.archived, mark.c.id.is_(None))
    found: dict[int, list[Entry]] = {}
    for interest_id, entry in _with_fields(connection, connection.execute(query).all()):
        if not entry.checked:
            found.setdefault(interest_id, []).append(entry)
    return found


def _entries(interest_ids: Sequence[int]) -> Select[Any]:
    return (
        select(interest.c.id, item.c.id, item.c.text, item.c.required, mark.c.id.is_not(None), item.c.field)
        .join(item, interest.c.state_id == item.c.state_id)
        .outerjoin(mark, (mark.c.item_id == item.c.id) & (mark.c.interest_id == interest.c.id))
        .where(interest.c.id.in_(interest_ids))
        .order_by(item.c.position, item.c.id)
    )


def _with_fields(connection: Connection, rows: Sequence[Row[Any]]) -> Iterator[tuple[int, Entry]]:
    """The entries, those of fields checked where the field is filled in."""
    fields = {row.field for row in rows if row.field}
    filled = checklist_fields.filled(connection, [row[0] for row in rows], sorted(fields)) if fields else {}
    for row in rows:
        interest_id, item_id, text, required, checked, field = tuple(row)
        there = field in filled.get(interest_id, ()) if field else bool(checked)
        yield interest_id, Entry(item_id, text, required, there, field)


def counts(connection: Connection) -> dict[int, int]:
    """State → how many items it asks for; states with none are left out."""
    query = select(item.c.state_id, func.count()).where(~item.c.archived).group_by(item.c.state_id)
    return {row.state_id: row[1] for row in connection.execute(query)}


def check(work: Work, interest_id: int, item_id: int, checked: bool = True) -> None:
    """Check an item off in an Interest, or take the mark off again. Raises Refused for what is to be filled in."""
    if work.get(ChecklistItem, item_id).field:
        raise Refused("item_of_field")
    there = work.find(ChecklistMark, interest_id=interest_id, item_id=item_id)
    if checked and there is None:
        work.add(
            ChecklistMark(interest_id=interest_id, item_id=item_id, user_id=work.actor.user_id, at=work.now)
        )
    elif not checked and there is not None:
        work.remove(there)


def items(connection: Connection, state_id: int) -> list[ChecklistItem]:
    """The items of a state in their order, without archived ones."""
    query = select(item).where(item.c.state_id == state_id, ~item.c.archived)
    query = query.order_by(item.c.position, item.c.id)
    return [records.load(ChecklistItem, dict(row._mapping)) for row in connection.execute(query)]


def add_item(
    work: Work, state_id: int, text: str, *, required: bool = False, field: str = ""
) -> ChecklistItem:
    """A new item at the end of the state's list; one of a field is checked when the field is filled in, and called
    as the field where no text is given. Raises Invalid for an empty text."""
    users.need_administrator(work.connection, work.actor)
    text = text if text.strip() or not field else checklist_fields.FIELDS[field]
    last = max((one.position for one in items(work.connection, state_id)), default=-1)
    return work.add(
        ChecklistItem(state_id=state_id, text=_text(text), required=required, field=field, position=last + 1)
    )


def change_item(
    work: Work, item_id: int, text: str, *, required: bool, expected_version: int | None = None
) -> None:
    """Another wording; whether it keeps an Interest from moving on. Raises Invalid for an empty text, Conflict when
    it changed since ``expected_version`` was read."""
    users.need_administrator(work.connection, work.actor)
    item = work.get(ChecklistItem, item_id)
    work.change(item, expected_version=expected_version, text=_text(text), required=required)


def archive_item(work: Work, item_id: int) -> None:
    """Ask for the item no more; where it is checked off, that is kept."""
    users.need_administrator(work.connection, work.actor)
    work.change(work.get(ChecklistItem, item_id), archived=True)


def move_item(work: Work, item_id: int, step: int) -> None:
    """Put an item so many places further down, or up when negative."""
    users.need_administrator(work.connection, work.actor)
    moved = work.get(ChecklistItem, item_id)
    order = items(work.connection, moved.state_id)
    here = next(index for index, one in enumerate(order) if one.key == item_id)
    order.insert(max(0, min(len(order) - 1, here + step)), order.pop(here))
    for place, one in enumerate(order):
        if one.position != place:
            work.change(one, position=place)


def _text(text: str) -> str:
    text = " ".join(clean(text).split())
    if not text:
        raise Invalid("text_missing")
    return text
