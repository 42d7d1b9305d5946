"""The rules of a step at work: notifications, reminders, tasks, fields (RM-10…17).

A rule acts in the unit of work in which its step is entered, completed or late: crash, and neither happened. What a
rule cannot do never hinders the step: it is written down as a notice, and whoever owns the card is told.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from crm_tui.domain.errors import CrmError, Invalid
from crm_tui.domain.letter import template
from crm_tui.domain.route.route_map import RuleAction, Step, StepEvent, StepRule, Tree
from crm_tui.domain.text import clean
from crm_tui.services import messages
from crm_tui.services.process import process_facts, text_messages
from crm_tui.services.process.process_object import About, about, zone_of_user
from crm_tui.services.process.process_state import route_of
from crm_tui.services.record import field_setting
from crm_tui.services.task import reminders, tasks
from crm_tui.services.task.notifications import notify
from crm_tui.services.writing import automatic_letters, letter_values
from crm_tui.services.writing.automatic_letters import FAULTS, Whom
from crm_tui.store.tables.processes import Process, ProcessNotice, ProcessToken, RouteMap
from crm_tui.store.work import Work

HELD = "process_notice_held"
"""Code of the notification that a rule could not do its work and somebody must see to it."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One step entry, as its rules see it."""

    work: Work
    process: Process
    token: ProcessToken
    step: Step
    event: StepEvent
    about: About
    map_title: str

    @property
    def account(self) -> str:
        """The account that the map names."""
        return route_of(self.work.connection, self.process.version_id).account

    def nobodys_values(self, records: Collection[str]) -> letter_values.Found:
        """What a text that goes to nobody is filled with, of these records."""
        return self.values(Whom(), records)

    def values(self, whom: Whom, records: Collection[str] = letter_values.RECORDS) -> letter_values.Found:
        """What a text about this step is filled with, of these records."""
        due = self.token.deadline_at
        zone = zone_of_user(self.work.connection, self.about.owner_id)
        performer = automatic_letters.colleague(self.work.connection, self.token.performer_id)
        process = {
            "map": self.map_title,
            "step": self.step.name or self.step.id,
            "instruction": self.step.instruction,
            "deadline": f"{due.astimezone(zone):%d.%m.%Y %H:%M}" if due is not None else "",
            "performer": performer.name,
        }
        return automatic_letters.values(
            self.work.connection, self.about, whom, process, self.account, records
        )

    def note(self, rule: StepRule, *, address: str = "", reason: str = "", detail: str = "",
             outbox_id: int | None = None) -> None:  # fmt: skip
        """Write down what came of a rule, and tell the owner where somebody must see to it."""
        self.work.add(
            ProcessNotice(
                process_id=self.process.key, token=self.token.token, event=self.event.value,
                action=rule.action.value, address=address, target=clean(rule.target)[:500], reason=reason,
                step=self.step.name or self.step.id, detail=detail[:1000], outbox_id=outbox_id, at=self.work.now,
            )
        )  # fmt: skip
        told = self.about.owner_id or self.token.performer_id
        if reason in FAULTS and told is not None:
            notify(
                self.work, told, HELD, kind=self.about.kind, subject_id=self.about.id, name=self.about.name,
                step=self.step.name or self.step.id, target=clean(rule.target)[:200], reason=reason,
                detail=detail[:500],
            )  # fmt: skip

    def key(self, address: str) -> str:
        """What names a message of this entry. With the point: after an undo another way is gone by the same number of
        a token, and what was sent on the first must not keep back what is sent on the second."""
        return f"process:{self.process.key}:{self.token.token}:{self.token.point}:{self.event}:{address}"

    def was_told(self, address: str) -> bool:
        """Whether a notification went to the address already: at most one for each step entry."""
        known = self.work.find(
            ProcessNotice, process_id=self.process.key, token=self.token.token, event=self.event.value,
            address=address,
        )  # fmt: skip
        return known is not None


def on_event(work: Work, process: Process, token: ProcessToken, step: Step, event: StepEvent) -> None:
    """The step was entered, completed, or is late: do what its rules with this event and a condition that holds say.

    Called within the unit of work of what happened, after the token has its performer and deadline. Raises nothing of
    what a rule does wrong.
    """
    rules = [rule for rule in step.rules if rule.event is event]
    if not rules:
        return
    card = about(work.connection, process.object_kind, process.object_id, process.interest_id)
    title = work.get(RouteMap, process.map_id)
    entry = _Entry(work, process, token, step, event, card, f"{title.number} {title.name}".strip())
    holds = process_facts.holds(work, process)
    for rule in rules:
        try:
            with work.connection.begin_nested():
                if rule.condition is None or holds(rule.condition):
                    _ACTS[rule.action](entry, rule)
        except CrmError as error:
            entry.note(rule, reason="not_done", detail=messages.of_error(error))


