"""Who lies in the trash is offered nowhere, and stands for nobody."""

from crm_tui.domain.money import Money
from crm_tui.services import contacts, customers, interests, participants
from crm_tui.store.queries import choices, recipients
from tests.services.conftest import Office


def test_the_address_book_and_the_choices_of_rules_leave_out_the_trash(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        gone = customers.add(work, "Gone", infos=[("email", "gone@newco.example")])
        customers.add(work, "Here", infos=[("email", "here@newco.example")])
        customers.trash(work, gone.key)
        interest = interests.add(work, "Pumps")
        interests.add(work, "Valves")
        interests.trash(work, [interest.key])
    with office.store.read() as connection:
        assert [one.name for one in recipients.page(connection, ["customer"], 0, 10)] == ["Here"]
        assert [name for _key, name in choices.by_name(connection, "customer", 10)] == ["Here"]
        assert [name for _key, name in choices.by_name(connection, "interest", 10)] == ["Valves"]


def test_idx_06_a_key_person_in_the_trash_is_none(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        participants.set_key_person_from(work, Money(100, "KZT"))
        person = contacts.add(work, "Olga Kim", is_key=True)
        interest = interests.add(work, "Pumps", contact_id=person.key, amount_minor=1000, currency="KZT")
        assert participants.without_key_person(work.connection, [interest.key]) == []
        contacts.trash(work, person.key)
        assert participants.without_key_person(work.connection, [interest.key]) == [interest.key]
