"""Import: figures that add up, a dry run that is the same code, and an undo that leaves nothing behind."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows.sheet import Reading
from crm_tui.services import users
from crm_tui.services.exchange import import_plan, imports
from crm_tui.services.exchange.import_context import Context
from crm_tui.services.exchange.import_plan import Plan
from crm_tui.services.exchange.import_result import Result
from crm_tui.services.interest import scenarios
from crm_tui.services.party import customers, lead_conversion, leads
from crm_tui.store import finding, health
from crm_tui.store.engine import Store
from crm_tui.store.queries import party_names
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interest, Lead, State
from crm_tui.store.tables.cards import CustomField
from crm_tui.store.tables.upkeep import ImportMap, ImportRun
from crm_tui.store.undo import undo
from crm_tui.store.work import Actor, Work
from tests.exchange import fair
from tests.stores import TestClock, new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store", TestClock())
    yield made
    made.close()


@pytest.fixture
def me(store: Store) -> Actor:
    return users.actor_of(users.current(store))


def plan_of(store: Store, kind: str, path: Path, **values: object) -> Plan:
    with store.read() as connection:
        return replace(import_plan.proposed(connection, kind, path, path.name).plan, **values)  # type: ignore[arg-type]


def add_up(result: Result) -> bool:
    counts = result.counts()
    return counts.pop("read") == sum(counts.values())


def rows(store: Store, model: type) -> list:  # type: ignore[type-arg]
    with store.facts("look") as work:
        return work.all(model)


@pytest.mark.parametrize("long", [1000, 1], ids=["at once", "in a copy"])
def test_idx_03_a_fair_is_tried_imported_and_taken_back(
    store: Store, me: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, long: int
) -> None:
    """The dry run leaves nothing and says what the run does; the undo restores the store byte for byte."""
    monkeypatch.setattr(imports, "_LONG", long)
    fair.add_known(store, me)
    path = fair.write(tmp_path)
    plan = plan_of(store, "leads", path, fixed={"source": "exhibition"})
    before = fair.everything(store)
    tried = imports.run(store, me, path, plan, dry_run=True)
    assert fair.everything(store) == before
    assert not (tmp_path / "fair.failed.csv").exists()
    done = imports.run(store, me, path, plan)
    assert tried.counts() == done.counts()
    assert done.counts() == {"read": 180, "new": 171, "changed": 6, "duplicates": 0, "failed": 3}
    assert [one.match.name for one in done.known] == list(fair.KNOWN)
    assert [failure.number for failure in done.failures] == [8, 9, 10]
    assert len(rows(store, ImportRun)) == 1
    guest = next(lead for lead in rows(store, Lead) if lead.name == "Гость 3")
    assert (guest.company, guest.city, guest.source) == ('ТОО "Стенд; 3"', "Астана", "exhibition")
    assert guest.notes == 'ждёт "звонка"'
    undo(store, me)
    assert fair.everything(store) == before


def test_l_12_what_was_left_out_can_be_mended_and_imported(store: Store, me: Actor, tmp_path: Path) -> None:
    """The failed rows stand in a file of their own with the reason; that file is one to import."""
    path = fair.write(tmp_path, 12)
    result = imports.run(store, me, path, plan_of(store, "leads", path))
    assert result.failed_file == tmp_path / "fair.failed.csv"
    text = result.failed_file.read_text("utf-8-sig")
    lines = text.splitlines()
    assert len(lines) == 1 + result.failed
    assert "не спросил is not an e-mail address." in lines[1]
    mended = text.replace(";не спросил;", ";ok@veter.example;").replace(";нет;", ";+7 701 555 00 99;")
    result.failed_file.write_text(mended, "utf-8")
    again = plan_of(store, "leads", result.failed_file)
    assert imports.run(store, me, result.failed_file, again, dry_run=True).counts() == {
        "read": 3, "new": 2, "changed": 0, "duplicates": 0, "failed": 1,
    }  # fmt: skip


def test_c_12_the_mapping_is_kept_before_the_run_and_outlives_its_failure(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    path = fair.write(tmp_path, 12)
    plan = plan_of(store, "leads", path, mode="update", fixed={"source": "exhibition"})
    before = fair.everything(store)

    def give_up(done: int, _all: int) -> None:
        if done:
            raise imports.Cancelled

    many = fair.write(tmp_path, 150)
    with pytest.raises(imports.Cancelled):
        imports.run(store, me, many, plan, progress=give_up)
    assert fair.everything(store) == before, "given up: nothing is written"
    with store.read() as connection:
        assert import_plan.find(connection, "leads", "fair.csv") == plan
        assert import_plan.proposed(connection, "leads", path, "fair.csv").known
    assert len(rows(store, ImportMap)) == 1


@pytest.mark.parametrize(
    ("mode", "counts", "city", "notes"),
    [
        ("skip", (0, 1), "", "old"),
        ("fill", (1, 0), "Almaty", "old"),
        ("update", (1, 0), "Almaty", "new"),
    ],
)
def test_idx_03_those_who_are_here_are_left_filled_or_written_over(
    store: Store, me: Actor, tmp_path: Path, mode: str, counts: tuple[int, int], city: str, notes: str
) -> None:
    with store.work(me, "customer.add") as work:
        customers.add(work, "Newco", notes="old", infos=[("email", "info@newco.example")])
    path = tmp_path / "c.csv"
    path.write_text("Company,City,Notes,E-mail,Phone\nNEWCO,Almaty,new,,+7 701 555 12 34\n", "utf-8")
    result = imports.run(store, me, path, plan_of(store, "customers", path, mode=mode))
    assert add_up(result)
    assert (result.changed, result.duplicates) == counts
    (customer,) = rows(store, Customer)
    assert (customer.city, customer.notes) == (city, notes)
    assert len(rows(store, ContactInfo)) == (1 if mode == "skip" else 2), (
        "numbers are added, never taken away"
    )
    if mode != "skip":
        again = imports.run(store, me, path, plan_of(store, "customers", path, mode=mode))
        assert again.duplicates == 1, "nothing more to write the second time"


@pytest.mark.parametrize(
    ("row", "by"),
    [
        ("Other name,info@newco.example,,", "email"),
        ("Newco Trade,,+7 701 555 12 34,", "phone"),
        ("Other name,,+7 701 555 12 34,", None),
        ("Other name,,,100140000123", "tax_number"),
        ("newco,,,", "name"),
        ("Other,,,", None),
    ],
)
def test_idx_03_who_is_here_already_is_found_by_what_tells(
    store: Store, me: Actor, tmp_path: Path, row: str, by: str | None
) -> None:
    with store.work(me, "customer.add") as work:
        infos = [("email", "info@newco.example"), ("phone", "+7 701 555 12 34")]
        customers.add(work, "Newco", tax_number="100140000123", infos=infos)
        gone = customers.add(work, "Other")
        customers.trash(work, gone.key)
    path = tmp_path / "c.csv"
    path.write_text(f"Name,E-mail,Phone,BIN\n{row}\n", "utf-8")
    result = imports.run(store, me, path, plan_of(store, "customers", path), dry_run=True)
    assert [one.match.by for one in result.known] == ([by] if by else [])


def test_idx_03_nobody_waits_for_a_dry_run(store: Store, me: Actor, tmp_path: Path) -> None:
    """It goes on in a copy: others write meanwhile, and nothing of it stays."""
    path = tmp_path / "c.csv"
    path.write_text("Name,E-mail\nNewco,info@newco.example\nKnown,\n", "utf-8")
    with store.work(me, "customer.add") as work:
        customers.add(work, "Known")
    plan = plan_of(store, "customers", path)

    def meanwhile(done: int, _all: int) -> None:
        with store.work(me, "customer.add") as work:
            customers.add(work, f"Meanwhile {done}")

    result = imports.run(store, me, path, plan, dry_run=True, progress=meanwhile)
    assert (result.new, result.duplicates) == (1, 1)
    with store.facts("look") as work:
        assert {one.name for one in work.all(Customer)} == {"Known", "Meanwhile 0", "Meanwhile 2"}
    assert not [one for one in store.path.parent.iterdir() if one.name.startswith("trial-")]


@pytest.mark.parametrize(
    ("meanwhile", "in_the_store"),
    [
        ("nothing", [False]),
        ("others", [False]),
        ("the same", [False, False]),
        ("trash", [False, False]),
        ("changed", [False, False]),
        ("again and again", [False, False, True]),
    ],
)
def test_idx_03_a_long_import_is_made_in_a_copy_and_carried_over(
    store: Store,
    me: Actor,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    meanwhile: str,
    in_the_store: list[bool],
) -> None:
    """Also where others write something else meanwhile. Where it is the same, it is made once more, at last with the
    store held."""
    monkeypatch.setattr(imports, "_LONG", 2)
    monkeypatch.setattr(imports, "_SPARE", 1)
    held: list[bool] = []
    carry_out = imports._carry_out

    def colleague(other: Work) -> None:
        match meanwhile:
            case "others":
                customers.add(other, "Others", infos=[("email", "others@o.example")])
                customers.change(other, other.all(Customer)[1].key, city="Astana")
            case "the same":
                customers.add(other, "Meanwhile", infos=[("email", "info@newco.example")])
            case "trash":
                customers.trash(other, other.all(Customer)[1].key)
            case "changed" | "again and again":
                customers.change(other, other.all(Customer)[0].key, activity=f"pumps {len(held)}")

    def watched(context: Context, *given: Any) -> None:
        held.append(context.work.store is store)
        carry_out(context, *given)
        if not held[-1] and (len(held) == 1 or meanwhile == "again and again"):
            with store.work(me, "customer.add") as other:
                colleague(other)

    monkeypatch.setattr(imports, "_carry_out", watched)
    path = tmp_path / "c.csv"
    lines = ("Name,E-mail,City", "Newco,info@newco.example,", "Known,k@known.example,Almaty", "Bad,none,")
    path.write_text("\n".join(lines), "utf-8")
    with store.work(me, "customer.add") as work:
        customers.add(work, "Known")
        customers.add(work, "Elsewhere")
    result = imports.run(store, me, path, plan_of(store, "customers", path))
    same = meanwhile == "the same"
    assert result.counts() == {
        "read": 3, "new": 1 - same, "changed": 1, "duplicates": int(same), "failed": 1,
    }  # fmt: skip
    assert held == in_the_store
    assert result.failed_file is not None
    assert len(result.failed_file.read_text("utf-8").splitlines()) == 2
    with store.read() as connection:
        assert [one.title for one in finding.search_records(connection, "almaty")] == ["Known"]
    assert [one.kind for one in rows(store, ImportRun)] == ["customers"]
    names = {one.name for one in rows(store, Customer)}
    assert names >= ({"Known", "Meanwhile"} if same else {"Known", "Newco"})
    assert ("Others" in names) == (meanwhile == "others")
    assert health.check(store.path) == []
    undo(store, me)
    assert {one.name for one in rows(store, Customer)} == names - {"Newco"}


def test_idx_03_a_lead_that_became_a_customer_is_not_brought_up_to_date(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    with store.work(me, "lead") as work:
        converted = leads.add(work, "Olga Kim", company="Newco").key
        lead_conversion.convert(work, converted)
        leads.add(work, "Olga Kimova")
    with store.read() as connection:
        assert [one.name for one in party_names.named(connection, "olga", "lead")] == ["Olga Kimova"]
    path = tmp_path / "l.csv"
    path.write_text("Name,Company,City\nOlga Kim,Newco,Almaty\n", "utf-8")
    result = imports.run(store, me, path, plan_of(store, "leads", path))
    assert (result.new, result.changed, result.known) == (1, 0, [])
    with store.facts("look") as work:
        assert work.get(Lead, converted).city == ""


def test_corp_62_contacts_bring_their_customer_and_every_field(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    """Columns of an Outlook export; a number that is none in use is kept as it is written; own fields too."""
    with store.work(me, "prepare") as work:
        work.add(
            CustomField(
                record_kind="contact", code="size", label="Shirt size", type="choice", choices=["M", "L"]
            )
        )
        customers.add(work, "Newco")
    path = tmp_path / "o.csv"
    path.write_text(
        "First Name,Middle Name,Last Name,Company,Job Title,E-mail Address,E-mail 2 Address,Business Phone,"
        "Business Street,Business City,Business Country/Region,Home Street,Birthday,Shirt size\n"
        "Olga,,Kim,NEWCO,Director,olga@newco.example,kim@home.example,12-34,Abay 1,Almaty,Kazakhstan,Tikhaya 2,"
        "4/25/1985,l\n"
        "Bo,,Ray,Othertrade,,,,,,,,,,\n",
        "utf-8",
    )
    result = imports.run(store, me, path, plan_of(store, "contacts", path))
    assert result.counts() == {"read": 2, "new": 2, "changed": 0, "duplicates": 0, "failed": 0}
    olga, bo = rows(store, Contact)
    assert (olga.name, olga.role, olga.birthday) == ("Olga Kim", "Director", "1985-04-25")
    assert olga.address == "Abay 1, Almaty, Kazakhstan\nTikhaya 2"
    assert olga.custom == {"size": "L"}
    assert {one.value for one in rows(store, ContactInfo)} == {
        "olga@newco.example",
        "kim@home.example",
        "12-34",
    }
    assert [one.name for one in rows(store, Customer)] == ["Newco", "Othertrade"]
    assert (olga.customer_id, bo.customer_id) == (1, 2)


def test_idx_03_interests_come_with_customer_state_and_money(store: Store, me: Actor, tmp_path: Path) -> None:
    """What a pipeline calls its ends is understood; a word that the scenario lacks can be given a meaning."""
    path = tmp_path / "deals.csv"
    path.write_text(
        "Сделка;Клиент;Контакт;Этап;Сумма;Дата создания;Дата закрытия;Ответственный\n"
        "Насосы;ТОО Ветер;Ирина Ли;Успешно;1 200 000,50;01.03.2026;10.04.2026;Кто-то\n"
        "Вентили;ТОО Ветер;;Первый звонок;;02.03.2026;;\n"
        "Трубы;ТОО Ветер;;Нигде;;;;\n",
        "utf-8",
    )
    plan = plan_of(store, "interests", path, values={"state": {"Первый звонок": "meeting"}})
    result = imports.run(store, me, path, plan)
    assert (result.new, result.failed) == (2, 1)
    assert dict(result.strangers) == {"Кто-то": 1}
    pumps, valves = rows(store, Interest)
    states = {one.id: one.code for one in rows(store, State)}
    assert [states[one.state_id] for one in (pumps, valves)] == ["won", "meeting"]
    assert (pumps.amount_minor, pumps.currency) == (120_000_050, "KZT")
    assert (pumps.created_at.date().isoformat(), pumps.closed_at.date().isoformat()) == (
        "2026-03-01",
        "2026-04-10",
    )
    assert pumps.customer_id == valves.customer_id
    assert pumps.contact_id is not None
    assert pumps.owner_id == me.user_id


@pytest.mark.parametrize(
    "values",
    [
        {"columns": {"Name": "no_such"}},
        {"columns": {"Name": "name", "E-mail": "name"}},
        {"columns": {"E-mail": "notes"}},
        {"mode": "?"},
        {"reading": Reading(charset="no-such")},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(
    store: Store, me: Actor, tmp_path: Path, values: dict[str, object]
) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Name,E-mail\nNewco,a@b.kz\n", "utf-8")
    with pytest.raises(Invalid):
        imports.run(store, me, path, plan_of(store, "customers", path, **values))
    assert rows(store, Customer) == []


@pytest.mark.parametrize(
    ("headings", "kind", "wanted"),
    [
        ("ФИО;Тел.;Эл. почта;Компания", "leads", ["name", "phone", "email", "company"]),
        (
            "ПІБ;Мобільний телефон;Електронна пошта;Назва компанії",
            "leads",
            ["name", "phone", "email", "company"],
        ),
        ("Аты-жөні;Ұялы телефон;Электрондық пошта;Ұйым", "leads", ["name", "phone", "email", "company"]),
        ("Full name;Cell phone;E-mail;Company", "leads", ["name", "phone", "email", "company"]),
        (
            "Контрагент;ИНН;Юридический адрес;Отрасль",
            "customers",
            ["name", "tax_number", "address", "activity"],
        ),
        ("Назва;Код ЄДРПОУ;Місто;Індекс", "customers", ["name", "tax_number", "city", "zip"]),
        (
            "Name;E-mail 1 - Value;Phone 1 - Value;Organization 1 - Name",
            "contacts",
            ["name", "email", "phone", "company"],
        ),
        (
            "Display Name;Primary Email;Mobile Number;Home City",
            "contacts",
            ["name", "email", "phone", "city"],
        ),
        ("Мәміле атауы;Кезең;Сомасы;Жауапты", "interests", ["name", "state", "amount", "owner"]),
    ],
)
def test_idx_03_columns_are_guessed_in_four_languages(
    store: Store, tmp_path: Path, headings: str, kind: str, wanted: list[str]
) -> None:
    path = tmp_path / "c.csv"
    path.write_text(headings + "\nx;y;z;w\n", "utf-8")
    with store.read() as connection:
        proposal = import_plan.proposed(connection, kind, path, path.name)
    assert [proposal.plan.columns.get(column) for column in proposal.columns] == wanted


CELLS = st.sampled_from(
    [
        "",
        "Ann",
        "Newco",
        "a@b.kz",
        "c@d.kz",
        "no address",
        "+7 701 555 12 34",
        "12-34",
        "x",
        "Almaty",
        "=1+1",
        "\x1b[2J",
    ]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    table=st.lists(st.tuples(*[CELLS] * 5), min_size=1, max_size=8),
    kind=st.sampled_from(["customers", "contacts", "leads"]),
    mode=st.sampled_from(["skip", "fill", "update"]),
)
def test_idx_03_any_import_adds_up_and_its_undo_leaves_the_store_as_it_was(
    table: list[tuple[str, ...]], kind: str, mode: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = new_store(Path(folder), TestClock())
        try:
            actor = users.actor_of(users.current(store))
            with store.work(actor, "prepare") as work:
                customers.add(work, "Newco", infos=[("email", "a@b.kz")])
            path = Path(folder) / "any.csv"
            lines = ["Name;Company;E-mail;Phone;City", *(";".join(row) for row in table)]
            path.write_text("\n".join(lines), "utf-8")
            plan = plan_of(store, kind, path, mode=mode, reading=Reading("utf-8", ";", True))
            before = fair.everything(store)
            result = imports.run(store, actor, path, plan)
            assert add_up(result)
            assert result.read == sum(1 for row in table if any(cell.strip() for cell in row))
            undo(store, actor)
            assert fair.everything(store) == before
        finally:
            store.close()


def test_scenarios_are_there_before_interests_are_imported(store: Store, me: Actor, tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("Deal,Customer\nPumps,Newco\n", "utf-8")
    assert imports.run(store, me, path, plan_of(store, "interests", path)).new == 1
    with store.read() as connection:
        assert scenarios.are_shipped(connection)


def test_numbers_that_no_column_holds_are_left_out_alone(store: Store, me: Actor, tmp_path: Path) -> None:
    """An amount beyond 64 bits ended the whole import; a number that is infinite broke every later export."""
    with store.work(me, "field") as work:
        work.add(CustomField(record_kind="interest", code="fleet", label="Fleet", type="number"))
    path = tmp_path / "deals.csv"
    path.write_text(
        "name;amount;Fleet\nHuge;99999999999999999999;1\nEndless;1;1e999\nNone;1;nan\nPumps;5;3\n"
    )
    plan = plan_of(store, "interests", path)
    done = imports.run(store, me, path, plan)
    assert (done.new, done.failed) == (1, 3)
    assert [one.custom for one in rows(store, Interest)] == [{"fleet": 3}]


def test_where_the_rows_left_out_cannot_be_written_nothing_is(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    """It was said that nothing is written, and all of it was."""
    path = tmp_path / "deals.csv"
    path.write_text("name;amount\nPumps;much\nValves;5\n")
    (tmp_path / "deals.failed.csv").mkdir()
    with pytest.raises(OSError):
        imports.run(store, me, path, plan_of(store, "interests", path))
    assert rows(store, Interest) == []


def test_rows_left_out_hold_no_formula_and_are_imported_when_mended(
    store: Store, me: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("name;amount\n=cmd|' /C calc'!A0;=1+1\n'=kept;x\n")
    failed = imports.run(store, me, path, plan_of(store, "interests", path)).failed_file
    assert failed is not None
    lines = failed.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[:2] for line in lines[1:]] == [["'=cmd|' /C calc'!A0", "'=1+1"], ["'=kept", "x"]]
    assert all(line.split(";")[2][0] not in "=+-@" for line in lines[1:])
    mended = tmp_path / "mended.csv"
    mended.write_text(failed.read_text(encoding="utf-8-sig").replace("'=1+1", "5").replace(";x;", ";6;"))
    imports.run(store, me, mended, plan_of(store, "interests", mended))
    assert sorted(one.name for one in rows(store, Interest)) == ["=cmd|' /C calc'!A0", "=kept"]
