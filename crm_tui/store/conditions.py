"""Conditions as SQL: the same answer that ``domain.conditions.condition_check`` gives for a record at hand.

What a person typed is only ever the value of a bound parameter. Texts are compared in the form of
``domain.text.folded``, which the store gives to the database as the function ``crm_fold``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, String, and_, false, func, literal, not_, or_, true, type_coerce

from crm_tui.domain import stems
from crm_tui.domain.conditions import condition_dates
from crm_tui.domain.conditions.condition import Condition, Group, Leaf
from crm_tui.domain.conditions.condition_check import NEGATED, Context, reference
from crm_tui.domain.conditions.condition_fields import Kind, Operator, Subject
from crm_tui.domain.text import folded

Column: TypeAlias = Any
"""A column or an expression over columns; SQLAlchemy's types do not know what comparing one gives."""
Test = Callable[[ColumnElement[Any]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Texts:
    """Where several texts are: ``any_of`` makes the clause that one of them passes a test."""

    any_of: Callable[[Test], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Words:
    """Where a long text is, and the clause that words begin in it: all of those given, which are stems."""

    text: ColumnElement[Any]
    begin_with: Callable[[list[str]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Seconds:
    """An instant kept as whole seconds since 1970."""

    column: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Days:
    """A day of the calendar, kept as ISO 8601 text: a date without a time."""

    column: ColumnElement[Any]


@dataclass(frozen=True, slots=True)
class Ids:
    """Where the ids of several records are: ``any_of`` makes the clause that one of these is among them, and for
    None that there is any."""

    any_of: Callable[[Sequence[int] | None], ColumnElement[bool]]


Source = ColumnElement[Any] | Texts | Words | Seconds | Days | Ids
Sources = Mapping[str, Source]
"""Where each field of a subject is."""


def texts_in(*columns: ColumnElement[Any]) -> Texts:
    """Texts that stand in columns of their own."""
    return Texts(lambda test: or_(*(test(column) for column in columns)))


def clause(condition: Condition, subject: Subject, sources: Sources, context: Context) -> ColumnElement[bool]:
    """The WHERE clause of a condition that ``condition.parsed`` or ``checked`` made."""
    if isinstance(condition, Group):
        each = [clause(one, subject, sources, context) for one in condition.members]
        if condition.kind == "all":
            return and_(true(), *each)
        found = or_(false(), *each)
        return found if condition.kind == "any" else not_(found)
    field = subject.fields[condition.field]
    compared: ColumnElement[bool] = _leaf(condition, field.kind, sources[field.id], context)
    return compared


def _leaf(leaf: Leaf, kind: Kind, source: Source, context: Context) -> Any:
    operator = NEGATED.get(leaf.operator, leaf.operator)
    found = _compares(operator, kind, source, leaf.value, context)
    if not isinstance(source, Texts | Words | Seconds | Ids) and kind not in (Kind.TEXT, Kind.FLAG):
        found = func.coalesce(found, false())  # of an empty field, in which SQL sees neither
    return found if operator is leaf.operator else not_(found)


def _compares(operator: Operator, kind: Kind, source: Source, value: Any, context: Context) -> Any:
    if isinstance(source, Texts):
        return source.any_of(lambda text: _text_fits(operator, text, value))
    if isinstance(source, Words):
        if operator is Operator.FILLED:
            return _folded(source.text) != ""
        sought = [stems.stem(word) for word in stems.words(value)]
        return source.begin_with(sought) if sought else false()
    if isinstance(source, Seconds):
        return _day_fits(operator, source.column, value, context, in_seconds=True)
    if isinstance(source, Days):
        return _calendar_fits(operator, source.column, value, context)
    if isinstance(source, Ids):
        if operator is Operator.FILLED:
            return source.any_of(None)
        wanted = value if operator is Operator.IN else (value,)
        return source.any_of([reference(one, context) for one in wanted])
    if kind is Kind.TEXT:
        return _text_fits(operator, source, value)
    if kind is Kind.DATE:
        return _day_fits(operator, source, value, context)
    if kind is Kind.FLAG:
        return func.coalesce(source, false()) if value else not_(func.coalesce(source, false()))
    if operator is Operator.FILLED:
        return and_(source.is_not(None), source != "")
    if kind is Kind.REFERENCE:
        wanted = value if operator is Operator.IN else (value,)
        return source.in_([reference(one, context) for one in wanted])
    return _measured(operator, source, value)


def _folded(text: ColumnElement[Any]) -> ColumnElement[str]:
    return func.crm_fold(text, type_=String)


def _text_fits(operator: Operator, text: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    here = _folded(text)
    if operator is Operator.FILLED:
        return here != ""
    if operator is Operator.IN:
        return here.in_([folded(one) for one in value])
    sought = folded(value)
    if operator is Operator.EQUALS:
        return here == sought
    if operator is Operator.BEGINS:
        return here.startswith(sought, autoescape=True)
    return here.contains(sought, autoescape=True)


def _day_fits(
    operator: Operator, column: Column, value: Any, context: Context, *, in_seconds: bool = False
) -> Any:
    if operator is Operator.FILLED:
        return column.is_not(None)
    first, last = value if operator is Operator.BETWEEN else (value, value)
    begin: Any = condition_dates.instants(first, context.now, context.zone)[0]
    end: Any = condition_dates.instants(last, context.now, context.zone)[1]
    if in_seconds:
        begin, end = int(begin.timestamp()), int(end.timestamp())
    if operator is Operator.GREATER:
        return column >= end
    return column < begin if operator is Operator.LESS else and_(column >= begin, column < end)


def _calendar_fits(operator: Operator, column: Column, value: Any, context: Context) -> Any:
    if operator is Operator.FILLED:
        return func.coalesce(column, "") != ""
    first, last = value if operator is Operator.BETWEEN else (value, value)
    days = condition_dates.span(first, last, context.now, context.zone)
    since, until = (literal(day.isoformat(), String) for day in days)
    text = type_coerce(column, String)
    if operator is Operator.GREATER:
        return and_(text != "", text > until)
    return and_(text != "", text < since) if operator is Operator.LESS else text.between(since, until)


def _measured(operator: Operator, column: Column, value: Any) -> Any:
    if operator is Operator.IN:
        return column.in_(value)
    if operator is Operator.BETWEEN:
        return column.between(*value)
    if operator is Operator.GREATER:
        return column > value
    return column < value if operator is Operator.LESS else column == value
