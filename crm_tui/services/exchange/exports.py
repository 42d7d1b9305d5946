"""Export of records or of any list to CSV, XLSX, JSON and vCard.

A file is written beside its name and put there when it is whole: who opens it never sees half of one. What a
spreadsheet would take for a formula is text there (assurance row 37), and nothing in it steers a terminal.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from crm_tui import whole_file
from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.services.exchange import export_vcard
from crm_tui.services.exchange.export_rows import Column, Value
from crm_tui.services.exchange.import_record import guarded

FORMATS = ("csv", "xlsx", "vcf", "vcf4", "json")
"""``vcf`` is vCard 3.0, ``vcf4`` vCard 4.0."""
CARDS = ("customers", "contacts", "leads")
"""Kinds that can be cards."""
LONGEST_CELL = 32_767
"""Characters that a cell of a workbook holds."""

Rows = Iterable[Mapping[str, Value]]


def format_of(path: Path, asked: str = "", kind: str = "") -> str:
    """The format asked for, else that of the file's name. Raises Invalid for one that is none, or that the kind has
    no cards for."""
    name = (asked or path.suffix.removeprefix(".")).lower()
    if name not in FORMATS:
        raise Invalid("export_format", value=clean(name) or path.name)
    if name.startswith("vcf") and kind not in CARDS:
        raise Invalid("export_no_cards")
    return name


def write(path: Path, file_format: str, columns: Sequence[Column], rows: Rows) -> int:
    """Write the rows into the file, in place of one that is there, and return how many. Raises OSError."""
    counted = _Counted(rows)
    writers: dict[str, Callable[[Path, Sequence[Column], Rows], None]] = {
        "csv": _csv,
        "xlsx": _xlsx,
        "json": _json,
        "vcf": partial(_vcf, version="3.0"),
        "vcf4": partial(_vcf, version="4.0"),
    }
    with whole_file.whole(path) as draft:
        writers[file_format](draft, columns, counted)
    return counted.number


def write_to_output(file_format: str, columns: Sequence[Column], rows: Rows) -> None:
    """Write the file to standard output, for a pipe."""
    import shutil
    import sys

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        write(path, file_format, columns, rows)
        with path.open("rb") as file:
            shutil.copyfileobj(file, sys.stdout.buffer)


def text_of(value: Value) -> str:
    """The value as a text that steers nothing and that any of the formats holds."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    text = clean(str(value), multiline=True)
    return text.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd")


class _Counted:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self.number = 0

    def __iter__(self) -> Iterator[Mapping[str, Value]]:
        for row in self._rows:
            self.number += 1
            yield row


def _csv(path: Path, columns: Sequence[Column], rows: Rows) -> None:
    import csv

    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([guarded(text_of(column.heading)) for column in columns])
        for row in rows:
            writer.writerow([_csv_cell(row.get(column.code, "")) for column in columns])


def _csv_cell(value: Value) -> str:
    text = text_of(value)
    return guarded(text) if isinstance(value, str) else text


def _xlsx(path: Path, columns: Sequence[Column], rows: Rows) -> None:
    from xlsxwriter import Workbook

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(str(path), options) as workbook:
        sheet = workbook.add_worksheet()
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for place, column in enumerate(columns):
            sheet.write_string(0, place, text_of(column.heading)[:LONGEST_CELL], bold)
        for number, row in enumerate(rows, 1):
            for place, column in enumerate(columns):
                value = row.get(column.code, "")
                if isinstance(value, int | Decimal) and not isinstance(value, bool):
                    sheet.write_number(number, place, float(value))
                elif value != "":
                    sheet.write_string(number, place, text_of(value)[:LONGEST_CELL])


def _json(path: Path, columns: Sequence[Column], rows: Rows) -> None:
    """An array with an object a line, by codes; lists and numbers are what they are."""
    with path.open("w", encoding="utf-8") as file:
        begin = "["
        for row in rows:
            values: dict[str, Any] = {"id": row["id"]} if "id" in row else {}
            values |= {column.code: _json_value(row.get(column.code, "")) for column in columns}
            file.write(begin + "\n" + json.dumps(values, ensure_ascii=False))
            begin = ","
        file.write("[]\n" if begin == "[" else "\n]\n")


def _json_value(value: Value) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return text_of(value) if isinstance(value, str) else value


def _vcf(path: Path, _columns: Sequence[Column], rows: Rows, *, version: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(export_vcard.card({code: text_of(value) for code, value in row.items()}, version))
