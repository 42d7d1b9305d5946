"""The table of fields names every column that people fill in, and none that is not there."""

import pytest

from crm_tui.domain.conditions import record_fields
from crm_tui.services.record import lists
from crm_tui.store.tables import every_table


@pytest.mark.parametrize("kind", record_fields.FIELDS)
def test_every_column_is_named_and_nothing_else(kind: str) -> None:
    columns = {column.name for column in every_table().tables[kind].columns} - record_fields.DERIVED
    untold = {"kind", "due_all_day", "author_id", "letter_id", "remind_minutes", "previous_id", "direction"}
    named = set(record_fields.FIELDS[kind])
    assert named <= columns
    assert columns - named <= (untold if kind in ("task", "interaction", "document") else set())


@pytest.mark.parametrize("kind", record_fields.FIELDS)
def test_what_a_field_is_of_is_there(kind: str) -> None:
    for field in record_fields.FIELDS[kind].values():
        if field.holds == "word":
            assert field.of in lists.SHIPPED
        if field.holds == "record":
            assert field.of in every_table().tables


def test_fields_are_put_in_the_order_of_the_table() -> None:
    assert record_fields.in_order("contact", ["notes", "strange", "name"]) == ["name", "notes", "strange"]
    assert record_fields.label("contact", "strange") == "strange"
