"""Conditions said in words for a person."""

from collections.abc import Callable
from datetime import date
from typing import Any

from crm_tui.domain.conditions import condition_dates
from crm_tui.domain.conditions.condition import ME, Condition, Group, Leaf
from crm_tui.domain.conditions.condition_fields import WITHOUT_VALUE, FieldOf, Kind, Operator, Subject
from crm_tui.i18n import N_, _

OPERATOR_TITLES = {
    Operator.EQUALS: N_("is"),
    Operator.NOT_EQUALS: N_("is not"),
    Operator.CONTAINS: N_("contains"),
    Operator.NOT_CONTAINS: N_("does not contain"),
    Operator.BEGINS: N_("begins with"),
    Operator.IN: N_("is one of"),
    Operator.FILLED: N_("is filled"),
    Operator.EMPTY: N_("is empty"),
    Operator.GREATER: N_("is more than"),
    Operator.LESS: N_("is less than"),
    Operator.BETWEEN: N_("is between"),
}
_DATE_TITLES = {Operator.GREATER: N_("is after"), Operator.LESS: N_("is before")}
GROUP_TITLES = {
    "all": N_("all of these"),
    "any": N_("any of these"),
    "not": N_("none of these"),
}
NameOf = Callable[[FieldOf, int], str]
"""What a referenced record is called."""


def _number(_field: FieldOf, value: int) -> str:
    return str(value)


def operator_title(field: FieldOf, operator: Operator) -> str:
    """What a comparison is called for this field."""
    if field.kind is Kind.DATE and operator in _DATE_TITLES:
        return _(_DATE_TITLES[operator])
    return _(OPERATOR_TITLES[operator])


def said(condition: Condition, subject: Subject, name_of: NameOf = _number) -> str:
    """The condition as one sentence without a full stop: ``Sender contains “olga” and not (…)``."""
    return _said(condition, subject, name_of, is_top=True)


def leaf_said(leaf: Leaf, subject: Subject, name_of: NameOf = _number) -> str:
    """One comparison in words."""
    field = subject.fields[leaf.field]
    title = _(field.title)
    if field.kind is Kind.FLAG:
        return title if leaf.value else _("not: {what}").format(what=title)
    operator = operator_title(field, leaf.operator)
    if leaf.operator in WITHOUT_VALUE:
        return f"{title} {operator}"
    if field.kind is Kind.DATE and leaf.operator is Operator.EQUALS:
        return _("{field}: {days}").format(field=title, days=value_said(field, leaf.value, name_of))
    return f"{title} {operator} {_values(leaf, field, name_of)}"


def value_said(field: FieldOf, value: Any, name_of: NameOf = _number) -> str:
    """One value as it is shown."""
    if field.kind is Kind.DATE:
        return condition_dates.said(str(value), lambda day: date.isoformat(day))
    if field.kind is Kind.CHOICE:
        return _(dict(field.choices)[value])
    if field.kind is Kind.REFERENCE:
        return _("me") if value == ME else name_of(field, int(value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def _values(leaf: Leaf, field: FieldOf, name_of: NameOf) -> str:
    def shown(value: Any) -> str:
        text = value_said(field, value, name_of)
        in_words = field.kind in _QUOTED or (field.kind is Kind.DATE and not str(value)[0].isdigit())
        return _("“{text}”").format(text=text) if isinstance(value, str) and in_words else text

    if leaf.operator is Operator.BETWEEN:
        first, last = (shown(one) for one in leaf.value)
        return _("{first} and {last}").format(first=first, last=last)
    if leaf.operator is Operator.IN:
        return ", ".join(shown(one) for one in leaf.value)
    return shown(leaf.value)


_QUOTED = (Kind.TEXT, Kind.TEXTS, Kind.WORDS)


def _said(condition: Condition, subject: Subject, name_of: NameOf, *, is_top: bool) -> str:
    if isinstance(condition, Leaf):
        return leaf_said(condition, subject, name_of)
    if not condition.members:
        return _("nothing") if condition.kind == "any" else _("everything")
    parts = [_said(one, subject, name_of, is_top=False) for one in condition.members]
    joined = (_(" and ") if condition.kind == "all" else _(" or ")).join(parts)
    if condition.kind == "not":
        return _("not ({what})").format(what=joined)
    return joined if is_top or len(parts) == 1 else f"({joined})"


def is_empty(condition: Condition) -> bool:
    """Whether it asks for nothing at all."""
    return isinstance(condition, Group) and all(is_empty(one) for one in condition.members)
