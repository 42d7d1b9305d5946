"""What the program does at an action point of a route map (ELP-04): one function a kind of action.

Settings are texts with placeholders, filled from plain values as strictly as letters: one without a value stops the
action. What cannot be done is refused with the name of the action, and the step before it stays open, except that a
letter which cannot be sent is noted as the rules of steps note it (RM-15).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.errors import CrmError, Invalid, NotFound, Refused
from crm_tui.domain.route import route_json
from crm_tui.domain.route.route_map import ActionPoint, RuleAction, Step, StepEvent, StepRule
from crm_tui.domain.route.route_problem import ActionSettings
from crm_tui.domain.text import clean, fold
from crm_tui.services.document import documents
from crm_tui.services.interest import interests
from crm_tui.services.party import contact_info, contacts, customers, leads
from crm_tui.services.process import process_notices
from crm_tui.services.process.process_object import About, about, zone_of_user
from crm_tui.services.process.process_state import route_of
from crm_tui.services.record import bulk, field_setting
from crm_tui.services.task import tasks
from crm_tui.services.writing import automatic_letters
from crm_tui.services.writing.automatic_letters import Whom
from crm_tui.store.tables import ContactInfo, found, table_of
from crm_tui.store.tables.processes import Process, ProcessToken, RouteMap
from crm_tui.store.work import Work

_PERSON = frozenset({"email", "phone", "company", "city", "source", "notes"})
SETTINGS: Mapping[str, ActionSettings] = {
    "set_field": ActionSettings(frozenset({"field", "value"})),
    "create_task": ActionSettings(frozenset({"title"}), frozenset({"assignee", "due", "notes"})),
    "create_document": ActionSettings(frozenset({"kind"}), frozenset({"title", "number", "notes"})),
    "create_record": ActionSettings(frozenset({"kind", "name"}), _PERSON | {"scenario", "purpose"}),
    "find_record": ActionSettings(frozenset({"kind", "by", "value"}), frozenset({"missing"})),
    "send_letter": ActionSettings(frozenset({"template"}), frozenset({"to"})),
    "start_process": ActionSettings(frozenset({"map"})),
}
"""The actions and what each is told: ``to`` is ``client``, or ``owner``
as long as nothing is said (C-04), ``by`` is ``email``, ``phone``, ``name`` or
``tax_number``, ``missing`` is ``stop`` where nothing found is a fault, ``due`` a duration like ``4h`` or ``2d``."""


@dataclass(frozen=True, slots=True)
class _Act:
    """One action at work."""

    work: Work
    process: Process
    point: ActionPoint
    about: About
    told: Mapping[str, str]
    """The settings, filled."""

    @property
    def user_id(self) -> int:
        """Whose the work is: the owner's, else of whoever started the process. Raises Invalid."""
        user_id = self.about.owner_id or self.process.started_by
        if user_id is None:
            raise Invalid("no_performer")
        return user_id


def run(work: Work, process: Process, point: ActionPoint) -> None:
    """Do what the point says, in the unit of work in which the token came to it.

    Raises Refused (``process_action_failed``) with the name of the point, and why: ``because``, ``facts``.
    """
    try:
        if point.action not in _ACTS:
            raise Invalid("no_such_action", action=clean(point.action))
        missing = SETTINGS[point.action].required - {name for name, text in point.settings.items() if text}
        if missing:
            raise Invalid("action_setting_missing", names=", ".join(sorted(missing)))
        card = about(work.connection, process.object_kind, process.object_id, process.interest_id)
        _ACTS[point.action](_Act(work, process, point, card, _filled(work, process, card, point)))
    except CrmError as error:
        said = {name: str(value) for name, value in error.facts.items()}
        raise Refused(
            "process_action_failed", action=point.name or point.id, because=error.code, facts=said
        ) from error


def _filled(work: Work, process: Process, card: About, point: ActionPoint) -> dict[str, str]:
    drawn = work.get(RouteMap, process.map_id)
    process_values = {"map": f"{drawn.number} {drawn.name}".strip(), "step": point.name or point.id}
    named = route_of(work.connection, process.version_id).account
    known = partial(automatic_letters.values, work.connection, card, Whom(), process_values, named)
    return {name: process_notices.filled(text, known) for name, text in point.settings.items()}


def _set_field(act: _Act) -> None:
    zone = zone_of_user(act.work.connection, act.about.owner_id)
    told = act.told
    field_setting.set_field(
        act.work, act.about.kind, act.about.id, told["field"].strip(), told["value"], zone
    )


def _create_task(act: _Act) -> None:
    from crm_tui.services.event import work_calendars

    who = act.told.get("assignee", "")
    user_id = field_setting.user_named(act.work.connection, who) if who else act.user_id
    due_at = None
    if act.told.get("due"):
        due_at = work_calendars.deadline(
            act.work.connection, user_id, act.work.now, route_json.duration_of(act.told["due"], "due")
        )
    tasks.add(
        act.work, act.told["title"], assignee_id=user_id, due_at=due_at, notes=act.told.get("notes", ""),
        interest_id=act.about.interest_id, customer_id=act.about.customer_id,
    )  # fmt: skip


