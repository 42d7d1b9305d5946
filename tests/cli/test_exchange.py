"""``crm import`` and ``crm export``."""

from pathlib import Path
from typing import Any

import pytest

from crm_tui.domain.conditions.condition import parsed
from crm_tui.services import users
from crm_tui.services.exchange.import_fields import RECORD_KIND
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.record import condition_subjects, saved_filters
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest, Lead
from tests.cli.conftest import Crm
from tests.exchange import fair


def test_idx_03_the_figures_of_an_import(crm: Crm, store: Store, tmp_path: Path) -> None:
    """Tried first, then carried out; the second time all are here already."""
    path = fair.write(tmp_path, 20)
    tried = crm("import", "leads", path, "--dry-run", "--json")
    assert (tried.code, tried.json["failed_file"]) == (1, None), "rows that cannot be used are a failure"
    done = crm("import", "leads", path, "--set", "source=Выставка", "--json")
    figures = {"read": 20, "new": 17, "changed": 0, "duplicates": 0, "failed": 3}
    assert {name: done.json[name] for name in figures} == figures
    assert Path(done.json["failed_file"]).read_text("utf-8-sig").count("\n") == 4
    assert "ФИО → Name" in done.err
    assert "line 8: не спросил is not an e-mail address." in done.err
    again = crm("import", "leads", path, "--plain")
    assert again.lines == [["20", "0", "0", "17", "3"]]
    assert "is here already" in again.err
    with store.facts("look") as work:
        assert {lead.source for lead in work.all(Lead)} == {"Выставка"}


def test_l_12_a_mapping_is_kept_under_a_name_and_used_again(crm: Crm, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("who,reach,what\nAnn Lee,a@b.kz,wants pumps\n", "utf-8")
    columns = ("--column", "who=name", "--column", "reach=email", "--column", "what=notes")
    assert crm("import", "contacts", path, "--map", "mine", *columns).code == 0
    path.write_text("who,reach,what\nBo Ray,c@d.kz,\n", "utf-8")
    assert crm("import", "contacts", path, "--map", "mine", "--json").json["new"] == 1
    assert crm("import", "contacts", path, "--map", "other").code == 3
    (ann, bo) = [row.split(";")[:4] for row in crm("export", "contacts", "-").out.splitlines()[1:]]
    assert (ann[0], ann[3], bo[0]) == ("Ann Lee", "a@b.kz", "Bo Ray")


def test_idx_03_words_of_the_file_are_given_a_meaning(crm: Crm, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "deals.csv"
    path.write_text("Deal,Stage\nPumps,Prospecting\n", "utf-8")
    with store.facts("prepare") as work:
        scenarios.ensure_shipped(work)
    assert crm("import", "interests", path, "--json").json["failed"] == 1
    assert crm("import", "interests", path, "--value", "state:Prospecting=proposal").code == 0
    with store.facts("look") as work:
        assert [one.name for one in work.all(Interest)] == ["Pumps"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--column", "nothing=name"), 2),
        (("--column", "Name"), 2),
        (("--column", "Name=no_such"), 2),
        (("--set", "no_such=1"), 2),
        (("--charset", "no-such"), 2),
        (("--sheet", "no such"), 0),
    ],
)
def test_what_makes_no_sense_is_refused(
    crm: Crm, tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    path = tmp_path / "c.csv"
    path.write_text("Name\nNewco\n", "utf-8")
    assert crm("import", "customers", path, "--dry-run", *arguments).code == code


def test_a_file_that_is_not_there_is_a_failure(crm: Crm, tmp_path: Path) -> None:
    assert crm("import", "leads", tmp_path / "none.csv").code == 1
    assert crm("export", "leads", tmp_path / "no" / "x.csv").code == 1


def test_idx_10_rows_like_somebody_are_told_of(crm: Crm, tmp_path: Path) -> None:
    """By reason and per cent; left out, or taken for whom they are like, where that is asked for."""
    path = tmp_path / "firms.csv"
    path.write_text("Name,City\nZharyk Servis LLP,Almaty\n\n,\n\nAnother firm,\n", "utf-8")
    crm("customer", "add", "ТОО «Жарык Сервис»")
    tried = crm("import", "customers", path, "--dry-run", "--json")
    assert (tried.json["new"], tried.json["duplicates"], tried.json["alike"]) == (2, 0, 1)
    assert (
        "Zharyk Servis LLP is new, but may be ТОО «Жарык Сервис» (customer 1): same name, 77 %" in tried.err
    )
    assert (tried.json["read"], tried.json["empty"]) == (2, 3)
    assert "3 empty lines were left out." in tried.err
    left = crm("import", "customers", path, "--alike", "skip", "--json").json
    assert (left["new"], left["duplicates"], left["alike"]) == (1, 1, 0)
    same = crm("import", "customers", path, "--alike", "same", "--json").json
    assert (same["new"], same["changed"], same["duplicates"]) == (0, 1, 1), "the city is filled in"


@pytest.mark.parametrize(
    ("kind", "condition", "wanted"),
    [
        ("customers", {"field": "city", "op": "equals", "value": "Астана"}, "Ветер"),
        ("contacts", {"field": "role", "op": "contains", "value": "инженер"}, "Ирина Ли"),
        ("leads", {"field": "source", "op": "filled"}, "Пётр Ким"),
        ("interests", {"field": "short_status", "op": "contains", "value": "ждём"}, "Насосы"),
    ],
)
def test_idx_03_a_saved_filter_is_exported(
    crm: Crm, store: Store, kind: str, condition: dict[str, Any], wanted: str
) -> None:
    """One's own or everybody's, by the beginning of its name; with words as well; an unknown one names those."""
    actor = users.actor_of(users.current(store))
    with store.work(actor, "prepare") as work:
        scenarios.ensure_shipped(work)
        for name, city in (("Ветер", "Астана"), ("Парус", "Алматы")):
            key = customers.add(work, name, city=city).key
            interests.add(work, "Насосы" if key == 1 else "Трубы", customer_id=key)
        interests.change(work, 1, short_status="ждём ответа")
        contacts.add(work, "Ирина Ли", role="Главный инженер")
        contacts.add(work, "Бо Рэй")
        leads.add(work, "Пётр Ким", source="fair")
        leads.add(work, "Анна Пак")
        subject = condition_subjects.subject(work.connection, RECORD_KIND[kind])
        kept = saved_filters.save(work, subject, "Особые", parsed(condition, subject))
        if kind == "leads":
            saved_filters.move(work, kept.key, None, shared=True)
    (line,) = crm("export", kind, "-", "--filter", "особ").out.splitlines()[1:]
    assert line.startswith(wanted)
    assert crm("export", kind, "-", "--filter", "Особые", "--search", "Рэй").code == 3
    unknown = crm("export", kind, "-", "--filter", "нет такого")
    assert unknown.code == 3
    assert "Особые" in unknown.err


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "vcf", "json"])
def test_idx_03_every_format_is_written(crm: Crm, tmp_path: Path, suffix: str) -> None:
    crm("import", "leads", fair.write(tmp_path, 20))
    path = tmp_path / f"out.{suffix}"
    assert crm("export", "leads", path, "--json").json == {
        "schema_version": 1, "written": 17, "file": str(path), "format": suffix,
    }  # fmt: skip
    assert crm("export", "leads", path, "--search", "Гость 1", "--json").json["written"] > 0
    assert crm("export", "leads", path, "--search", "nobody").code == 3
    assert crm("import", "leads", path, "--dry-run", "--json").json["new"] == 0
