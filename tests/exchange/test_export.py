"""Export, and the same file imported again: equal."""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.parsing.rows.opening import opened
from crm_tui.services import users
from crm_tui.services.exchange import export_rows, export_vcard, exports, import_plan, imports
from crm_tui.services.exchange.export_rows import Column
from crm_tui.services.exchange.import_record import guarded, unguarded
from crm_tui.services.party import contacts, customers
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

ZONE = ZoneInfo("Asia/Almaty")
FOREIGN = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n'\";,|_x0041\x1b\x00\x07\x9b\u202e\ufffe аЯїқ€"), st.characters()),
    max_size=12,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store", TestClock())
    yield made
    made.close()


@pytest.fixture
def me(store: Store) -> Actor:
    return users.actor_of(users.current(store))


def exported(
    store: Store, kind: str, path: Path, file_format: str = ""
) -> list[dict[str, export_rows.Value]]:
    with store.read() as connection:
        ids = export_rows.all_ids(connection, kind)
        found = list(export_rows.rows(connection, kind, ids, ZONE))
        exports.write(
            path, exports.format_of(path, file_format, kind), export_rows.columns(connection, kind), found
        )
    return [{code: value for code, value in row.items() if code != "id"} for row in found]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(table=st.lists(st.tuples(FOREIGN, FOREIGN), min_size=1, max_size=5))
def test_idx_03_no_cell_is_a_formula_and_every_text_comes_back(table: list[tuple[str, str]]) -> None:
    """CSV and XLSX of any texts: cleaned as on screen, and otherwise what they were."""
    columns = [Column("one", "One"), Column("two", "Two")]
    wanted = [[exports.text_of(cell) for cell in row] for row in table]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        exports.write(path, "csv", columns, [{"one": one, "two": two} for one, two in table])
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.reader(file, delimiter=";"))[1:]
        assert not [cell for row in found for cell in row if cell[:1] in tuple("=+-@\t\r")]
        assert [[unguarded(cell) for cell in row] for row in found] == wanted


def test_idx_03_a_workbook_holds_texts_and_numbers_only(tmp_path: Path) -> None:
    texts = [
        "=1+1",
        "+7 701",
        "@SUM(A1)",
        "-5",
        "https://x.example",
        "_x0041_",
        "a\nb",
        "plain",
        "\x1b[2J",
        "'=x",
    ]
    path = tmp_path / "x.xlsx"
    exports.write(path, "xlsx", [Column("t", "Text")], [{"t": text} for text in texts])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in sheet
        assert b"hyperlink" not in sheet
        assert not [name for name in book.namelist() if "external" in name.lower()]
    with opened(path) as found:
        assert [row.cells[0] for row in found.rows] == [clean(text, multiline=True) for text in texts]


