"""Who lies in the trash is offered nowhere, and stands for nobody."""

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.domain.money import Money
from crm_tui.services import messages
from crm_tui.services.document import documents
from crm_tui.services.interest import interests, participants
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.record import history
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


@pytest.mark.parametrize("kind", ["customer", "lead"])
def test_corp_03_who_has_open_interests_stays(office: Office, kind: str) -> None:
    verbs = {"customer": customers, "lead": leads}[kind]
    with office.store.work(office.actor, "enter") as work:
        party = verbs.add(work, "Newco").key
        interest = interests.add(work, "Pumps", **{f"{kind}_id": party}).key
        with pytest.raises(Refused, match="open_interests_stay") as refused:
            verbs.trash(work, party)
        assert "for one Pumps" in messages.of_error(refused.value)
        interests.trash(work, [interest])
        verbs.trash(work, party)


def test_idx_09_nothing_is_written_to_what_is_in_the_trash(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        made = {
            "customer": customers.add(work, "Newco", city="Almaty").key,
            "contact": contacts.add(work, "Olga", role="Buyer").key,
            "lead": leads.add(work, "Igor", city="Almaty").key,
            "interest": interests.add(work, "Pumps", source="fair").key,
            "document": documents.add(work, "proposal", title="Offer", number="1").key,
        }
    changes = {
        "customer": lambda work: customers.change(work, made["customer"], city="Astana"),
        "contact": lambda work: contacts.change(work, made["contact"], role="Head"),
        "lead": lambda work: leads.change(work, made["lead"], city="Astana"),
        "interest": lambda work: interests.change(work, made["interest"], source="web"),
        "document": lambda work: documents.change(work, made["document"], number="2"),
    }
    with office.store.work(office.actor, "change") as work:
        for verb in changes.values():
            verb(work)
    with office.store.work(office.actor, "trash") as work:
        for kind, module in (
            ("customer", customers), ("contact", contacts), ("lead", leads), ("document", documents),
        ):  # fmt: skip
            module.trash(work, made[kind])
        interests.trash(work, [made["interest"]])
    for kind, verb in changes.items():
        with office.store.work(office.actor, "change") as work:
            with pytest.raises(Refused, match="in_the_trash"):
                verb(work)
            line = next(
                one
                for one in history.of(work.connection, kind, made[kind])
                if one.field in ("city", "role", "source", "number")
            )
            with pytest.raises(Refused, match="in_the_trash"):
                history.put_back(work, kind, made[kind], line)
