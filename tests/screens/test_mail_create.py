"""What is made from a letter, and all letters with somebody: from a letter, from an Interest, by the command line."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_linkage import LinkageScreen
from crm_tui.services.inquiry import askers, inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.party import contact_info
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Contact, Event, User
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def subjects(app: CrmApp) -> set[str]:
    assert isinstance(app.screen, MailScreen)
    text = screen_text(app)
    return {
        word
        for word in ("Question", "Second address", "Our answer", "Stranger", "From a person")
        if word in text
    }


async def test_mail_13_an_assignment_and_an_event_keep_the_letter_as_their_source(
    app: CrmApp, mailbox: Mailbox
) -> None:
    place = mailbox.letter("Price of pumps")
    with mailbox.store.facts("setup") as work:
        ivan = work.add(User(login="ivan", name="Иван")).key
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("2")
        await settle(pilot)
        await type_text(pilot, "иван")
        await pilot.press("enter")
        await settle(pilot)
        await type_text(pilot, " tomorrow 15:00\n")
        await settle(pilot)
        (task,) = mailbox.tasks()
        assert (task.kind, task.assignee_id, task.title) == ("assignment", ivan, "Price of pumps")
        assert task.letter_id == mailbox.place(place).letter_id
        await pilot.press("n")
        await settle(pilot)
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("enter")
        await type_text(pilot, "tomorrow 10:00")
        await pilot.press("ctrl+s")
        await settle(pilot)
        with mailbox.store.facts("look") as work:
            (event,) = work.all(Event)
        assert event.summary == "Price of pumps"
        await pilot.press("T")
        await settle(pilot)
        assert isinstance(app.screen, LinkageScreen)
        text = screen_text(app)
        assert "Event" in text
        assert "Task" in text


def correspondence(mailbox: Mailbox) -> None:
    """Letters with one customer by three addresses in two folders, and one of somebody else."""
    customer_id = mailbox.customer("NewCo LLP", "olga@newco.example")
    with mailbox.store.facts("setup") as work:
        contact_info.add_email(work, "customer", customer_id, "sales@newco.example")
        person = work.add(
            Contact(
                name="Pavel",
                name_fold="pavel",
                customer_id=customer_id,
                created_at=work.now,
                changed_at=work.now,
            )
        )
        contact_info.add_email(work, "contact", person.key, "pavel@home.example")
    mailbox.letter("Question")
    mailbox.letter("Second address", sender="NewCo <SALES@newco.example>", folder="processed")
    mailbox.letter("From a person", sender="Pavel <pavel@home.example>", folder="trash")
    mailbox.letter("Stranger", sender="Zoe <zoe@other.example>")
    mailbox.letter(
        "Our answer", sender="office@office.example", folder="sent", headers={"To": "olga@newco.example"}
    )


async def test_mail_38_all_letters_with_the_person_by_any_address(app: CrmApp, mailbox: Mailbox) -> None:
    """MAIL-02 and MAIL-38: the whole correspondence with a customer, from one of its letters."""
    correspondence(mailbox)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert subjects(app) == {"Question", "Second address", "Our answer", "From a person"}
        await pilot.press("escape")
        await settle(pilot)
        assert subjects(app) == {"Question", "Stranger"}


async def test_mail_02_the_letters_of_a_customer_from_the_card_of_an_interest(
    app: CrmApp, mailbox: Mailbox
) -> None:
    """MAIL-04: Mail opened from a card shows the letters of that card."""
    correspondence(mailbox)
    with mailbox.store.read() as connection:
        who = askers.with_address(connection, "olga@newco.example")[0]
    letter_id = mailbox.place(1).letter_id
    with mailbox.store.work(mailbox.ports.actor, "mail.accept") as work:
        accepted = inquiries.accept(work, letter_id, Acceptance(interest_name="Pumps", who=who))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("4")
        await settle(pilot)
        app.run_command("everywhere.show_interest", str(accepted.interest_id))
        await settle(pilot)
        await pilot.press("h")
        await settle(pilot)
        assert subjects(app) == {"Question", "Second address", "Our answer", "From a person"}


async def test_mail_04_mail_opens_by_its_digit_by_the_palette_and_for_an_address(
    app: CrmApp, mailbox: Mailbox
) -> None:
    correspondence(mailbox)
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in (("1",), ("f2",), ("g", "M")):
            await pilot.press("2")
            await pilot.press(*keys)
            await settle(pilot)
            assert subjects(app) == {"Question", "Stranger"}
        await pilot.press("2", "ctrl+p")
        await type_text(pilot, "everywhere.mail")
        await pilot.press("enter")
        await settle(pilot)
        assert subjects(app) == {"Question", "Stranger"}
        await pilot.press("2", "colon")
        await type_text(pilot, "letters_with zoe")
        app.focused.value = "letters_with zoe@other.example"  # type: ignore[union-attr]
        await pilot.press("enter")
        await settle(pilot)
        assert subjects(app) == {"Stranger"}
