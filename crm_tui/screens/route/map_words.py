"""What a person calls the parts of a route map; what the company has that they can name."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.route_json import duration_as_text
from crm_tui.domain.route.route_map import (
    ChoicePoint,
    Duration,
    Performer,
    PerformerRule,
    ProcessKind,
    Requirement,
    Route,
    RuleAction,
    SplitPoint,
    StepEvent,
    StepRule,
    Tree,
    Unit,
)
from crm_tui.domain.route.route_outline import label
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _, ngettext
from crm_tui.services.process import process_needs
from crm_tui.services.record import condition_subjects
from crm_tui.services.route import route_maps
from crm_tui.services.writing import automatic_letters, letter_templates
from crm_tui.store.tables import Scenario, State, User, table_of

KINDS = {ProcessKind.OBJECT: N_("object process"), ProcessKind.INDEPENDENT: N_("independent process")}
SHORT_KINDS = {ProcessKind.OBJECT: N_("object"), ProcessKind.INDEPENDENT: N_("independent")}
OBJECTS = {
    "interest": N_("Interest"),
    "customer": N_("Customer"),
    "contact": N_("Contact person"),
    "lead": N_("Lead"),
    "document": N_("Document"),
    "": N_("any card"),
}
EVENTS = {"": N_("by hand"), "created": N_("on creating")}
PERFORMERS = {
    PerformerRule.OWNER: N_("the owner"),
    PerformerRule.HEAD: N_("the owner's head"),
    PerformerRule.ROLE: N_("who has the role"),
    PerformerRule.USER: N_("a certain user"),
    PerformerRule.LEAST_LOADED: N_("least loaded with the role"),
    PerformerRule.PREVIOUS: N_("who did the step before"),
}
STEP_EVENTS = {
    StepEvent.ENTERING: N_("on entering"),
    StepEvent.COMPLETING: N_("on completing"),
    StepEvent.OVERDUE: N_("when overdue"),
}
RULE_ACTIONS = {
    RuleAction.EMAIL: N_("e-mail"),
    RuleAction.SMS: N_("SMS"),
    RuleAction.REMINDER: N_("reminder"),
    RuleAction.TASK: N_("task"),
    RuleAction.SET_FIELD: N_("set field"),
}
ACTIONS = {
    "set_field": N_("set a field"),
    "create_task": N_("create a task"),
    "create_document": N_("create a document"),
    "create_record": N_("create a record"),
    "find_record": N_("find a record"),
    "send_letter": N_("send a letter"),
    "start_process": N_("start a process"),
}

Named = Mapping[str, str]
"""Code → what it is called."""


@dataclass(frozen=True, slots=True)
class MapWords:
    """What there is to name, as the store has it now."""

    scenarios: Named = field(default_factory=dict)
    states: Named = field(default_factory=dict)
    """Of the map's scenario; of all, where it has none."""
    users: Named = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    maps: Mapping[str, tuple[str, ProcessKind]] = field(default_factory=dict)
    """Code → title and kind."""
    documents: Named = field(default_factory=dict)
    fields: Named = field(default_factory=dict)
    subject: Subject | None = None
    accounts: Named = field(default_factory=dict)
    """Address → account that can send."""


def read(connection: Connection, route: Route) -> MapWords:
    """All of it, for this map."""
    scenario, state, user = table_of(Scenario), table_of(State), table_of(User)
    states = select(state.c.code, state.c.name).join(scenario, scenario.c.id == state.c.scenario_id)
    if route.scenario:
        states = states.where(scenario.c.code == route.scenario)
    people = connection.execute(
        select(user.c.login, user.c.name, user.c.roles).where(user.c.active).order_by(user.c.name)
    ).all()
    kind = route.object_kind or "interest"
    return MapWords(
        scenarios={
            one.code: clean(_(one.name))
            for one in connection.execute(
                select(scenario.c.code, scenario.c.name).order_by(scenario.c.position)
            )
        },
        states={
            one.code: clean(_(one.name))
            for one in connection.execute(states.order_by(scenario.c.position, state.c.position))
        },
        users={one.login: clean(one.name or one.login) for one in people},
        roles=tuple(sorted({clean(role) for one in people for role in one.roles or ()})),
        templates=tuple(clean(one.name) for one in letter_templates.templates(connection)),
        maps={
            one.code: (clean(one.title), ProcessKind(one.kind)) for one in route_maps.catalogue(connection)
        },
        documents={code: _(name) for code, name in process_needs.DOCUMENTS.items()},
        fields={code: clean(_(name)) for code, name in process_needs.demandable(connection, kind).items()},
        subject=condition_subjects.subject(connection, kind),
        accounts={
            one: f"{clean(name)} <{one}>" for one, name in automatic_letters.senders(connection).items()
        },
    )


def way_said(route: Route, number: int, words: MapWords) -> str:
    """One of several ways on from a point: its outcome, its condition, or that it controls the state."""
    flow = route.flows[number]
    source = route.by_id.get(flow.source)
    if isinstance(source, ChoicePoint):
        return _("else") if flow.condition is None else condition_said(flow.condition, words)
    if isinstance(source, SplitPoint):
        place = route.leaving[flow.source].index(number) + 1
        return _("sets the state") if flow.controls else _("branch {number}").format(number=place)
    return label(route, flow)


def condition_said(tree: Tree | None, words: MapWords) -> str:
    """A condition in words."""
    if not tree:
        return _("always")
    if words.subject is None:
        return _("a condition")
    try:
        return condition_words.said(condition.parsed(tree, words.subject), words.subject, _number)
    except CrmError:
        return _("! a condition that is not understood")


def performer_said(performer: Performer, words: MapWords) -> str:
    """Who performs a step."""
    said = _(PERFORMERS[performer.rule])
    named = words.users.get(performer.of, performer.of)
    return f"{said}: {named}" if performer.of else said


def duration_said(duration: Duration | None) -> str:
    """How long a step may take; empty for no limit."""
    if duration is None:
        return ""
    count = duration.amount
    patterns = {
        Unit.WORKING_HOURS: ngettext("{count} working hour", "{count} working hours", count),
        Unit.WORKING_DAYS: ngettext("{count} working day", "{count} working days", count),
        Unit.MINUTES: ngettext("{count} minute", "{count} minutes", count),
        Unit.CALENDAR_DAYS: ngettext("{count} calendar day", "{count} calendar days", count),
    }
    return patterns[duration.unit].format(count=count)


def short_duration(duration: Duration | None) -> str:
    """As it is typed: 4h, 2d, 30min, 3cd."""
    return "" if duration is None else duration_as_text(duration)


def requirement_said(one: Requirement, words: MapWords) -> str:
    """What must be there before a step is completed."""
    names = words.documents if one.kind == "document" else words.fields
    name = names.get(one.of, one.of)
    if one.kind == "field":
        return _("field: {name}").format(name=name)
    return name if one.count == 1 else f"{name} × {one.count}"


def rule_said(one: StepRule, words: MapWords) -> str:
    """A rule in one line: event · action · target · to client · condition."""
    parts = [_(STEP_EVENTS[one.event]), _(RULE_ACTIONS[one.action]), one.target or _("! no target")]
    if one.to_client:
        parts.append(_("to the client"))
    if one.condition:
        parts.append(_("if {condition}").format(condition=condition_said(one.condition, words)))
    return " · ".join(parts)


def _number(_field: object, key: int) -> str:
    return str(key)
