"""Whether a condition of a route map, a rule or a trigger holds for a card as it is now (RM-13, RM-14)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_check import holds as condition_holds
from crm_tui.domain.route.process_moves import Holds
from crm_tui.services.process.process_object import zone_of_user
from crm_tui.services.record import condition_subjects
from crm_tui.store import record_conditions
from crm_tui.store.record_sources import record_table
from crm_tui.store.tables.processes import Process
from crm_tui.store.work import Work

_BATCH = 500


def holds(work: Work, process: Process) -> Holds:
    """The question that choices and rules of a process ask. Each answer looks at the card anew: what was written in
    this unit of work counts.

    What it returns raises Invalid (``condition_…``) where a condition names what there is not (any more).
    """
    return of_card(work.connection, process.object_kind, process.object_id, work.now)


def of_card(connection: Connection, kind: str, record_id: int, now: datetime) -> Holds:
    """Whether a condition holds for this card. "Me" is its owner, and the day is that of the owner's zone."""
    return lambda tree: bool(holding(connection, kind, [record_id], tree, now))


def holding(
    connection: Connection, kind: str, record_ids: Sequence[int], tree: Mapping[str, Any], now: datetime
) -> list[int]:
    """Those of these cards for which the condition holds, as ``of_card``; read together. Raises Invalid
    (``condition_…``)."""
    if not tree:
        return list(record_ids)
    subject = condition_subjects.subject(connection, kind, archived=True)
    wanted = condition.parsed(tree, subject)
    names = sorted(condition.fields(wanted))
    true: set[int] = set()
    for owner_id, ids in _by_owner(connection, kind, record_ids).items():
        context = Context(now, zone_of_user(connection, owner_id), owner_id)
        records = record_conditions.records(connection, subject, ids, context, names)
        true.update(
            one for one, record in records.items() if condition_holds(wanted, record, subject, context)
        )
    return [one for one in record_ids if one in true]


def _by_owner(connection: Connection, kind: str, record_ids: Sequence[int]) -> dict[int | None, list[int]]:
    table = record_table(kind)
    found: dict[int | None, list[int]] = {}
    for start in range(0, len(record_ids), _BATCH):
        batch = record_ids[start : start + _BATCH]
        query = select(table.c.id, table.c.owner_id).where(table.c.id.in_(batch))
        for row in connection.execute(query):
            found.setdefault(row.owner_id, []).append(row.id)
    return found
