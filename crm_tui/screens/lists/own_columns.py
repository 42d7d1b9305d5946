"""Columns of a list for the company's own fields (ELMA-05): ``custom.CODE`` among the chosen ones."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.config.card_fields import CUSTOM
from crm_tui.domain.text import clean, fold
from crm_tui.services.record import custom_fields
from crm_tui.services.record.custom_fields import OwnField
from crm_tui.store.engine import Store
from crm_tui.store.json_text import json_value
from crm_tui.store.tables import found
from crm_tui.widgets.row_source import Column

NUMBERS = ("number", "money")


@dataclass(frozen=True, slots=True)
class OwnColumns:
    """The company's own fields of a kind of record, as columns."""

    kind: str
    fields: Mapping[str, OwnField]
    """By ``custom.CODE``."""

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by their ids."""
        return {
            name: Column(
                name,
                clean(field.label),
                width=14,
                align="right" if field.type in NUMBERS else "left",
                drop=10,
                falling=field.type in NUMBERS,
            )
            for name, field in self.fields.items()
        }

    def cells(self, connection: Connection, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """Record → ``custom.CODE`` → its value as it is shown."""
        table = found(self.kind)
        query = select(table.c.id, table.c.custom).where(table.c.id.in_(list(ids)))
        return {
            row.id: {
                name: custom_fields.shown_of(field, (row.custom or {}).get(field.code))
                for name, field in self.fields.items()
            }
            for row in connection.execute(query)
        }

    def sorted(
        self, connection: Connection, name: str, ids: "array[int]", *, descending: bool
    ) -> "array[int]":
        """The records by the field, those without it last; equal ones as they were."""
        table, field = found(self.kind), self.fields[name]
        value = json_value(table.c.custom, field.code)
        keys: dict[int, Any] = {
            key: one if field.type in NUMBERS else fold(str(one))
            for key, one in connection.execute(select(table.c.id, value).where(value.is_not(None)))
        }
        filled = sorted((key for key in ids if key in keys), key=keys.__getitem__, reverse=descending)
        return array("q", [*filled, *(key for key in ids if key not in keys)])


def own_columns(store: Store, kind: str) -> OwnColumns:
    """Those of a kind that are asked for now."""
    with store.read() as connection:
        fields = custom_fields.of_kind(connection, kind)
    return OwnColumns(kind, {f"{CUSTOM}{field.code}": field for field in fields})
