"""Assurance row 36: files that stand for far more than they are. Refused or limited, and nothing is written."""

import resource
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows import workbook_worker
from crm_tui.parsing.rows.opening import opened
from crm_tui.services import users
from crm_tui.services.exchange import imports
from crm_tui.services.exchange.import_plan import Plan
from crm_tui.store.engine import Store
from crm_tui.store.tables import Contact
from tests.stores import TestClock, new_store

MOST_GROWTH = 300 * 2**10
"""Kilobytes of memory, of this process and of any child."""

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
    'Target="{target}"/></Relationships>'
)
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>'
)
SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</worksheet>'


def xlsx(path: Path, sheet: Iterator[bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        packed.writestr("[Content_Types].xml", CONTENT_TYPES)
        packed.writestr("_rels/.rels", RELS.format(kind="officeDocument", target="xl/workbook.xml"))
        packed.writestr("xl/workbook.xml", BOOK)
        packed.writestr(
            "xl/_rels/workbook.xml.rels", RELS.format(kind="worksheet", target="worksheets/sheet1.xml")
        )
        with packed.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for piece in sheet:
                part.write(piece)
    return path


def many_rows(folder: Path) -> Path:
    """Small when packed: millions of rows."""

    def rows() -> Iterator[bytes]:
        yield SHEET.partition("{}")[0].encode() + b"<sheetData>"
        for _ in range(250):
            yield b"<row><c><v>1</v></c><c><v>2</v></c></row>" * 20_000
        yield b"</sheetData></worksheet>"

    return xlsx(folder / "rows.xlsx", rows())


def far_cell(folder: Path) -> Path:
    """One cell in the last row and column there can be: seventeen milliards of cells to whoever keeps a table."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return xlsx(folder / "far.xlsx", iter([SHEET.format(f"<sheetData>{cells}</sheetData>").encode()]))


def repeated_cells(folder: Path) -> Path:
    """ODS says how often a cell and a row are repeated."""
    path = folder / "repeated.ods"
    names = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"'
        for short in ("office", "table", "text")
    )
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f'<office:document-content {names}><office:body><office:spreadsheet><table:table table:name="a">'
            f'<table:table-row table:number-rows-repeated="1000000">{cell}</table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return path


def one_line(folder: Path) -> Path:
    """A table without an end of line."""
    path = folder / "line.csv"
    path.write_bytes(b"name;email\n" + b"x" * (40 * 2**20))
    return path


def open_quote(folder: Path) -> Path:
    """A quote that is never closed: one field to the end of the file."""
    path = folder / "quote.csv"
    path.write_bytes(b'Name;E-mail\nAnn;a@b.kz\n"' + b"x;y\n" * 2**17)
    return path


def deep_json(folder: Path) -> Path:
    path = folder / "deep.json"
    path.write_bytes(b'[{"name":' + b'{"a":' * 2_000_000)
    return path


def endless_card(folder: Path) -> Path:
    """A card without an end, of properties and of one folded property."""
    path = folder / "card.vcf"
    path.write_bytes(
        b"BEGIN:VCARD\nVERSION:3.0\nFN:x\n" + b"TEL:1\n" * 300_000 + b"NOTE:\n" + b" x\n" * 300_000
    )
    return path


def nested_cards(folder: Path) -> Path:
    path = folder / "nested.vcf"
    path.write_bytes(b"BEGIN:VCARD\nFN:x\n" * 200_000)
    return path


BOMBS = (many_rows, far_cell, repeated_cells, one_line, open_quote, deep_json, endless_card, nested_cards)


@pytest.mark.parametrize("bomb", BOMBS, ids=[one.__name__ for one in BOMBS])
def test_assurance_36_a_bomb_is_refused_or_limited(bomb: Callable[[Path], Path], tmp_path: Path) -> None:
    """Its time is bounded by the child's own limit and by what a reader looks at; here is looked at our memory."""
    path = bomb(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    count = 0
    try:
        with opened(path) as sheet:
            for row in sheet.rows:
                count += 1
                assert sum(map(len, row.cells)) <= 2 * 2**20
    except Invalid:
        pass
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_GROWTH
    if bomb in (many_rows, far_cell, repeated_cells, one_line, deep_json):
        assert count == 0, "refused as a whole"


def test_assurance_36_the_child_has_less_memory_than_a_bomb_needs() -> None:
    assert workbook_worker.MEMORY <= 384 * 2**20


def test_assurance_36_a_file_that_fails_midway_leaves_the_store_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that were good before the bad end are not there either: all or nothing."""
    store: Store = new_store(tmp_path / "store", TestClock())
    try:
        me = users.actor_of(users.current(store))
        path = tmp_path / "half.csv"
        good = "".join(f"Ann {at};a{at}@b.kz\n" for at in range(300))
        path.write_bytes(b"Name;E-mail\n" + good.encode() + b"y" * (3 * 2**20))
        plan = Plan("contacts", {"Name": "name", "E-mail": "email"})
        with pytest.raises(Invalid):
            imports.run(store, me, path, plan)
        monkeypatch.setattr(imports, "MOST_ROWS", 200)
        path.write_bytes(b"Name;E-mail\n" + good.encode())
        with pytest.raises(Invalid):
            imports.run(store, me, path, plan)
        with store.facts("look") as work:
            assert work.all(Contact) == []
    finally:
        store.close()
