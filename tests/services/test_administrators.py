"""What is said for the whole company is said by an administrator; the first user of a store is one."""

from collections.abc import Callable

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.services import users
from crm_tui.services.interest import checklists, participants, purposes, scenarios
from crm_tui.services.party import customers
from crm_tui.services.privacy import personal_data
from crm_tui.services.record import lists
from crm_tui.store.tables import User
from crm_tui.store.work import Actor, Work
from tests.services.conftest import Office

ACTS: dict[str, Callable[[Work], object]] = {
    "word": lambda work: lists.add(work, "source", "Fair"),
    "rename": lambda work: lists.rename(work, "source", "site", "Web"),
    "purpose": lambda work: purposes.add(work, "Spares", "sale"),
    "scenario": lambda work: scenarios.add(work, "Lease", ["Ask"]),
    "state": lambda work: scenarios.rename(work, scenarios.by_code(work, "sale").key, "Sales"),
    "checklist": lambda work: checklists.add_item(
        work, scenarios.first_state(work, scenarios.by_code(work, "sale").key).key, "Call"
    ),
    "key person": lambda work: participants.set_key_person_from(work, None),
}


@pytest.mark.parametrize("act", ACTS)
def test_elma_05_only_an_administrator_decides_for_all(office: Office, act: str) -> None:
    with office.store.facts("user") as work:
        clerk = users.ensure(work, "clerk", name="Clerk").key
    with office.store.work(Actor("Clerk", clerk), "act") as work:
        with pytest.raises(Refused, match="needs_an_administrator"):
            ACTS[act](work)
        work.change(work.get(User, clerk), rights=[users.ADMIN])
        ACTS[act](work)


def test_c_13_only_an_administrator_erases_a_person(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        person = customers.add(work, "Olga Kim", is_person=True).key
        clerk = users.ensure(work, "clerk", name="Clerk").key
    with pytest.raises(Refused, match="needs_an_administrator"):
        personal_data.erase(office.store, Actor("Clerk", clerk), "customer", person)
    assert personal_data.erase(office.store, office.actor, "customer", person).counts
