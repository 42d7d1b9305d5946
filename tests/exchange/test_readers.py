"""Files of rows, as other programs write them: every character set, delimiter and address book is read alike."""

import json
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import birthday
from crm_tui.parsing.rows.opening import opened
from crm_tui.parsing.rows.people import COLUMNS
from crm_tui.parsing.rows.sheet import Reading

TABLE = [
    ["ФИО", "Город", "Примечание"],
    ["Асель Омарова", "Алматы", "просит звонить; после обеда, и не раньше"],
    ["Пётр Ильин", "Астана", 'сказал "позже"\nи ушёл'],
    ["Оксана Бойко", "Київ", ""],
]


def rows_of(path: Path, reading: Reading | None = None) -> list[list[str]]:
    with opened(path, reading or Reading()) as sheet:
        return [list(sheet.columns), *(list(row.cells) for row in sheet.rows)]


def csv_text(delimiter: str) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"' if set(text) & {delimiter, '"', "\n"} else text

    return "\r\n".join(delimiter.join(cell(text) for text in row) for row in TABLE) + "\r\n"


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize(
    "charset", ["utf-8", "utf-8-sig", "cp1251", "cp866", "koi8-u", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_corp_62_csv_of_any_charset_and_delimiter(tmp_path: Path, charset: str, delimiter: str) -> None:
    """Quoted delimiters, quotes and line ends too; nothing is told beside the file."""
    path = tmp_path / "people.txt"
    path.write_bytes(csv_text(delimiter).encode(charset, "replace"))
    wanted = [[text.encode(charset, "replace").decode(charset) for text in row] for row in TABLE]
    assert rows_of(path) == wanted


@settings(max_examples=60, deadline=None)
@given(
    table=st.lists(
        st.lists(st.text("аёжЫїқ xyz,;\t|\"\n=+-'", max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_any_table_that_was_written_is_read(
    table: list[list[str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """With the delimiter told, what Python's own writer wrote comes back, empty rows left out."""
    import csv

    path = tmp_path_factory.mktemp("csv") / "x.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        writer.writerows([["a", "b", "c"], *table])
    wanted = [row for row in table if any(cell.strip() for cell in row)]
    assert rows_of(path, Reading("utf-8", ";", True))[1:] == wanted


@pytest.mark.parametrize(
    ("text", "columns", "first"),
    [
        ("a@b.kz,Ann Lee\nc@d.kz,Bo Ray\n", ("1", "2"), ["a@b.kz", "Ann Lee"]),
        ("Список,,\n,,\nИмя,Город,Тел\nАнна,Алматы,1\n", ("Имя", "Город", "Тел"), ["Анна", "Алматы", "1"]),
        ("sep=;\nИмя;Город\nАнна;Алматы\n", ("Имя", "Город"), ["Анна", "Алматы"]),
        ("E-mail,E-mail,\nx@y.kz,z@y.kz,1\n", ("E-mail", "E-mail (2)", "3"), ["x@y.kz", "z@y.kz", "1"]),
    ],
    ids=["no headings", "title above", "sep=", "names twice"],
)
def test_headings_are_found(tmp_path: Path, text: str, columns: tuple[str, ...], first: list[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text(text, "utf-8")
    found = rows_of(path)
    assert tuple(found[0]) == columns
    assert found[1] == first


def test_corp_62_workbooks_are_read(tmp_path: Path) -> None:
    """Numbers without a fraction are whole, days are days; the first sheet with something in it is read."""
    from datetime import date

    import xlsxwriter

    path = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, ["Имя", "Телефон", "Дата", "Сумма"])
        sheet.write_row(1, 0, ["Асель", 77015551234])
        sheet.write_datetime(1, 2, date(2026, 11, 19), book.add_format({"num_format": "dd.mm.yyyy"}))
        sheet.write_number(1, 3, 12.5)
        sheet.write_row(4, 0, ["Дана"])
    assert rows_of(path) == [
        ["Имя", "Телефон", "Дата", "Сумма"],
        ["Асель", "77015551234", "2026-11-19", "12.5"],
        ["Дана", "", "", ""],
    ]
    with opened(path) as read:
        assert [row.number for row in read.rows] == [2, 5]
        assert read.empty.lines == 2
    with pytest.raises(Invalid):
        rows_of(path, Reading(table="no such sheet"))


def test_corp_62_dbf_is_read_in_the_charset_of_its_letters(tmp_path: Path) -> None:
    path = tmp_path / "FIRMS.DBF"
    fields = [("NAME", "C", 20), ("SINCE", "D", 8), ("DEBT", "N", 8)]
    values = [("ТОО Насос и вентиль", "20190401", "   12.50"), ("Ветер и партнёры", "        ", "        ")]
    head = struct.pack("<B3BLHH20x", 3, 126, 11, 19, len(values), 32 + 32 * len(fields) + 1, 37)
    for name, kind, length in fields:
        head += struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), length, 2 if kind == "N" else 0)
    body = b"".join(
        b" " + name.encode("cp866").ljust(20) + since.encode() + debt.encode() for name, since, debt in values
    )
    path.write_bytes(head + b"\r" + body + b"\x1a")
    assert rows_of(path) == [
        ["NAME", "SINCE", "DEBT"],
        ["ТОО Насос и вентиль", "2019-04-01", "12.5"],
        ["Ветер и партнёры", "", ""],
    ]


def test_json_of_an_array_or_of_lines_is_read(tmp_path: Path) -> None:
    people = [{"name": f"N{at}", "email": ["a@b.kz", "c@d.kz"], "vip": True, "n": at} for at in range(3)]
    for text in (json.dumps(people, indent=1), "\n".join(json.dumps(one) for one in people)):
        path = tmp_path / "people.json"
        path.write_text(text, "utf-8")
        assert rows_of(path)[:2] == [["name", "email", "vip", "n"], ["N0", "a@b.kz\nc@d.kz", "true", "0"]]


CARDS = {
    "2.1 quoted-printable, folded softly": (
        b"BEGIN:VCARD\r\nVERSION:2.1\r\n"
        b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=BB=D1=8C=D0=B8=D0=BD;=\r\n=D0=9F=D1=91=D1=82=D1=80\r\n"
        b"TEL;CELL;VOICE:+7 701 555 12 34\r\nEMAIL;INTERNET:p@ilyin.kz\r\nBDAY:19850412\r\nEND:VCARD\r\n"
    ),
    "2.1 in cp1251, undeclared": (
        "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Ильин;Пётр\r\n"
        "TEL:+7 701 555 12 34\r\nEMAIL:p@ilyin.kz\r\nBDAY:1985-04-12\r\n"
        "NOTE:просил звонить после обеда\r\nEND:VCARD\r\n"
    ).encode("cp1251"),
    "3.0, folded within a word, grouped, escaped": (
        'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Пё\r\n тр Ильин\r\nitem1.TEL;TYPE="cell,voice":+7 701\r\n  555 12 34\r\n'
        "item1.X-ABLabel:work\r\nEMAIL;TYPE=INTERNET,PREF:p@ilyin.kz\r\nBDAY;VALUE=date:1985-04-12T00:00:00Z\r\n"
        "PHOTO;ENCODING=b:" + "A" * 200_000 + "\r\nEND:VCARD\r\n"
    ).encode(),
    "4.0 with uris": (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\nFN:Пётр Ильин\r\n"
        'TEL;VALUE=uri;TYPE="voice":tel:+7 701 555 12 34\r\n'
        "EMAIL:mailto:p@ilyin.kz\r\nBDAY:19850412\r\nEND:VCARD"
    ).encode(),
    "utf-16": (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Пётр Ильин\nTEL:+7 701 555 12 34\nEMAIL:p@ilyin.kz\n"
        "BDAY:19850412\nEND:VCARD\n"
    ).encode("utf-16"),
}


@pytest.mark.parametrize("raw", CARDS.values(), ids=CARDS)
def test_corp_62_cards_of_all_versions_say_the_same(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "card.vcf"
    path.write_bytes(raw)
    (columns, card) = rows_of(path)
    assert tuple(columns) == COLUMNS
    found = dict(zip(columns, card, strict=True))
    assert found["name"] == "Пётр Ильин"
    assert " ".join(found["phone"].split()) == "+7 701 555 12 34"
    assert (found["email"], found["birthday"]) == ("p@ilyin.kz", "1985-04-12")


def test_corp_62_a_card_with_all_that_an_address_book_knows(tmp_path: Path) -> None:
    path = tmp_path / "card.vcf"
    path.write_text(
        "BEGIN:VCARD\nVERSION:3.0\nN:Ли;Ирина;Олеговна;;\nFN:\nORG:ТОО «Ветер»;Продажи\nTITLE:Директор\n"
        "ADR;TYPE=work:;офис 3;ул. Абая\\, 1;Алматы;;050000;Казахстан\nADR;TYPE=home:;;ул. Тихая 2;;;;\n"
        "URL:https://veter.example\nX-SKYPE:irina.li\nNOTE:первая\\nвторая\nTEL:701\nTEL:702\n"
        "BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12\nEND:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Все\nEND:VCARD\n",
        "utf-8",
    )
    with opened(path) as sheet:
        card, group = sheet.rows
    found = dict(zip(COLUMNS, card.cells, strict=True))
    assert found == {
        "name": "Ли Ирина Олеговна",
        "company": "ТОО «Ветер»",
        "role": "Директор",
        "email": "",
        "phone": "701\n702",
        "web": "https://veter.example",
        "messenger": "skype:irina.li",
        "address": "ул. Абая, 1, офис 3, Алматы, 050000, Казахстан\nул. Тихая 2",
        "birthday": "--05-12",
        "notes": "первая\nвторая",
    }
    assert group.problem == "no_person"


def test_corp_62_ldif_of_an_address_book(tmp_path: Path) -> None:
    path = tmp_path / "book.ldif"
    path.write_text(
        "dn: cn=Olga Kim,mail=olga@newco.example\nobjectclass: top\ncn: Olga Kim\nmail: olga@newco.example\n"
        "o:: 0KLQntCeIMKr0JLQtdGC0LXRgMK7\ntelephoneNumber: +7 701 555\n  12 34\nl: Almaty\nstreet: Abay 1\n\n",
        "utf-8",
    )
    columns, card = rows_of(path)
    found = dict(zip(columns, card, strict=True))
    assert found["name"] == "Olga Kim"
    assert found["company"] == "ТОО «Ветер»"
    assert found["phone"] == "+7 701 555 12 34"
    assert found["address"] == "Abay 1, Almaty"


@settings(max_examples=150, deadline=None)
@given(
    raw=st.binary(max_size=400),
    around=st.booleans(),
    suffix=st.sampled_from(["vcf", "csv", "ldif", "json", "dbf"]),
)
def test_any_bytes_are_read_or_refused(
    raw: bytes, around: bool, suffix: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Never an error of another kind than Invalid."""
    path = tmp_path_factory.mktemp("any") / f"x.{suffix}"
    path.write_bytes(b"BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:" + raw + b"\nEND:VCARD" if around else raw)
    try:
        rows_of(path)
    except Invalid:
        return


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("1985-04-12", "1985-04-12"),
        ("19850412", "1985-04-12"),
        ("12.04.1985", "1985-04-12"),
        ("4/25/1985", "1985-04-25"),
        ("--0412", "--04-12"),
        ("--02-29", "--02-29"),
        ("1985-02-30", ""),
        ("circa 1800", ""),
        ("", ""),
    ],
)
def test_birthdays(text: str, stored: str) -> None:
    assert birthday.read(text) == stored
