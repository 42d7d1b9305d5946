"""Whether a condition of a route map, a rule or a trigger holds for a card as it is now (RM-13, RM-14)."""

from collections.abc import Mapping
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


def holds(work: Work, process: Process) -> Holds:
    """The question that choices and rules of a process ask. Each answer looks at the card anew: what was written in
    this unit of work counts.

    What it returns raises Invalid (``condition_…``) where a condition names what there is not (any more).
    """
    return of_card(work.connection, process.object_kind, process.object_id, work.now)


def of_card(connection: Connection, kind: str, record_id: int, now: datetime) -> Holds:
    """Whether a condition holds for this card. "Me" is its owner, and the day is that of the owner's zone."""

    def answer(tree: Mapping[str, Any]) -> bool:
        if not tree:
            return True
        subject = condition_subjects.subject(connection, kind, archived=True)
        wanted = condition.parsed(tree, subject)
        table = record_table(kind)
        owner_id = connection.scalar(select(table.c.owner_id).where(table.c.id == record_id))
        context = Context(now, zone_of_user(connection, owner_id), owner_id)
        names = sorted(condition.fields(wanted))
        records = record_conditions.records(connection, subject, [record_id], context, names)
        return condition_holds(wanted, records[record_id], subject, context)

    return answer
