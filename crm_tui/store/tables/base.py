"""What all tables share: key, version, naming of constraints, canonical JSON."""

import json
import threading
from typing import Any, ClassVar, cast, get_type_hints

from pydantic import BaseModel
from sqlalchemy import Dialect, Index, MetaData, Table, Text, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel
from sqlmodel.main import SQLModelMetaclass, get_column_from_field

from crm_tui.domain.errors import StoreDamaged

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Strings there, which Pydantic would compile anew for each class of ours.
SQLModel.__annotations__.update(get_type_hints(SQLModel))

AUTOINCREMENT: dict[str, Any] = {"sqlite_autoincrement": True}
"""Table argument: an id is never given twice, not even after a delete."""


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Json(TypeDecorator[Any]):
    """A JSON value as canonical text, the same bytes for the same value on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        if value is None:
            return None
        return _CANONICAL.encode(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        if value is None:
            return None
        try:
            return json.loads(value)
        except ValueError as error:
            raise StoreDamaged("row_damaged", detail=str(error)) from error


class _Unmapped(SQLModelMetaclass):
    """SQLModel's tables without the mapper of an ORM session, of which there is none (docs/adr/0004), and each made
    when it is first asked for: two thirds of what the classes cost each start. A mapper watches every attribute of
    every row besides."""

    known: ClassVar[dict[str, "type[Row]"]] = {}
    """The classes with a table, by its name."""
    __making = threading.RLock()

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, table: bool = False
    ) -> Any:
        made = super().__new__(mcs, name, bases, namespace)
        if table:
            made.model_config["table"] = True
            mcs.known[made.__tablename__] = made
        return made

    def __init__(
        cls, name: str, bases: tuple[type, ...], namespace: dict[str, Any], *, table: bool = False
    ) -> None:
        if not table:
            super().__init__(name, bases, namespace)

    @property
    def table(cls) -> Table:
        """The Core table."""
        with cls.__making:
            if "__table__" not in cls.__dict__:
                type.__setattr__(cls, "__table__", cls.__made())
        return cast(Table, cls.__dict__["__table__"])

    def __made(cls) -> Table:
        columns = []
        for name, field in cls.model_fields.items():
            column = get_column_from_field(field)
            column.key = column.key or name
            column.name = column.name or name
            columns.append(column)
        arguments = cls.__table_args__  # type: ignore[attr-defined]
        *items, options = (arguments,) if isinstance(arguments, dict) else arguments
        return Table(cls.__tablename__, metadata, *columns, *items, **options)  # type: ignore[attr-defined]


class Row(SQLModel, metaclass=_Unmapped):
    """A row of any table: the values it was read with, or will be written with."""

    model_config = {"defer_build": True}  # most validators are never needed: 15 ms of each start
    __table_args__: ClassVar[Any] = {}

    def __setattr__(self, name: str, value: Any) -> None:
        BaseModel.__setattr__(self, name, value)


class Record(Row):
    """A row that people edit. ``version`` grows with each change and guards a form against a lost update."""

    __table_args__: ClassVar[Any] = AUTOINCREMENT

    id: int | None = Field(default=None, primary_key=True)
    version: int = Field(default=1)

    @property
    def key(self) -> int:
        """The id of a stored row."""
        assert self.id is not None, "the row is not stored yet"
        return self.id


class Fact(Row):
    """A row that is written by the program itself and edited by nobody."""

    __table_args__: ClassVar[Any] = AUTOINCREMENT

    id: int | None = Field(default=None, primary_key=True)

    @property
    def key(self) -> int:
        """The id of a stored row."""
        assert self.id is not None, "the row is not stored yet"
        return self.id


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows where a condition holds.

    The migrations say the same for PostgreSQL; here that would load its dialect at every start (25 ms).
    """
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


def reference_index(table: str, column: str) -> Index:
    """An index over the rows that refer to another by a column that is mostly empty.

    Without one SQLite reads the whole table for each row that is deleted of the table referred to (Foreign Key
    Support, 3): an undo of 10,000 new persons read all persons 10,000 times.
    """
    return partial_index(f"ix_{table}_{column}", column, where=f"{column} IS NOT NULL")


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a model, for selects of columns."""
    made: Table | None = model.__dict__.get("__table__")
    return cast(_Unmapped, model).table if made is None else made


def known_tables() -> MetaData:
    """The tables of all classes that are loaded."""
    for model in _Unmapped.known.values():
        table_of(model)
    return metadata


def known_table(name: str) -> Table | None:
    """The table of that name, where its class is loaded."""
    model = _Unmapped.known.get(name)
    return None if model is None else table_of(model)
