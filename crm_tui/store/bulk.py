"""Many rows of one table at once: what a first sync writes, for half of what SQLAlchemy takes to bring them.

The statement and what becomes of each value are SQLAlchemy's own; only the way of the rows is shorter. Nothing is
journalled: for facts that arrive, after which ``Work.touch`` is called.
"""

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Dialect, LargeBinary, Table, Text, bindparam, cast, insert
from sqlalchemy.sql.schema import ScalarElementColumnDefault


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    utf8: frozenset[str] = frozenset(),
) -> None:
    """Insert rows, all of which give the same columns; one left out takes its default.

    ``utf8``: columns whose texts are given as bytes of UTF-8, as they are stored.
    """
    if not rows:
        return
    statement, columns = _prepared(table, tuple(rows[0]), utf8, connection.dialect)
    values: list[list[Any]] = []
    for name, default, process in columns:
        column = [row[name] for row in rows] if default is None else [default] * len(rows)
        values.append(column if process is None else list(map(process, column)))
    connection.exec_driver_sql(statement, list(zip(*values, strict=True)))


def fresh_ids(connection: Connection, table: Table, count: int) -> range:
    """Ids for new rows of a table that never gives one twice (``AUTOINCREMENT``); nobody else takes them while the
    unit of work lasts."""
    given = connection.exec_driver_sql(
        "SELECT seq FROM sqlite_sequence WHERE name = ?", (table.name,)
    ).scalar()
    return range((given or 0) + 1, (given or 0) + 1 + count)


@functools.lru_cache(maxsize=64)
def _prepared(
    table: Table, given: tuple[str, ...], utf8: frozenset[str], dialect: Dialect
) -> tuple[str, list[tuple[str, Any, Callable[[Any], Any] | None]]]:
    """The statement, and in its order the columns: name, default where none is given, what is done to a value."""
    columns: list[tuple[str, Any, Callable[[Any], Any] | None]] = []
    binds: dict[str, Any] = {}
    for each in table.columns:  # the order in which SQLAlchemy names them
        default = None if each.name in given else _default(each)
        if default is None and each.name not in given:
            continue
        as_it_is = each.name in utf8
        process = None if as_it_is else each.type.dialect_impl(dialect).bind_processor(dialect)
        if default is not None and process is not None:
            default, process = process(default), None
        columns.append((each.name, default, process))
        bound: Any = bindparam(each.name, type_=LargeBinary())
        binds[each.name] = cast(bound, Text) if as_it_is else bindparam(each.name)
    return str(insert(table).values(binds).compile(dialect=dialect)), columns


def _default(column: Column[Any]) -> Any:
    """What SQLAlchemy would give a column by itself; None where that is left to the database."""
    return column.default.arg if isinstance(column.default, ScalarElementColumnDefault) else None
