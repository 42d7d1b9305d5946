"""Story O8: a briefing before the door, without a line."""

from datetime import date, timedelta

from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests, receipts
from crm_tui.services.party import contacts, customers
from crm_tui.services.task import tasks
from tests.stories.office import Office, Seat


def a_customer(office: Office) -> None:
    store, user_id = office.store(), office.actor.user_id
    assert user_id is not None
    with store.work(office.actor, "setup") as work:
        newco = customers.add(work, "Newco", owner_id=user_id)
        olga = contacts.add(
            work, "Olga Kim", customer_id=newco.key, role="buyer", is_key=True, birthday="--11-30"
        )
        contacts.add(work, "Ivan Petrov", customer_id=newco.key, role="director", birthday="1970-12-24")
        wish = interests.add(
            work, "Twenty pumps", owner_id=user_id, customer_id=newco.key, contact_id=olga.key
        )
        for number in range(6):
            talk = interactions.plan(
                work, kind="call", at=work.now - timedelta(days=number + 1), subject=f"Talk {number}",
                customer_id=newco.key, interest_id=wish.key,
            )  # fmt: skip
            interactions.hold(work, talk.key, f"Said {number}")
        interactions.plan_contact(work, wish.key, work.now + timedelta(days=1))
        tasks.add(
            work,
            "Send the catalogue",
            assignee_id=user_id,
            due_at=work.now + timedelta(hours=3),
            interest_id=wish.key,
        )
        receipts.plan(work, wish.key, date(2026, 11, 10), 5_000_000, "advance")
    store.close()


async def test_o8_one_page_before_the_door(office: Office, seat: Seat) -> None:
    a_customer(office)
    async with office.at_desk(*seat) as desk:
        await desk.sees("[0 Today]")
        await desk.press("g", "c")
        await desk.sees("Newco")
        await desk.press("enter")
        await desk.sees("Newco  (Customer)")
        await desk.press("B")
        await desk.sees(
            "Briefing", "Newco (Customer)", "Olga Kim · buyer · key person", "Ivan Petrov · director"
        )
        await desk.pilot.press("|")
        await desk.sees("Pipe into a program")
        await desk.write("tail -n 21\n")
        shown = await desk.sees("tail -n 21", "PROMISED AND UNPAID", "Send the catalogue")
        for words in ("LAST TOUCHES", "Call: Talk 0", "> Said 0"):
            assert words in shown
        await desk.press("G")
        shown = await desk.sees("BIRTHDAYS", "30.11 Olga Kim")
        assert "Talk 4" in shown
        assert "Talk 5" not in shown, "five touches, not six"
        assert "24.12" not in shown, "not within 14 days"
        await desk.press("esc")
        await desk.sees("Briefing", "Newco (Customer)")
        await desk.press("esc")
        await desk.sees("Newco  (Customer)")
