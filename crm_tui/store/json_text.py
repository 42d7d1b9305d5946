"""Texts within a JSON column."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, String, exists, func, or_, select, type_coerce


def any_json_text(
    values: ColumnElement[Any],
    names: Iterable[str],
    test: Callable[[ColumnElement[Any]], ColumnElement[bool]],
) -> ColumnElement[bool]:
    """The clause that a text somewhere under one of these names of a JSON column ("": anywhere) passes the test."""
    found = []
    for name in names:
        path = f"$.{name}" if name else "$"
        tree = func.json_tree(type_coerce(values, String), path).table_valued("value", "type").alias()
        found.append(exists(select(1).select_from(tree).where(tree.c.type == "text", test(tree.c.value))))
    return or_(*found)


def json_value(values: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """What stands under a name of a JSON column: text, number, 0 or 1; NULL where nothing does.

    ``name`` is an identifier, not text of a person.
    """
    return func.json_extract(type_coerce(values, String), f'$."{name}"')
