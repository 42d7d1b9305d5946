"""The list of letters put in order: by each thing known of a letter, by threads; the tree of a thread."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_linkage import LinkageScreen
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services.event import calendar
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.interest import interests
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.queries import letter_order
from crm_tui.store.tables import LetterLink
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def mail_screen(app: CrmApp) -> MailScreen:
    assert isinstance(app.screen, MailScreen)
    return app.screen


def shown(app: CrmApp, *words: str) -> list[str]:
    """These words in the order in which they stand on the screen."""
    text = screen_text(app)
    return sorted((word for word in words if word in text), key=text.index)


def five_letters(mailbox: Mailbox) -> dict[str, int]:
    """Letters that differ in one thing each: the newest is plain."""
    places = {
        "plain": mailbox.letter("plain", flags=Flag.SEEN | Flag.ANSWERED),
        "important": mailbox.letter("important", flags=Flag.SEEN | Flag.FLAGGED | Flag.ANSWERED),
        "unread": mailbox.letter("unread", flags=Flag.ANSWERED),
        "filed": mailbox.letter(
            "filed", flags=Flag.SEEN | Flag.ANSWERED, files=(("a.pdf", "application/pdf", b"x" * 9000),)
        ),
        "waiting": mailbox.letter("waiting", flags=Flag.SEEN),
        "linked": mailbox.letter("linked", flags=Flag.SEEN),
    }
    linked = mailbox.place(places["linked"]).letter_id
    with mailbox.store.work(mailbox.ports.actor, "mail.accept") as work:
        inquiries.accept(work, linked, Acceptance(interest_name="Pumps for NewCo"))
    return places


ORDERS = {
    "9": "important",
    "8": "unread",
    "files\n": "filed",
    "6": "waiting",
    "4": "linked",
}
"""What is pressed to sort by it → the letter that comes first."""


async def test_mail_16_sorted_by_what_has_no_column_too(app: CrmApp, mailbox: Mailbox) -> None:
    places = five_letters(mailbox)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        records = mail_screen(app)._list
        for typed, first in ORDERS.items():
            await pilot.press("g", "b")
            await settle(pilot)
            await type_text(pilot, typed)
            await settle(pilot)
            assert records.ids[0] == places[first], typed
            assert sorted(records.ids) == sorted(places.values())
            column = next(one for one in records.source.columns if one.id == records.order.column)
            header = screen_text(app).split("\n")[1]
            assert f"{column.title}▼" in header or f"{column.title}▲" in header


def test_mail_16_each_order_turned_round_and_of_what_was_found(mailbox: Mailbox) -> None:
    places = five_letters(mailbox)
    inbox = mailbox.folders["inbox"]
    with mailbox.store.read() as connection:
        for column in letter_order.COLUMNS:
            for descending in (True, False):
                whole = letter_order.in_folder(connection, inbox, column, descending=descending)
                assert sorted(whole) == sorted(places.values())
                few = letter_order.in_folder(connection, inbox, column, descending=descending, limit=2)
                assert few == whole[:2]
                found = letter_order.in_order(connection, sorted(whole), column, descending=descending)
                assert found == whole, (column, descending)


async def test_mail_16_columns_are_chosen_and_kept(app: CrmApp, mailbox: Mailbox) -> None:
    five_letters(mailbox)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "Pumps for N" not in screen_text(app)
        await pilot.press("colon")
        await type_text(pilot, "columns\n")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("3")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        text = screen_text(app)
        assert "Pumps for N" in text
        assert "Waits" in text
        assert "5 min" in text, "the letter that nobody answered"
        assert mail_screen(app).session_state()["columns"] == ["interest", "size", "waiting"]


def a_talk(mailbox: Mailbox) -> dict[str, int]:
    """A question, our answer to it that lies in Sent, and an answer to that; and a letter of its own."""
    return {
        "reply": mailbox.letter(
            "Re: Price", headers={"Message-ID": "<c@x>", "References": "<a@x> <b@x>", "In-Reply-To": "<b@x>"}
        ),
        "other": mailbox.letter("Holiday greetings"),
        "proposal": mailbox.letter(
            "Re: Price of pumps", folder="sent", headers={"Message-ID": "<b@x>", "References": "<a@x>"}
        ),
        "question": mailbox.letter("Price of pumps", headers={"Message-ID": "<a@x>"}),
    }


async def test_mail_49_letters_without_any_header_are_no_thread(app: CrmApp, mailbox: Mailbox) -> None:
    for text in (b"first", b"other"):
        mailbox.letter(whole=b"\n\n" + text)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "J")
        await settle(pilot)
        assert "2 threads" in screen_text(app)


async def test_mail_49_the_list_by_threads(app: CrmApp, mailbox: Mailbox) -> None:
    talk = a_talk(mailbox)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "3 letters" in screen_text(app)
        await pilot.press("J")
        await settle(pilot)
        text = screen_text(app)
        assert "2 threads" in text
        assert "(2) Re: Price" in text
        assert "Price of pumps" not in text
        assert list(mail_screen(app)._list.ids) == [talk["reply"], talk["other"]]
        await pilot.press("minus")
        await settle(pilot)
        assert list(mail_screen(app)._list.ids) == [talk["reply"], talk["question"], talk["other"]]
        assert "└ Price of pumps" in screen_text(app)
        assert "2 threads" in screen_text(app), "an unfolded one counts once"
        await pilot.press("minus")
        await settle(pilot)
        assert "Price of pumps" not in screen_text(app)
        await pilot.press("j", "minus")
        await settle(pilot)
        assert "no others in its thread" in screen_text(app)
        assert mail_screen(app).session_state()["threads"] is True


async def test_mail_49_a_thread_unfolded_at_the_edge_is_brought_into_view(
    app: CrmApp, mailbox: Mailbox
) -> None:
    for number in range(30):
        mailbox.letter(f"Letter {number}")
    headers = {"Message-ID": "<a@x>"}
    mailbox.letter("Answer", headers={"Message-ID": "<b@x>", "References": "<a@x>"})
    mailbox.letter("Question", headers=headers)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "J", "G")
        await settle(pilot)
        assert "(2) Answer" in screen_text(app)
        await pilot.press("minus")
        await settle(pilot)
        assert "└ Question" in screen_text(app)


async def test_mail_49_letters_with_the_same_subject_only_where_the_setting_says_so(
    make_app: object, mailbox: Mailbox
) -> None:
    for number in range(2):
        mailbox.letter("Price" if number else "Re: Price")
    for settings, count in (("", "2 threads"), ("[mail]\nthreads_by_subject = true\n", "1 thread")):
        app = make_app(settings)  # type: ignore[operator]
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.press("1")
            await settle(pilot)
            if not mail_screen(app).threaded:
                await pilot.press("J")
            await settle(pilot)
            assert count in screen_text(app)


async def test_mail_49_document_linkage_structure(app: CrmApp, mailbox: Mailbox) -> None:
    """Story A3: ``T`` shows letter, proposal and reply as a tree, with what was made from them; Enter opens."""
    talk = a_talk(mailbox)
    question = mailbox.place(talk["question"]).letter_id
    user = mailbox.ports.actor.user_id or 0
    with mailbox.store.work(mailbox.ports.actor, "test") as work:
        accepted = inquiries.accept(work, question, Acceptance(interest_name="Pumps for NewCo"))
        interests.link_letter(work, accepted.interest_id, question)
        tasks.add(work, "Call them", assignee_id=user, letter_id=question)
        start = work.now.replace(tzinfo=None)
        event = calendar.add(
            work, "Meet them", dtstart=start, dtend=start + timedelta(hours=1), zone="UTC", owner_id=user
        )
        work.add(LetterLink(letter_id=question, kind="event", record_id=event.key))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("T")
        await settle(pilot)
        assert isinstance(app.screen, LinkageScreen)
        lines = screen_text(app).split("\n")
        tree = [line.strip() for line in lines if "pumps" in line.lower() or "└" in line]
        assert "Price of pumps" in tree[0]
        assert [line for line in tree if "└ Pumps for NewCo" in line]
        assert [line for line in tree if "└ Call them" in line]
        assert [line for line in tree if "└ Meet them" in line]
        assert [line.index("└") for line in lines if "Re: Price" in line] == [5, 7]
        assert "▌" in [line for line in lines if "Re: Price" in line][1], "the cursor on the letter at hand"
        await pilot.press("k", "enter")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        assert "Re: Price of pumps" in screen_text(app)
        await pilot.press("escape", "g", "g", "j", "j", "enter")
        await settle(pilot)
        assert app.current_mode in ("tasks", "calendar", "interests")
