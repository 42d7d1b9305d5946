"""Story A3: the customer answers our proposal from another address, and it joins the Interest by itself."""

from email.message import EmailMessage
from email.utils import format_datetime

from crm_tui.services.interest import interests
from crm_tui.services.party import contact_info, customers
from crm_tui.store.tables import Interest, Lead, Letter, LetterLink, Outbox
from tests.stories.office import Desk, Office, Seat


async def test_a3_c_18_the_customer_answers_while_we_wait(office: Office, seat: Seat) -> None:
    store = office.store()
    with store.work(office.actor, "setup") as work:
        customer = customers.add(work, "Newco", owner_id=office.actor.user_id)
        contact_info.add_email(work, "customer", customer.key, "olga@newco.example")
        interest_id = interests.add(
            work, "Twenty pumps", scenario="sale", owner_id=office.actor.user_id or 0, source="mail",
            customer_id=customer.key,
        ).key  # fmt: skip
    store.close()
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        office.deliver("Price of pumps", "What do twenty cost?")
        await desk.press("1")
        await desk.sees("Price of pumps")
        await it_is_passed_into_the_interest(desk)
        await our_proposal_goes_out(desk)
        answer_from_home(office, desk.row(Outbox).message_id)
        await desk.sees("The customer waits")
        await desk.until(lambda: len(desk.rows(LetterLink, record_id=interest_id)) == 3, "the answer joins")
        assert desk.rows(Lead) == []
        assert len(desk.rows(Interest)) == 1
        await desk.press("ctrl+n")
        await desk.sees("At home I read it")
        await desk.press("T")
        await desk.sees("Price of pumps", "└ ", "Twenty pumps")
        assert desk.screen.count("Price of pumps") >= 3, desk.screen


async def it_is_passed_into_the_interest(desk: Desk) -> None:
    await desk.press("a")
    await desk.sees("1 of 3")
    await desk.press("enter", "enter", "enter")
    await desk.until(lambda: len(desk.rows(LetterLink, kind="interest")) == 1, "accepted")


async def our_proposal_goes_out(desk: Desk) -> None:
    letter = desk.row(Letter)
    await desk.sees("[4 Interests]")
    await desk.press(":")
    await desk.write(f"show_letter {letter.id}\n")
    await desk.sees("What do twenty cost?")
    await desk.press("r")
    await desk.sees("Re: Price of pumps")
    await desk.write("A hundred each.")
    await desk.press("ctrl+s")
    await desk.sees("y")
    await desk.press("y")
    await desk.until(lambda: [one.status for one in desk.rows(Outbox)] == ["queued"], "queued")
    await desk.later(seconds=60)
    await desk.until(lambda: [one.status for one in desk.rows(Outbox)] == ["sent"], "sent")


def answer_from_home(office: Office, message_id: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"] = "Olga <olga.kim@home.example>", f"{office.user}@office.example"
    letter["Subject"], letter["Date"] = "Re: Price of pumps", format_datetime(office.clock.now)
    letter["Message-ID"], letter["In-Reply-To"], letter["References"] = (
        "<home@home.example>",
        f"<{message_id}>",
        f"<{message_id}>",
    )
    letter.set_content("At home I read it: we take them.")
    office.elsewhere.append("INBOX", letter.as_bytes().replace(b"\n", b"\r\n"))
