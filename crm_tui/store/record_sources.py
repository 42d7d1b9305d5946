"""Where conditions find what no column holds: last touch, what is next, sums of open Interests, age, addresses.

Every clause is about the row of the record's table at hand, by the table's own name.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Table,
    and_,
    cast,
    exists,
    func,
    literal,
    literal_column,
    not_,
    select,
    type_coerce,
)

from crm_tui.domain.conditions.condition_check import Context
from crm_tui.store.conditions import Source, Test, Texts
from crm_tui.store.queries import touches
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interaction,
    Interest,
    Lead,
    Letter,
    LetterLink,
    State,
    Task,
    found,
    table_of,
)

customer, contact, lead = table_of(Customer), table_of(Contact), table_of(Lead)
interest, task, info = table_of(Interest), table_of(Task), table_of(ContactInfo)
state, interaction = table_of(State), table_of(Interaction)
letter, link = table_of(Letter), table_of(LetterLink)
wish = interest.alias("wish")
"""Interests of the customer or lead at hand."""

INFO_KINDS: Mapping[str, tuple[str, ...]] = {"email": ("email",), "phone": ("phone", "mobile")}
_TABLES: Mapping[str, Table] = {
    "customer": customer,
    "contact": contact,
    "lead": lead,
    "interest": interest,
    "task": task,
    "interaction": interaction,
}
"""Those that the start of the program reads; others are found when they are asked for."""
_AN_INSTANT = interest.c.created_at.type
_A_SECOND = 1e-5
"""Of a day: the fraction that julianday loses."""

SourceOf = Callable[[Context], Source]


def record_table(kind: str) -> Table:
    """The table of a kind of record."""
    table = _TABLES.get(kind)
    return found(kind) if table is None else table


def _is_open(of: Any) -> ColumnElement[bool]:
    return exists(select(1).where(state.c.id == of.c.state_id, state.c.outcome == "open"))


def _days_since(instant: ColumnElement[Any], now: datetime) -> ColumnElement[float]:
    at = func.julianday(literal(now, _AN_INSTANT))
    days: ColumnElement[float] = at - func.julianday(instant)
    return days


def _last_touch(kind: str) -> ColumnElement[Any]:
    here: Select[Any] = select(literal_column(f"{kind}.id"))
    touched = touches.of_parties(kind, here).subquery()
    return select(func.max(touched.c.at)).scalar_subquery()


def _neglected(context: Context) -> Source:
    last = _last_touch("customer")
    late = _days_since(last, context.now) > customer.c.touch_days
    return and_(customer.c.touch_days.is_not(None), func.coalesce(late, literal(value=True)))


def _interest_touch(_context: Context) -> Source:
    written = (
        select(func.max(letter.c.date))
        .select_from(link.join(letter, letter.c.id == link.c.letter_id))
        .where(link.c.kind == "interest", link.c.record_id == interest.c.id)
        .scalar_subquery()
    )
    held = (
        select(func.max(interaction.c.starts_at))
        .where(interaction.c.interest_id == interest.c.id, func.coalesce(interaction.c.status, "") == "held")
        .scalar_subquery()
    )
    return _instant(func.nullif(func.max(_or_text(written, ""), _or_text(held, "")), ""))


def _next_action(_context: Context) -> Source:
    due = (
        select(func.min(task.c.due_at))
        .where(task.c.interest_id == interest.c.id, task.c.status == "open")
        .scalar_subquery()
    )
    planned = (
        select(func.min(interaction.c.starts_at))
        .where(
            interaction.c.interest_id == interest.c.id, func.coalesce(interaction.c.status, "") == "planned"
        )
        .scalar_subquery()
    )
    soonest = func.min(*(_or_text(one, "9") for one in (due, planned, interest.c.next_contact_at)))
    return _instant(func.nullif(soonest, "9"))


def _or_text(instant: ColumnElement[Any], otherwise: str) -> ColumnElement[Any]:
    return func.coalesce(instant, literal_column(f"'{otherwise}'"))


def _instant(text: ColumnElement[Any]) -> ColumnElement[Any]:
    return type_coerce(text, _AN_INSTANT)


def _nothing_within(of: Any) -> ColumnElement[bool]:
    """Nothing is to be done within this Interest."""
    doing = exists(select(1).where(task.c.interest_id == of.c.id, task.c.status == "open"))
    planned = exists(
        select(1).where(
            interaction.c.interest_id == of.c.id, func.coalesce(interaction.c.status, "") == "planned"
        )
    )
    return and_(of.c.next_contact_at.is_(None), not_(doing), not_(planned))


def _interest_no_next(_context: Context) -> Source:
    return and_(_is_open(interest), _nothing_within(interest))


def _party_no_next(kind: str) -> SourceOf:
    """Nothing is to be done with the customer or lead, nor within its open Interests."""
    party = _TABLES[kind]

    def no_next(_context: Context) -> Source:
        planned = exists(
            select(1).where(
                interaction.c[f"{kind}_id"] == party.c.id,
                func.coalesce(interaction.c.status, "") == "planned",
            )
        )
        going_on = exists(select(1).where(*_open_of(kind), not_(_nothing_within(wish))))
        clauses = [not_(planned), not_(going_on)]
        doing = exists(select(1).where(task.c[f"{kind}_id"] == party.c.id, task.c.status == "open"))
        return and_(*clauses, not_(doing))

    return no_next


def _open_of(kind: str) -> list[ColumnElement[bool]]:
    return [wish.c[f"{kind}_id"] == _TABLES[kind].c.id, wish.c.trashed_at.is_(None), _is_open(wish)]


def _open_count(kind: str) -> SourceOf:
    return lambda _context: select(func.count()).select_from(wish).where(*_open_of(kind)).scalar_subquery()


def _open_sum(kind: str) -> SourceOf:
    """The largest sum: amounts are never added across currencies."""
    total = func.sum(wish.c.amount_minor) / 100.0
    return lambda _context: (
        select(total)
        .where(*_open_of(kind))
        .group_by(wish.c.currency)
        .order_by(total.desc().nulls_last())
        .limit(1)
        .scalar_subquery()
    )


def _info(kind: str, name: str) -> SourceOf:
    def any_of(test: Test) -> ColumnElement[bool]:
        return exists(
            select(1).where(
                info.c.owner_kind == kind,
                info.c.owner_id == _TABLES[kind].c.id,
                info.c.kind.in_(INFO_KINDS[name]),
                test(info.c.value),
            )
        )

    return lambda _context: Texts(any_of)


def _age(context: Context) -> Source:
    return cast(_days_since(interest.c.state_since, context.now) + _A_SECOND, Integer)


def _outcome(_context: Context) -> Source:
    return select(state.c.outcome).where(state.c.id == interest.c.state_id).scalar_subquery()


def _overdue(context: Context) -> Source:
    return and_(task.c.status == "open", func.coalesce(task.c.due_at < context.now, literal(value=False)))


def _infos(kind: str) -> Mapping[str, SourceOf]:
    return {name: _info(kind, name) for name in INFO_KINDS}


def _party(kind: str) -> Mapping[str, SourceOf]:
    return {
        "last_touch": lambda _context: _last_touch(kind),
        "no_next": _party_no_next(kind),
        "open_count": _open_count(kind),
        "open_sum": _open_sum(kind),
        **_infos(kind),
    }


MORE: Mapping[str, Mapping[str, SourceOf]] = {
    "customer": {**_party("customer"), "neglected": _neglected},
    "contact": _infos("contact"),
    "lead": _party("lead"),
    "interest": {
        "outcome": _outcome,
        "age": _age,
        "next_action": _next_action,
        "no_next": _interest_no_next,
        "last_touch": _interest_touch,
    },
    "task": {"overdue": _overdue},
    "document": {},
    "interaction": {},
}
"""Kind of record → field → where it is."""
