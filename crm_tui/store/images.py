"""Images of rows: the raw values of a row as the database holds them, so that a restored row is the same bytes."""

import base64
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    Connection,
    CursorResult,
    Dialect,
    Select,
    TableClause,
    bindparam,
    column,
    select,
    table,
)

from crm_tui.store.tables import found as found_table

Image = dict[str, Any]
BYTES = "base64:"
"""Marks bytes in an image; a text that begins so is marked too."""


@functools.cache
def raw_table(name: str) -> TableClause:
    """The table with untyped columns: values pass in and out as the driver gives them."""
    return table(name, *(column(each.name) for each in found_table(name).columns))


def image_of(connection: Connection, name: str, row_id: int) -> Image | None:
    """The image of one row, or None when it is not there."""
    row = raw_row(connection, name, row_id)
    return None if row is None else image_from(row)


def raw_row(connection: Connection, name: str, row_id: int) -> Image | None:
    """The values of one row as the driver gives them, or None when it is not there."""
    row = connection.execute(_that(name), {"of_id": row_id}).mappings().one_or_none()
    return None if row is None else dict(row)


def image_from(row: Mapping[str, Any]) -> Image:
    """The image of a row that was read as ``raw_row`` reads it."""
    return {key: _packed(value) if isinstance(value, str | bytes) else value for key, value in row.items()}


def typed(connection: Connection, name: str, column: str, value: Any) -> Any:
    """A raw value as the column's type reads it."""
    read = _reader(connection.dialect, name, column)
    return value if read is None else read(value)


@functools.cache
def _reader(dialect: Dialect, name: str, column: str) -> Callable[[Any], Any] | None:
    kind = found_table(name).c[column].type
    return kind.dialect_impl(dialect).result_processor(dialect, None)


def images_of(connection: Connection, name: str, ids: Iterable[int]) -> dict[int, Image]:
    """Images of the rows that are there, by id."""
    wanted = list(ids)
    if len(wanted) == 1:  # most often, and at half the price of a list
        image = image_of(connection, name, wanted[0])
        return {} if image is None else {wanted[0]: image}
    rows = connection.execute(_those(name), {"ids": wanted})
    columns = tuple(rows.keys())
    at = columns.index("id")
    return {
        row[at]: {
            column: _packed(value) if isinstance(value, str | bytes) else value
            for column, value in zip(columns, row, strict=True)
        }
        for row in rows
    }


@functools.cache
def _that(name: str) -> Select[Any]:
    """The row with this id. Made once, as below."""
    raw = raw_table(name)
    return select(raw).where(raw.c.id == bindparam("of_id"))


@functools.cache
def _those(name: str) -> Select[Any]:
    """The rows with these ids. Made once: making a statement costs more than asking it."""
    raw = raw_table(name)
    return select(raw).where(raw.c.id.in_(bindparam("ids", expanding=True)))


def inserted_id(result: CursorResult[Any]) -> int:
    """The id that an insert gave."""
    key = result.inserted_primary_key
    assert key is not None, "the insert was not of one row"
    return int(key[0])


def unpacked(image: Image) -> dict[str, Any]:
    """The values to write for an image."""
    return {key: _unpacked(value) for key, value in image.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, bytes):
        return BYTES + base64.b64encode(value).decode("ascii")
    if isinstance(value, str) and value.startswith(BYTES):
        return BYTES + "text:" + value
    return value


def _unpacked(value: Any) -> Any:
    if not isinstance(value, str) or not value.startswith(BYTES):
        return value
    rest = value.removeprefix(BYTES)
    return rest.removeprefix("text:") if rest.startswith("text:") else base64.b64decode(rest)
