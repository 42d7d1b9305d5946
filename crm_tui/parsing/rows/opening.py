"""What kind of file it is, found by its contents rather than its name, and the reader for it."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.parsing.rows.charset import charset_of
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
    charset = reading.charset or _charset(path)
    # Latin-1 keeps every byte of a card, of which each property may name a character set of its own.
    as_bytes = kind == "vcf" and not charset.startswith(("utf-16", "utf-32"))
    try:
        text = path.open(encoding="latin-1" if as_bytes else charset, errors="replace", newline="")
    except LookupError as error:
        raise Invalid("import_charset", name=clean(charset)) from error
    with text:
        yield _reader(kind)(text, replace(reading, charset=charset))


def _reader(kind: str) -> Callable[[TextIO, Reading], Sheet]:
    """What reads the text; only the module that is needed is read itself."""
    if kind == "vcf":
        from crm_tui.parsing.rows import vcard

        return vcard.opened
    if kind == "ldif":
        from crm_tui.parsing.rows import ldif

        return ldif.opened
    if kind == "json":
        from crm_tui.parsing.rows import json_rows

        return json_rows.opened
    from crm_tui.parsing.rows import csv_file

    return csv_file.opened


def _charset(path: Path) -> str:
    with path.open("rb") as file:
        return charset_of(file)


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
