"""Customers, contact persons and leads by keyboard alone."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from textual import events
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.screens.forms.form import FormDialog
from crm_tui.screens.forms.form_merge import VersionedForm
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.party.contacts import ContactScreen
from crm_tui.screens.party.customer_card import CustomerScreen
from crm_tui.screens.party.customers import CustomersScreen
from crm_tui.screens.party.leads import LeadScreen
from crm_tui.screens.party.party_card_source import HISTORY
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.ports import Ports
from crm_tui.services.record import lists
from crm_tui.services.task import tasks
from crm_tui.store.queries import party_timeline
from crm_tui.store.tables import Contact, ContactInfo, Customer, Interaction, Interest, Lead, Task
from crm_tui.store.tables.cards import CustomerEntity, LegalEntity, Relation
from crm_tui.store.work import Work
from tests.calls import log_call
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def firm(ports: Ports) -> int:
    """A customer with a key person, an open Interest worth 1,200,000, and a call held three weeks ago."""
    clock = ports.store.clock
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        made = customers.add(
            work,
            "Насосный завод",
            city="Караганда",
            status="new",
            touch_days=14,
            owner_id=ports.actor.user_id,
            infos=[("email", "info@zavod.example")],
        )
        olga = contacts.add(
            work, "Ольга Ким", customer_id=made.key, role="закупщик", is_key=True, influence="decides"
        )
        wish = interests.add(
            work, "20 насосов", owner_id=user(ports), customer_id=made.key, contact_id=olga.key
        )
        work.change(wish, amount_minor=120_000_000)
        call = interactions.plan(
            work, kind="call", at=work.now - timedelta(days=21), subject="Первый звонок", customer_id=made.key
        )
        interactions.hold(work, call.key, "Просят цену")
    assert clock() == ports.clock()
    return made.key


def user(ports: Ports) -> int:
    assert ports.actor.user_id is not None
    return ports.actor.user_id


def stored(ports: Ports, read: Callable[[Work], object]) -> object:
    with ports.store.facts("look") as work:
        return read(work)


async def keys(pilot: Pilot[int], *pressed: str) -> None:
    """Press them one after the other, each when the one before has done its work."""
    for key in pressed:
        await pilot.press(key)
        await settle(pilot)


async def fill(pilot: Pilot[int], **fields: str) -> None:
    """Paste into the fields of the form on top, in place of what stood there."""
    for name, text in fields.items():
        pilot.app.screen.query_one(f"#field-{name}").focus()
        await pilot.press("end", "ctrl+u")
        pilot.app.post_message(events.Paste(text))
        await pilot.pause()
    await settle(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_corp_01_corp_02_idx_06_the_card_of_a_customer(
    app: CrmApp, ports: Ports, firm: int, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await keys(pilot, "g", "c", "enter")
        assert isinstance(app.screen, CustomerScreen)
        text = screen_text(app)
        for word in (
            "Насосный завод",
            "Customer · New · Караганда",
            "info@zavod.example",
            "open ₸1,200,000 · 1 open Interest",
            "1 touch · last 29.10 · every 14 days · ! neglected",
            "▁▁▁▁▁▁▁▁▁▁█▁",
            "Key person     Ольга Ким",
            "Open Interests",
            "20 насосов",
        ):
            assert word in text
        await keys(pilot, "tab", "enter")
        assert isinstance(app.screen, InterestScreen)
        await keys(pilot, "escape", "shift+tab", "enter")
        assert isinstance(app.screen, ContactScreen)
        assert "key person · закупщик · Насосный завод · Decides" in screen_text(app)
        await keys(pilot, "escape", "escape")
        assert isinstance(app.screen, CustomersScreen)


async def test_corp_03_elma_04_a_new_status_is_a_line_of_the_history(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "п", "с", "у")
        assert isinstance(app.screen, VersionedForm)
        app.screen.query_one("#field-status").focus()
        await keys(pilot, "right", "ctrl+s", "enter")
        text = screen_text(app)
        assert "Customer · Active" in text
        assert "Status         Active" in text
        assert "before: New" in text
        await keys(pilot, "г")
        assert "Customer · New" in screen_text(app)


async def test_corp_04_one_line_is_a_customer_with_a_contact_person(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "п", "с", "Т")
        assert isinstance(app.screen, Prompt)
        await type_text(pilot, "Olga Kim, NewCo LLP, olga@newco.example, 8 701 555 12 34")
        await settle(pilot)
        assert "person Olga Kim · firm NewCo LLP" in screen_text(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, CustomerScreen)
        assert "olga@newco.example" in screen_text(app)
        # The same once more: somebody with that address is there.
        await keys(pilot, "escape", "N")
        await type_text(pilot, "Olga, olga@newco.example")
        await keys(pilot, "enter")
        assert isinstance(app.screen, CustomerScreen)
    people = stored(ports, lambda work: [(one.name, one.customer_id) for one in work.all(Contact)])
    assert people == [("Olga Kim", 1)]
    normals = stored(ports, lambda work: [one.normal for one in work.all(ContactInfo, owner_kind="contact")])
    assert normals == ["olga@newco.example", "+77015551234"]


async def test_corp_05_idx_14_relations_and_legal_entities(app: CrmApp, ports: Ports, firm: int) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        daughter = customers.add(work, "Daughter")
        customers.add(work, "Granddaughter")
        work.add(Relation(from_id=daughter.key, to_id=daughter.key + 1, kind="holding"))
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "G", "enter", "a")
        assert isinstance(app.screen, Choice)
        await keys(pilot, "4")
        await fill(pilot, other="daughter")
        assert "Daughter" in screen_text(app)
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, CustomerScreen)
        assert "Owns           Daughter" in screen_text(app)
        assert "└ Granddaughter" in screen_text(app)
        await keys(pilot, "a", "3")
        await fill(pilot, name="ТОО Насос", country="kz", tax_number="971240001316")
        await keys(pilot, "ctrl+s")
        assert "its check digit is wrong" in screen_text(app)
        await fill(pilot, tax_number="971240001315")
        await keys(pilot, "ctrl+s")
        assert "KZ BIN         ТОО Насос" in screen_text(app)
        assert stored(ports, lambda work: work.get(Customer, firm).tax_number) == "971240001315"
        await keys(pilot, "g", "g", "tab", "enter")
        assert "KZ · BIN 971240001315" in screen_text(app)
        await keys(pilot, "e")
        assert isinstance(app.screen, VersionedForm)
        await keys(pilot, "escape", "escape", "tab", "x")
        assert stored(ports, lambda work: len(work.all(Relation))) == 1
        await keys(pilot, "u")
        assert stored(ports, lambda work: len(work.all(Relation))) == 2
        await keys(pilot, "shift+tab", "enter")
        assert isinstance(app.screen, CustomerScreen)
        assert "Owned by       Насосный завод" in screen_text(app)
    assert stored(ports, lambda work: (len(work.all(LegalEntity)), len(work.all(CustomerEntity)))) == (1, 1)


async def test_corp_07_corp_53_elma_06_the_list_by_conditions_and_the_preview(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        customers.add(work, "Vip", status="vip", kind="partner")
        customers.add(work, "Gone", status="lost")
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "g", "c")
        lines = {
            name: line
            for line in screen_text(app).splitlines()
            for name in ("Насосный", "Vip ")
            if name in line
        }
        assert lines["Насосный"][:5].rstrip() == "   !", "no touch for three weeks, meant every two"
        assert lines["Vip "].split()[0] == "↑"
        assert "29.10" in lines["Насосный"]
        assert "₸1,200,000" in lines["Насосный"]
        await keys(pilot, "G", "p")
        assert "Contact persons: Ольга Ким" in screen_text(app)
        assert "Call: Первый звонок" in screen_text(app)
        await keys(pilot, "p")
        assert "Contact persons: Ольга Ким" not in screen_text(app)
        await keys(pilot, "o")
        await type_text(pilot, "partner")
        await keys(pilot, "enter")
        assert "Only: Partner" in screen_text(app)
        assert "Gone" not in screen_text(app)
        await keys(pilot, "o", "enter", "/")
        await type_text(pilot, "zavod")
        await keys(pilot, "enter")
        assert "Vip" not in screen_text(app), "found by a word of the address"
        assert "Насосный завод" in screen_text(app)


async def test_corp_08_corp_47_elma_08_idx_28_c77_11_work_is_planned_and_recorded_on_the_card(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "t")
        await type_text(pilot, "Отправить прайс завтра 10:00")
        await keys(pilot, "enter", "enter", "c")
        assert isinstance(app.screen, FormDialog)
        await fill(pilot, phone="8 701 555 12 34", result="Согласны", next="tomorrow 15:00")
        await keys(pilot, "ctrl+s", "a", "2")
        await fill(pilot, name="Ещё 5 насосов")
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, InterestScreen)
        await keys(pilot, "4")  # a place of its own
        await keys(pilot, "g", "c", "D")
        assert "has open Interests" in screen_text(app), "they would go on without one"
    rows = stored(
        ports,
        lambda work: [
            *((one.title, one.customer_id) for one in work.all(Task)),
            *((one.name, one.customer_id) for one in work.all(Interest, id=2)),
            *((one.status, one.customer_id) for one in work.all(Interaction)),
        ],
    )
    assert rows == [
        ("Отправить прайс", firm),
        ("Ещё 5 насосов", firm),
        ("held", firm),
        ("held", firm),
        ("planned", firm),
    ]
    assert stored(ports, lambda work: work.get(Customer, firm).trashed_at) is None


async def test_corp_42_idx_10_who_is_there_already_is_told_while_a_customer_is_entered(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "n")
        await fill(pilot, name="Завод", email="info@zavod.example")
        await keys(pilot, "ctrl+s")
        assert "Perhaps there already: Насосный завод" in screen_text(app)
        assert "100 %" in screen_text(app)
        assert stored(ports, lambda work: len(work.all(Customer))) == 1
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, CustomerScreen)
    assert stored(ports, lambda work: len(work.all(Customer))) == 2


async def test_elma_07_contact_persons_have_a_list_and_a_card(app: CrmApp, ports: Ports, firm: int) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "C", "n")
        await fill(pilot, name="Иван Петров", customer="насосный", role="инженер", birthday="24.03")
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, ContactScreen)
        assert "инженер · Насосный завод · born --03-24" in screen_text(app)
        await keys(pilot, "o")
        assert isinstance(app.screen, CustomerScreen)
        assert "Иван Петров" in screen_text(app)
    assert stored(ports, lambda work: work.get(Contact, 2).customer_id) == firm


async def test_kz_03_kz_04_kz_05_kz_07_a_lead_becomes_a_customer_with_all_its_history(
    app: CrmApp, ports: Ports
) -> None:
    mailbox = Mailbox(ports)
    mailbox.letter("Price of 20 pumps")
    with ports.store.work(ports.actor, "setup") as work:
        lead = leads.add(
            work,
            "Olga Kim",
            company="NewCo",
            source="mail",
            infos=[("email", "olga@newco.example"), ("phone", "+77015551234")],
        )
        wish = interests.add(work, "Pumps", owner_id=user(ports), lead_id=lead.key)
        interests.link_letter(work, wish.key, 1)
        log_call(work, wish.key, result="Wants 20")
        tasks.add(work, "Price list", assignee_id=user(ports), interest_id=wish.key)
    async with app.run_test(size=(120, 40)) as pilot:
        await keys(pilot, "g", "l")
        assert "Olga Kim" in screen_text(app)
        assert "NewCo" in screen_text(app)
        await keys(pilot, "enter")
        assert isinstance(app.screen, LeadScreen)
        assert "olga@newco.example · +77015551234" in screen_text(app)
        await keys(pilot, "C")
        assert isinstance(app.screen, FormDialog)
        await keys(pilot, "ctrl+s")
        assert isinstance(app.screen, CustomerScreen)
        history = [thing for thing in app.screen._source._things.values() if thing.section == HISTORY]
        assert {thing.kind for thing in history} == {"letter", "call", "state"}
        for word in ("Olga Kim", "Price of 20 pumps", "Wants 20", "Price list", "To do"):
            assert word in screen_text(app)
        customer_id = app.screen.record_id
        with ports.store.read() as connection:
            entries = party_timeline.of_party(connection, "customer", customer_id)
        times = [entry.at for entry in entries]
        assert times == sorted(times, reverse=True), "KZ-07: one line of time"
        assert {entry.kind for entry in entries} == {"letter", "call", "task", "state"}
        assert stored(ports, lambda work: work.get(Customer, customer_id).owner_id) == user(ports)
        await keys(pilot, "u")
        assert isinstance(app.screen, LeadScreen), "the card of what was undone is closed"
        assert stored(ports, lambda work: work.get(Lead, lead.key).status) == "open"
    assert stored(ports, lambda work: [one.lead_id for one in work.all(Interest)]) == [lead.key]


async def test_leads_are_lost_for_a_reason_and_come_back(app: CrmApp, ports: Ports) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for name in ("One", "Two", "Three"):
            leads.add(work, name)
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "l", "space", "space", "x")
        assert isinstance(app.screen, Choice)
        await keys(pilot, "1")
        assert stored(ports, lambda work: [one.close_reason for one in work.all(Lead)]) == [
            "price",
            "",
            "price",
        ]
        assert "Three" not in screen_text(app)
        assert "Two" in screen_text(app)
        await keys(pilot, "o")
        assert "Lost" in screen_text(app)
        await keys(pilot, "g", "g", "r")
        assert stored(ports, lambda work: [one.status for one in work.all(Lead)]) == ["open", "open", "lost"]


async def test_l_27_c_25_a_customer_without_a_touch_stands_on_today(
    app: CrmApp, ports: Ports, firm: int
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert "Neglected: 1" in screen_text(app)
        await keys(pilot, "G", "enter")
        assert isinstance(app.screen, CustomerScreen)
        await keys(pilot, "c")
        await fill(pilot, result="Всё хорошо")
        await keys(pilot, "ctrl+s", "escape")
        assert "Neglected: 1" not in screen_text(app)


async def test_a_letter_counts_as_a_touch(ports: Ports, firm: int) -> None:
    from crm_tui.store.queries import touches
    from crm_tui.store.tables import LetterLink

    mailbox = Mailbox(ports)
    mailbox.letter("Price")
    with ports.store.work(ports.actor, "setup") as work:
        work.add(LetterLink(letter_id=1, kind="customer", record_id=firm))
        before = touches.last(work.connection, "customer", [firm])
    assert ports.clock() - before[firm] < timedelta(days=2)


async def test_elma_04_the_company_keeps_its_own_words(app: CrmApp, ports: Ports) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "colon")
        await type_text(pilot, "words")
        await keys(pilot, "enter")
        assert "Kinds of customers" in screen_text(app)
        await keys(pilot, "n")
        await type_text(pilot, "Дилер")
        await keys(pilot, "enter", "K", "g", "g", "D")
        assert "no more" in screen_text(app)
    with ports.store.read() as connection:
        offered = [name for _code, name in lists.items(connection, "customer_kind")]
    assert offered == ["Potential customer", "Partner", "Supplier", "Дилер", "Competitor"]


async def test_what_lies_in_the_trash_is_found_and_brought_back(app: CrmApp, ports: Ports, firm: int) -> None:
    with ports.store.work(ports.actor, "interest.trash") as work:
        interests.trash(work, [one.key for one in work.all(Interest)])
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "g", "c", "D")
        assert "Насосный завод" not in screen_text(app)
        await keys(pilot, "o")
        await type_text(pilot, "trash")
        await keys(pilot, "enter")
        assert "in the trash: D brings back" in screen_text(app)
        await keys(pilot, "/")
        await type_text(pilot, "насос")
        await keys(pilot, "enter", "D")
        await keys(pilot, "escape", "o", "enter")
        assert "Насосный завод" in screen_text(app)
    assert stored(ports, lambda work: work.get(Contact, 1).trashed_at) is None


async def test_elma_07_people_and_leads_in_the_trash_are_found_and_brought_back(
    app: CrmApp, ports: Ports
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        for name in ("Ольга Ким", "Igor Petrov"):
            contacts.add(work, name)
            leads.add(work, f"{name} (fair)", owner_id=user(ports))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon")
        await type_text(pilot, "everywhere.contacts")
        for way in (("enter",), ("g", "l")):
            await keys(pilot, *way, "/")
            await type_text(pilot, "igor")
            await keys(pilot, "enter", "D", "escape")
            assert "Igor" not in screen_text(app)
            await keys(pilot, "X")
            assert "In the trash: D brings back" in screen_text(app)
            assert "Igor" in screen_text(app)
            assert "Ольга" not in screen_text(app)
            await keys(pilot, "/")
            await type_text(pilot, "olga")
            assert "Igor" not in screen_text(app), "sought in the trash too"
            await keys(pilot, "escape", "D", "X")
            assert "In the trash" not in screen_text(app)
            assert "Igor" in screen_text(app)
    assert (
        stored(ports, lambda work: [one.trashed_at for one in (*work.all(Contact), *work.all(Lead))])
        == [None] * 4
    )
