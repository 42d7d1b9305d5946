"""Acts on marked rows by keyboard alone: what fails is listed, the rest is done, one entry, one undo (C-09, L-21)."""

import pytest
from sqlalchemy import func, select

from crm_tui.app import CrmApp
from crm_tui.screens.forms.report import Report
from crm_tui.services.ports import Ports
from crm_tui.services.record import custom_fields
from crm_tui.services.task import tasks as task_verbs
from crm_tui.store.tables import Customer, Interest, JournalEntry, Lead, Task, User, table_of
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_customers import keys
from tests.screens.test_list_filter import base, choose
from tests.screens.test_mail import on_layout

__all__ = ["base"]


def entries(ports: Ports) -> int:
    with ports.store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(JournalEntry))).scalar_one())


@pytest.mark.parametrize("layout", ["latin", "ru"])
async def test_l_21_all_marked_leads_get_another_owner_in_one_act(
    app: CrmApp, base: Ports, layout: str
) -> None:
    with base.store.facts("setup") as work:
        asel = work.add(User(login="asel", name="Asel")).key
    before = entries(base)
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, *(on_layout(key, layout) for key in ("g", "l", "V", "A")))
        await type_text(pilot, "Asel\n")
        await settle(pilot)
        with base.store.facts("look") as work:
            assert {one.owner_id for one in work.all(Lead)} == {asel}
        assert entries(base) == before + 1
        await keys(pilot, on_layout("u", layout))
        with base.store.facts("look") as work:
            assert asel not in {one.owner_id for one in work.all(Lead)}


async def test_c_09_what_fails_is_listed_and_the_rest_is_done(app: CrmApp, base: Ports) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "2", "V")
        with base.store.work(base.actor, "elsewhere") as work:
            done = next(one for one in work.all(Task) if one.title == "Перезвонить")
            task_verbs.cancel(work, done.key)
            work.topics.clear()  # as another process that this one has not heard of yet
        await keys(pilot, "A", "enter")
        assert isinstance(app.screen, Report)
        text = screen_text(app)
        assert "1 of 2 done; not with these:" in text
        assert "Перезвонить:" in text


async def test_c_09_c_10_one_field_of_many_interests_a_task_for_each_and_both_taken_back(
    app: CrmApp, base: Ports
) -> None:
    with base.store.facts("look") as work:
        before = {one.key: one.probability for one in work.all(Interest)}
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "4", "V", "b")
        await type_text(pilot, "Probab\n")
        await settle(pilot)
        await type_text(pilot, "35\n")
        await settle(pilot)
        with base.store.facts("look") as work:
            assert {one.probability for one in work.all(Interest)} == {35}
        await keys(pilot, "T")
        await type_text(pilot, "Ask how it stands\n")
        await settle(pilot)
        with base.store.facts("look") as work:
            made = work.all(Task, title="Ask how it stands")
            assert {one.interest_id for one in made} == {one.key for one in work.all(Interest)}
        await keys(pilot, "u")
        with base.store.facts("look") as work:
            assert not work.all(Task, title="Ask how it stands")
        await keys(pilot, "u")
        with base.store.facts("look") as work:
            assert {one.key: one.probability for one in work.all(Interest)} == before


async def test_corp_46_a_kept_result_is_asked_for_by_another_filter(app: CrmApp, base: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "F")
        await choose(pilot, "VIP")
        await keys(pilot, "K")
        await type_text(pilot, "Spring fair\n")
        await settle(pilot)
        assert "Segment Spring fair: a filter can ask for it." in screen_text(app)
        await keys(pilot, "escape")
        with base.store.work(base.actor, "elsewhere") as work:
            vip = next(one for one in work.all(Customer) if one.status == "vip")
            work.change(vip, status="lost")
        await keys(pilot, "f")
        await type_text(pilot, "ii")
        await keys(pilot, "tab", "enter")
        text = screen_text(app)
        assert "Filter: In the segment is Spring fair" in text
        assert "Насосный завод" in text
        assert "Zenit Foods" not in text


async def test_elma_05_a_field_of_ones_own_is_set_in_all_marked_records_and_emptied(
    app: CrmApp, base: Ports
) -> None:
    with base.store.work(base.actor, "setup") as work:
        custom_fields.add(work, "customer", "Segment", "choice", choices=["Retail", "Works"])
        custom_fields.add(work, "customer", "Visited", "date", need="required")
        first = work.all(Customer)[0]
        work.change(first, custom={"plan": 5})
    before = entries(base)

    def kept() -> list[dict[str, object]]:
        with base.store.facts("look") as work:
            return [one.custom for one in work.all(Customer)]

    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "V", "b")
        await type_text(pilot, "Segm\n")
        await settle(pilot)
        await type_text(pilot, "Works\n")
        await settle(pilot)
        assert kept()[0] == {"plan": 5, "segment": "Works"}, "what else is kept there stays"
        assert all(one["segment"] == "Works" for one in kept())
        assert entries(base) == before + 1
        await keys(pilot, *(on_layout(key, "ru") for key in "b"))
        await type_text(pilot, "Visit\n")
        await settle(pilot)
        await type_text(pilot, "\n")
        await settle(pilot)
        assert "Something must be typed here" in screen_text(app), "what is required is not emptied"
        await type_text(pilot, "soon\n")
        await settle(pilot)
        assert "! " in screen_text(app)
        await keys(pilot, *["backspace"] * 4)
        await type_text(pilot, "20.11.2026\n")
        await settle(pilot)
        assert all(one["visited"] == "2026-11-20" for one in kept())
        await keys(pilot, "b")
        await type_text(pilot, "Segm\n")
        await settle(pilot)
        await type_text(pilot, "none\n")
        await settle(pilot)
        assert not any("segment" in one for one in kept())
        await keys(pilot, "u", "u", "u")
        assert kept()[0] == {"plan": 5}


async def test_l_21_tasks_get_another_priority_and_date_in_one_act(app: CrmApp, base: Ports) -> None:
    before = entries(base)

    def shown(column: str) -> set[object]:
        with base.store.facts("look") as work:
            return {getattr(one, column) for one in work.all(Task, status="open")}

    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "2", "V", "b")
        await type_text(pilot, "Prio\n")
        await settle(pilot)
        await type_text(pilot, "high\n")
        await settle(pilot)
        assert shown("priority") == {1}
        await keys(pilot, "b")
        await type_text(pilot, "Due\n")
        await settle(pilot)
        await type_text(pilot, "24.12.2026 10:00\n")
        await settle(pilot)
        assert {f"{one:%d.%m %H:%M}" for one in shown("due_at")} == {"24.12 05:00"}, "in UTC"
        assert entries(base) == before + 2
        await keys(pilot, "u", "u")
        assert shown("priority") == {0}
