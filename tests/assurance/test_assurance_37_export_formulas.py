"""Assurance row 37: an export opened in a spreadsheet runs nothing, and read back it is what was exported."""

import csv
import zipfile
from datetime import UTC
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crm_tui.domain.text import clean
from crm_tui.parsing.rows.opening import opened
from crm_tui.services import users
from crm_tui.services.exchange import export_rows, exports
from crm_tui.services.exchange.import_record import unguarded
from crm_tui.services.party import contacts
from crm_tui.store.engine import Store
from tests.corpora import folder
from tests.stores import TestClock, new_store

SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OURS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "'=1", "''=1", "\x1b]52;c;eA==\x07",
    "a\x00b", "_x000D_", "\u202eevil", "\ufffe", "https://x.example", "mailto:x", "1e5", "0123", "TRUE", "\n=1",
]  # fmt: skip


def payloads() -> list[str]:
    """Ours, and where they are at hand those that attackers collect."""
    found = list(OURS)
    try:
        names = [one for one in folder("attacks").rglob("*") if "csv" in str(one).lower() and one.is_file()]
    except pytest.skip.Exception:
        return found
    for path in names:
        found += path.read_text("utf-8", "replace").splitlines()[:400]
    return found


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_assurance_37_no_cell_is_a_formula_and_all_come_back(tmp_path: Path, suffix: str) -> None:
    texts = payloads()
    store: Store = new_store(tmp_path / "store", TestClock())
    try:
        me = users.actor_of(users.current(store))
        with store.work(me, "prepare") as work:
            for text in texts:
                contacts.add(work, "Ann", notes=text)
        path = tmp_path / f"out.{suffix}"
        with store.read() as connection:
            ids = export_rows.all_ids(connection, "contacts")
            found = list(export_rows.rows(connection, "contacts", ids, UTC))
            exports.write(path, suffix, export_rows.columns(connection, "contacts"), found)
    finally:
        store.close()
    wanted = [exports.text_of(row["notes"]) for row in found]
    assert wanted == [clean(text, multiline=True).strip().replace("\ufffe", "\ufffd") for text in texts]
    if suffix == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert not [cell for row in rows for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]
        assert [unguarded(row["Notes"]) for row in rows] == wanted
        return
    with zipfile.ZipFile(path) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.findall(f".//{SPREADSHEET}f") == []
    assert {cell.get("t") for cell in sheet.iter(f"{SPREADSHEET}c")} <= {"inlineStr", "s"}
    with opened(path) as back:
        place = back.columns.index("Notes")
        assert [row.cells[place] for row in back.rows] == wanted
