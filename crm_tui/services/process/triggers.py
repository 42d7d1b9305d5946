"""Triggers: an event, a condition, and what is done then, for work that no route map controls (BP-02, IDX-31).

Here they are made, tried and read; ``trigger_events`` says what happens, ``trigger_run`` acts.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.letter import template
from crm_tui.domain.route import route_json
from crm_tui.domain.text import clean
from crm_tui.services.process.process_object import in_use, zone_of_user
from crm_tui.services.process.trigger_words import (
    ACTIONS,
    AT,
    KINDS,
    SHIPPED,
    TriggerRow,
    Wanted,
    action_said,
    event_said,
    events_of,
)
from crm_tui.services.record import condition_subjects, field_setting
from crm_tui.services.route import route_catalogue, route_maps
from crm_tui.services.writing import automatic_letters
from crm_tui.store import record_conditions
from crm_tui.store.record_sources import record_table
from crm_tui.store.tables import Scenario, table_of
from crm_tui.store.tables.processes import Trigger
from crm_tui.store.work import Work

__all__ = [
    "ACTIONS",
    "AT",
    "KINDS",
    "SHIPPED",
    "TriggerRow",
    "Wanted",
    "action_said",
    "add",
    "change",
    "enable",
    "event_said",
    "events_of",
    "found",
    "remove",
    "rows",
    "time_of",
    "trial",
]

LONGEST_NAME = 100
MOST_ACTIONS = 10


def rows(connection: Connection) -> list[TriggerRow]:
    """All triggers in their order."""
    table = table_of(Trigger)
    return [
        TriggerRow(
            row.id, row.name, row.object_kind, row.event, row.scenario_id,
            _condition(connection, row.object_kind, row.condition), tuple(row.actions), row.enabled,
        )
        for row in connection.execute(select(table).order_by(table.c.position, table.c.id))
    ]  # fmt: skip


def add(work: Work, wanted: Wanted, *, enabled: bool = True) -> Trigger:
    """A new trigger behind the others.

    Raises Invalid: ``name_missing``, ``no_such_card_kind``, ``no_such_event``, ``trigger_does_nothing``,
    ``no_such_action``, and what is wrong with an action; Refused (``needs_an_administrator``), as do all verbs here.
    """
    route_maps.check_right(work)
    table = table_of(Trigger)
    last = work.connection.scalar(select(func.max(table.c.position)))
    values = _checked(work.connection, wanted)
    return work.add(Trigger(position=0 if last is None else last + 1, enabled=enabled, **values))


def change(work: Work, trigger_id: int, wanted: Wanted) -> None:
    """Let a trigger wait for or do something else. Raises Invalid as ``add``, NotFound."""
    route_maps.check_right(work)
    work.change(work.get(Trigger, trigger_id), **_checked(work.connection, wanted))


def enable(work: Work, trigger_id: int, *, on: bool) -> None:
    """Put a trigger in force, or let it rest. Raises NotFound."""
    route_maps.check_right(work)
    work.change(work.get(Trigger, trigger_id), enabled=on)


def remove(work: Work, trigger_id: int) -> None:
    """Remove a trigger; what it did stays. Raises NotFound."""
    route_maps.check_right(work)
    work.remove(work.get(Trigger, trigger_id))


def trial(connection: Connection, wanted: Wanted, now: datetime, user_id: int | None) -> tuple[int, int]:
    """For how many cards the condition of a trigger holds now, and of how many (IDX-31): nothing is written."""
    context = Context(now, zone_of_user(connection, user_id), user_id)
    subject = condition_subjects.subject(connection, wanted.object_kind)
    matching = found(connection, wanted.object_kind, wanted.scenario_id, wanted.condition, context)
    table = record_table(subject.id)
    total = select(func.count()).select_from(table).where(*in_use(table))
    if wanted.scenario_id is not None:
        total = total.where(table.c.scenario_id == wanted.scenario_id)
    return len(matching), connection.execute(total).scalar_one()


def found(
    connection: Connection, kind: str, scenario_id: int | None, wanted: Condition, context: Context
) -> list[int]:
    """The cards, of a scenario where one is given, for which a condition holds."""
    ids = record_conditions.ids(connection, wanted, condition_subjects.subject(connection, kind), context)
    if scenario_id is None:
        return ids
    table = record_table(kind)
    of_it = set(connection.scalars(select(table.c.id).where(table.c.scenario_id == scenario_id)))
    return [one for one in ids if one in of_it]


def _checked(connection: Connection, wanted: Wanted) -> dict[str, Any]:
    name = " ".join(clean(wanted.name).split())[:LONGEST_NAME]
    if not name:
        raise Invalid("name_missing", kind="trigger")
    if wanted.object_kind not in KINDS:
        raise Invalid("no_such_card_kind", kind=clean(wanted.object_kind))
    subject = condition_subjects.subject(connection, wanted.object_kind)
    condition.parsed(condition.as_json(wanted.condition), subject)
    if not wanted.actions or len(wanted.actions) > MOST_ACTIONS:
        raise Invalid("trigger_does_nothing", most=MOST_ACTIONS)
    event = _event(wanted)
    for action in wanted.actions:
        _check_action(connection, wanted.object_kind, event, action)
    if wanted.scenario_id is not None and wanted.object_kind != "interest":
        raise Invalid("no_such_scenario", code=str(wanted.scenario_id))
    if wanted.scenario_id is not None:
        scenario = table_of(Scenario)
        known = connection.scalar(select(scenario.c.id).where(scenario.c.id == wanted.scenario_id))
        if known is None:
            raise Invalid("no_such_scenario", code=str(wanted.scenario_id))
    return {
        "name": name,
        "object_kind": wanted.object_kind,
        "event": event,
        "scenario_id": wanted.scenario_id,
        "condition": condition.as_json(wanted.condition),
        "actions": [_kept(action) for action in wanted.actions],
    }


def time_of(event: str) -> str:
    """``19:00`` of an event that is a time of day. Raises Invalid."""
    hours, colon, minutes = event.removeprefix(AT).strip().partition(":")
    if not (colon and len(minutes) == 2 and (hours + minutes).isdecimal() and (hours + minutes).isascii()):
        raise Invalid("no_such_event", event=clean(event))
    if not (len(hours) <= 2 and int(hours) < 24 and int(minutes) < 60):
        raise Invalid("no_such_event", event=clean(event))
    return f"{int(hours):02}:{minutes}"


def _event(wanted: Wanted) -> str:
    event = wanted.event.strip()
    if event.startswith(AT):
        return AT + time_of(event)
    if event not in events_of(wanted.object_kind):
        raise Invalid("no_such_event", event=clean(event))
    return event


def _check_action(connection: Connection, kind: str, event: str, action: Mapping[str, Any]) -> None:
    do, target = action.get("do"), str(action.get("target", ""))
    if do not in ACTIONS or (
        (do == "digest") is not event.startswith(AT) and do in ("digest", "email", "sms")
    ):
        raise Invalid("no_such_action", action=clean(str(do)))
    if action.get("after"):
        route_json.duration_of(str(action["after"]), "after")
    if do in ("email", "sms") and automatic_letters.template_named(connection, target, None) is None:
        raise Invalid("no_such_template", name=clean(target))
    if do in ("reminder", "task"):
        template.check(target)
        if not target.strip():
            raise Invalid("name_missing", kind="task")
    if do == "set_field":
        name, text = field_setting.split(target)
        template.check(text)
        if name not in field_setting.settable(connection, kind):
            raise Invalid("field_not_settable", field=clean(name), kind=kind)
    if do == "start_process":
        route_catalogue.by_code(connection, target)


def _kept(action: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {"do": action["do"], "target": clean(str(action.get("target", "")))}
    if action.get("to_client"):
        kept["to_client"] = True
    if action.get("after"):
        kept["after"] = str(action["after"])
    return kept


def _condition(connection: Connection, kind: str, kept: object) -> Condition | None:
    try:
        return condition.parsed(kept or {"all": []}, condition_subjects.subject(connection, kind))
    except (CrmError, KeyError):
        return None
