"""DBF tables, with memo files beside them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Invalid
from crm_tui.parsing import charsets
from crm_tui.parsing.rows.sheet import MOST_COLUMNS, Reading, Row, Sheet

if TYPE_CHECKING:
    from dbfread import DBF

_SAMPLE = 2**16


def opened(path: Path, reading: Reading) -> Sheet:
    """The table as a sheet; deleted records are left out. Raises Invalid for what is no such table."""
    from dbfread import DBF

    charset = reading.charset or _charset(path)
    try:
        table = DBF(
            str(path),
            encoding=charset or None,
            ignore_missing_memofile=True,
            parserclass=_parser(),
            char_decode_errors="replace",
            raw=False,
        )
        names = tuple(table.field_names)
    except Exception as error:  # a header of anything: dbfread guards none of its steps
        raise Invalid("import_unreadable", format="DBF") from error
    if len(names) > MOST_COLUMNS or len(set(names)) != len(names):
        raise Invalid("import_unreadable", format="DBF")
    return Sheet("dbf", names, _rows(table), replace(reading, charset=table.encoding))


def _charset(path: Path) -> str:
    """Empty where the header names one; else by the letters: most such tables of ours are in DOS's cp866."""
    with path.open("rb") as file:
        head = file.read(32)
        if len(head) == 32 and head[29] not in (0, 1, 3):
            return ""
        sample = bytes(byte for byte in file.read(_SAMPLE) if byte > 127 or byte == 32)
    return charsets.name_of(sample) if len(sample.replace(b" ", b"")) > 3 else "cp866"


def _rows(table: "DBF") -> Iterator[Row]:
    records = iter(table)
    number = 0
    while True:
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except (
            Exception
        ) as error:  # a memo that points beyond its file, a record cut short: whatever dbfread meets
            raise Invalid("import_unreadable", format="DBF") from error
        cells = tuple(_text(value) for value in record.values())
        if any(cells):
            yield Row(number, cells)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bytes):
        return ""
    return str(value).strip()


def _parser() -> Any:
    from dbfread import FieldParser

    class Forgiving(FieldParser):  # type: ignore[misc]
        """A field that is not what its column promises is text."""

        def parse(self, field: Any, data: Any) -> Any:
            try:
                return super().parse(field, data)
            except ValueError:
                return data.decode(self.encoding or "ascii", "replace").strip(" \0") if data else None

    return Forgiving
