"""Fields of the company's own, layouts of forms and gaps in cards, by keyboard alone."""

from collections.abc import Callable

import pytest
from textual.widgets import Input

from crm_tui.app import CrmApp
from crm_tui.config.card_fields import FORM_FIELDS
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.party.party_fields import contact_fields, customer_fields, lead_fields
from crm_tui.screens.record.custom_fields import CustomFieldsScreen
from crm_tui.screens.record.gaps import GapsScreen
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.record import custom_fields
from crm_tui.store.tables import Customer, Interest
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


def test_elma_05_settings_name_the_fields_that_the_forms_have(ports: Ports) -> None:
    with ports.store.read() as connection:
        forms = {
            "customer": customer_fields(connection, None),
            "contact": contact_fields(connection, None),
            "lead": lead_fields(connection, None),
        }
    for kind, fields in forms.items():
        assert tuple(field.id for field in fields) == FORM_FIELDS[kind]


@pytest.mark.parametrize(
    ("new", "edit", "size"), [("n", "e", (80, 24)), ("т", "у", (120, 40))], ids=["Latin", "Cyrillic"]
)
async def test_elma_05_an_administrator_adds_a_field_and_it_stands_in_form_and_card(
    app: CrmApp, ports: Ports, new: str, edit: str, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "customer.add") as work:
        customer = customers.add(work, "Newco").key
    async with app.run_test(size=size) as pilot:
        app.run_command("everywhere.custom_fields", "customer")
        await settled(pilot, lambda: isinstance(app.screen, CustomFieldsScreen))
        await settled(pilot, lambda: "No fields yet" in screen_text(app))
        await pilot.press(new)
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "Discount")
        await pilot.press("down", "right", "right", "ctrl+s")
        await settled(pilot, lambda: "custom.discount" in screen_text(app) or "Discount" in screen_text(app))
        await settled(pilot, lambda: isinstance(app.screen, CustomFieldsScreen))
        await pilot.press("escape")
        app.run_command("everywhere.show_customer", str(customer))
        await settled(pilot, lambda: "Newco  (Customer)" in screen_text(app))
        await pilot.press(edit)
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("up")
        await type_text(pilot, "much")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "much is no number" in screen_text(app))
        await pilot.press("backspace", "backspace", "backspace", "backspace")
        await type_text(pilot, "12,5")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Discount: 12.5" in screen_text(app))
    with ports.store.facts("look") as work:
        assert work.get(Customer, customer).custom == {"discount": 12.5}


