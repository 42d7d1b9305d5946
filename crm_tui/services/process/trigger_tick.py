"""Triggers that wait for a time of day: "at 19:00 tell the owner what has nothing planned" (C-16, IDX-31).

Asked by the program's clock; the time is that of each owner's own clock. Each acts once a day, in whatever session
it is asked first; in a program that is started later, it acts then.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.wall import zone_of
from crm_tui.services.process import trigger_events, triggers
from crm_tui.services.process.trigger_words import AT, TriggerRow
from crm_tui.services.record import bulk
from crm_tui.services.task.notifications import notify
from crm_tui.store.engine import Store
from crm_tui.store.record_sources import record_table
from crm_tui.store.tables import Setting, User, table_of
from crm_tui.store.work import Actor, Work

DIGEST = "trigger_digest"
"""Code of the notification that names the cards of an owner."""
MOST_CARDS = 500
"""Of one owner, on one day."""
NAMED = 5


def tick(store: Store) -> int:
    """Let the triggers act whose time of day has come; how many owners were served. Cheap where there are none."""
    with store.read() as connection:
        if not trigger_events.any_at_a_time(connection) or not _due(connection, store):
            return 0
    served = 0
    with store.work(Actor.program("triggers"), "trigger.at", undoable=False) as work:
        # Asked again, for another session may have been faster.
        for trigger, user in _due(work.connection, store):
            _serve(work, trigger, user)
            served += 1
    return served


def _due(connection: Connection, store: Store) -> list[tuple[TriggerRow, User]]:
    user, setting = table_of(User), table_of(Setting)
    now = store.clock()
    due = []
    timed = [one for one in triggers.rows(connection) if one.enabled and one.event.startswith(AT)]
    people = connection.execute(select(user).order_by(user.c.id)).all() if timed else ()
    for trigger in timed:
        marks = select(setting.c.user_id, setting.c.value).where(setting.c.name == _mark(trigger.id))
        done = {row.user_id: row.value for row in connection.execute(marks)}
        for row in people:
            wall = now.astimezone(zone_of(row.zone))
            today = wall.date().isoformat()
            if f"{wall:%H:%M}" >= trigger.event.removeprefix(AT) and done.get(row.id, "") < today:
                due.append((trigger, User(**row._mapping)))
    return due


def _serve(work: Work, trigger: TriggerRow, user: User) -> None:
    zone = zone_of(user.zone)
    today = work.now.astimezone(zone).date().isoformat()
    known = work.find(Setting, name=_mark(trigger.id), user_id=user.key)
    if known is None:
        work.add(Setting(name=_mark(trigger.id), user_id=user.key, value=today))
    else:
        work.change(known, value=today)
    if trigger.condition is None:
        return
    context = Context(work.now, zone, user.key)
    ids = triggers.found(
        work.connection, trigger.object_kind, trigger.scenario_id, trigger.condition, context
    )
    mine = _owned(work.connection, trigger.object_kind, ids, user.key)
    if any(action.get("do") == "digest" for action in trigger.actions):
        _digest(work, trigger, user.key, mine)
    if any(action.get("do") != "digest" for action in trigger.actions):
        from crm_tui.services.process import trigger_run  # much to read, and most evenings nothing is found

        trigger_run.act_on(work, trigger.id, mine[:MOST_CARDS])


def _owned(connection: Connection, kind: str, ids: Sequence[int], user_id: int) -> list[int]:
    table = record_table(kind)
    owned = set(connection.scalars(select(table.c.id).where(table.c.owner_id == user_id)))
    return [one for one in ids if one in owned]


def _digest(work: Work, trigger: TriggerRow, user_id: int, mine: Sequence[int]) -> None:
    if not mine:
        return
    named = bulk.names(work.connection, trigger.object_kind, sorted(mine)[:NAMED]).values()
    more = " …" if len(mine) > NAMED else ""
    notify(
        work, user_id, DIGEST, trigger=trigger.name, count=len(mine), names=", ".join(named) + more,
        kind=trigger.object_kind if len(mine) == 1 else "", subject_id=mine[0] if len(mine) == 1 else None,
    )  # fmt: skip


def _mark(trigger_id: int) -> str:
    return f"trigger:{trigger_id}"