def fields_of(tree: Tree | None) -> frozenset[str]:
    """The fields that a condition asks about, as it is stored."""
    found: set[str] = set()
    todo: list[object] = [tree or {}]
    while todo:
        one = todo.pop()
        if isinstance(one, Mapping):
            if isinstance(one.get("field"), str):
                found.add(one["field"])
            todo.extend(value for value in one.values() if isinstance(value, list))
        elif isinstance(one, list):
            todo.extend(one)
    return frozenset(found)


def filled(text: str, values: Callable[[Collection[str]], letter_values.Found]) -> str:
    """A title or value with its placeholders filled; ``values`` gives those of the records that it names. Raises
    Invalid (``placeholders_empty``) for one without a value, and for a broken template."""
    records = {name.partition(".")[0] for name in template.names(text)}
    line = template.fill(text, values(records) if records else {})
    if line.empty:
        raise Invalid("placeholders_empty", names=", ".join(line.empty))
    return " ".join(clean(line.text).split())


def _email(entry: _Entry, rule: StepRule) -> None:
    whom = _whom(entry, rule, "email")
    if whom.reason:
        entry.note(rule, reason=whom.reason)
        return
    if entry.was_told(whom.address):
        return
    letter = automatic_letters.rendered(entry.work.connection, entry.about, rule.target, entry.values(whom))
    if letter.reason:
        entry.note(rule, reason=letter.reason, detail=letter.detail)
        return
    key = entry.key(whom.address)
    queued = automatic_letters.queue(entry.work, entry.about, whom, letter, key, entry.account)
    if isinstance(queued, str):
        entry.note(rule, reason=queued)
    else:
        entry.note(rule, address=whom.address, outbox_id=queued.key)


def _sms(entry: _Entry, rule: StepRule) -> None:
    whom = _whom(entry, rule, "mobile")
    if whom.reason or not text_messages.are_sent():
        entry.note(rule, reason=whom.reason or "no_sms")
        return
    if entry.was_told(whom.address):
        return
    text = automatic_letters.rendered(entry.work.connection, entry.about, rule.target, entry.values(whom))
    if text.reason:
        entry.note(rule, reason=text.reason, detail=text.detail)
        return
    key = entry.key(whom.address)
    text_messages.queue(
        entry.work, whom.address, text.body.strip(), key,
        about=entry.about, told=entry.about.owner_id or entry.token.performer_id, process_id=entry.process.key,
    )  # fmt: skip
    entry.note(rule, address=whom.address)


def _whom(entry: _Entry, rule: StepRule, info: str) -> Whom:
    connection = entry.work.connection
    if rule.to_client:
        return automatic_letters.client(
            connection, entry.about, info=info, asks_for=fields_of(rule.condition)
        )
    if info == "email":
        return automatic_letters.colleague(connection, entry.token.performer_id)
    return Whom(reason="no_mobile")


def _reminder(entry: _Entry, rule: StepRule) -> None:
    user_id = entry.token.performer_id or entry.about.owner_id
    if user_id is None:
        raise Invalid("no_performer")
    reminders.schedule(
        entry.work,
        user_id=user_id,
        subject_kind=entry.about.kind,
        subject_id=entry.about.id,
        occurrence=f"process:{entry.process.key}:{entry.token.token}:{entry.event}:{entry.step.rules.index(rule)}",
        text=filled(rule.target, entry.nobodys_values),
        due_at=entry.work.now,
        subject_at=entry.token.deadline_at,
    )


def _task(entry: _Entry, rule: StepRule) -> None:
    user_id = entry.token.performer_id or entry.about.owner_id
    if user_id is None:
        raise Invalid("no_performer")
    tasks.add(
        entry.work,
        filled(rule.target, entry.nobodys_values),
        assignee_id=user_id,
        due_at=entry.token.deadline_at,
        interest_id=entry.about.interest_id,
        customer_id=entry.about.customer_id,
    )


def _set_field(entry: _Entry, rule: StepRule) -> None:
    name, text = field_setting.split(rule.target)
    zone = zone_of_user(entry.work.connection, entry.about.owner_id)
    value = filled(text, entry.nobodys_values)
    field_setting.set_field(entry.work, entry.about.kind, entry.about.id, name, value, zone)


_ACTS: Mapping[RuleAction, Callable[[_Entry, StepRule], None]] = {
    RuleAction.EMAIL: _email,
    RuleAction.SMS: _sms,
    RuleAction.REMINDER: _reminder,
    RuleAction.TASK: _task,
    RuleAction.SET_FIELD: _set_field,
}
