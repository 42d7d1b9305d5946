"""Rows to objects and back, without an ORM session: an object is just the values it was read with."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlmodel import SQLModel

from crm_tui.store.tables import table_of

Row = TypeVar("Row", bound=SQLModel)


def load(model: type[Row], values: Mapping[str, Any]) -> Row:
    """An object of ``model`` with the values of a stored row, which names every column.

    What SQLModel's own constructor does besides (defaults) is for new objects: it takes ten times as long.
    """
    row: Row = model.__new__(model)
    row.__dict__.update(values)
    row.__pydantic_fields_set__.update(values)
    return row


def values(row: SQLModel) -> dict[str, Any]:
    """The column values of an object; an id that is not given yet is left out."""
    found = {column.name: getattr(row, column.name) for column in table_of(type(row)).columns}
    if found.get("id", 0) is None:
        del found["id"]
    return found
