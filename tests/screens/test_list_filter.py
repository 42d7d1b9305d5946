"""Filters in the lists of customers, people, leads, Interests and tasks, by keyboard alone."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.conditions.condition import Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.screens.lists.condition_editor import ConditionEditor, LeafForm
from crm_tui.screens.lists.saved_filters import SavedFilters
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.record import condition_subjects, saved_filters
from crm_tui.services.task import reminders
from crm_tui.services.task import tasks as task_verbs
from crm_tui.store.tables import SavedFilter, User
from crm_tui.store.work import Actor
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.test_customers import keys, user
from tests.screens.test_mail import on_layout


@pytest.fixture
def base(ports: Ports) -> Ports:
    """Two of everything: one that a ready-made filter finds, and one that it does not."""
    me = user(ports)
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        vip = customers.add(work, "Насосный завод", status="vip", owner_id=me)
        customers.add(work, "Zenit Foods", status="new", city="Almaty")
        contacts.add(work, "Ольга Ким", customer_id=vip.key, is_key=True)
        contacts.add(work, "Alan Ray")
        leads.add(work, "Бауыржан", owner_id=me)
        leads.add(work, "Somebody")
        soon = interests.add(work, "20 насосов", owner_id=me, customer_id=vip.key)
        interests.add(work, "Valves for Zenit", amount_minor=500_000_00)
        late = task_verbs.add(
            work, "Перезвонить", assignee_id=me, due_at=work.now - timedelta(hours=3), interest_id=soon.key
        )
        reminders.withdraw(work, "task", late.key)
        task_verbs.add(work, "Send the catalogue", assignee_id=me)
    return ports


PLACES = (
    (("g", "c"), "VIP", "Насосный завод", "Zenit Foods"),
    (("g", "C"), "Key persons", "Ольга Ким", "Alan Ray"),
    (("g", "l"), "Mine", "Бауыржан", "Somebody"),
    (("4",), "No next action", "Valves for Zenit", "20 насосов"),
    (("2",), "Overdue", "Перезвонить", "Send the catalogue"),
)


async def choose(pilot: Pilot[int], name: str) -> None:
    """Apply the saved filter of that name in the tree on top."""
    tree = pilot.app.screen
    assert isinstance(tree, SavedFilters)
    await pilot.press("/")
    await type_text(pilot, name)
    await settle(pilot)
    await keys(pilot, "enter", "enter")


@pytest.mark.parametrize("layout", ["latin", "ru"])
async def test_elma_29_elma_31_one_key_and_a_saved_filter_is_applied_in_every_list(
    app: CrmApp, base: Ports, layout: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        for place, name, there, gone in PLACES:
            await keys(pilot, *(on_layout(key, layout) for key in place))
            assert gone in screen_text(app)
            await keys(pilot, on_layout("F", layout))
            await choose(pilot, name)
            text = screen_text(app)
            assert there in text, name
            assert gone not in text, name
            assert f"Filter: {name}. Esc: show all" in text
            assert "2 My Tasks" in text  # the line stands below the places, not over them
            await keys(pilot, "escape")
            assert gone in screen_text(app)
            assert "Filter:" not in screen_text(app)


async def test_corp_45_a_filter_of_ones_own_is_made_and_stands_after_a_restart(
    app: CrmApp, base: Ports
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "g", "c", "f")
        assert isinstance(app.screen, LeafForm)
        await type_text(pilot, "cc")
        await keys(pilot, "tab", "tab")
        await type_text(pilot, "ALM\n")
        await settle(pilot)
        text = screen_text(app)
        assert "Filter: City contains “ALM”. Esc: show all" in text
        assert "Zenit Foods" in text
        assert "Насосный завод" not in text
        await keys(pilot, "f")
        assert isinstance(app.screen, ConditionEditor)
        await keys(pilot, "escape", "F", "n")
        await type_text(pilot, "Southern\n")
        await settle(pilot)
        assert "Southern" in screen_text(app)
        await keys(pilot, "escape")
        await pilot.press("Q")
    again = CrmApp(base)
    async with again.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c")
        text = screen_text(again)
        assert "Filter: City contains “ALM”" in text
        assert "Насосный завод" not in text
        await keys(pilot, "escape", "F")
        await choose(pilot, "Southern")
        assert "Filter: Southern" in screen_text(again)


async def test_interest_board_shows_what_the_filter_leaves(app: CrmApp, base: Ports) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "4", "v")
        await keys(pilot, "F")
        await choose(pilot, "Mine")
        text = screen_text(app)
        assert "20 насосов" in text
        assert "Valves for Zenit" not in text
        assert "1 Interest ·" in text


async def test_elma_30_everybodys_filters_are_added_to_only_with_the_right(app: CrmApp, base: Ports) -> None:
    """The first user of a store has all rights; a colleague has those given, and keeps filters of his own."""
    with base.store.facts("setup") as work:
        colleague = work.add(User(login="asel", name="Asel")).key
    with base.store.read() as connection:
        subject = condition_subjects.subject(connection, "customer")
    wanted = Leaf("status", Operator.EQUALS, "vip")
    with base.store.work(base.actor, "filter.save") as work:
        shared = saved_filters.save(work, subject, "Everybody's VIPs", wanted, shared=True).key
    base.actor = Actor("Asel", colleague)
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "F")
        assert "Everybody's VIPs" in screen_text(app)
        await keys(pilot, "D")
        assert "needs the right to edit shared filters" in screen_text(app)
        await keys(pilot, "enter")
        assert "Filter: Everybody's VIPs" in screen_text(app)
        await keys(pilot, "F", "G", "n")
        await type_text(pilot, "Mine too\n")
        await settle(pilot)
        with base.store.facts("look") as work:
            work.change(work.get(User, colleague), rights=[saved_filters.SHARED_RIGHT])
            assert [one.user_id for one in work.all(SavedFilter, name="Mine too")] == [colleague]
        await keys(pilot, "j", "D")
    with base.store.facts("look") as work:
        assert work.find(SavedFilter, id=shared) is None
