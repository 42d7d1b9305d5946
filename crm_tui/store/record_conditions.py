"""Customers, people, leads, Interests, tasks and documents that a condition finds, and those records for conditions.

The subjects are made by ``record_subjects``. A field is where its column is; what is counted or looked up
stands in ``record_sources``.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    case,
    cast,
    literal,
    select,
)

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context, Record
from crm_tui.domain.conditions.condition_fields import FieldOf, Kind, Subject
from crm_tui.domain.conditions.record_fields import FIELDS
from crm_tui.domain.conditions.record_subjects import CUSTOM, MINOR, SEGMENT, is_named
from crm_tui.store.conditions import Days, Ids, Source, Texts, clause
from crm_tui.store.json_text import json_value
from crm_tui.store.record_sources import INFO_KINDS, MORE, record_table
from crm_tui.store.tables import ContactInfo, found, table_of

info = table_of(ContactInfo)

_BATCH = 500
_HUNDREDTHS = 100.0


def where(wanted: Condition, subject: Subject, context: Context) -> ColumnElement[bool]:
    """The clause over the table of the subject. The query reads that table under its own name."""
    names = condition.fields(wanted)
    sources = {name: _source(subject, subject.fields[name], context) for name in names}
    return clause(wanted, subject, sources, context)


def ids(connection: Connection, wanted: Condition, subject: Subject, context: Context) -> list[int]:
    """Ids of the records that it holds for, those in the trash left out."""
    table = record_table(subject.id)
    query = select(table.c.id).where(where(wanted, subject, context)).order_by(table.c.id)
    if "trashed_at" in table.c:
        query = query.where(table.c.trashed_at.is_(None))
    return list(connection.execute(query).scalars())


def first_that_holds(wanted: Sequence[Condition], subject: Subject, context: Context) -> Select[Any]:
    """For the records ``ids``, a parameter: the id, and the place of the first condition that holds, or None.

    Kept and asked again for each page of a list: making it takes longer than its answer.
    """
    table = record_table(subject.id)
    place = case(*((where(one, subject, context), literal(number)) for number, one in enumerate(wanted)))
    return select(table.c.id, place).where(table.c.id.in_(bindparam("ids", expanding=True)))


def records(
    connection: Connection,
    subject: Subject,
    record_ids: Sequence[int],
    context: Context,
    names: Sequence[str],
) -> dict[int, Record]:
    """These records with their values of these fields."""
    table = record_table(subject.id)
    sources = {name: _source(subject, subject.fields[name], context) for name in names}
    columns = {
        name: source.column if isinstance(source, Days) else source
        for name, source in sources.items()
        if not isinstance(source, Texts | Ids)
    }
    made: dict[int, dict[str, Any]] = {}
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        query = select(table.c.id, *(column.label(f"v{at}") for at, column in enumerate(columns.values())))  # type: ignore[union-attr]
        for row in connection.execute(query.where(table.c.id.in_(batch))):
            values = zip(columns, row[1:], strict=True)
            made[row.id] = {name: _value(sources[name], subject.fields[name], one) for name, one in values}
    for name in sources.keys() - columns.keys():
        listed = (
            _segments(connection, subject.id, record_ids)
            if name == SEGMENT
            else _infos(connection, subject, record_ids, name)
        )
        for key, record in made.items():
            record[name] = tuple(listed.get(key, ()))
    return dict(made)


def _source(subject: Subject, field: FieldOf, context: Context) -> Source:
    table = record_table(subject.id)
    if field.id == SEGMENT:
        return Ids(lambda wanted: table.c.id.in_(_in_segments(subject.id, wanted)))
    if field.id.startswith(CUSTOM):
        value = json_value(table.c.custom, field.id.removeprefix(CUSTOM))
        if field.kind is Kind.DATE:
            return Days(value)
        if field.of == MINOR:
            return value / _HUNDREDTHS
        return cast(value, String) if field.kind is Kind.TEXT else value
    if field.id in MORE[subject.id]:
        return MORE[subject.id][field.id](context)
    column = table.c[field.id]
    told = FIELDS[subject.id].get(field.id)
    if told is None:
        return column
    if is_named(told):
        other = found(told.of).alias()
        return select(other.c.name).where(other.c.id == column).scalar_subquery()
    if told.holds == "date":
        return Days(column)
    return column / _HUNDREDTHS if told.holds == "money" else column


def _value(source: Source, field: FieldOf, value: Any) -> Any:
    if isinstance(source, Days) and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return bool(value) if field.kind is Kind.FLAG else value


def _segment_tables() -> tuple[Table, Table]:
    return found("segment"), found("segment_item")


def _in_segments(kind: str, wanted: Sequence[int] | None) -> Any:
    segment, item = _segment_tables()
    query = select(item.c.record_id).join(segment, segment.c.id == item.c.segment_id)
    query = query.where(segment.c.kind == kind)
    return query if wanted is None else query.where(segment.c.id.in_(wanted))


def _segments(connection: Connection, kind: str, record_ids: Sequence[int]) -> Mapping[int, list[int]]:
    segment, item = _segment_tables()
    query = select(item.c.record_id, item.c.segment_id).join(segment, segment.c.id == item.c.segment_id)
    listed: dict[int, list[int]] = {}
    for row in connection.execute(query.where(segment.c.kind == kind, item.c.record_id.in_(record_ids))):
        listed.setdefault(row.record_id, []).append(row.segment_id)
    return listed


def _infos(
    connection: Connection, subject: Subject, record_ids: Sequence[int], name: str
) -> Mapping[int, list[str]]:
    query = select(info.c.owner_id, info.c.value).where(
        info.c.owner_kind == subject.id, info.c.owner_id.in_(record_ids), info.c.kind.in_(INFO_KINDS[name])
    )
    listed: dict[int, list[str]] = {}
    for row in connection.execute(query):
        listed.setdefault(row.owner_id, []).append(row.value)
    return listed
