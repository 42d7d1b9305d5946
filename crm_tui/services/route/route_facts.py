"""What a route is checked against: the states, templates, users, fields and maps of a store (RM-22)."""

from sqlalchemy import Connection, select

from crm_tui.domain.conditions.condition_fields import Subject
from crm_tui.domain.conditions.record_subjects import RECORDS
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.letter import template
from crm_tui.domain.route import route_check
from crm_tui.domain.route.route_graph import always_waits, starts_at_once
from crm_tui.domain.route.route_map import NestedPoint, ProcessKind, Route
from crm_tui.domain.route.route_problem import Known, KnownMap, Problem
from crm_tui.services import messages
from crm_tui.services.process import process_actions, process_needs
from crm_tui.services.record import condition_subjects, field_setting
from crm_tui.services.route import route_sentences
from crm_tui.services.route.route_catalogue import IN_FORCE, catalogue, draft_or_current, of_map
from crm_tui.services.writing import automatic_letters, letter_values
from crm_tui.store.tables import LetterTemplate, Scenario, State, User, table_of

scenario, state, user = table_of(Scenario), table_of(State), table_of(User)
letter_template = table_of(LetterTemplate)


def problems(connection: Connection, route: Route, *, code: str = "") -> tuple[Problem, ...]:
    """What forbids putting the route in force; ``code`` is that of its map, where it has one."""
    return route_check.problems(route, known(connection, route, code=code))


def refuse_unsound(connection: Connection, route: Route, *, code: str) -> None:
    """Raise Refused (``map_not_sound`` with its ``problems``) where something forbids putting the map in force."""
    found = problems(connection, route, code=code)
    if found:
        first = route_sentences.of_problem(route, found[0])
        raise Refused("map_not_sound", map=route.title, problems=found, first=first)


def known(connection: Connection, route: Route, *, code: str = "") -> Known:
    """The facts of the company that this route must agree with."""
    users = connection.execute(select(user.c.login, user.c.roles).where(user.c.active)).all()
    return Known(
        code=code,
        accounts=frozenset(automatic_letters.senders(connection)),
        scenarios=frozenset(connection.scalars(select(scenario.c.code))),
        states=_states(connection, route.scenario),
        templates=_templates(connection),
        users=frozenset(row.login for row in users),
        roles=frozenset(role for row in users for role in row.roles or ()),
        maps=_maps(connection),
        documents=frozenset(process_needs.DOCUMENTS),
        demandable=frozenset(process_needs.demandable(connection, route.object_kind)),
        writable=frozenset(field_setting.settable(connection, route.object_kind)),
        subject=_subject(connection, route.object_kind),
        actions=process_actions.SETTINGS,
    )


def _subject(connection: Connection, kind: str) -> Subject | None:
    return condition_subjects.subject(connection, kind) if kind in RECORDS else None


def _states(connection: Connection, code: str) -> dict[str, str]:
    """Those of the scenario; without one, those that an Interest of every scenario can go into."""
    query = select(scenario.c.id, state.c.code, state.c.outcome).join(
        state, scenario.c.id == state.c.scenario_id
    )
    if code:
        query = query.where(scenario.c.code == code)
    of: dict[int, dict[str, str]] = {}
    for row in connection.execute(query.order_by(scenario.c.position, scenario.c.id, state.c.position)):
        of.setdefault(row.id, {})[row.code] = row.outcome
    first, *others = of.values() or ({},)
    return {
        name: outcome for name, outcome in first.items() if all(one.get(name) == outcome for one in others)
    }


def _templates(connection: Connection) -> dict[str, str]:
    """Everybody's templates, each with what is wrong with it: nobody's own is known to whoever will send."""
    query = select(letter_template.c.name, letter_template.c.subject, letter_template.c.body)
    rows = connection.execute(query.where(letter_template.c.user_id.is_(None)))
    return {row.name: _fault(row.subject) or _fault(row.body) for row in rows}


def _fault(text: str) -> str:
    try:
        template.check(text)
        for name in template.names(text):
            record, _dot, field = name.partition(".")
            if field not in letter_values.FIELDS.get(record, ()):
                raise Invalid("template_field", name=name)
    except Invalid as error:
        return messages.of_error(error)
    return ""


def _maps(connection: Connection) -> dict[str, KnownMap]:
    found = {}
    for row in catalogue(connection, archived=True):
        said = of_map(connection, row.id) or draft_or_current(connection, row.id)
        found[row.code] = KnownMap(
            kind=ProcessKind(said.kind),
            object_kind=said.object_kind,
            in_force=row.status == IN_FORCE,
            nested=frozenset(point.map for point in said.points if isinstance(point, NestedPoint)),
            at_once=starts_at_once(said),
            waits=always_waits(said),
        )
    return found
