"""Who changed what, when, from what to what; and a value of then put back."""

from datetime import timedelta

import pytest

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.services.party import contact_info, customers
from crm_tui.services.record import history
from crm_tui.store import undo
from crm_tui.store.tables import Customer
from crm_tui.store.work import Actor
from tests.services.conftest import Office


def lines(office: Office, record_id: int) -> list[history.Line]:
    with office.store.read() as connection:
        return history.of(connection, "customer", record_id)


def grown(office: Office) -> int:
    """A customer that a person made and changed, and the program changed too."""
    with office.store.work(office.actor, "customer.add") as work:
        customer = customers.add(work, "Newco", city="Almaty", infos=[("email", "olga@newco.example")])
        customers.add(work, "Another", city="Astana")
    office.clock.move(hours=1)
    with office.store.work(office.actor, "customer.change") as work:
        customers.change(
            work, customer.key, name="Newco LLP", city="Oral", custom={"fleet": 3},
            infos=[("email", "kim@newco.example")],
        )  # fmt: skip
    office.clock.move(hours=1)
    with office.store.work(Actor.program("sync"), "customer.status") as work:
        customers.change(work, customer.key, status="active")
    return customer.key


def test_idx_09_each_field_with_who_when_from_what_to_what(office: Office) -> None:
    record_id = grown(office)
    begun = office.clock.now - timedelta(hours=2)
    told = [
        (line.at - begun, line.actor, line.command, line.field, line.before, line.after)
        for line in lines(office, record_id)
    ]
    hour, me = timedelta(hours=1), office.user.name
    assert told == [
        (2 * hour, "program:sync", "customer.status", "status", "", "active"),
        (hour, me, "customer.change", "info.email", "olga@newco.example", None),
        (hour, me, "customer.change", "info.email", None, "kim@newco.example"),
        (hour, me, "customer.change", "name", "Newco", "Newco LLP"),
        (hour, me, "customer.change", "city", "Almaty", "Oral"),
        (hour, me, "customer.change", "custom.fleet", None, 3),
        (0 * hour, me, "customer.add", "made", None, None),
        (0 * hour, me, "customer.add", "info.email", None, "olga@newco.example"),
    ]  # fmt: skip


def test_idx_09_a_value_of_then_is_put_back(office: Office) -> None:
    record_id = grown(office)
    found = {line.field: line for line in lines(office, record_id)}
    with office.store.work(office.actor, "history.put_back") as work:
        for field in ("name", "custom.fleet"):
            history.put_back(work, "customer", record_id, found[field])
    with office.store.facts("look") as work:
        row = work.get(Customer, record_id)
        assert (row.name, row.name_fold, row.city, row.custom) == ("Newco", "newco", "Oral", {})
    with office.store.work(office.actor, "history.put_back") as work:
        with pytest.raises(Conflict, match="history_already_so"):
            history.put_back(work, "customer", record_id, found["name"])
        for field in ("made", "info.email", "status"):
            with pytest.raises(Refused, match="history_not_put_back"):
                history.put_back(work, "customer", record_id, found[field])
    assert lines(office, record_id)[0].command == "history.put_back"


def test_idx_09_what_was_undone_stands_in_the_history_too(office: Office) -> None:
    record_id = grown(office)

    undo.undo(office.store, office.actor)
    assert [
        (line.command, line.before, line.after) for line in lines(office, record_id) if line.field == "city"
    ] == [
        ("undo", "Oral", "Almaty"),
        ("customer.change", "Almaty", "Oral"),
    ]
    with office.store.read() as connection:
        assert contact_info.of(connection, "customer", record_id) == [("email", "olga@newco.example")]
