"""The card of an Interest, by keyboard alone: its timeline, checklist, products, receipts, people, and its form."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.money import Money
from crm_tui.services.account import accounts
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import checklists, interests, participants, products, scenarios
from crm_tui.services.party import contact_info, contacts, customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.task import tasks
from crm_tui.store.tables import Customer, Interest, Letter, Outbox, State, Task
from tests.calls import log_call
from tests.screens.keyboard import screen_text, settle, type_text


@pytest.fixture
def interest(ports: Ports) -> Interest:
    """An Interest of a lead, and a customer with a contact person who decides."""
    with ports.store.facts("setup") as work:
        scenarios.ensure_shipped(work)
    with ports.store.work(ports.actor, "setup") as work:
        lead = leads.add(work, "Olga Kim")
        firm = customers.add(work, "Vega Ltd")
        contacts.add(work, "Aigul Serik", customer_id=firm.key, role="director", is_key=True)
        return interests.add(work, "Twenty pumps", owner_id=ports.actor.user_id, lead_id=lead.key)


def stored(ports: Ports, interest: Interest) -> Interest:
    with ports.store.facts("look") as work:
        return work.get(Interest, interest.key)


async def opened(app: CrmApp, pilot: object) -> None:
    for key in ("4", "enter"):
        await pilot.press(key)  # type: ignore[attr-defined]
        await settle(pilot)  # type: ignore[arg-type]
    assert "[Timeline]" in screen_text(app)


def lines_with(app: CrmApp, *words: str) -> list[str]:
    """The words in the order in which they stand on the screen."""
    text = screen_text(app)
    return sorted((word for word in words if word in text), key=text.index)


async def test_rm_03_rm_17_kz_06_kz_07_everything_within_it_stands_on_one_timeline(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    now = ports.clock()
    with ports.store.work(ports.actor, "setup") as work:
        account = accounts.add(work, "me", "me@office.example", imap_host="localhost", imap_user="me")
        letter = work.add(
            Letter(
                identity="1", size=1, message_id="<1@x>", subject="How much?", sender_name="Olga", body_state="full",
                sender_address="olga@new.example", recipients={}, date=now - timedelta(hours=3),
            )
        )  # fmt: skip
        interests.link_letter(work, interest.key, letter.key)
        log_call(work, interest.key, result="Wants twenty")
        interactions.plan_contact(work, interest.key, now + timedelta(days=2), "Ring her")
        tasks.add(work, "Send prices", assignee_id=ports.actor.user_id or 0, interest_id=interest.key,
                  due_at=now + timedelta(days=1))  # fmt: skip
        work.add(
            Outbox(
                account_id=account.key, message_id="2@x", raw=b"Subject: Welcome\r\n\r\n", automatic=True,
                envelope_from="me@office.example", interest_id=interest.key, next_try_at=now + timedelta(hours=1),
                created_at=now - timedelta(hours=1),
            )
        )  # fmt: skip
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        order = ("Send prices", "Ring her", "Wants twenty", "Welcome", "How much?")
        assert lines_with(app, *order) == [
            "Send prices", "Ring her", "Wants twenty", "Welcome", "How much?"
        ]  # fmt: skip
        welcome = next(line for line in screen_text(app).splitlines() if "Welcome" in line)
        assert "automatic" in welcome or "wait" in welcome


@pytest.mark.parametrize(
    ("size", "on"), [((80, 24), "ы"), ((120, 40), "s")], ids=["80x24-russian", "120x40-latin"]
)
async def test_idx_34_a_required_item_of_the_checklist_is_checked_before_it_goes_on(
    app: CrmApp, ports: Ports, interest: Interest, size: tuple[int, int], on: str
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        checklists.add_item(work, interest.state_id, "Ask for the budget", required=True)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        assert "Checklist of this state: 0 of 1" in screen_text(app)
        for key in (on, "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert "To be checked off first: Ask for the budget." in screen_text(app)
        assert stored(ports, interest).state_id == interest.state_id
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("space")
        await settle(pilot)
        assert "[x]" in screen_text(app)
        for key in (on, "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert stored(ports, interest).state_id != interest.state_id


async def test_rm_21_corp_52_a_state_says_what_to_do_and_asks_for_the_phone_number(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        checklists.add_item(work, interest.state_id, "", required=True, field="phone")
        state = work.get(State, interest.state_id)
        work.change(state, instruction="Get to know who decides.")
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        assert "To do here: Get to know who decides." in screen_text(app)
        await pilot.press("space")
        await settle(pilot)
        assert "checked off by filling it in" in screen_text(app)
        for key in ("s", "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert "To be checked off first: Phone number." in screen_text(app)
        await pilot.press("escape")
        with ports.store.work(ports.actor, "number") as work:
            assert interest.lead_id is not None
            contact_info.add_phone(work, "lead", interest.lead_id, "+7 701 555 12 34")
        await settle(pilot)
        for key in ("s", "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert "◉ Proposal" in screen_text(app)


async def test_elma_14_products_are_fixed_and_receipts_planned(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        products.add(work, "Pump ZN-40", code="P-1", unit="pc", price_minor=1_000_00)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("+")
        await settle(pilot)
        await type_text(pilot, "p-1")
        assert "Pump ZN-40 · pc" in screen_text(app)
        await pilot.press("tab", "backspace")
        await type_text(pilot, "20")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert stored(ports, interest).amount_minor == 20_000_00
        assert "Products 1" in screen_text(app)
        assert "sum ₸20,000" in screen_text(app)
        await pilot.press("tab", "+")
        await settle(pilot)
        await type_text(pilot, "01.12.2026")
        await pilot.press("enter")
        await type_text(pilot, "5000")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "Receipts 0 of 1" in screen_text(app)
        await pilot.press("space")
        await settle(pilot)
        assert "✓ 19.11.26" in screen_text(app)
        await pilot.press("u")
        await settle(pilot)
        assert "Receipts 0 of 1" in screen_text(app)
        await pilot.press("shift+tab", "D")
        await settle(pilot)
        assert stored(ports, interest).amount_minor is None


async def test_idx_06_a_key_person_takes_part_from_an_amount_on(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        participants.set_key_person_from(work, Money(1_000_00, "KZT"))
        interests.change(work, interest.key, amount_minor=5_000_00)
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        for key in ("s", "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert "needs a key person" in screen_text(app)
        for key in ("escape", "shift+tab", "+"):
            await pilot.press(key)
            await settle(pilot)
        await type_text(pilot, "aigul")
        assert "Contact person: Aigul Serik" in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "key person" in screen_text(app)
        for key in ("s", "1", "ctrl+s"):
            await pilot.press(key)
            await settle(pilot)
        assert "◉ Proposal" in screen_text(app)


async def test_elma_13_l_05_c_29_all_fields_are_changed_in_one_form(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await settle(pilot)
        await pilot.press("tab", "ctrl+a", "ctrl+k")
        await pilot.press(*["delete"] * 8, *["backspace"] * 8)
        await type_text(pilot, "vega")
        assert "Customer: Vega Ltd" in screen_text(app)
        await pilot.press("tab", "tab")
        await type_text(pilot, "1 200 000")
        await pilot.press("tab")
        await type_text(pilot, "40")
        await pilot.press("tab")
        await type_text(pilot, "24.12.2026")
        await pilot.press("tab")
        await type_text(pilot, "monday 15:00")
        await pilot.press("ctrl+s")
        await settle(pilot)
        found = stored(ports, interest)
        with ports.store.facts("look") as work:
            assert work.get(Customer, found.customer_id or 0).name == "Vega Ltd"
        assert (found.lead_id, found.amount_minor, found.probability) == (None, 1_200_000_00, 40)
        assert str(found.expected_close) == "2026-12-24"
        assert found.next_contact_at is not None
        assert found.next_contact_at.isoformat() == "2026-11-23T10:00:00+00:00"
        text = screen_text(app)
        assert "next action Mon 15:00" in text
        assert "probability 40 %" in text


async def test_l_02_done_and_next_in_one_form(app: CrmApp, ports: Ports, interest: Interest) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        tasks.add(work, "Call Olga", assignee_id=ports.actor.user_id or 0, interest_id=interest.key)

    def titles() -> dict[str, str]:
        with ports.store.facts("look") as work:
            return {task.title: task.status for task in work.all(Task)}

    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        await pilot.press("d")
        await settle(pilot)
        assert "Done: Call Olga" in screen_text(app)
        await type_text(pilot, "She wants prices")
        await pilot.press("enter")
        await type_text(pilot, "Send prices tomorrow 10:00")
        assert "Due Fri 20.11 10:00" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert titles() == {"Call Olga": "done", "Send prices": "open"}
        await pilot.press("u")
        await settle(pilot)
        assert titles() == {"Call Olga": "open"}
        await pilot.press("d", "enter", "enter")
        await settle(pilot)
        assert titles() == {"Call Olga": "done"}


async def test_kz_14_elma_10_elma_12_an_interest_runs_from_its_first_state_to_its_end(
    app: CrmApp, ports: Ports, interest: Interest
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        await opened(app, pilot)
        assert "◉ Meeting  ○ Proposal" in screen_text(app), "it begins in the first state"
        for state in ("Proposal", "Won"):
            await pilot.press("s")
            await settle(pilot)
            await type_text(pilot, state)
            for key in ("enter", "ctrl+s"):
                await pilot.press(key)
                await settle(pilot)
        assert "Won. Make a customer of Olga Kim?" in screen_text(app), "of a lead (KZ-04)"
        await pilot.press("escape")
        await settle(pilot)
        assert "◉ Won" in screen_text(app)
        assert stored(ports, interest).closed_at is not None
        await pilot.press("colon")
        await type_text(pilot, "reopen")
        await pilot.press("enter")
        await settle(pilot)
        text = screen_text(app)
        assert "● Meeting  ◉ Proposal" in text
        assert lines_with(app, "Proposal", "Won", "Meeting"), "the way stays on the timeline"
        assert stored(ports, interest).closed_at is None
