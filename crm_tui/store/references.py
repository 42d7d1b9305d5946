"""What refers to a record: read from the tables themselves, so that a new table is not forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, UniqueConstraint, and_, select

from crm_tui.store.tables import models, table_of
from crm_tui.store.tables.base import Fact, Record

_BY_KIND = {
    "contact_info": ("owner_kind", "owner_id"),
    "letter_link": ("kind", "record_id"),
    "card_file": ("owner_kind", "owner_id"),
    "reminder": ("subject_kind", "subject_id"),
    "notification": ("subject_kind", "subject_id"),
}
"""Tables whose rows hang on a record of any kind: the columns of the kind and of its id."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of a record."""

    model: type[Record] | type[Fact]
    table: Table
    column: str
    kind_column: str = ""

    def to(self, kind: str, record_id: int) -> ColumnElement[bool]:
        """The rows that refer to this record."""
        here = self.table.c[self.column] == record_id
        return and_(here, self.table.c[self.kind_column] == kind) if self.kind_column else here

    def unique_with(self) -> list[list[str]]:
        """Columns that may not be the same in two rows, of those constraints that this column has a part in."""
        constraints = (each for each in self.table.constraints if isinstance(each, UniqueConstraint))
        names = ([column.name for column in each.columns] for each in constraints)
        return [each for each in names if self.column in each]


def to_kind(kind: str) -> Iterator[Reference]:
    """The columns by which other rows refer to records of this kind (the name of its table)."""
    for model in models().values():
        table = table_of(model)
        for column in table.columns:
            if any(key.column.table.name == kind for key in column.foreign_keys):
                yield Reference(model, table, column.name)
        if table.name in _BY_KIND:
            kind_column, column_name = _BY_KIND[table.name]
            yield Reference(model, table, column_name, kind_column)


def ids(connection: Connection, reference: Reference, kind: str, record_id: int) -> list[int]:
    """The rows that refer to the record by this column."""
    query = select(reference.table.c.id).where(reference.to(kind, record_id))
    return list(connection.execute(query).scalars())
