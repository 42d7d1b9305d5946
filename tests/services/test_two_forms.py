"""Two people have the same form open: whoever saves last is told, and nothing is written over (assurance row 5)."""

from collections.abc import Callable
from datetime import date

import pytest

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.services.interest import (
    checklists,
    interest_lines,
    interests,
    participants,
    products,
    purposes,
    receipts,
    scenarios,
)
from crm_tui.services.party import contacts
from crm_tui.services.record import lists
from crm_tui.store.work import Work
from tests.services.conftest import Office

DAY = date(2026, 12, 1)


def a_line(work: Work, interest: int) -> Callable[[], object]:
    interest_lines.add(work, interest, "Pump")
    (seen,) = interest_lines.of_interest(work.connection, interest)
    return lambda: interest_lines.change(work, seen.id, expected_version=seen.version, quantity_milli=2000)


def a_receipt(work: Work, interest: int) -> Callable[[], object]:
    receipts.plan(work, interest, DAY, 100)
    (seen,) = receipts.of_interest(work.connection, interest)
    return lambda: receipts.change(work, seen.id, DAY, 200, expected_version=seen.version)


def a_person(work: Work, interest: int) -> Callable[[], object]:
    participants.add(work, interest, contacts.add(work, "Olga").key)
    (seen,) = participants.of_interest(work.connection, interest)
    assert seen.id is not None
    return lambda: participants.change(work, seen.id or 0, "Buyer", expected_version=seen.version)


def a_product(work: Work, _interest: int) -> Callable[[], object]:
    products.add(work, "Pump")
    (seen,) = products.rows(work.connection)
    return lambda: products.change(
        work,
        seen.id,
        name="Valve",
        code="",
        unit="",
        price_minor=None,
        currency="KZT",
        expected_version=seen.version,
    )


def an_item(work: Work, _interest: int) -> Callable[[], object]:
    state = scenarios.first_state(work, scenarios.by_code(work, "sale").key)
    seen = checklists.add_item(work, state.key, "Call")
    version = seen.version
    return lambda: checklists.change_item(work, seen.key, "Ring", required=True, expected_version=version)


def a_word(work: Work, _interest: int) -> Callable[[], object]:
    made = lists.add(work, "source", "Fair")
    return lambda: lists.rename(work, "source", made.code, "Exhibition", was="Fair")


def a_purpose(work: Work, _interest: int) -> Callable[[], object]:
    made = purposes.add(work, "Spares", "sale")
    seen = purposes.by_code(work.connection, made.code)
    return lambda: purposes.change(
        work, made.code, name="Parts", scenario="sale", owner_rule=purposes.ME, was=seen
    )


@pytest.mark.parametrize("made", [a_line, a_receipt, a_person, a_product, an_item, a_word, a_purpose])
def test_what_was_changed_meanwhile_is_not_written_over(
    office: Office, made: Callable[[Work, int], Callable[[], object]]
) -> None:
    with office.store.work(office.actor, "enter") as work:
        save = made(work, interests.add(work, "Pumps").key)
        save()
        with pytest.raises(Conflict, match="changed_meanwhile"):
            save()


def test_elma_14_another_currency_is_refused_while_sums_stand_in_this_one(office: Office) -> None:
    with office.store.work(office.actor, "enter") as work:
        interest = interests.add(work, "Pumps", currency="KZT").key
        interests.change(work, interest, currency="USD")
        line = interest_lines.add(work, interest, "Pump", price_minor=100).key
        with pytest.raises(Refused, match="currency_in_use"):
            interests.change(work, interest, currency="EUR")
        interests.change(work, interest, currency="USD", source="fair")
        interest_lines.remove(work, line)
        receipts.plan(work, interest, DAY, 100)
        with pytest.raises(Refused, match="currency_in_use"):
            interests.change(work, interest, currency="EUR")
