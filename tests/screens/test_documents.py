"""Documents by keyboard alone: proposals and contracts with terms, files and reminders."""

from datetime import datetime, timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.screens.document.document_card import DocumentScreen
from crm_tui.screens.document.documents import DocumentsScreen
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.task.reminder import ReminderPopup
from crm_tui.services.document import card_files, documents
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import customers
from crm_tui.services.ports import Ports
from crm_tui.store.tables import Reminder
from crm_tui.store.tables.papers import Document
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, settle, type_text
from tests.stores import TestClock
from tests.waiting import settled


@pytest.fixture
def deal(ports: Ports) -> tuple[int, int]:
    """A customer and an Interest of it."""
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        customer = customers.add(work, "Newco").key
        made = interests.add(
            work, "Pumps", customer_id=customer, amount_minor=12_000_00, currency="RUB",
            owner_id=ports.actor.user_id,
        )  # fmt: skip
    return customer, made.key


def only(ports: Ports) -> Document:
    """The one document."""
    with ports.store.facts("look") as work:
        (found,) = work.all(Document)
    return found


@pytest.mark.parametrize(
    ("key", "kind", "size"),
    [("P", "proposal", (80, 24)), ("З", "proposal", (120, 40)), ("I", "invoice", (120, 40))],
    ids=["Latin", "Cyrillic", "invoice"],
)
async def test_c77_12_a_document_is_made_from_an_interest_and_stands_on_its_timeline(
    app: CrmApp, ports: Ports, deal: tuple[int, int], key: str, kind: str, size: tuple[int, int]
) -> None:
    customer, interest = deal
    async with app.run_test(size=size) as pilot:
        app.run_command("everywhere.show_interest", str(interest))
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen) and "Pumps" in screen_text(app))
        await pilot.press(key)
        await settled(pilot, lambda: isinstance(app.screen, FormDialog) and "Valid until" in screen_text(app))
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, DocumentScreen))
        await settled(pilot, lambda: "Nothing is attached here yet" in screen_text(app))
        assert "Newco · Pumps" in screen_text(app)
        made = only(ports)
        assert (made.kind, made.interest_id, made.customer_id) == (kind, interest, customer)
        assert (made.amount_minor, made.currency) == (12_000_00, "RUB")
        await pilot.press("w")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("2")
        await settled(pilot, lambda: isinstance(app.screen, DocumentScreen) and "sent" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen))
        await settled(pilot, lambda: f"{kind.capitalize()} 1" in screen_text(app))


def reminders_of(ports: Ports, document_id: int) -> list[datetime]:
    """When a document reminds."""
    with ports.store.facts("look") as work:
        return [one.due_at for one in work.all(Reminder, subject_kind="document", subject_id=document_id)]


async def test_idx_13_a_contract_with_a_term_is_made_on_the_card_of_the_customer(
    app: CrmApp, ports: Ports, deal: tuple[int, int]
) -> None:
    customer, _interest = deal
    async with app.run_test(size=(120, 40)) as pilot:
        app.run_command("everywhere.show_customer", str(customer))
        await settled(pilot, lambda: "Newco  (Customer)" in screen_text(app))
        await pilot.press("g", "D")
        await settled(pilot, lambda: "Documents: Newco" in screen_text(app))
        await pilot.press("n")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("3")
        await settled(pilot, lambda: isinstance(app.screen, FormDialog) and "Valid until" in screen_text(app))
        await type_text(pilot, "77")
        await pilot.press("down", "down", "down", "down", "down", "down")
        await type_text(pilot, "31.12.2026")
        await pilot.press("ctrl+s")
        await settled(pilot, lambda: isinstance(app.screen, DocumentScreen))
        await settled(pilot, lambda: "valid until 31.12.2026" in screen_text(app))
        await pilot.press("escape")
        await settled(pilot, lambda: isinstance(app.screen, DocumentsScreen))
        await settled(pilot, lambda: "31.12.26" in screen_text(app))
        made = only(ports)
        assert (made.kind, made.customer_id, made.number) == ("contract", customer, "77")
        reminded = reminders_of(ports, made.key)
        assert reminded
        await pilot.press("D")
        await settled(pilot, lambda: "31.12.26" not in screen_text(app))
        assert reminders_of(ports, made.key) == []
        app.run_command("documents.which", "trash")
        await settled(pilot, lambda: "in the trash: D brings back" in screen_text(app))
        await settled(pilot, lambda: "31.12.26" in screen_text(app))
        await pilot.press("D")
        await settled(pilot, lambda: "31.12.26" not in screen_text(app))
        assert only(ports).trashed_at is None
        assert reminders_of(ports, made.key) == reminded, "it reminds again before it ends"


async def test_idx_13_contracts_that_end_soon_are_listed_and_the_reminder_opens_them(
    app: CrmApp, ports: Ports, deal: tuple[int, int]
) -> None:
    customer, _interest = deal
    clock = ports.store.clock
    assert isinstance(clock, TestClock)
    today = clock.now.date()
    with ports.store.work(ports.actor, "documents.new") as work:
        near = documents.add(
            work, "contract", title="Rent of the hall", customer_id=customer,
            valid_until=today + timedelta(days=9),
        )  # fmt: skip
        card_files.attach(work, "document", near.key, "scan.pdf", b"%PDF-")
        documents.add(
            work, "contract", title="Far away", customer_id=customer, valid_until=today + timedelta(days=300)
        )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "D")
        await settled(pilot, lambda: "Far away" in screen_text(app))
        await pilot.press("o")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("2")
        await settled(pilot, lambda: "Far away" not in screen_text(app))
        await settled(pilot, lambda: "! 28.11.26" in screen_text(app))
        await pilot.press("ctrl+g")
        await settled(pilot, lambda: isinstance(app.screen, ReminderPopup))
        await settled(pilot, lambda: any(one.current_id for one in app.screen.query(RecordList)))
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, DocumentScreen))
        await settled(pilot, lambda: "scan.pdf" in screen_text(app))
        await settle(pilot)
        assert "Rent of the hall" in screen_text(app)


async def test_idx_13_contracts_that_end_soon_stand_on_today(
    app: CrmApp, ports: Ports, deal: tuple[int, int]
) -> None:
    clock = ports.store.clock
    assert isinstance(clock, TestClock)
    today = clock.now.date()
    with ports.store.work(ports.actor, "documents.new") as work:
        for days, title, status in (
            (9, "Rent of the hall", "signed"),
            (90, "Far", "signed"),
            (9, "Off", "paid"),
        ):
            documents.add(
                work, "contract", title=title, status=status, customer_id=deal[0],
                valid_until=today + timedelta(days=days),
            )  # fmt: skip
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "Contracts that end soon: 1" in screen_text(app))
        assert "Far" not in screen_text(app)
        await pilot.press("G", "enter")
        await settled(pilot, lambda: isinstance(app.screen, DocumentScreen))
        await settled(pilot, lambda: "valid until 28.11.2026" in screen_text(app))
