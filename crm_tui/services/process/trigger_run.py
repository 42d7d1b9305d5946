"""Triggers at work: in the unit of work of what happened, after all else of it is written (BP-02, IDX-31).

So one undo takes back both. What a trigger cannot do hinders nobody: the owner of the card is told. What triggers
cause may set triggers off again, so each acts on a card once in a unit of work, and a chain has an end; one that has
none is switched off (design/assurance.md section 1.8).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, select

from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.route import route_json
from crm_tui.domain.text import clean
from crm_tui.services.event import work_calendars
from crm_tui.services.process import process_facts, process_notices, text_messages, trigger_talks
from crm_tui.services.process.process_object import TALK, About, abouts, in_use, zone_of_user
from crm_tui.services.record import field_setting
from crm_tui.services.task import reminders, tasks
from crm_tui.services.task.notifications import notify
from crm_tui.services.writing import automatic_letters
from crm_tui.services.writing.automatic_letters import Whom
from crm_tui.store.tables import found
from crm_tui.store.tables.processes import Trigger
from crm_tui.store.work import Actor, Work

MOST_CHAINED = 100
"""So many times triggers act on what triggers did, in one unit of work …"""
CHAINED_EACH = 10
"""… or so many times for each act on what a person did, where those are many."""
_BATCH = 500
FAILED, STOPPED = "trigger_failed", "trigger_stopped"
"""Codes of notifications."""


class _NotSent(Exception):
    """A letter or message stays here, for a reason of ``messages_process.REASONS``."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


@dataclass(slots=True)
class _Fired:
    """What triggers did in a unit of work so far."""

    waiting: dict[tuple[str, str, bool], dict[int, None]] = field(default_factory=dict)
    """Kind of card, event, and whether a trigger did it → the cards that it happened to."""
    acted: set[tuple[int, int]] = field(default_factory=set)
    """Trigger and card."""
    first: int = 0
    """How often a trigger acted on what a person did."""
    acting: bool = False
    """Whether a trigger acts now: what happens is its doing."""
    chained: int = 0
    stopped: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Act:
    """One action of a trigger on one card."""

    work: Work
    trigger: Trigger
    number: int
    about: About
    told: Mapping[str, Any]

    @property
    def target(self) -> str:
        return str(self.told.get("target", ""))

    @property
    def user_id(self) -> int:
        """Whose the work is: the owner of the card, else whoever acts. Raises Invalid."""
        user_id = self.about.owner_id or self.work.actor.user_id
        if user_id is None:
            raise Invalid("no_performer")
        return user_id

    def filled(self, text: str) -> str:
        """A title or value with its placeholders filled. Raises Invalid."""
        known = partial(automatic_letters.values, self.work.connection, self.about, Whom(), None, "")
        return process_notices.filled(text, known)


_units: "WeakKeyDictionary[Work, _Fired]" = WeakKeyDictionary()


def happens(work: Work, kind: str, record_ids: Iterable[int], event: str) -> None:
    """An event of just now: what triggers do about it they do at the end of the unit of work, for all the cards that
    it happened to together."""
    fired = _units.setdefault(work, _Fired())
    key = (kind, event, fired.acting)
    if key not in fired.waiting:
        fired.waiting[key] = {}
        work.at_end(partial(_fire_waiting, work, key))
    fired.waiting[key].update(dict.fromkeys(record_ids))


def act_on(work: Work, trigger_id: int, record_ids: Sequence[int]) -> None:
    """Let a trigger act on those of these cards for which its condition holds, as at a time of day. Raises
    NotFound."""
    _fire(work, work.get(Trigger, trigger_id), record_ids, chained=False)


def are_meant(connection: Connection, trigger: Trigger, record_ids: Sequence[int]) -> list[int]:
    """Those of these cards that are of the trigger's scenario, and not in the trash."""
    table = found(trigger.object_kind)
    meant: set[int] = set()
    for start in range(0, len(record_ids), _BATCH):
        query = select(table.c.id).where(table.c.id.in_(record_ids[start : start + _BATCH]), *in_use(table))
        if trigger.scenario_id is not None:
            if "scenario_id" not in table.c:
                return []
            query = query.where(table.c.scenario_id == trigger.scenario_id)
        meant.update(connection.scalars(query))
    return [one for one in record_ids if one in meant]


def _fire_waiting(work: Work, key: tuple[str, str, bool]) -> None:
    kind, event, chained = key
    record_ids = list(_units[work].waiting.pop(key))
    for trigger in _waiting(work, kind, event):
        _fire(work, trigger, record_ids, chained=chained)


def _waiting(work: Work, kind: str, event: str) -> list[Trigger]:
    rows = work.all(Trigger, object_kind=kind, event=event, enabled=True)
    return sorted(rows, key=lambda one: (one.position, one.key))


def _fire(work: Work, trigger: Trigger, record_ids: Sequence[int], *, chained: bool) -> None:
    fired = _units.setdefault(work, _Fired())
    new = [one for one in record_ids if (trigger.key, one) not in fired.acted]
    meant = are_meant(work.connection, trigger, new)
    if not meant or trigger.key in fired.stopped:
        return
    kind = trigger.object_kind
    try:
        holding = process_facts.holding(work.connection, kind, meant, trigger.condition or {}, work.now)
    except CrmError as error:
        _tell_owners(work, trigger, abouts(work.connection, kind, meant), error)
        return
    cards = abouts(work.connection, kind, holding)
    for record_id in holding:
        card = cards[record_id]
        fired.acted.add((trigger.key, record_id))
        fired.first += not chained
        fired.chained += chained
        if fired.chained > max(MOST_CHAINED, CHAINED_EACH * fired.first):
            _stop(work, trigger, card, fired)
            return
        fired.acting = True
        try:
            _carry_out(work, trigger, card)
        finally:
            fired.acting = False


