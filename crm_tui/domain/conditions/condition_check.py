"""Whether a condition holds for a record at hand. ``store.conditions`` asks the same of a database.

A record is a mapping of field ids to plain values: text, several texts (a sequence), a number, an aware instant or
a day, True or False, a choice, an id or several (a tuple); None or nothing for an empty field. Letter case, ё and е,
and the amount of white space make no difference to texts. An empty field equals nothing, is neither greater nor
less, and so is "not equal" to whatever it is compared with.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from crm_tui.domain import stems
from crm_tui.domain.conditions import condition_dates
from crm_tui.domain.conditions.condition import ME, Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import FieldOf, Kind, Operator, Subject
from crm_tui.domain.index_words import bare
from crm_tui.domain.text import folded

Record = Mapping[str, Any]

NEGATED = {
    Operator.NOT_EQUALS: Operator.EQUALS,
    Operator.NOT_CONTAINS: Operator.CONTAINS,
    Operator.EMPTY: Operator.FILLED,
}
"""Operators that hold where another does not."""


@dataclass(frozen=True, slots=True)
class Context:
    """What relative values mean: when (an aware instant), on whose clocks, for whom."""

    now: datetime
    zone: tzinfo
    user_id: int | None = None


def holds(condition: Condition, record: Record, subject: Subject, context: Context) -> bool:
    """Whether the condition, which ``condition.parsed`` or ``checked`` made, holds for the record."""
    if isinstance(condition, Group):
        each = (holds(one, record, subject, context) for one in condition.members)
        return all(each) if condition.kind == "all" else any(each) is (condition.kind == "any")
    operator = NEGATED.get(condition.operator, condition.operator)
    field = subject.fields[condition.field]
    found = _compares(field, operator, record.get(field.id), condition, context)
    return found is (operator is condition.operator)


def may_hold(
    condition: Condition, record: Record, subject: Subject, context: Context, unknown: Set[str]
) -> bool:
    """Whether the condition holds for some values of the fields that are ``unknown`` of the record."""
    return _outcomes(condition, record, subject, context, unknown)[0]


def _outcomes(
    condition: Condition, record: Record, subject: Subject, context: Context, unknown: Set[str]
) -> tuple[bool, bool]:
    """Whether it may hold, and whether it may not."""
    if isinstance(condition, Leaf):
        held = holds(condition, record, subject, context)
        return (True, True) if condition.field in unknown else (held, not held)
    each = [_outcomes(one, record, subject, context, unknown) for one in condition.members]
    holding, failing = [may for may, _ in each], [may for _, may in each]
    if condition.kind == "any":
        return any(holding), all(failing)
    if condition.kind == "all":
        return all(holding), any(failing)
    return all(failing), any(holding)


def reference(value: Any, context: Context) -> int:
    """The id meant by a value of a reference; 0, which no record has, for "me" where nobody asks."""
    return int((context.user_id or 0) if value == ME else value)


def has_words(text: str, wanted: str) -> bool:
    """Whether for every word of ``wanted`` one with the same stem (``domain.stems``) stands in the text, or one that
    begins so."""
    there = {bare(word) for word in stems.vocabulary(folded(text))}
    sought = {bare(stems.stem(word)) for word in stems.words(wanted)}
    return bool(sought) and all(any(word.startswith(one) for word in there) for one in sought)


def _compares(field: FieldOf, operator: Operator, value: Any, leaf: Leaf, context: Context) -> bool:
    if field.kind is Kind.FLAG:
        return bool(value) is leaf.value
    if field.kind in (Kind.TEXT, Kind.TEXTS):
        texts: Sequence[str | None] = [value] if value is None or isinstance(value, str) else value
        return any(_text_fits(operator, folded(one), leaf.value) for one in texts)
    if field.kind is Kind.WORDS:
        return bool(folded(value)) if operator is Operator.FILLED else has_words(value or "", leaf.value)
    if operator is Operator.FILLED:
        return value is not None and value not in ("", ())
    if value is None:
        return False
    if field.kind is Kind.DATE:
        return _day_fits(operator, value, leaf.value, context)
    if field.kind is Kind.REFERENCE:
        wanted = leaf.value if operator is Operator.IN else (leaf.value,)
        meant = {reference(one, context) for one in wanted}
        return not meant.isdisjoint(value if isinstance(value, tuple) else (value,))
    return _COMPARED[operator](value, leaf.value)


def _text_fits(operator: Operator, text: str, wanted: Any) -> bool:
    if operator is Operator.FILLED:
        return bool(text)
    if operator is Operator.IN:
        return text in [folded(one) for one in wanted]
    sought = folded(wanted)
    if operator is Operator.EQUALS:
        return text == sought
    return text.startswith(sought) if operator is Operator.BEGINS else sought in text


def _day_fits(operator: Operator, value: date, wanted: Any, context: Context) -> bool:
    first, last = wanted if operator is Operator.BETWEEN else (wanted, wanted)
    if not isinstance(value, datetime):
        since, until = condition_dates.span(first, last, context.now, context.zone)
        if operator is Operator.GREATER:
            return value > until
        return value < since if operator is Operator.LESS else since <= value <= until
    instant = value
    begin, _end = condition_dates.instants(first, context.now, context.zone)
    _begin, end = condition_dates.instants(last, context.now, context.zone)
    if operator is Operator.GREATER:
        return instant >= end
    return instant < begin if operator is Operator.LESS else begin <= instant < end


_COMPARED: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUALS: lambda value, wanted: bool(value == wanted),
    Operator.IN: lambda value, wanted: value in wanted,
    Operator.GREATER: lambda value, wanted: bool(value > wanted),
    Operator.LESS: lambda value, wanted: bool(value < wanted),
    Operator.BETWEEN: lambda value, wanted: bool(wanted[0] <= value <= wanted[1]),
}
