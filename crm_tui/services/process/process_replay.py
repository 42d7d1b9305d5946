"""Past Interests flown through a new map: the second half of the flight simulator (M-05).

Where they would stand now, which deadlines would have been broken, which letters would have gone to whom. How the
past is read is said in ``process_past``. Nothing is written: all is read through one connection that cannot
write. Letters are not filled in: whether a field of a template is empty is not told.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from crm_tui.domain.conditions import condition
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_check import holds as condition_holds
from crm_tui.domain.errors import Refused
from crm_tui.domain.route.process import Status
from crm_tui.domain.route.process_past import Flight, Past, Visit, Ways
from crm_tui.domain.route.route_map import (
    Duration,
    Requirement,
    Route,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
    Tree,
)
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.services.event import work_calendars
from crm_tui.services.interest import checklist_fields
from crm_tui.services.process import process_histories, process_needs
from crm_tui.services.process.process_flown import Broken, Flown, Replay, Sent
from crm_tui.services.process.process_histories import History
from crm_tui.services.process.process_needs import Missing
from crm_tui.services.process.process_notices import fields_of
from crm_tui.services.process.process_object import About
from crm_tui.services.process.process_staff import Staff
from crm_tui.services.record import condition_subjects
from crm_tui.services.writing import automatic_letters
from crm_tui.store import record_conditions

BATCH = 250
MOST = 10_000
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def replay(
    connection: Connection,
    route: Route,
    now: datetime,
    *,
    since: datetime = BEGINNING,
    until: datetime | None = None,
    limit: int = MOST,
    told: Callable[[int, int], bool] | None = None,
) -> Replay:
    """Fly the Interests that were made in the period, at most the newest ``limit``, through the route; a draft may be
    flown through, if it is sound.

    ``told`` is told now and then how many of how many are done, and answers whether to go on. Raises Refused
    (``replay_not_interest``) for a map of other cards; Invalid (``condition_…``) where a condition names what there
    is not.
    """
    if route.object_kind not in ("", "interest"):
        raise Refused("replay_not_interest", map=route.title)
    until = until or now + timedelta(microseconds=1)
    found = process_histories.ids(connection, route.scenario, since, until, limit + 1)
    interest_ids = found[-limit:]
    company = _Company(connection, route, now)
    flown: list[Flown] = []
    for start in range(0, len(interest_ids), BATCH):
        if told is not None and not told(start, len(interest_ids)):
            break
        flown += company.fly(interest_ids[start : start + BATCH])
    return Replay(tuple(flown), len(found) > limit)


@dataclass
class _Company:
    """What is the same for all Interests, looked up once."""

    connection: Connection
    route: Route
    now: datetime
    staff: Staff = field(init=False)
    ways: Ways = field(init=False)

    def __post_init__(self) -> None:
        self.staff = Staff(self.connection)
        self.ways = Ways(self.route)
        self._calendars: dict[int | None, work_calendars.Clockwork] = {}
        self._subject = condition_subjects.subject(self.connection, "interest")
        trees = [flow.condition for flow in self.route.flows if flow.condition]
        self._rules = {
            point.id: [rule for rule in point.rules if rule.action in (RuleAction.EMAIL, RuleAction.SMS)]
            for point in self.route.points
            if isinstance(point, Step)
        }
        trees += [rule.condition for rules in self._rules.values() for rule in rules if rule.condition]
        self._conditions: dict[str, Condition] = {
            _key(tree): condition.parsed(tree, self._subject) for tree in trees
        }
        self._templates: dict[tuple[str, int | None], bool] = {}

    def fly(self, interest_ids: Sequence[int]) -> list[Flown]:
        """A batch of them."""
        histories = process_histories.histories(self.connection, self.route, interest_ids)
        self._look_up(histories)
        return [self._fly(one) for one in histories]

    def _fly(self, history: History) -> Flown:
        row = history.row

        def holds(tree: Tree) -> bool:
            return history.answers[_key(tree)]

        past = Past(
            self.route,
            self.ways,
            row.created_at,
            history.happenings,
            holds=holds,
            perform=lambda step, previous: self.staff.performer(step.performer, row.owner_id, previous),
            due=lambda user_id, at, duration: self._due(user_id or row.owner_id, at, duration),
            fields=history.fields,
        )
        flight = past.fly(self.now)
        return Flown(
            row.id,
            clean(row.name),
            tuple(self._name(token.point) for token in flight.instance.tokens),
            _ending(flight),
            flight.state,
            row.state,
            row.closed_at is not None,
            self._missing(flight),
            tuple(self._broken(flight)),
            tuple(self._letters(flight, history, holds)),
        )

    def _missing(self, flight: Flight) -> tuple[Missing, ...]:
        return tuple(self._named(need) for needs in flight.lacks.values() for need in needs)

    def _named(self, need: Requirement) -> Missing:
        if need.kind == "document":
            return Missing(need.kind, need.of, _(process_needs.DOCUMENTS.get(need.of, need.of)), need.count)
        known = self._subject.fields.get(need.of)
        title = checklist_fields.FIELDS.get(need.of, known.title if known is not None else need.of)
        return Missing(need.kind, need.of, _(title))

    def _broken(self, flight: Flight) -> list[Broken]:
        late = [
            visit
            for visit in flight.visits
            if isinstance(self.route.by_id[visit.point], Step) and _is_late(visit, self.now)
        ]
        return [
            Broken(
                self._name(visit.point),
                visit.user_id,
                self.staff.name(visit.user_id),
                visit.due_at,
                visit.left_at,
            )
            for visit in late
            if visit.due_at is not None
        ]

    def _letters(self, flight: Flight, history: History, holds: Callable[[Tree], bool]) -> list[Sent]:
        row = history.row
        about = About(
            "interest", row.id, row.name, row.owner_id, row.id, row.customer_id, row.contact_id, row.lead_id
        )
        found: list[Sent] = []
        told: set[tuple[int, StepEvent, str]] = set()
        for visit in flight.visits:
            for rule in self._rules.get(visit.point, ()):
                at = _time_of(rule.event, visit, self.now)
                if at is None or (rule.condition and not holds(rule.condition)):
                    continue
                sent = self._sent(about, visit, rule, at)
                key = (visit.token, rule.event, sent.address)
                if not sent.address or key not in told:
                    told.add(key)
                    found.append(sent)
        return sorted(found, key=lambda one: one.at)

    def _sent(self, about: About, visit: Visit, rule: StepRule, at: datetime) -> Sent:
        info = "email" if rule.action is RuleAction.EMAIL else "mobile"
        if rule.to_client:
            whom = automatic_letters.client(
                self.connection, about, info=info, asks_for=fields_of(rule.condition)
            )
        elif info == "email":
            whom = automatic_letters.colleague(self.connection, visit.user_id)
        else:
            whom = automatic_letters.Whom(reason="no_mobile")
        reason = whom.reason or ("" if self._has_template(rule.target, about.owner_id) else "no_template")
        return Sent(
            at,
            self._name(visit.point),
            rule.event,
            rule.action,
            clean(rule.target),
            whom.name,
            whom.address,
            reason,
        )

    def _has_template(self, name: str, user_id: int | None) -> bool:
        key = (name, user_id)
        if key not in self._templates:
            self._templates[key] = (
                automatic_letters.template_named(self.connection, name, user_id) is not None
            )
        return self._templates[key]

    def _look_up(self, histories: Sequence[History]) -> None:
        """Which conditions hold for each now, and which fields are filled in. "Me" is the owner, and the day is that
        of the owner's zone, as in ``process_facts``."""
        asked = {name for wanted in self._conditions.values() for name in condition.fields(wanted)}
        demanded = {
            name for name in process_histories.demanded_fields(self.route) if name in self._subject.fields
        }
        owners: dict[int | None, list[History]] = {}
        for one in histories if asked | demanded else ():
            owners.setdefault(one.row.owner_id, []).append(one)
        for owner_id, theirs in owners.items():
            context = Context(self.now, self.staff.zone(owner_id), owner_id)
            made = record_conditions.records(
                self.connection,
                self._subject,
                [one.row.id for one in theirs],
                context,
                sorted(asked | demanded),
            )
            for one in theirs:
                record = made[one.row.id]
                one.fields |= {name for name in demanded if record.get(name) not in (None, "", (), False)}
                one.answers = {
                    key: condition_holds(wanted, record, self._subject, context)
                    for key, wanted in self._conditions.items()
                }

    def _due(self, user_id: int | None, at: datetime, duration: Duration) -> datetime:
        clockwork = self._calendars.get(user_id)
        if clockwork is None:
            clockwork = self._calendars[user_id] = work_calendars.clockwork(self.connection, user_id)
        return clockwork.deadline(at, duration)

    def _name(self, point: str) -> str:
        return self.route.by_id[point].name or point


def _ending(flight: Flight) -> str:
    status = flight.instance.status
    if status is Status.COMPLETED:
        return "successful" if flight.instance.successful else "unsuccessful"
    return "" if status is Status.RUNNING else status.value


def _is_late(visit: Visit, now: datetime) -> bool:
    # What was taken away before its time was not late.
    return visit.due_at is not None and (visit.left_at or now) > visit.due_at


def _time_of(event: StepEvent, visit: Visit, now: datetime) -> datetime | None:
    """When the event of the step would have been; None for one that was not."""
    match event:
        case StepEvent.ENTERING:
            return visit.entered_at
        case StepEvent.COMPLETING:
            return None if visit.cancelled else visit.left_at
        case StepEvent.OVERDUE:
            return visit.due_at if _is_late(visit, now) else None


def _key(tree: Tree) -> str:
    return json.dumps(tree, sort_keys=True, default=str)