def _create_document(act: _Act) -> None:
    card = act.about
    belongs = {
        "interest_id": card.interest_id, "customer_id": card.customer_id, "contact_id": card.contact_id,
    }  # fmt: skip
    fields: dict[str, Any] = {name: value for name, value in belongs.items() if value is not None}
    fields |= {name: act.told[name] for name in ("title", "number", "notes") if act.told.get(name)}
    documents.add(act.work, act.told["kind"], owner_id=act.user_id, **fields)


def _create_record(act: _Act) -> None:
    told, card, kind = act.told, act.about, act.told["kind"].strip()
    infos = [(name, told[name]) for name in ("email", "phone") if told.get(name)]
    texts: dict[str, Any] = {
        name: told[name] for name in ("city", "source", "notes", "purpose") if told.get(name)
    }
    if kind == "interest":
        made = interests.add(
            act.work, told["name"], scenario=told.get("scenario") or "sale", owner_id=act.user_id,
            source=texts.get("source", ""), purpose=texts.get("purpose", ""),
            customer_id=card.customer_id, contact_id=card.contact_id, lead_id=card.lead_id,
        ).key  # fmt: skip
    elif kind == "customer":
        texts.pop("purpose", None)
        made = customers.add(
            act.work, told["name"], kind="customer", infos=infos, owner_id=act.user_id, **texts
        ).key
    elif kind == "contact":
        of_person = {"notes": texts["notes"]} if "notes" in texts else {}
        made = contacts.add(
            act.work, told["name"], customer_id=card.customer_id, infos=infos, owner_id=act.user_id, **of_person
        ).key  # fmt: skip
    elif kind == "lead":
        made = leads.add(
            act.work, told["name"], company=told.get("company", ""), infos=infos, owner_id=act.user_id, **texts
        ).key  # fmt: skip
    else:
        raise Invalid("no_such_card_kind", kind=kind)
    _link(act, kind, made)


def _find_record(act: _Act) -> None:
    kind = act.told["kind"].strip()
    if kind not in ("lead", "contact", "customer"):
        raise Invalid("no_such_card_kind", kind=kind)
    there = _found(act.work.connection, kind, act.told["by"].strip(), act.told["value"])
    if len(there) == 1:
        _link(act, kind, there[0])
    elif act.told.get("missing", "").strip() == "stop":
        raise NotFound("record_not_found", value=act.told["value"], count=len(there))


def _found(connection: Connection, kind: str, by: str, value: str) -> list[int]:
    """At most two: of several none is the one that is meant."""
    table = found(kind)
    query = select(table.c.id).where(table.c.trashed_at.is_(None)).order_by(table.c.id).limit(2)
    if by in ("email", "phone"):
        info = table_of(ContactInfo)
        normal = contact_info.understood(by, value)[2]
        owners = select(info.c.owner_id).where(info.c.owner_kind == kind, info.c.normal == normal)
        query = query.where(table.c.id.in_(owners))
    elif by == "name":
        query = query.where(table.c.name_fold == fold(value))
    elif by == "tax_number" and kind == "customer":
        query = query.where(table.c.tax_number == value.strip())
    else:
        raise Invalid("field_not_settable", field=clean(by), kind=kind)
    return list(connection.execute(query).scalars())


def _link(act: _Act, kind: str, record_id: int) -> None:
    """What was made or found takes its empty place in the Interest."""
    column = f"{kind}_id"
    if kind == "interest" or act.about.interest_id is None or getattr(act.about, column) is not None:
        return
    bulk.CHANGERS["interest"](act.work, act.about.interest_id, **{column: record_id})


def _send_letter(act: _Act) -> None:
    token = act.work.all(ProcessToken, process_id=act.process.key, point=act.point.id, left_at=None)[-1]
    rule = StepRule(
        StepEvent.ENTERING,
        RuleAction.EMAIL,
        target=act.told["template"],
        to_client=act.told.get("to", "").strip() == "client",
    )
    step = Step(id=act.point.id, name=act.point.name, rules=(rule,))
    if token.performer_id is None:
        act.work.change(token, performer_id=act.about.owner_id)
    process_notices.on_event(act.work, act.process, token, step, StepEvent.ENTERING)


def _start_process(act: _Act) -> None:
    from crm_tui.services.process import processes  # they run actions, and so read this module
    from crm_tui.services.route import route_catalogue  # they run actions, and so read this module

    drawn = route_catalogue.by_code(act.work.connection, act.told["map"].strip())
    processes.start(act.work, drawn.id, act.about.kind, act.about.id)


_ACTS: Mapping[str, Callable[[_Act], None]] = {
    "set_field": _set_field,
    "create_task": _create_task,
    "create_document": _create_document,
    "create_record": _create_record,
    "find_record": _find_record,
    "send_letter": _send_letter,
    "start_process": _start_process,
}
