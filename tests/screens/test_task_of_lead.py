"""A task about a lead or a contact person who has no Interest, by keyboard alone (KZ-04, KZ-07)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.party.leads import LeadScreen
from crm_tui.services.party import contacts, leads
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Customer, Task
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_mail import on_layout
from tests.waiting import settled


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_kz_04_a_task_about_a_lead_is_found_there_and_goes_over_to_the_customer(
    app: CrmApp, ports: Ports, layout: str, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        lead = leads.add(work, "Бауыржан", company="Zenit", owner_id=ports.actor.user_id).key
    async with app.run_test(size=size) as pilot:

        async def press(*pressed: str) -> None:
            for key in pressed:
                await pilot.press(on_layout(key, layout))

        await press("g", "l")
        await settled(pilot, lambda: "Бауыржан" in screen_text(app))
        (line,) = (one for one in screen_text(app).splitlines() if "Бауыржан" in one)
        assert "Open" in line.split(), "as the values of its other columns are written"
        await press("t")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Send the catalogue tomorrow\n")
        await settled(pilot, lambda: "Added: Send the catalogue" in screen_text(app))
        await press("T")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Look at the site\n")
        await settled(pilot, lambda: "1 task made" in screen_text(app))
        await press("2")
        await settled(pilot, lambda: "Send the catalogue" in screen_text(app))
        row = next(line for line in screen_text(app).splitlines() if "Send the catalogue" in line)
        assert "Бауыржан" in row
        await press("g", "g", "enter")
        await settled(pilot, lambda: isinstance(app.screen, LeadScreen) and "To do" in screen_text(app))
        text = screen_text(app)
        assert "Send the catalogue" in text
        assert "Look at the site" in text
        await press("C")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "Zenit  (Customer)" in screen_text(app))
        await settled(pilot, lambda: "Send the catalogue" in screen_text(app))
        with ports.store.facts("look") as work:
            (customer,) = work.all(Customer)
            assert {(one.customer_id, one.lead_id) for one in work.all(Task)} == {(customer.key, None)}
        await press("u")
        await settled(pilot, lambda: isinstance(app.screen, LeadScreen))
    with ports.store.facts("look") as work:
        assert {(one.customer_id, one.lead_id) for one in work.all(Task)} == {(None, lead)}


async def test_kz_07_a_task_about_a_contact_person_stands_on_the_card(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        person = contacts.add(work, "Ольга Ким").key
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.show_contact", str(person))
        await settled(pilot, lambda: "Ольга Ким" in screen_text(app))
        await pilot.press("t")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Say hello\n")
        await settled(pilot, lambda: "To do" in screen_text(app) and "Say hello" in screen_text(app))
