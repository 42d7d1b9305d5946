"""History, duplicates and merging by keyboard alone, on Latin and Cyrillic layouts."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.record.duplicates import DuplicatesScreen
from crm_tui.screens.record.history import HistoryScreen
from crm_tui.screens.record.merging import MergeScreen
from crm_tui.services.party import contact_info, contacts, customers
from crm_tui.services.ports import Ports
from crm_tui.services.record import duplicates
from crm_tui.store.tables import Customer
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


def two_of_one(ports: Ports) -> tuple[int, int]:
    """A customer that stands in the base twice, and one that does not."""
    with ports.store.work(ports.actor, "customer.add") as work:
        one = customers.add(
            work, "Romashka LLC", city="Almaty", notes="Pays late.", infos=[("phone", "+7 701 555 12 34")]
        )
        other = customers.add(
            work, "ООО «Ромашка»", region="South", notes="Ask Olga.", infos=[("phone", "8 701 5551234")]
        )
        customers.add(work, "Other firm")
        contacts.add(work, "Olga", customer_id=other.key)
    return one.key, other.key


@pytest.mark.parametrize("keys", ["g2jlbu", "п2одиг"], ids=["Latin", "Cyrillic"])
async def test_idx_12_a_pair_is_found_and_merged_field_by_field(app: CrmApp, ports: Ports, keys: str) -> None:
    one, other = two_of_one(ports)
    go, there, down, right, both, undo = keys
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press(go, there)
        await settled(pilot, lambda: "Duplicates, Customers: 1 pair" in screen_text(app))
        await settled(pilot, lambda: "same name, same number" in screen_text(app))
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, MergeScreen)
        assert "Pays late. Ask Olga." not in screen_text(app)
        await pilot.press(right)
        await settle(pilot)
        await pilot.press(both)
        await settle(pilot)
        assert "only one value can be taken" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, DuplicatesScreen)
        assert "Duplicates, Customers: 0 pairs" in screen_text(app)
        with ports.store.facts("look") as work:
            kept = work.get(Customer, one)
            assert (kept.name, kept.city, kept.region) == ("ООО «Ромашка»", "Almaty", "South")
            assert kept.notes == "Pays late.\n\nAsk Olga."
            assert work.get(Customer, other).merged_into_id == one
        await pilot.press(undo)
        await settle(pilot)
        with ports.store.facts("look") as work:
            assert work.get(Customer, other).merged_into_id is None
        assert down


async def test_idx_12_the_other_may_stay_and_two_may_be_said_to_be_two(app: CrmApp, ports: Ports) -> None:
    one, other = two_of_one(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(":")
        await type_text(pilot, f"merge customer {one} {other}")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("x", "ctrl+s")
        await settle(pilot)
        with ports.store.facts("look") as work:
            assert work.get(Customer, one).merged_into_id == other
        await pilot.press(":")
        await type_text(pilot, f"unmerge customer {other}")
        await pilot.press("enter")
        await settled(pilot, lambda: "They are two records again." in screen_text(app))
        await pilot.press("g", "2")
        await settled(pilot, lambda: "1 pair" in screen_text(app))
        await pilot.press("x")
        await settled(pilot, lambda: "0 pairs" in screen_text(app))
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("down", "enter")
        await settled(pilot, lambda: "Duplicates, Contact persons: 0 pairs" in screen_text(app))
        await pilot.press("o")
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "Duplicates, Customers: 0 pairs" in screen_text(app))


async def test_l_16_whoever_is_like_a_record_is_offered_to_be_merged_with(app: CrmApp, ports: Ports) -> None:
    one, other = two_of_one(ports)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(":")
        await type_text(pilot, f"merge customer {other}\n")
        await settle(pilot)
        assert "Romashka LLC · 100 % · same name, same number" in screen_text(app)
        assert "Other firm" not in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, MergeScreen)
        await pilot.press("escape")
        with ports.store.work(ports.actor, "duplicates.two") as work:
            duplicates.are_two(work, "customer", one, other)
        await pilot.press(":")
        await type_text(pilot, f"merge customer {other}\n")
        await settled(pilot, lambda: "Nobody here is like this one." in screen_text(app))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["small", "large"])
async def test_idx_09_the_history_tells_and_puts_back(
    app: CrmApp, ports: Ports, size: tuple[int, int]
) -> None:
    one, _other = two_of_one(ports)
    with ports.store.work(ports.actor, "customer.change") as work:
        customers.change(work, one, city="Astana", status="vip")
        contact_info.set_all(work, "customer", one, [("email", "info@romashka.example")])
    async with app.run_test(size=size) as pilot:
        await pilot.press(":")
        await type_text(pilot, f"history customer {one}")
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        shown = screen_text(app)
        for text in (
            "History: Romashka LLC",
            "19.11.26 16:40",
            "Astana",
            "VIP",
            "info@rom",
            "entered",
        ):
            assert text in shown, text
        await pilot.press("G", "enter")
        await settle(pilot)
        assert "After: info@romashka.example" in screen_text(app) or "Before" in screen_text(app)
        await pilot.press("escape", "g", "g", "r")
        await settle(pilot)
        assert "u takes the act back" in screen_text(app)  # the status has a verb of its own
        await pilot.press("j", "r")
        await settled(pilot, lambda: "Put back." in screen_text(app))
        with ports.store.facts("look") as work:
            assert work.get(Customer, one).city == "Almaty"


async def test_a_place_about_no_record_says_so(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("g", "a", "g", "h")
        await settled(pilot, lambda: "No card is meant here" in screen_text(app))
        await pilot.press(":")
        await type_text(pilot, "merge customer 5 6 7")
        await pilot.press("enter")
        await settle(pilot)
        assert "Mark two customers" in screen_text(app)


@pytest.mark.parametrize("keys", ["gh", "пр"], ids=["Latin", "Cyrillic"])
async def test_idx_09_an_event_of_the_calendar_has_a_history(app: CrmApp, keys: str) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "n")
        await settle(pilot)
        await type_text(pilot, "Dinner fri 15:00\n")
        await settle(pilot)
        await pilot.press(*keys)
        await settle(pilot)
        assert isinstance(app.screen, HistoryScreen)
        assert "History: Dinner" in screen_text(app)
