"""Conditions over the fields of a record: filters, processing rules, and whatever else asks "which ones?".

A condition is a tree, kept as JSON: ``{"all": […]}``, ``{"any": […]}`` and ``{"not": […]}`` (none of them holds)
are groups, ``{"field": "subject", "op": "contains", "value": "price"}`` is a leaf. The fields are those of a
subject (``condition_fields``), and no others. What a tree means is said once, in ``condition_check`` for a record at
hand, and made the same in SQL by ``store.conditions``. Nothing of a tree is ever text of a query.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from crm_tui.domain.conditions import condition_dates
from crm_tui.domain.conditions.condition_fields import (
    OPERATORS,
    WITHOUT_VALUE,
    FieldOf,
    Kind,
    Operator,
    Subject,
)
from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean, fold

MOST_LEAVES = 100
DEEPEST = 6
LONGEST_TEXT = 500
MOST_VALUES = 100
"""Values in a list."""
LARGEST_NUMBER = 1e15
ME = "me"
"""A reference to the person who asks."""

GroupKind = Literal["all", "any", "not"]
GROUPS: tuple[GroupKind, ...] = ("all", "any", "not")


@dataclass(frozen=True, slots=True)
class Leaf:
    """One comparison. The value is of the type that field and operator want: ``checked`` makes sure of that."""

    field: str
    operator: Operator
    value: Any = None


@dataclass(frozen=True, slots=True)
class Group:
    """All of its members hold, any of them, or (``not``) none. An empty one holds, unless it wants any."""

    kind: GroupKind
    members: tuple["Condition", ...] = ()


Condition = Leaf | Group


def parsed(data: object, subject: Subject) -> Condition:
    """The condition that a JSON value tells.

    Raises Invalid: ``condition_shape``, ``condition_field``, ``condition_operator``, ``condition_value``,
    ``condition_value_missing``, ``condition_too_big``, ``condition_too_deep``.
    """
    condition = _parsed(data, subject, 1)
    if sum(1 for _leaf in leaves(condition)) > MOST_LEAVES:
        raise Invalid("condition_too_big", most=MOST_LEAVES)
    return condition


def as_json(condition: Condition) -> dict[str, Any]:
    """The condition as a JSON value."""
    if isinstance(condition, Group):
        return {condition.kind: [as_json(one) for one in condition.members]}
    value = list(condition.value) if isinstance(condition.value, tuple) else condition.value
    plain: dict[str, Any] = {"field": condition.field, "op": condition.operator.value}
    return plain if condition.operator in WITHOUT_VALUE else {**plain, "value": value}


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Every comparison in it."""
    if isinstance(condition, Leaf):
        yield condition
    else:
        for one in condition.members:
            yield from leaves(one)


def fields(condition: Condition) -> frozenset[str]:
    """The fields that it asks about."""
    return frozenset(leaf.field for leaf in leaves(condition))


def checked(leaf: Leaf, subject: Subject) -> Leaf:
    """The comparison with its value in the type it wants. Raises Invalid as ``parsed`` does."""
    field = subject.fields.get(leaf.field)
    if field is None:
        raise Invalid("condition_field", field=clean(str(leaf.field))[:50])
    if leaf.operator not in OPERATORS[field.kind]:
        raise Invalid("condition_operator", field=field.title, operator=leaf.operator.value)
    if leaf.operator in WITHOUT_VALUE:
        return Leaf(leaf.field, leaf.operator)
    value = leaf.value
    if leaf.operator is Operator.IN:
        return Leaf(leaf.field, leaf.operator, tuple(_value(field, one) for one in _listed(field, value)))
    if leaf.operator is Operator.BETWEEN:
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise Invalid("condition_value_missing", field=field.title)
        return Leaf(leaf.field, leaf.operator, tuple(_value(field, one) for one in value))
    return Leaf(leaf.field, leaf.operator, _value(field, value))


def _parsed(data: object, subject: Subject, depth: int) -> Condition:
    if depth > DEEPEST:
        raise Invalid("condition_too_deep", most=DEEPEST)
    if not isinstance(data, dict):
        raise Invalid("condition_shape")
    if data.keys() <= {"field", "op", "value"} and {"field", "op"} <= data.keys():
        try:
            operator = Operator(data["op"])
        except ValueError as error:
            raise Invalid("condition_operator", operator=clean(str(data["op"]))[:50], field="") from error
        if not isinstance(data["field"], str):
            raise Invalid("condition_shape")
        return checked(Leaf(data["field"], operator, data.get("value")), subject)
    kind = next((one for one in GROUPS if set(data) == {one}), None)
    if kind is None or not isinstance(data[kind], list):
        raise Invalid("condition_shape")
    if len(data[kind]) > MOST_LEAVES:
        raise Invalid("condition_too_big", most=MOST_LEAVES)
    return Group(kind, tuple(_parsed(one, subject, depth + 1) for one in data[kind]))


def _listed(field: FieldOf, value: object) -> list[Any]:
    if not isinstance(value, list | tuple) or not value:
        raise Invalid("condition_value_missing", field=field.title)
    if len(value) > MOST_VALUES:
        raise Invalid("condition_too_big", most=MOST_VALUES)
    return list(value)


def _value(field: FieldOf, value: object) -> object:
    good: object
    if field.kind in (Kind.TEXT, Kind.TEXTS, Kind.WORDS):
        good = text = _text(value)
        if text is not None and not fold(text):
            raise Invalid("condition_value_missing", field=field.title)
    elif field.kind is Kind.NUMBER:
        good = value if _is_number(value) else None
    elif field.kind is Kind.DATE:
        good = value if isinstance(value, str) and condition_dates.is_span(value) else None
    elif field.kind is Kind.FLAG:
        good = value if isinstance(value, bool) else None
    elif field.kind is Kind.CHOICE:
        good = value if isinstance(value, str) and value in dict(field.choices) else None
    else:
        is_me = field.of == "user" and value == ME
        is_id = isinstance(value, int) and not isinstance(value, bool) and 0 < value < LARGEST_NUMBER
        good = value if is_me or is_id else None
    if good is None:
        raise Invalid("condition_value", field=field.title, value=clean(str(value))[:50])
    return good


def _text(value: object) -> str | None:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        return None
    return clean(value).strip()


def _is_number(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= LARGEST_NUMBER  # False for nan, too
