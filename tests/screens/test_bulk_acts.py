"""Acts on marked rows by keyboard alone: what fails is listed, the rest is done, one entry, one undo (C-09, L-21)."""

import pytest
from sqlalchemy import func, select

from crm_tui.app import CrmApp
from crm_tui.screens.forms.report import Report
from crm_tui.services.ports import Ports
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