def _carry_out(work: Work, trigger: Trigger, card: About) -> None:
    if (
        work.actor.user_id is None
    ):  # the sync or the clock: what a rule does is written down under its own name (C-11)
        work.act_for(Actor(f"rule:{trigger.name}"), "trigger.act")
    for number, told in enumerate(trigger.actions):
        act = _Act(work, trigger, number, card, told)
        try:
            with work.connection.begin_nested():
                if told.get("do") == "digest":
                    continue  # is told of all cards at once: ``trigger_tick``
                if told.get("do") not in ACTS:
                    raise Invalid("no_such_action", action=clean(str(told.get("do", ""))))
                ACTS[told["do"]](act)
        except _NotSent as unsent:
            _tell(work, trigger, card, unsent.reason, detail=unsent.detail)
        except CrmError as error:
            _tell_error(work, trigger, card, error)


def _stop(work: Work, trigger: Trigger, card: About, fired: _Fired) -> None:
    fired.stopped.add(trigger.key)
    work.change(trigger, enabled=False)
    told = card.owner_id or work.actor.user_id
    if told is not None:
        notify(work, told, STOPPED, kind=card.kind, subject_id=card.id, trigger=trigger.name)


def _tell_owners(work: Work, trigger: Trigger, cards: Mapping[int, About], error: CrmError) -> None:
    """What is wrong with the trigger itself is told once to each owner, not for each of a thousand cards."""
    for card in {card.owner_id: card for card in cards.values()}.values():
        _tell_error(work, trigger, card, error)


def _tell_error(work: Work, trigger: Trigger, card: About, error: CrmError) -> None:
    said = {name: str(value) for name, value in error.facts.items()}
    _tell(work, trigger, card, error.code, error=said)


def _tell(work: Work, trigger: Trigger, card: About, reason: str, *, detail: str = "", **facts: Any) -> None:
    told = card.owner_id or work.actor.user_id
    if told is not None:
        notify(
            work, told, FAILED, kind=card.kind, subject_id=card.id, trigger=trigger.name, name=card.name,
            reason=reason, detail=detail, **facts,
        )  # fmt: skip


def _key(act: _Act, whom: Whom) -> str:
    what = f"{act.trigger.key}:{act.number}:{act.about.kind}:{act.about.id}"
    return f"trigger:{what}:{act.work.now.isoformat()}:{whom.address}"


def _whom(act: _Act, info: str) -> Whom:
    if act.told.get("to_client"):
        asked = process_notices.fields_of(act.trigger.condition)
        whom = automatic_letters.client(act.work.connection, act.about, info=info, asks_for=asked)
    elif info == "email":
        whom = automatic_letters.colleague(act.work.connection, act.user_id)
    else:
        whom = Whom(reason="no_mobile")
    reason = whom.reason or ("no_sms" if info == "mobile" and not text_messages.are_sent() else "")
    if reason:
        raise _NotSent(reason)
    return whom


def _rendered(act: _Act, whom: Whom) -> automatic_letters.Rendered:
    known = automatic_letters.values(act.work.connection, act.about, whom)
    letter = automatic_letters.rendered(act.work.connection, act.about, act.target, known)
    if letter.reason:
        raise _NotSent(letter.reason, letter.detail)
    return letter


def _email(act: _Act) -> None:
    whom = _whom(act, "email")
    queued = automatic_letters.queue(act.work, act.about, whom, _rendered(act, whom), _key(act, whom))
    if isinstance(queued, str):
        raise _NotSent(queued)


def _sms(act: _Act) -> None:
    whom = _whom(act, "mobile")
    told = act.about.owner_id or act.work.actor.user_id
    text, key = _rendered(act, whom).body.strip(), _key(act, whom)
    text_messages.queue(act.work, whom.address, text, key, about=act.about, told=told)


def _due(act: _Act) -> datetime | None:
    text = str(act.told.get("after", ""))
    if not text:
        return None
    return work_calendars.deadline(
        act.work.connection, act.user_id, act.work.now, route_json.duration_of(text, "after")
    )


def _reminder(act: _Act) -> None:
    reminders.schedule(
        act.work, user_id=act.user_id, subject_kind=act.about.kind, subject_id=act.about.id,
        occurrence=f"trigger:{act.trigger.key}:{act.number}", text=act.filled(act.target),
        due_at=_due(act) or act.work.now, subject_at=None,
    )  # fmt: skip


def _task(act: _Act) -> None:
    tasks.add(
        act.work, act.filled(act.target), assignee_id=act.user_id, due_at=_due(act),
        interest_id=act.about.interest_id, customer_id=act.about.customer_id,
        **trigger_talks.of_person(act.about),
    )  # fmt: skip


def _set_field(act: _Act) -> None:
    name, text = field_setting.split(act.target)
    zone = zone_of_user(act.work.connection, act.about.owner_id)
    field_setting.set_field(act.work, act.about.kind, act.about.id, name, act.filled(text), zone)


def _start_process(act: _Act) -> None:
    from crm_tui.services.process import processes  # much to read for what few triggers do
    from crm_tui.services.route import route_catalogue  # much to read for what few triggers do

    drawn = route_catalogue.by_code(act.work.connection, act.target.strip())
    kind, record_id = act.about.kind, act.about.id
    if kind == TALK:
        kind, record_id = trigger_talks.card_of(act.about, drawn.object_kind)
    processes.start(act.work, drawn.id, kind, record_id)


ACTS: Mapping[str, Callable[[_Act], None]] = {
    "email": _email,
    "sms": _sms,
    "reminder": _reminder,
    "task": _task,
    "set_field": _set_field,
    "start_process": _start_process,
}
"""What a trigger can do with a card."""