@given(st.text("'=+-@\t\rab", max_size=5))
def test_the_guard_comes_off_again(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in tuple("=+-@\t\r")


def add_people(store: Store, me: Actor) -> None:
    with store.work(me, "prepare") as work:
        firm = customers.add(
            work, "ТОО «Ветер»", city="Алматы", country="kz", status="vip", source="exhibition", touch_days=30,
            owner_id=me.user_id, address="ул. Абая, 1; офис 3", tax_number="100140000123",
            notes="=HYPERLINK(1)\nвторая; \"строка\"",
            infos=[("email", "info@veter.example"), ("phone", "+7 701 555 12 34"), ("web", "https://veter.example/a,b")],
        )  # fmt: skip
        contacts.add(
            work, "Ли Ирина Олеговна", customer_id=firm.key, role="Директор, акционер", birthday="--05-12",
            address="ул. Абая, 1\nул. Тихая; 2", notes="-x\\n", owner_id=me.user_id,
            infos=[("email", "irina@veter.example"), ("email", "li@home.example"), ("phone", "+7 702 555 12 34"),
                   ("messenger", "skype:irina,li")],
        )  # fmt: skip
        contacts.add(work, "Olga Kim", birthday="1985-04-12")


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("kind", ["customers", "contacts"])
def test_idx_03_what_is_exported_can_be_imported_elsewhere(
    store: Store, me: Actor, tmp_path: Path, kind: str, suffix: str
) -> None:
    """Into an empty store, with the mapping that is guessed: every field is there again."""
    add_people(store, me)
    path = tmp_path / f"out.{suffix}"
    there = exported(store, kind, path)
    other = new_store(tmp_path / "other", TestClock())
    try:
        actor = users.actor_of(users.current(other))
        with other.read() as connection:
            plan = import_plan.proposed(connection, kind, path, path.name).plan
        assert imports.run(other, actor, path, plan).new == len(there)
        again = exported(other, kind, tmp_path / f"again.{suffix}")
        assert again == there
    finally:
        other.close()


@pytest.mark.parametrize("version", ["vcf", "vcf4"])
def test_idx_03_cards_keep_names_addresses_numbers_and_birthdays(
    store: Store, me: Actor, tmp_path: Path, version: str
) -> None:
    add_people(store, me)
    path = tmp_path / "out.vcf"
    there = exported(store, "contacts", path, version)
    raw = path.read_bytes()
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    with opened(path) as sheet:
        found = [dict(zip(sheet.columns, row.cells, strict=True)) for row in sheet.rows]
    for card, person in zip(found, there, strict=True):
        for code in ("name", "company", "role", "birthday", "address", "notes", "messenger"):
            assert card[code] == person.get(code, ""), code
        for code in ("email", "phone"):
            assert card[code].split("\n") == str(person.get(code, "")).split(", "), code


CARD_TEXT = st.text("абвЁїқ abc\\,;:\n\"'=é漢", max_size=60).map(
    lambda text: "\n".join(text.split("\n")).strip()
)


LINE = CARD_TEXT.map(lambda text: " ".join(text.split()))
NAME = LINE.filter(bool) | st.sampled_from(
    [
        "Ли Ирина Олеговна",
        "Olga Kim",
        "д-р Пётр",
        "Әсел",
        "van der Berg, Anna; jr.",
        "Сидоров-Ким Олег Петрович",
    ]
)
LINES_OF = st.lists(LINE.filter(bool), max_size=3, unique=True).map("\n".join)
ADDRESSES = st.lists(
    st.sampled_from(["a@b.kz", "Irina.Li+crm@sub.veter.example", "пётр@почта.example", "o'neil@x.example"]),
    max_size=3,
    unique=True,
)
NUMBERS = st.lists(
    st.from_regex(r"\+7 70[1-9] [0-9]{3} [0-9]{2} [0-9]{2}", fullmatch=True)
    | st.sampled_from(["8 (727) 250-00-00", "+380442345678", "12-34", "+1 212 555 0100 ext. 7"]),
    max_size=3,
    unique=True,
)
BIRTHDAYS = (
    st.just("")
    | st.dates(date(1900, 1, 1), date(2026, 1, 1)).map(date.isoformat)
    | st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: f"--{day:%m-%d}")
)


@given(
    person=st.fixed_dictionaries(
        {
            "name": NAME,
            "company": LINE,
            "role": LINE,
            "email": ADDRESSES,
            "phone": NUMBERS,
            "address": LINES_OF,
            "birthday": BIRTHDAYS,
            "web": st.just("") | st.just("https://veter.example/a,b;c"),
            "messenger": st.just("") | st.just("skype:irina,li"),
            "notes": CARD_TEXT,
        }
    ),
    version=st.sampled_from(["3.0", "4.0"]),
)
@settings(max_examples=100, deadline=None)
def test_corp_62_a_card_of_any_person_is_read_as_it_was_written(
    person: dict[str, Any], version: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Names, addresses, phones, e-mails and birthdays; and all else that a card has room for."""
    path = tmp_path_factory.mktemp("card") / "x.vcf"
    written = person | {code: ", ".join(person[code]) for code in ("email", "phone")}
    path.write_bytes(export_vcard.card(written, version).encode())
    with opened(path) as sheet:
        (row,) = sheet.rows
    found = dict(zip(sheet.columns, row.cells, strict=True))
    wanted = person | {code: "\n".join(person[code]) for code in ("email", "phone")}
    assert {code: found[code] for code in wanted} == wanted


@pytest.mark.parametrize(
    ("name", "kind"), [("x.pdf", "leads"), ("x", "leads"), ("x.vcf", "interests"), ("x.vcf", "")]
)
def test_a_format_that_is_none_is_refused(name: str, kind: str) -> None:
    with pytest.raises(Invalid):
        exports.format_of(Path(name), "", kind)


def test_a_file_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("old", "utf-8")

    def rows() -> Iterator[dict[str, str]]:
        yield {"a": "1"}
        raise OSError("read error")

    with pytest.raises(OSError, match="read error"):
        exports.write(path, "csv", [Column("a", "A")], rows())
    assert path.read_text("utf-8") == "old"
    assert [one.name for one in tmp_path.glob("*csv*")] == ["x.csv"]


def test_tasks_are_exported_with_their_due_date(store: Store, me: Actor, tmp_path: Path) -> None:
    from crm_tui.services.task import tasks

    assert me.user_id is not None
    with store.work(me, "task.add") as work:
        tasks.add(work, "Call Olga", assignee_id=me.user_id, due_at=work.now)
    exported(store, "tasks", tmp_path / "t.csv")
    text = (tmp_path / "t.csv").read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row["Title"], row["Due"]) == ("Call Olga", "2026-11-19T16:40:00+05:00")
