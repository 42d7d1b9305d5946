"""Verbs of the looks of rows: what is refused, whose they are, what an undo and an erasure leave (CORP-07)."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import Operator, Subject
from crm_tui.domain.errors import CrmError
from crm_tui.domain.wall import zone_of
from crm_tui.services.party import customers
from crm_tui.services.record import condition_subjects, custom_fields, row_looks, saved_filters
from crm_tui.services.record.row_looks import MARKS, STYLES, Look, Put
from crm_tui.store.tables import SavedFilter, User
from crm_tui.store.undo import undo
from crm_tui.store.work import Actor, Work
from crm_tui.widgets import glyphs
from crm_tui.widgets.row_source import ROW_LOOKS
from tests.services.conftest import Office

ALMATY = Leaf("city", Operator.CONTAINS, "Alm")
GOOD = Look(ALMATY, "star", "accent")


def subject_of(office: Office, kind: str = "customer") -> Subject:
    with office.store.read() as connection:
        return condition_subjects.subject(connection, kind)


def add(office: Office, wanted: Look, *, shared: bool = False) -> int:
    with office.store.work(office.actor, "row_look.add") as work:
        return row_looks.add(work, subject_of(office), wanted, shared=shared).key


def marks(office: Office, user_id: int | None = None) -> list[str]:
    with office.store.read() as connection:
        kept = row_looks.rows(connection, subject_of(office), user_id or office.user.key)
        return [one.mark for one in row_looks.in_force(kept)]


def test_corp_07_every_mark_is_drawn_in_ascii_and_every_style_is_a_word_of_the_theme() -> None:
    signs = {glyphs.ASCII.marked, glyphs.ASCII.urgent, glyphs.ASCII.priority, glyphs.ASCII.cursor}
    assert all(mark.isascii() and mark.isprintable() and 1 <= len(mark) <= 4 for mark in MARKS.values())
    assert not signs & set(MARKS.values())
    assert set(STYLES) - {"plain"} == set(ROW_LOOKS)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (replace(GOOD, mark=""), "look_without_mark"),
        (replace(GOOD, mark="\x1b[31m"), "look_without_mark"),
        (replace(GOOD, style="red"), "no_such_style"),
        (replace(GOOD, condition=Group("all")), "look_of_everything"),
        (replace(GOOD, condition=Leaf("name; drop", Operator.FILLED)), "condition_field"),
    ],
)
def test_corp_07_a_look_that_says_nothing_is_refused(office: Office, wanted: Look, code: str) -> None:
    with pytest.raises(CrmError) as refused:
        add(office, wanted)
    assert refused.value.code == code
    assert marks(office) == []


def test_corp_07_the_first_that_holds_is_put_on_and_filters_are_no_looks(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        ids = [customers.add(work, city, city=city).key for city in ("Almaty", "Astana", "Oral")]
        subject = subject_of(office)
        saved_filters.save(work, subject, "Southern", ALMATY)
    add(office, replace(GOOD, mark="old", condition=Leaf("city", Operator.BEGINS, "A")), shared=True)
    resting = add(office, replace(GOOD, mark="hot", enabled=False))
    add(office, GOOD)
    with office.store.read() as connection:
        kept = row_looks.in_force(row_looks.rows(connection, subject, office.user.key))
        context = Context(office.clock(), zone_of("Asia/Almaty"), office.user.key)
        found = Put.ready(kept, subject, context).on(connection, ids)
        filters = [one.name for one in saved_filters.tree(connection, subject, office.user.key) if one.id > 0]
    assert {key: look.mark for key, look in found.items()} == {ids[0]: "star", ids[1]: "old"}
    assert filters == ["Southern"]
    with office.store.work(office.actor, "row_look.enable") as work:
        row_looks.enable(work, resting, on=True)
    assert marks(office) == ["hot", "star", "old"]
    undo(office.store, office.actor)
    assert marks(office) == ["star", "old"]


def test_corp_07_a_colleague_sees_everybodys_and_changes_none(office: Office) -> None:
    with office.store.facts("setup") as work:
        other = Actor("Asel", work.add(User(login="asel", name="Asel")).key)
    mine, shared = add(office, GOOD), add(office, replace(GOOD, mark="vip"), shared=True)
    assert marks(office, other.user_id) == ["vip"]
    attempts: list[Callable[[Work], object]] = [
        lambda work: row_looks.remove(work, shared),
        lambda work: row_looks.change(work, mine, subject_of(office), GOOD),
        lambda work: row_looks.enable(work, mine, on=False),
        lambda work: row_looks.move(work, shared, 1),
        lambda work: row_looks.share(work, mine, shared=True),
        lambda work: row_looks.add(work, subject_of(office), GOOD, shared=True),
    ]
    for attempt in attempts:
        with pytest.raises(CrmError) as refused, office.store.work(other, "x") as work:
            attempt(work)
        assert refused.value.code in ("filter_of_another", "filter_shared_right")
    assert marks(office) == ["star", "vip"]


def test_corp_07_a_look_whose_field_is_gone_is_put_on_no_row(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        custom_fields.add(work, "customer", "Grade", "text")
    own = replace(GOOD, condition=Leaf("custom.grade", Operator.FILLED))
    add(office, own)
    assert marks(office) == ["star"]
    with office.store.facts("a newer program") as work:
        (row,) = work.all(SavedFilter)
        work.change(row, condition={"field": "custom.gone", "op": "filled"})
    assert marks(office) == []
    with office.store.read() as connection:
        assert [one.condition for one in row_looks.rows(connection, subject_of(office), office.user.key)] == [
            None
        ]
