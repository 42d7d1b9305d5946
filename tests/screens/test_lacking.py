"""What is required is asked for wherever a person makes a card, by keyboard alone (IDX-08)."""

from collections.abc import Callable

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Prompt
from crm_tui.screens.inquiry.intake import IntakeWizard
from crm_tui.screens.inquiry.intake_text import Coming
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.services.inquiry.inquiries import Accepted
from crm_tui.services.interest import scenarios
from crm_tui.services.party import customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.record import custom_fields
from crm_tui.store.tables import Contact, Customer, Interest, Lead
from tests.screens.keyboard import screen_text, type_text
from tests.waiting import settled

SHORT = "Required, and still empty"


def rows(ports: Ports, model: type) -> list[object]:
    with ports.store.facts("look") as work:
        return list(work.all(model))


@pytest.mark.parametrize(("key", "size"), [("N", (80, 24)), ("Т", (120, 40))], ids=["Latin", "Cyrillic"])
async def test_idx_08_one_line_asks_for_what_is_required_and_loses_nothing(
    make_app: Callable[[str], CrmApp], ports: Ports, key: str, size: tuple[int, int]
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        custom_fields.add(work, "customer", "Segment", "choice", choices=["A", "B"], need="required")
        custom_fields.add(work, "lead", "Budget", "money", need="recommended")
    app = make_app('[required]\ncustomer = "city"\ncontact = "role"\n')
    async with app.run_test(size=size) as pilot:
        await pilot.press("g", "c")
        await settled(pilot, lambda: "No customer yet" in screen_text(app))
        await pilot.press(key)
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Ольга Ким, NewCo LLP, +7 701 555 12 34\n")
        await settled(pilot, lambda: SHORT in screen_text(app))
        text = screen_text(app)
        assert "City * (Customer)" in text
        assert "Segment * (Customer)" in text
        assert "Role * (Contact" in text
        assert "Activity" not in text, "only what lacks"
        assert rows(ports, Customer) == []

        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        assert "Ольга Ким, NewCo LLP" in screen_text(app), "the line is there again"
        await pilot.press("enter")
        await settled(pilot, lambda: SHORT in screen_text(app))
        await type_text(pilot, "Almaty")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "To be filled in first: Segment" in screen_text(app))
        await pilot.press("tab", "right", "tab")
        await type_text(pilot, "buyer")
        await pilot.press("enter")
        await settled(pilot, lambda: "NewCo LLP  (Customer)" in screen_text(app))
        with ports.store.facts("look") as work:
            (firm,), (person,) = work.all(Customer), work.all(Contact)
            assert (firm.name, firm.city, firm.custom) == ("NewCo LLP", "Almaty", {"segment": "A"})
            assert (person.name, person.role, person.customer_id) == ("Ольга Ким", "buyer", firm.key)
        await pilot.press("u")
        await settled(pilot, lambda: rows(ports, Customer) == [], "one entry of the journal")

        await pilot.press("g", "l", "N")
        await settled(pilot, lambda: isinstance(app.screen, Prompt))
        await type_text(pilot, "Zenit\n")
        await settled(
            pilot, lambda: "Zenit  (Lead" in screen_text(app), "what is only recommended is not asked for"
        )


async def test_idx_08_the_wizard_asks_once_for_lead_and_interest(
    make_app: Callable[[str], CrmApp], ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        known = leads.add(work, "Zenit", city="Astana", owner_id=ports.actor.user_id).key
    app = make_app('[required]\nlead = "city phone"\ninterest = "amount"\n')
    answers: list[Accepted | None] = []
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(IntakeWizard(None, Coming()), answers.append)
        await settled(pilot, lambda: "1 of 3" in screen_text(app))
        await type_text(pilot, "Olga")
        await pilot.press("tab", "tab")
        await type_text(pilot, "+7 701 555 12 34")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: SHORT in screen_text(app))
        assert "Phone" not in "".join(screen_text(app).split("Required", 1)[1].splitlines()[:6])
        await pilot.press("escape")
        await settled(
            pilot, lambda: isinstance(app.screen, IntakeWizard) and "! To be filled in" in screen_text(app)
        )
        assert "Amount, City" in screen_text(app)
        assert len(rows(ports, Lead)) == 1
        assert "Olga" in screen_text(app)
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: SHORT in screen_text(app))
        await type_text(pilot, "much\tAlmaty")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: "much is not an amount" in screen_text(app))
        await pilot.press("shift+tab")
        await pilot.press(*["backspace"] * 4)
        await type_text(pilot, "1200")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: bool(answers))
    with ports.store.facts("look") as work:
        (interest,) = work.all(Interest)
        lead = work.get(Lead, interest.lead_id)
        assert (interest.amount_minor, lead.name, lead.city) == (1200_00, "Olga", "Almaty")
        assert work.get(Lead, known).version == 1


async def test_idx_08_a_new_interest_is_not_made_without_what_is_required(
    make_app: Callable[[str], CrmApp], ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        custom_fields.add(work, "interest", "Tender", "yes_no", need="required")
        customers.add(work, "Newco")
    app = make_app('[required]\ninterest = "party close"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settled(pilot, lambda: "No Interest yet" in screen_text(app))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await type_text(pilot, "Pumps")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: SHORT in screen_text(app))
        await type_text(pilot, "newco\t30.11.2026\t")
        await pilot.press("right", "ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen))
    with ports.store.facts("look") as work:
        (interest,), (customer,) = work.all(Interest), work.all(Customer)
        assert (interest.customer_id, interest.custom) == (customer.key, {"tender": True})
        assert f"{interest.expected_close}" == "2026-11-30"


async def test_idx_08_a_lead_becomes_no_customer_without_what_is_required(
    make_app: Callable[[str], CrmApp], ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        lead = leads.add(work, "Olga Kim", company="Newco", role="buyer", owner_id=ports.actor.user_id).key
    app = make_app('[required]\ncustomer = "activity"\ncontact = "role birthday"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        app.run_command("everywhere.show_lead", str(lead))
        await settled(pilot, lambda: "Olga Kim" in screen_text(app))
        await pilot.press("C")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: SHORT in screen_text(app))
        assert "Role" not in screen_text(app), "it came along from the lead"
        await type_text(pilot, "Pumps\t12.03.1985\n")
        await settled(pilot, lambda: "Newco  (Customer)" in screen_text(app))
    with ports.store.facts("look") as work:
        (customer,), (person,) = work.all(Customer), work.all(Contact)
        assert (customer.activity, person.role, person.birthday) == ("Pumps", "buyer", "1985-03-12")
