"""What people may want who write or call (KZ-01): each purpose leads to a scenario and to an owner by rule.

A shipped purpose stands until a row of the store says otherwise; its name is an English source text, shown through
gettext. What a record keeps is the code, which never changes.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Conflict, Invalid, NotFound
from crm_tui.domain.text import clean, fold
from crm_tui.i18n import _
from crm_tui.services import users
from crm_tui.services.interest import scenarios
from crm_tui.store.queries import absences
from crm_tui.store.tables import Customer, Interest, Lead, Scenario, State, User, table_of
from crm_tui.store.tables.cards import Purpose
from crm_tui.store.work import Work

ME, CUSTOMER, LEAST_LOADED, USER = "me", "customer", "least_loaded", "user:"
"""Owner rules: whoever accepts; whose customer or lead it is; who has the fewest open Interests; a named user."""

_CODE = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Known:
    """A purpose of inquiries."""

    code: str
    name: str
    """As it is shown: translated when it is a shipped one."""
    scenario: str
    """Code of the scenario of the Interest that is made."""
    owner_rule: str
    archived: bool = False


def every(connection: Connection) -> list[Known]:
    """All purposes in their order, archived ones too."""
    purpose, scenario = table_of(Purpose), table_of(Scenario)
    query = (
        select(purpose, scenario.c.code.label("scenario"))
        .outerjoin(scenario, scenario.c.id == purpose.c.scenario_id)
        .order_by(purpose.c.position, purpose.c.id)
    )
    own = {row.code: row for row in connection.execute(query)}
    found: list[tuple[int, int, Known]] = []
    for place, (code, name, default) in enumerate(scenarios.PURPOSES):
        row = own.pop(code, None)
        if row is None:
            found.append((place * 10, 0, Known(code, _(name), default, ME)))
        else:
            shown = _(name) if row.name == name else row.name
            known = Known(code, shown, row.scenario or default, row.owner_rule, row.archived)
            found.append((row.position, 0, known))
    for row in own.values():
        known = Known(row.code, row.name, row.scenario or "sale", row.owner_rule, row.archived)
        found.append((row.position, row.id, known))
    return [one for _place, _id, one in sorted(found, key=lambda each: each[:2])]


def items(connection: Connection) -> list[tuple[str, str]]:
    """Code and shown name of the purposes to choose from, in their order."""
    return [(one.code, one.name) for one in every(connection) if not one.archived]


def by_code(connection: Connection, code: str) -> Known:
    """The purpose with this code. Raises NotFound."""
    for one in every(connection):
        if one.code == code:
            return one
    raise NotFound("no_such_purpose", code=clean(code))


def name_of(connection: Connection, code: str) -> str:
    """The shown name of a code; the code itself where no purpose has it."""
    return next((one.name for one in every(connection) if one.code == code), code)


def add(work: Work, name: str, scenario: str, owner_rule: str = ME) -> Purpose:
    """A new purpose at the end. Raises Invalid for an empty name, one that is there, or a rule that is none;
    NotFound for an unknown scenario."""
    users.need_administrator(work.connection, work.actor)
    name = _name(name)
    there = every(work.connection)
    if any(fold(one.name) == fold(name) for one in there):
        raise Invalid("word_is_there", value=name)
    code = base = _CODE.sub("_", fold(name)).strip("_") or "purpose"
    number = 2
    while any(one.code == code for one in there):
        code, number = f"{base}_{number}", number + 1
    return work.add(
        Purpose(
            code=code,
            name=name,
            scenario_id=scenarios.by_code(work, scenario).key,
            owner_rule=_rule(work, owner_rule),
            position=_last(work) + 10,
        )
    )


def change(
    work: Work, code: str, *, name: str, scenario: str, owner_rule: str, was: Known | None = None
) -> Purpose:
    """Another name, scenario or rule. A shipped name that is typed as it is shown stays the shipped one.
    Raises Invalid, NotFound, Conflict when it is not what it ``was`` any more."""
    users.need_administrator(work.connection, work.actor)
    row = _row(work, code)
    if was is not None and by_code(work.connection, code) != was:
        raise Conflict("changed_meanwhile", kind="purpose", id=row.key)
    name = _name(name)
    shipped = next((source for each, source, _scenario in scenarios.PURPOSES if each == code), "")
    work.change(
        row,
        name=shipped if shipped and name == _(shipped) else name,
        scenario_id=scenarios.by_code(work, scenario).key,
        owner_rule=_rule(work, owner_rule),
    )
    return row


def archive(work: Work, code: str, archived: bool = True) -> Purpose:
    """Offer a purpose no more, or again; Interests that have it keep it. Raises NotFound, and Invalid for the last
    one that is offered."""
    users.need_administrator(work.connection, work.actor)
    row = _row(work, code)
    work.change(row, archived=archived)
    if not items(work.connection):
        raise Invalid("last_purpose")
    return row


def move(work: Work, code: str, step: int) -> None:
    """Put a purpose ``step`` places further down, or up when negative. Raises NotFound."""
    users.need_administrator(work.connection, work.actor)
    order = [one.code for one in every(work.connection)]
    if code not in order:
        raise NotFound("no_such_purpose", code=clean(code))
    here = order.index(code)
    order.insert(max(0, min(len(order) - 1, here + step)), order.pop(here))
    for place, one in enumerate(order):
        work.change(_row(work, one), position=place * 10)


def owner_for(
    work: Work, rule: str, *, me: int, customer_id: int | None = None, lead_id: int | None = None
) -> int:
    """Who becomes the owner of an Interest by a rule; ``me`` where the rule finds nobody who works here. Who is away
    is stood in for by the deputy."""
    user_id: int | None = me
    if rule == CUSTOMER:
        user_id = _keeper(work, customer_id, lead_id)
    elif rule == LEAST_LOADED:
        user_id = _least_loaded(work)
    elif rule.startswith(USER):
        user_id = int(rule.removeprefix(USER))
    user = None if user_id is None else work.find(User, id=user_id, active=True)
    return me if user is None or user.key == me else absences.stand_in(work.connection, user.key, work.now)


def _keeper(work: Work, customer_id: int | None, lead_id: int | None) -> int | None:
    if customer_id is not None:
        return work.get(Customer, customer_id).owner_id
    return None if lead_id is None else work.get(Lead, lead_id).owner_id


def _least_loaded(work: Work) -> int | None:
    user, interest, state = table_of(User), table_of(Interest), table_of(State)
    has_open = (
        select(func.count())
        .select_from(interest.join(state, state.c.id == interest.c.state_id))
        .where(interest.c.owner_id == user.c.id, state.c.outcome == "open", interest.c.trashed_at.is_(None))
        .scalar_subquery()
    )
    query = select(user.c.id).where(user.c.active).order_by(has_open, user.c.id).limit(1)
    return work.connection.execute(query).scalar()


def _row(work: Work, code: str) -> Purpose:
    """The store's row of a purpose; a shipped one gets its row when it is changed."""
    row = work.find(Purpose, code=code)
    if row is not None:
        return row
    for place, (shipped, name, scenario) in enumerate(scenarios.PURPOSES):
        if shipped == code:
            found = work.find(Scenario, code=scenario)
            return work.add(
                Purpose(
                    code=code,
                    name=name,
                    scenario_id=found.key if found else None,
                    owner_rule=ME,
                    position=place * 10,
                )
            )
    raise NotFound("no_such_purpose", code=clean(code))


def _last(work: Work) -> int:
    own = [row.position for row in work.all(Purpose)]
    return max([*own, (len(scenarios.PURPOSES) - 1) * 10])


def _name(name: str) -> str:
    name = " ".join(clean(name).split())
    if not name:
        raise Invalid("name_missing", kind="purpose")
    return name


def _rule(work: Work, rule: str) -> str:
    named = rule.removeprefix(USER) if rule.startswith(USER) else ""
    if rule in (ME, CUSTOMER, LEAST_LOADED) or (
        named.isdecimal() and work.find(User, id=int(named)) is not None
    ):
        return rule
    raise Invalid("no_such_owner_rule", value=clean(rule))
