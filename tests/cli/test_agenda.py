"""``crm agenda``: the days on paper, in a pipe, in a format of one's own (L-24)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain import format_text
from crm_tui.services import users
from crm_tui.services.interaction import interactions
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm


@pytest.fixture
def busy(store: Store, crm: Crm) -> Store:
    """From 31.12.2090 on, a Sunday: an event over midnight, a call, tasks; one task is late for years."""
    crm("event", "add", "Ревизия 31.12.2090 23:00-01:30", "--location", "Склад")
    crm("task", "add", "Send the catalogue", "--due", "01.01.2091")
    crm("task", "add", "Ring\x1b[31m back", "--due", "01.01.2091 10:30")
    crm("event", "add", "Review 01.01.2091 10:00-12:00")
    crm("task", "add", "Midnight", "--due", "02.01.2091 00:00")
    crm("task", "add", "Late", "--due", "03.03.2020 09:00")
    return store


def test_l_24_the_agenda_by_day(busy: Store, crm: Crm) -> None:
    done = crm("agenda", "--from", "31.12.2090", "--days", 2)
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines() == [
        "Sun 31.12.2090",
        "    23:00–       Ревизия (Склад)",
        "",
        "Mon 01.01.2091",
        "  -              Send the catalogue",
        "    –01:30       Ревизия (Склад)",
        "    10:00–12:00  Review",
        "  - 10:30        Ring␛[31m back",
    ]
    found = crm("agenda", "--from", "31.12.2090", "--days", 3, "--json").json
    assert [(one["day"], one["kind"], one["time"]) for one in found] == [
        ("2090-12-31", "event", "23:00–"),
        ("2091-01-01", "task", ""),
        ("2091-01-01", "event", "–01:30"),
        ("2091-01-01", "event", "10:00–12:00"),
        ("2091-01-01", "task", "10:30"),
        ("2091-01-02", "task", "00:00"),
    ]
    assert crm("agenda", "--from", "01.01.2070").out == ""


def test_l_24_today_has_what_is_late_and_calls(busy: Store, crm: Crm) -> None:
    me = users.current(busy).key
    with busy.work(Actor("test", me), "setup") as work:
        interactions.plan(work, kind="call", at=work.now + timedelta(days=30), subject="Price", owner_id=me)
    first = crm("agenda", "--json").json[0]
    assert (first["title"], first["overdue"]) == ("Late", True)
    assert crm("agenda").out.splitlines()[1].startswith("  ! 03.03.20")
    lines = crm("agenda", "--days", 40, "--format", "{kind} {title}").out.splitlines()
    assert lines == ["task Late", "call Call: Price"]


def test_l_24_a_format_has_named_fields_and_no_more(busy: Store, crm: Crm) -> None:
    day = ("--from", "01.01.2091", "--days", 1, "--format")
    done = crm("agenda", *day, r"{{{day}}}\t{time:>8}|{title:10}|")
    assert done.out.splitlines() == [
        "{2091-01-01}\t        |Send the catalogue|",
        "{2091-01-01}\t  –01:30|Ревизия   |",
        "{2091-01-01}\t10:00–12:00|Review    |",
        "{2091-01-01}\t   10:30|Ring␛[31m back|",
    ]
    for wrong in (
        "{titel}",
        "{title.__class__}",
        "{0}",
        "{}",
        "{title",
        "title}",
        "{title!r}",
        "{title:9999}",
    ):
        done = crm("agenda", *day, wrong)
        assert (done.code, done.out) == (2, ""), wrong
    assert "the fields are: day, weekday" in crm("agenda", *day, "{titel}").err
    assert crm("agenda", "--days", 0).code == 2
    assert crm("agenda", "--from", "when it rains").code == 2


@given(st.text(max_size=40), st.text(max_size=10))
def test_l_24_what_is_no_field_stays_as_it_is(text: str, value: str) -> None:
    """Braces and backslashes written twice stand for themselves; a value is never looked through again."""
    written = text.replace("\\", "\\\\").replace("{", "{{").replace("}", "}}")
    template = f"{written}{{a}}"
    format_text.check(template, ("a", "b"))
    assert format_text.filled(template, {"a": "{b}" + value}) == f"{text}{{b}}{value}"
