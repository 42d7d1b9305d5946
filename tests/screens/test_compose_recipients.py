"""Whom a letter goes to: completion after a pause, the address book, recipients shown before sending."""

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.writing.address_book import AddressBook
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.screens.writing.compose_review import ReviewDialog
from crm_tui.screens.writing.recipient_offers import Found
from crm_tui.services.party import contact_info, customers
from crm_tui.services.ports import Ports
from crm_tui.services.writing import drafts, recipients
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import MailAccount
from tests.screens.keyboard import screen_text, settle, type_text
from tests.waiting import settled


@pytest.fixture
def people(ports: Ports, mailbox: MailAccount) -> None:
    """Three customers with addresses."""
    with ports.store.work(ports.actor, "setup") as work:
        for name, where in (
            ("Насосы Юг", "info@nasos.example"),
            ("Petrov & Sons", "petrov@sons.example"),
            ("Petrovsky Valves", "valves@there.example"),
        ):
            customer = customers.add(work, name, owner_id=ports.actor.user_id)
            contact_info.add_email(work, "customer", customer.key, where)


async def compose(app: CrmApp, pilot: Pilot[int], write: str = "w") -> ComposeScreen:
    """A new letter, the cursor in To."""
    await pilot.press("1", write)
    await settle(pilot)
    assert isinstance(app.screen, ComposeScreen)
    return app.screen


async def offered(app: CrmApp, pilot: Pilot[int], count: int) -> list[str]:
    """Wait for the pause; who is listed then."""
    found = app.screen.query_one(Found)
    await settled(pilot, lambda: found.has_class("-open") and len(found.people) == count)
    await settle(pilot)
    return [one.address for one in found.people]


async def test_mail_28_who_may_be_meant_is_listed_after_a_pause(app: CrmApp, people: None) -> None:
    """Words in any order, an address, the wrong keyboard layout; what stands in the field already stays."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await type_text(pilot, "a@x.example, ")
        for typed, found in (
            ("sons petr", "petrov@sons.example"),
            ("valves@", "valves@there.example"),
            ("yfcjc", "info@nasos.example"),
        ):
            await type_text(pilot, typed)
            assert await offered(app, pilot, 1) == [found]
            assert found in screen_text(app)
            await pilot.press("enter")
            await settle(pilot)
            assert screen.writing().to.endswith(f"<{found}>, ")
        assert screen.writing().to.startswith("a@x.example, ")


async def test_mail_28_the_list_is_gone_through_and_put_away_by_keys(app: CrmApp, people: None) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot, "ц")
        await type_text(pilot, "petro")
        both = await offered(app, pilot, 2)
        await pilot.press("down", "enter")
        await settle(pilot)
        assert both[1] in screen.writing().to
        await type_text(pilot, "petrov")
        await offered(app, pilot, 2)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen), "the first Esc takes the list away"
        assert not app.screen.query_one(Found).has_class("-open")
        await pilot.press("tab")
        await type_text(pilot, "petrov@sons.example")
        await offered(app, pilot, 1)
        await pilot.press("enter")
        await settle(pilot)
        assert screen.writing().cc == "petrov@sons.example", "Enter takes what was typed: it is an address"


async def test_mail_28_enter_takes_nobody_listed_for_less_than_is_typed(
    app: CrmApp, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the next look takes: who is still meant stays listed, an address typed whole is an address."""
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await type_text(pilot, "petrov")
        await offered(app, pilot, 2)
        monkeypatch.setattr(recipients, "PAUSE_SECONDS", 3600)
        await type_text(pilot, "sk")
        assert await offered(app, pilot, 1) == ["valves@there.example"]
        await pilot.press("enter")
        await settle(pilot)
        assert screen.writing().to.endswith("<valves@there.example>, ")
        monkeypatch.setattr(recipients, "PAUSE_SECONDS", 0.01)
        await type_text(pilot, "petrov")
        await offered(app, pilot, 2)
        monkeypatch.setattr(recipients, "PAUSE_SECONDS", 3600)
        await type_text(pilot, "@elsewhere.example\nPrice")
        await settle(pilot)
        assert screen.writing().to.endswith(", petrov@elsewhere.example")
        assert screen.writing().subject == "Price"


async def test_mail_30_enter_in_the_address_book_looks_before_it_takes(
    app: CrmApp, people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await pilot.press("ctrl+l")
        await settled(pilot, lambda: "info@nasos.example" in screen_text(app))
        monkeypatch.setattr(recipients, "PAUSE_SECONDS", 3600)
        await type_text(pilot, "petrovsk\n")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert screen.writing().to == "Petrovsky Valves <valves@there.example>, "


async def test_mail_30_the_address_book_carries_all_chosen_into_its_field(app: CrmApp, people: None) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await type_text(pilot, "a@x.example")
        await pilot.press("tab", "tab", "ctrl+д")
        await settle(pilot)
        assert isinstance(app.screen, AddressBook)
        await settled(pilot, lambda: "info@nasos.example" in screen_text(app))
        assert "Address book: Bcc" in screen_text(app)
        await type_text(pilot, "petrov")
        await settled(pilot, lambda: "info@nasos.example" not in screen_text(app))
        await pilot.press("enter", "down", "enter")
        await settle(pilot)
        assert "2 chosen" in screen_text(app)
        assert screen_text(app).count("[x]") == 2
        await pilot.press("ctrl+ы")
        await settle(pilot)
        assert {"petrov@sons.example", "valves@there.example"} == {
            part.partition("<")[2].strip(" >") for part in screen.writing().bcc.split(",") if part.strip()
        }
        assert screen.writing().to == "a@x.example"


async def test_mail_30_cancel_changes_nothing(app: CrmApp, people: None) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await type_text(pilot, "a@x.example")
        await pilot.press("ctrl+l")
        await settle(pilot)
        await settled(pilot, lambda: "info@nasos.example" in screen_text(app))
        await pilot.press("enter", "escape")
        await settle(pilot)
        assert app.screen is screen
        assert screen.writing().to == "a@x.example"


async def test_mail_29_recipients_are_hidden_and_shown_before_sending(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    show, edit = "ш", "у"
    inside = ", ".join(f"c{number}@office.example" for number in range(5))
    written = Writing(mailbox.key, to=inside, cc="olga@newco.example", subject="Price", body="Good day")
    with ports.store.facts("setup") as work:
        drafts.save(work, None, written)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewDialog)
        assert "To: 5 addresses, 0 outside (i shows them)" in screen_text(app)
        assert "Cc: 1 address, 1 outside" in screen_text(app)
        await pilot.press(show)
        await settle(pilot)
        assert "Cc: > olga@newco.example [outside]" in screen_text(app)
        assert "To: c4@office.example" in screen_text(app)
        await pilot.press(show)
        await settle(pilot)
        assert "c4@office.example" not in screen_text(app).partition("Send to")[2]
        await pilot.press(edit)
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
