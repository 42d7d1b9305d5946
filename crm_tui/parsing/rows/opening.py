"""What kind of file it is, found by its contents rather than its name, and the reader for it."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows.sheet import Reading, Sheet

_DBF = frozenset({0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0x8E, 0xCB, 0xF5, 0xFB})
_DEFAULT = Reading()


@contextlib.contextmanager
def opened(path: Path, reading: Reading = _DEFAULT) -> Iterator[Sheet]:
    """The file as a sheet, as long as the block lasts. Raises Invalid for what cannot be read, OSError."""
    kind = kind_of(path)
    if kind == "workbook":
        from crm_tui.parsing.rows import workbook

        with workbook.opened(path, reading) as sheet:
            yield sheet
        return
    if kind == "dbf":
        from crm_tui.parsing.rows import dbf_file

        yield dbf_file.opened(path, reading)
        return
    with path.open("rb") as file:
        if kind == "vcf":
            from crm_tui.parsing.rows import vcard

            yield vcard.opened(file, reading)
        elif kind == "ldif":
            from crm_tui.parsing.rows import ldif

            yield ldif.opened(file, reading)
        elif kind == "json":
            from crm_tui.parsing.rows import json_rows

            yield json_rows.opened(file, reading)
        else:
            from crm_tui.parsing.rows import csv_file

            yield csv_file.opened(file, reading)


def kind_of(path: Path) -> str:
    """``workbook``, ``dbf``, ``vcf``, ``ldif``, ``json`` or ``csv``. Raises Invalid for a picture or a program."""
    with path.open("rb") as file:
        head = file.read(4096)
    suffix = path.suffix.lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")):
        return "workbook"
    if suffix == ".dbf" and head[:1] and head[0] in _DBF:
        return "dbf"
    if head.startswith(
        (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x7fELF", b"MZ\x90", b"\x1f\x8b", b"Rar!")
    ):
        raise Invalid("import_no_table", name=path.name)
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start[:2000].upper().startswith(b"BEGIN:VCARD") or suffix in (".vcf", ".vcard"):
        return "vcf"
    if suffix == ".ldif" or start.startswith((b"dn:", b"version: 1\n")):
        return "ldif"
    if suffix in (".json", ".jsonl") or start.startswith((b"[{", b'{"')):
        return "json"
    return "csv"
