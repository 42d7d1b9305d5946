"""Who is there already: told while entering, found over the base, left alone once somebody said that they are two."""

import pytest

from crm_tui.domain.errors import Invalid
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.record import duplicates
from tests.services.conftest import Office


def test_idx_10_somebody_alike_is_told_with_the_reasons(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        customer = customers.add(
            work, "ТОО «Жарық Құрылыс»", infos=[("phone", "+7 727 355 12 34")], tax_number="990140000385"
        )
        olga = contacts.add(work, "Ольга Ким", infos=[("email", "Olga@newco.example")])
        gone = customers.add(work, "Zharyk Kurylys")
        customers.trash(work, gone.key)
        leads.add(work, "Кто-то другой")
    with office.store.read() as connection:
        by_name = duplicates.alike(connection, name="Zharyk Kurylys LLP")
        assert [(one.kind, one.id, one.reasons) for one in by_name] == [
            ("customer", customer.key, ("same_name",))
        ]
        misspelt = duplicates.alike(connection, name="Жарик Курылис")
        assert [(one.id, one.reasons) for one in misspelt] == [(customer.key, ("same_name",))]
        by_phone = duplicates.alike(connection, name="Somebody", infos=[("phone", "8 (727) 355-12-34")])
        assert [(one.id, one.percent, one.reasons) for one in by_phone] == [
            (customer.key, 90, ("same_phone",))
        ]
        by_number = duplicates.alike(connection, name="Другое имя", tax_number="990140000385")
        assert [(one.id, one.percent) for one in by_number] == [(customer.key, 100)]
        half_typed = duplicates.alike(
            connection, name="Olga K", infos=[("email", "olga@newco.example"), ("phone", "7")]
        )
        assert [(one.kind, one.id, one.name, one.percent) for one in half_typed] == [
            ("contact", olga.key, "Ольга Ким", 100)
        ]
        assert duplicates.alike(connection, name="Ольга Ким", leave_out=("contact", olga.key)) == []
        assert duplicates.alike(connection, name="") == []
        assert duplicates.alike(connection, name="Сарыарқа") == []


def test_idx_12_pairs_of_the_base_without_those_said_to_be_two(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        one = customers.add(work, "Romashka LLC", infos=[("email", "info@romashka.example")])
        other = customers.add(work, "ООО «Ромашка»", infos=[("email", "info@romashka.example")])
        third = customers.add(work, "Ромашка-Сервис")
        customers.add(work, "Совсем другая фирма")
    with office.store.read() as connection:
        (pair,) = duplicates.search(connection, "customer")
    assert (pair.one, pair.other, pair.likeness.percent) == (one.key, other.key, 100)
    with office.store.work(office.actor, "say") as work:
        duplicates.are_two(work, "customer", other.key, one.key)
        duplicates.are_two(work, "customer", one.key, other.key)
        with pytest.raises(Invalid, match="one_record_twice"):
            duplicates.are_two(work, "customer", third.key, third.key)
    with office.store.read() as connection:
        assert duplicates.search(connection, "customer") == []
