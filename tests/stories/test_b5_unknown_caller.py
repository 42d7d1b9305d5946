"""Story B5: an unknown caller, and the talk is already going on."""

from datetime import timedelta

from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers
from crm_tui.store.tables import ContactInfo, Interaction, Interest, Lead
from tests.calls import log_call
from tests.stories.office import Office, Seat


def a_customer(office: Office) -> None:
    store = office.store()
    with store.work(office.actor, "setup") as work:
        newco = customers.add(work, "Newco", owner_id=office.actor.user_id)
        olga = contacts.add(
            work, "Olga Kim", customer_id=newco.key, role="buyer", infos=[("phone", "+7 701 555 12 34")]
        )
        wish = interests.add(
            work, "Twenty pumps", owner_id=office.actor.user_id, customer_id=newco.key, contact_id=olga.key
        )
        log_call(work, wish.key, result="Wants a discount", next_contact_at=work.now + timedelta(days=1))
    store.close()


async def test_b5_the_number_in_any_form_finds_who_calls(office: Office, seat: Seat) -> None:
    a_customer(office)
    async with office.at_desk(*seat) as desk:
        await desk.sees("[0 Today]", "Twenty pumps")
        for typed in ("555 12 34", "8 701 5", "+7(701)"):
            await desk.press("g", "p")
            await desk.sees("At least 3 digits")
            await desk.write(typed)
            await desk.sees("Olga Kim", "Newco", "1 has such a number")
            await desk.press("esc")
            await desk.is_rid_of("Who is calling")
            await desk.sees("n New task")
        await desk.press("g", "p")
        await desk.sees("At least 3 digits")
        await desk.write("555 12 34")
        await desk.sees("1 has such a number")
        await desk.press("enter")
        await desk.sees("Briefing", "Olga Kim (Contact person)", "buyer", "Twenty pumps", "c Log a call")
        await desk.press("c")
        await desk.sees("Call: Olga Kim", "+7 701 555 12 34", "from them", "Ctrl+S")
        await desk.press("tab")
        await desk.write("Agreed")
        await desk.press("ctrl+s")
        await desk.is_rid_of("Call: Olga Kim")
        call = desk.row(Interaction, result="Agreed")
        assert (call.direction, call.status, call.interest_id) == ("in", "held", desk.row(Interest).key)
        await desk.sees("Briefing", "Olga Kim (Contact person)")


async def test_b5_nobody_has_it_one_key_makes_a_lead(office: Office, seat: Seat) -> None:
    async with office.at_desk(*seat) as desk:
        await desk.sees("[0 Today]")
        await desk.press("g", "p")
        await desk.sees("At least 3 digits")
        await desk.write("+7 777 123 45 67")
        await desk.sees("Nobody has this number")
        await desk.press("n")
        await desk.sees("1 of 3", "By phone", "+7 777 123 45 67", "a new lead")
        await desk.write("Ivan")
        await desk.press("enter")
        await desk.sees("2 of 3", "Purchase", "Sale")
        await desk.press("enter")
        await desk.sees("3 of 3", "What was said")
        await desk.press("enter")
        await desk.until(lambda: desk.rows(Interest), "taken in")
        lead = desk.row(Lead)
        assert (lead.name, lead.source) == ("Ivan", "call")
        assert desk.row(ContactInfo, owner_kind="lead").normal == "+77771234567"
        assert desk.row(Interaction).direction == "in"
        await desk.sees("Ivan", "Meeting — call the client")
