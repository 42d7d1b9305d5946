"""A copy for the person of what is held of them: a zip with all rows as JSON, the letters and the files (C-13).

``person.json`` names tables and columns as the store does, with what they are called beside. What is bytes lies in
the zip under the name that stands in its place: letters as ``letters/<id>.eml`` (RFC 5322).
"""

import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, select

from crm_tui import whole_file
from crm_tui.domain.conditions import record_fields
from crm_tui.domain.text import file_name
from crm_tui.i18n import _
from crm_tui.services.privacy.person import Person
from crm_tui.services.privacy.personal_data import clauses
from crm_tui.services.privacy.personal_tables import PERSONAL, Personal
from crm_tui.store.tables import found

FORMAT = 1
"""Raised when the layout of ``person.json`` changes."""


def write(connection: Connection, person: Person, path: Path, at: datetime) -> dict[str, int]:
    """Write the zip, readable by its owner alone, in place of one that is there; how many rows of each table are in
    it. Raises OSError."""
    with whole_file.whole(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
        return _fill(connection, person, packed, at)


def labels() -> dict[str, dict[str, str]]:
    """What the fields of records are called, by table and column."""
    return {
        kind: {name: _(field.label) for name, field in fields.items()}
        for kind, fields in record_fields.FIELDS.items()
        if kind in PERSONAL
    }


def _fill(connection: Connection, person: Person, packed: zipfile.ZipFile, at: datetime) -> dict[str, int]:
    tables: dict[str, list[dict[str, Any]]] = {}
    for name, entry in PERSONAL.items():
        rows = list(_rows(connection, person, found(name), entry, packed))
        if rows:
            tables[name] = rows
    head = {
        "format": FORMAT,
        "made_at": at.isoformat(),
        "person": {"kind": person.kind, "id": person.id, "name": person.title},
        "names": person.names,
        "addresses": person.addresses,
        "numbers": person.numbers,
        "labels": labels(),
        "tables": tables,
    }
    packed.writestr("person.json", json.dumps(head, ensure_ascii=False, indent=1, default=_plain))
    return {name: len(rows) for name, rows in tables.items()}


def _rows(
    connection: Connection, person: Person, table: Table, entry: Personal, packed: zipfile.ZipFile
) -> Iterator[dict[str, Any]]:
    mine, _kept = clauses(person, table, entry)
    columns = [column for column in table.columns if column.name not in entry.left_out]
    for row in connection.execute(select(*columns).where(mine)):
        values = dict(row._mapping)
        for name, value in values.items():
            if isinstance(value, bytes):
                values[name] = _packed(packed, table.name, values, value)
        yield values


def _packed(packed: zipfile.ZipFile, table: str, row: Mapping[str, Any], value: bytes) -> str:
    """Put the bytes into the zip and answer under which name."""
    match table:
        case "letter_raw":
            name = f"letters/{row['letter_id']}.eml"
        case "outbox":
            name = f"outbox/{row['id']}.eml"
        case "draft_file":
            name = f"drafts/{row['id']}-{file_name(row['name'])}"
        case _:
            name, value = f"files/{row['id']}", zlib.decompress(value)
    packed.writestr(name, value)
    return name


def _plain(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(type(value).__name__)
