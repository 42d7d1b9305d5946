"""Segments: a result kept under a name, to be a part of another question (CORP-46)."""

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.store.tables import table_of
from crm_tui.store.tables.upkeep import Segment, SegmentItem
from crm_tui.store.work import Work

LONGEST_NAME = 100

segment, item = table_of(Segment), table_of(SegmentItem)


def keep(work: Work, kind: str, name: str, record_ids: Iterable[int]) -> Segment:
    """Keep these records of a kind under a name; a segment of that name is made anew with them.

    Raises Invalid without a name, Refused without a record.
    """
    name = " ".join(clean(name).split())[:LONGEST_NAME]
    if not name:
        raise Invalid("name_missing", kind="segment")
    wanted = list(dict.fromkeys(record_ids))
    if not wanted:
        raise Refused("nothing_chosen")
    kept = next((one for one in work.all(Segment, kind=kind) if fold(one.name) == fold(name)), None)
    if kept is None:
        kept = work.add(Segment(kind=kind, name=name, user_id=work.actor.user_id, made_at=work.now))
    else:
        _empty(work, kept)
        work.change(kept, made_at=work.now, user_id=work.actor.user_id)
    for record_id in wanted:
        work.add(SegmentItem(segment_id=kept.key, record_id=record_id))
    return kept


def delete(work: Work, segment_id: int) -> None:
    """The result is not needed any more; the records stay. Raises NotFound."""
    kept = work.get(Segment, segment_id)
    _empty(work, kept)
    work.remove(kept)


def of_kind(connection: Connection, kind: str) -> list[tuple[int, str, int]]:
    """Id, name and number of records of the segments of a kind, by name."""
    query = (
        select(segment.c.id, segment.c.name, func.count(item.c.id))
        .outerjoin(item, item.c.segment_id == segment.c.id)
        .where(segment.c.kind == kind)
        .group_by(segment.c.id)
        .order_by(segment.c.name)
    )
    return [(row[0], clean(row[1]), row[2]) for row in connection.execute(query)]


def _empty(work: Work, kept: Segment) -> None:
    ids = work.connection.execute(select(item.c.id).where(item.c.segment_id == kept.key)).scalars().all()
    work.remove_many(SegmentItem, ids)
