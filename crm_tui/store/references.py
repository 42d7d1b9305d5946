"""What refers to a record: read from the tables themselves, so that a new table is not forgotten."""

from collections.abc import Collection, Iterator
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
    "process": ("object_kind", "object_id"),
    "visit": ("kind", "record_id"),
}
"""Tables whose rows hang on a record of any kind: the columns of the kind and of its id."""
_PASSING = frozenset({"notification", "visit"})
"""Of these, what merely says that something was so: it needs no record."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds the id of a record."""

    model: type[Record] | type[Fact]
    table: Table
    column: str
    kind_column: str = ""
    """The column of the kind of record, when it may be of any; of a table that ``holder`` refers to, if that is not
    empty."""
    holder: str = ""

    def to(self, kind: str, record_id: int) -> ColumnElement[bool]:
        """The rows that refer to this record."""
        return self.to_any(kind, (record_id,))

    def to_any(self, kind: str, record_ids: Collection[int]) -> ColumnElement[bool]:
        """The rows that refer to one of these records."""
        here = self.table.c[self.column].in_(record_ids)
        if not self.kind_column:
            return here
        if not self.holder:
            return and_(here, self.table.c[self.kind_column] == kind)
        (key,) = self.table.c[self.holder].foreign_keys
        of_kind = select(key.column).where(key.column.table.c[self.kind_column] == kind)
        return and_(here, self.table.c[self.holder].in_(of_kind))

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
        if table.name == "segment_item":
            yield Reference(model, table, "record_id", "kind", "segment_id")


def ids(connection: Connection, reference: Reference, kind: str, record_id: int) -> list[int]:
    """The rows that refer to the record by this column."""
    query = select(reference.table.c.id).where(reference.to(kind, record_id))
    return list(connection.execute(query).scalars())


def orphans(connection: Connection, kind: str, record_ids: Collection[int]) -> bool:
    """Whether rows that no foreign key ties hang on one of these records: they would be left without it."""
    for reference in to_kind(kind):
        if reference.kind_column and reference.table.name not in _PASSING:
            query = select(reference.table.c.id).where(reference.to_any(kind, record_ids)).limit(1)
            if connection.execute(query).first() is not None:
                return True
    return False
