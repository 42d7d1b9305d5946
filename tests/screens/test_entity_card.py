"""The card of a legal entity, its trash and its history, by keyboard alone (IDX-14)."""

from collections.abc import Callable

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.party.customer_card import CustomerScreen
from crm_tui.screens.party.entities import EntitiesScreen
from crm_tui.screens.party.entity_card import EntityScreen
from crm_tui.services.document import documents
from crm_tui.services.party import customers, entities
from crm_tui.services.ports import Ports
from crm_tui.services.record.record_search import StoredRecords
from crm_tui.store.tables.cards import LegalEntity
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_mail import on_layout
from tests.waiting import settled


@pytest.fixture
def firm(ports: Ports) -> int:
    """A customer with two legal entities, one with an invoice."""
    with ports.store.work(ports.actor, "setup") as work:
        customer = customers.add(work, "Насосный завод").key
        first = entities.add(work, "ТОО Насос", customer_id=customer, country="KZ", tax_number="971240001315")
        entities.add(work, "АО Клапан", customer_id=customer)
        documents.add(work, "invoice", title="Pumps", number="17", entity_id=first.key)
    return customer


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_idx_14_idx_09_a_legal_entity_has_a_card_a_history_and_a_trash(
    app: CrmApp, ports: Ports, firm: int, layout: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:

        async def press(*pressed: str) -> None:
            for key in pressed:
                await pilot.press(on_layout(key, layout))

        app.run_command("everywhere.show_customer", str(firm))
        await settled(pilot, lambda: "KZ BIN         ТОО Насос" in screen_text(app))
        await press("/")
        await type_text(pilot, "насос\n")
        await settled(pilot, lambda: "АО Клапан" not in screen_text(app))
        await press("enter")
        await settled(pilot, lambda: isinstance(app.screen, EntityScreen) and "17 Pumps" in screen_text(app))
        text = screen_text(app)
        assert "KZ · BIN 971240001315" in text
        assert "Насосный завод" in text.split("Customers that act through it")[1]
        await press("e")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("tab", "tab", "tab", "tab")
        await type_text(pilot, "Almaty, Abai 1")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Almaty, Abai 1" in screen_text(app))
        await press("g", "h")
        await settled(
            pilot, lambda: "History: ТОО Насос" in screen_text(app) and "Address" in screen_text(app)
        )
        await press("escape", "D")
        await settled(pilot, lambda: "! In the trash since" in screen_text(app))
        await press("e")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "x")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "is in the trash" in screen_text(app))
        await pilot.press("escape", "escape", "escape")
        await settled(pilot, lambda: isinstance(app.screen, CustomerScreen))
        await settled(pilot, lambda: "in the trash" in screen_text(app))
        with ports.store.work(ports.actor, "look") as work:
            assert [one.name for one in entities.of_customer(work, firm)] == ["АО Клапан"]
        await press("enter")
        await settled(pilot, lambda: isinstance(app.screen, EntityScreen))
        await press("D")
        await settled(pilot, lambda: "! In the trash" not in screen_text(app))
    with ports.store.facts("look") as work:
        assert all(one.trashed_at is None for one in work.all(LegalEntity))


async def test_idx_14_a_legal_entity_that_was_taken_away_is_offered_again(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        other = customers.add(work, "Zenit").key
        for one in work.all(LegalEntity):
            entities.detach(work, one.key, firm)
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.show_customer", str(other))
        await settled(pilot, lambda: "Zenit  (Customer)" in screen_text(app))
        await pilot.press("a", "3")
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "АО Клапан" in screen_text(app))
        await type_text(pilot, "Насос\n")
        await settled(pilot, lambda: "KZ BIN         ТОО Насос" in screen_text(app))


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_idx_14_legal_entities_have_a_list_and_are_found_by_name_and_number(
    make_app: Callable[[str], CrmApp], ports: Ports, firm: int, layout: str, size: tuple[int, int]
) -> None:
    ports.search_records = StoredRecords(ports.store, ports.zone)
    app = make_app("")
    async with app.run_test(size=size) as pilot:

        async def press(*pressed: str) -> None:
            for key in pressed:
                await pilot.press(on_layout(key, layout))

        await press("g", "E")
        await settled(pilot, lambda: "BIN 971240001315" in screen_text(app))
        assert screen_text(app).index("АО Клапан") < screen_text(app).index("ТОО Насос")
        await press("n")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "ИП Новый")
        await pilot.press("ctrl+s")
        await settled(
            pilot, lambda: isinstance(app.screen, EntitiesScreen) and "ИП Новый" in screen_text(app)
        )
        await settled(
            pilot, lambda: any("▌" in li and "ИП Новый" in li for li in screen_text(app).split("\n"))
        )
        await press("D")
        await settled(pilot, lambda: "D brings it back later" in screen_text(app))
        await press("X")
        await settled(pilot, lambda: "In the trash" in screen_text(app) and "ИП Новый" in screen_text(app))
        await press("D", "X")
        await settled(pilot, lambda: "In the trash" not in screen_text(app) and "Клапан" in screen_text(app))
        await press("/")
        await type_text(pilot, "9712")
        await settled(pilot, lambda: "Клапан" not in screen_text(app) and "Насос" in screen_text(app))
        await pilot.press("enter", "enter")
        await settled(pilot, lambda: isinstance(app.screen, EntityScreen))
        await pilot.press("ctrl+p")
        await type_text(pilot, "клапан")
        await settled(pilot, lambda: "Legal entity: АО Клапан · Насосный завод" in screen_text(app))
        await pilot.press("enter")
        await settled(pilot, lambda: "АО Клапан  (Legal entity)" in screen_text(app))
