"""Customers, contact persons, leads, legal entities, relations, lists of words: their verbs through the store."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import Conflict, CrmError, Invalid, Refused
from crm_tui.services.party import contact_info, contacts, customers, entities, leads, relations
from crm_tui.services.record import lists
from crm_tui.store.queries import today
from crm_tui.store.tables import Contact, ContactInfo, Customer, Letter, LetterLink, table_of
from crm_tui.store.tables.cards import CustomerStatusChange
from crm_tui.store.undo import undo
from tests.services.conftest import Office


def test_a_customer_with_all_its_data(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(
            work,
            "  NewCo\tLLP ",
            city="Almaty",
            country="kz",
            status="new",
            touch_days=14,
            infos=[
                ("email", "Info@NewCo.example"),
                ("phone", "8 701 555 12 34"),
                ("web", "https://newco.example/"),
            ],
        )
        found = contact_info.of(work.connection, "customer", made.key)
        normals = [row.normal for row in work.all(ContactInfo, owner_kind="customer", owner_id=made.key)]
        history = work.all(CustomerStatusChange, customer_id=made.key)
    assert (made.name, made.name_fold, made.country) == ("NewCo LLP", "newco llp", "KZ")
    assert [kind for kind, _value in found] == ["email", "mobile", "web"]
    assert normals == ["info@newco.example", "+77015551234", "newco.example"]
    assert [(one.from_status, one.to_status, one.actor) for one in history] == [("", "new", "Aliya")]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"name": "A", "touch_days": 0}, "not_a_number_of_days"),
        ({"name": "A", "infos": [("email", "nobody")]}, "not_an_address"),
        ({"name": "A", "infos": [("phone", "12")]}, "not_a_phone"),
        ({"name": "A", "infos": [("pigeon", "white")]}, "no_such_contact_kind"),
    ],
)
def test_what_a_customer_cannot_be(office: Office, values: dict[str, object], code: str) -> None:
    with pytest.raises(CrmError) as refused, office.store.work(office.actor, "customer.add") as work:
        customers.add(work, **values)  # type: ignore[arg-type]
    assert refused.value.code == code
    with office.store.read() as connection:
        assert not connection.execute(select(table_of(Customer))).all()


def test_status_changes_are_a_history_and_undo_takes_them_back(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(work, "NewCo")
    for status in ("active", "active", "sleeping"):
        with office.store.work(office.actor, "customer.change") as work:
            customers.change(work, made.key, status=status)
    undo(office.store, office.actor)
    with office.store.work(office.actor, "look") as work:
        history = work.all(CustomerStatusChange, customer_id=made.key)
        assert [(one.from_status, one.to_status) for one in history] == [("", "active")]
        assert work.get(Customer, made.key).status == "active"


def test_addresses_that_stay_keep_their_row_and_a_form_notices_a_change_of_them(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(
            work, "NewCo", infos=[("email", "a@newco.example"), ("phone", "+7 701 555 12 34")]
        )
        first = work.all(ContactInfo, owner_id=made.key)[0]
    office.clock.move(seconds=1)
    with office.store.work(office.actor, "customer.change") as work:
        customers.change(work, made.key, infos=[("email", "A@newco.example"), ("email", "b@newco.example")])
    with office.store.work(office.actor, "look") as work:
        rows = work.all(ContactInfo, owner_id=made.key)
        assert [(row.value, row.id == first.id) for row in rows] == [
            ("A@newco.example", True),
            ("b@newco.example", False),
        ]
    with pytest.raises(Conflict), office.store.work(office.actor, "customer.change") as work:
        customers.change(work, made.key, expected_version=made.version, city="Astana")


def test_the_trash_takes_the_people_along_and_gives_them_back(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        made = customers.add(work, "NewCo")
        earlier = contacts.add(work, "Ivan", customer_id=made.key)
        later = contacts.add(work, "Olga", customer_id=made.key, is_key=True, influence="decides")
        contacts.trash(work, earlier.key)
    office.clock.move(hours=1)
    with office.store.work(office.actor, "customer.trash") as work:
        customers.trash(work, made.key)
        assert work.get(Contact, later.key).trashed_at is not None
        with pytest.raises(Refused):
            customers.trash(work, made.key)
    with office.store.work(office.actor, "customer.restore") as work:
        customers.restore(work, made.key)
        assert work.get(Contact, later.key).trashed_at is None
        assert work.get(Contact, earlier.key).trashed_at is not None
        with pytest.raises(Refused):
            customers.restore(work, made.key)


def test_a_lead_is_lost_for_a_reason_and_found_again(office: Office) -> None:
    with office.store.work(office.actor, "lead.add") as work:
        lead = leads.add(work, "Olga Kim", company=" NewCo ", infos=[("email", "olga@newco.example")])
        assert lead.name_fold == "olga kim newco"
        with pytest.raises(Invalid):
            leads.lose(work, lead.key, "  ")
        leads.lose(work, lead.key, "price")
        with pytest.raises(Refused):
            leads.lose(work, lead.key, "price")
        assert leads.reopen(work, lead.key).close_reason == ""
        assert leads.change(work, lead.key, company="Oldco").name_fold == "olga kim oldco"
        leads.trash(work, lead.key)
        assert leads.restore(work, lead.key).trashed_at is None


def test_a_customer_has_the_tax_number_of_its_only_entity(office: Office) -> None:
    with office.store.work(office.actor, "entity.add") as work:
        made = customers.add(work, "Kaspi")
        other = customers.add(work, "Shop")
        bank = entities.add(
            work, "Kaspi Bank JSC", customer_id=made.key, country="kz", tax_number="971240001315"
        )
        assert work.get(Customer, made.key).tax_number == "971240001315"
        with pytest.raises(Invalid):
            entities.change(work, bank.key, tax_number="971240001316")
        with pytest.raises(Invalid):
            entities.change(work, bank.key, country="Kazakhstan")
        entities.attach(work, bank.key, other.key)
        entities.attach(work, bank.key, other.key)
        entities.change(work, bank.key, tax_number="941240000341")
        assert {work.get(Customer, one.key).tax_number for one in (made, other)} == {"941240000341"}
        entities.detach(work, bank.key, other.key)
        with pytest.raises(Refused):
            entities.detach(work, bank.key, other.key)
        assert [one.name for one in entities.of_customer(work, made.key)] == ["Kaspi Bank JSC"]
        assert entities.of_customer(work, other.key) == []


def test_relations_do_not_run_in_a_circle(office: Office) -> None:
    with office.store.work(office.actor, "relation.add") as work:
        one, two, three = (customers.add(work, name).key for name in ("One", "Two", "Three"))
        relations.add(work, one, two, "holding")
        relations.add(work, two, three, "holding")
        partner = relations.add(work, one, three, "partner")
        for from_id, to_id, kind, code in (
            (three, one, "holding", "holding_owns_itself"),
            (one, one, "referral", "related_to_itself"),
            (one, two, "holding", "relation_is_there"),
            (three, one, "partner", "relation_is_there"),
        ):
            with pytest.raises(Refused) as refused:
                relations.add(work, from_id, to_id, kind)
            assert refused.value.code == code
        relations.remove(work, partner.key)
        relations.add(work, three, one, "partner")


def test_lists_are_offered_by_an_empty_store_and_changed_by_the_company(office: Office) -> None:
    with office.store.work(office.actor, "list.change") as work:
        assert dict(lists.items(work.connection, "lost_reason"))["price"] == "Price"
        own = lists.add(work, "lost_reason", "Чужой бюджет")
        lists.rename(work, "lost_reason", "price", "Too dear")
        lists.archive(work, "lost_reason", "terms")
        lists.move(work, "lost_reason", own.code, -20)
        with pytest.raises(Invalid):
            lists.add(work, "lost_reason", "too  DEAR")
        offered = lists.items(work.connection, "lost_reason")
        assert offered[:2] == [("чужой_бюджет", "Чужой бюджет"), ("price", "Too dear")]
        assert "terms" not in dict(offered)
        assert lists.name_of(work.connection, "lost_reason", "terms") == "Terms do not suit"
        assert lists.code_of(work.connection, "lost_reason", "TOO DEAR") == "price"
        assert lists.name_of(work.connection, "lost_reason", "of old") == "of old"
        with pytest.raises(Invalid):
            lists.code_of(work.connection, "lost_reason", "nothing of it")
        assert lists.items(work.connection, "size") == []
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert lists.items(connection, "lost_reason")[0] == ("price", "Price")


def test_l_27_a_letter_that_says_it_is_of_the_future_is_no_touch(office: Office) -> None:
    placed = office.letter()
    with office.store.work(office.actor, "enter") as work:
        customer = customers.add(work, "Newco", owner_id=office.user.key, touch_days=7)
        letter = work.get(Letter, placed.letter_id)
        work.change(letter, date=work.now + timedelta(days=3650))
        work.add(LetterLink(letter_id=letter.key, kind="customer", record_id=customer.key))
    office.clock.move(days=8)
    with office.store.read() as connection:
        count, _lines = today.customers_neglected(connection, office.user.key, office.clock.now, 5)
    assert count == 1