async def test_elma_05_the_form_has_the_fields_of_the_settings_and_the_others_keep_their_values(
    make_app: Callable[[str], CrmApp], ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        custom_fields.add(work, "customer", "Size", "choice", choices=["small", "large"])
        customer = customers.add(work, "Newco", activity="Pumps", notes="Pays late").key
    app = make_app('[forms]\ncustomer = "custom.size name city"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.show_customer", str(customer))
        await settled(pilot, lambda: "Newco  (Customer)" in screen_text(app))
        await pilot.press("e")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await settle(pilot)
        text = screen_text(app)
        assert text.index("Size") < text.index("Name") < text.index("City")
        assert "Activity" not in text
        await pilot.press("right", "enter", "enter")
        await type_text(pilot, "Almaty")
        await pilot.press("enter")
        await settled(pilot, lambda: "Size: small" in screen_text(app))
    with ports.store.facts("look") as work:
        kept = work.get(Customer, customer)
        assert (kept.custom, kept.city, kept.activity, kept.notes) == (
            {"size": "small"}, "Almaty", "Pumps", "Pays late",
        )  # fmt: skip


async def test_idx_08_a_form_is_not_saved_without_what_is_required_and_the_card_says_what_is_missing(
    make_app: Callable[[str], CrmApp], ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        custom_fields.add(work, "customer", "Segment", "text", need="recommended")
        customer = customers.add(work, "Newco", city="Almaty").key
        customers.add(work, "Whole", city="Almaty", tax_number="1", custom={"segment": "A"})
    app = make_app('[required]\ncustomer = "tax_number"\n[recommended]\ncustomer = "city"\n')
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("g", "q")
        await settled(pilot, lambda: isinstance(app.screen, GapsScreen) and "33 %" in screen_text(app))
        assert "! Tax number, Segment" in screen_text(app)
        assert "Whole" not in screen_text(app)
        await pilot.press("enter")
        await settled(pilot, lambda: "filled 33 %: Tax number, Segment" in screen_text(app))
        await pilot.press("e")
        await settled(
            pilot, lambda: isinstance(app.screen, FormDialog) and "Tax number *" in screen_text(app)
        )
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "To be filled in first: Tax number" in screen_text(app))
        with ports.store.facts("look") as work:
            assert work.get(Customer, customer).version == 1


async def test_elma_05_and_idx_08_hold_for_an_interest(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        custom_fields.add(work, "interest", "Tender", "yes_no", need="required")
        interest = interests.add(work, "Pumps", amount_minor=12_000_00).key
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.show_interest", str(interest))
        await settled(pilot, lambda: "filled 0 %: Tender" in screen_text(app))
        await pilot.press("e")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "To be filled in first: Tender" in screen_text(app))
        await pilot.press("up", "right", "ctrl+s")
        await settled(pilot, lambda: "Tender: yes" in screen_text(app))
    with ports.store.facts("look") as work:
        kept = work.get(Interest, interest)
        assert (kept.custom, kept.amount_minor) == ({"tender": True}, 12_000_00)


@pytest.mark.parametrize(("keys", "order"), [("J", ["b", "a"]), ("x", ["b"])])
async def test_elma_05_fields_change_their_place_and_are_asked_for_no_more(
    app: CrmApp, ports: Ports, keys: str, order: list[str]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for label in ("a", "b"):
            custom_fields.add(work, "lead", label, "text")

    def codes() -> list[str]:
        with ports.store.read() as connection:
            return [one.code for one in custom_fields.of_kind(connection, "lead")]

    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.custom_fields")
        await settled(pilot, lambda: isinstance(app.screen, CustomFieldsScreen))
        await pilot.press("o")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("3")
        await settled(pilot, lambda: "Fields of one's own: Leads" in screen_text(app))
        await settled(pilot, lambda: "custom.a" in screen_text(app) or "may be empty" in screen_text(app))
        await pilot.press(keys)
        await settled(pilot, lambda: codes() == order)


async def test_elma_05_a_field_is_a_column_of_the_list_of_interests(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        custom_fields.add(work, "interest", "Tender number", "text")
        interests.add(
            work, "Pumps", owner_id=ports.actor.user_id, custom={"tender_number": "T-77"}, amount_minor=100
        )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settled(pilot, lambda: "Pumps" in screen_text(app))
        assert "T-77" not in screen_text(app)
        await pilot.press(":")
        await type_text(pilot, "columns name custom.tender_number state")
        await pilot.press("enter")
        await settled(pilot, lambda: "Tender number" in screen_text(app) and "T-77" in screen_text(app))


LISTS = [
    ("customer", "g c", "Нуржан", "name custom.plant city", (80, 24)),
    ("contact", "g C", "Ольга", "name custom.plant role", (120, 40)),
    ("lead", "g l", "Бауыржан", "custom.plant name", (80, 24)),
]


@pytest.mark.parametrize(("kind", "way", "name", "columns", "size"), LISTS, ids=[one[0] for one in LISTS])
async def test_elma_05_fields_are_columns_of_the_lists_of_cards_and_sort_them(
    app: CrmApp, ports: Ports, kind: str, way: str, name: str, columns: str, size: tuple[int, int]
) -> None:
    add = {"customer": customers.add, "contact": contacts.add, "lead": leads.add}[kind]
    with ports.store.work(ports.actor, "setup") as work:
        custom_fields.add(work, kind, "Plant", "number")
        for one, plant in ((name, 7), ("Zenit", 31), ("Aral", None)):
            add(work, one, custom={"plant": plant} if plant else {})
    key = "Н" if kind == "contact" else "Y"

    def order() -> list[str]:
        lines = screen_text(app).splitlines()
        return [one for line in lines for one in (name, "Zenit", "Aral") if one in line]

    async with app.run_test(size=size) as pilot:
        await pilot.press(*way.split())
        await settled(pilot, lambda: "Zenit" in screen_text(app) and "Plant" not in screen_text(app))
        await pilot.press(key)
        await settled(
            pilot, lambda: isinstance(app.screen, Prompt) and "custom.plant (Plant)" in screen_text(app)
        )
        for _letter in app.screen.query_one(Input).value:
            await pilot.press("backspace")
        await type_text(pilot, f"{columns} nonsense\n")
        await settled(pilot, lambda: "There is no column nonsense" in screen_text(app))
        for _letter in " nonsense":
            await pilot.press("backspace")
        await pilot.press("enter")
        await settled(pilot, lambda: "Plant" in screen_text(app) and "31" in screen_text(app))
        heading = next(line for line in screen_text(app).splitlines() if "Plant" in line)
        assert "Owner" not in heading
        await pilot.press("colon")
        await type_text(pilot, "sort Plant\n")
        await settled(
            pilot, lambda: order() == ["Zenit", name, "Aral"], "the largest first, those without last"
        )
        await pilot.press(key)
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        for _letter in columns:
            await pilot.press("backspace")
        await pilot.press("enter")
        await settled(pilot, lambda: "Plant" not in screen_text(app) and "Zenit" in screen_text(app))
        await settled(pilot, lambda: order()[0] == "Aral", "the order that the field gave went with it")
