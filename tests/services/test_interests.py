"""Verbs of the Interest: its state, its lines and receipts, its checklist and people; closing, and undo of it all."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from crm_tui.domain.errors import Conflict, CrmError, Invalid, NotFound, Refused
from crm_tui.domain.money import Money
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import (
    checklists,
    interest_lines,
    interests,
    participants,
    products,
    receipts,
    scenarios,
)
from crm_tui.services.interest.interest_lines import Line
from crm_tui.services.party import contacts
from crm_tui.services.task import tasks
from crm_tui.store.tables import (
    Interaction,
    Interest,
    JournalEntry,
    MailAccount,
    Outbox,
    Reminder,
    Scenario,
    State,
    StateChange,
    Task,
    table_of,
)
from crm_tui.store.undo import undo
from crm_tui.store.work import Work
from tests.services.conftest import Office

Answer = TypeVar("Answer")


def do(office: Office, verb: Callable[[Work], Answer]) -> Answer:
    with office.store.work(office.actor, "test.do") as work:
        return verb(work)


def state(office: Office, code: str, scenario: str = "sale") -> int:
    query = (
        select(table_of(State).c.id)
        .join(table_of(Scenario), table_of(Scenario).c.id == table_of(State).c.scenario_id)
        .where(table_of(State).c.code == code, table_of(Scenario).c.code == scenario)
    )
    with office.store.read() as connection:
        return int(connection.execute(query).scalar_one())


@pytest.fixture
def interest(office: Office) -> int:
    return do(office, lambda work: interests.add(work, "20 pumps", owner_id=office.user.key).key)


def now(office: Office, interest_id: int) -> Interest:
    return do(office, lambda work: work.get(Interest, interest_id))


def code_of(office: Office, interest_id: int) -> str:
    found = now(office, interest_id)
    return do(office, lambda work: work.get(State, found.state_id).code)


def test_an_interest_has_all_that_is_said_of_it(office: Office) -> None:
    made = do(
        office,
        lambda work: interests.add(
            work, " 20\tpumps ", scenario="sale", state="proposal", owner_id=office.user.key,
            amount_minor=500_00, currency="usd", probability=40, expected_close=date(2026, 12, 24),
            source="site", purpose="purchase", terms="Half\nin advance", short_status="warm",
        ),
    )  # fmt: skip
    found = now(office, made.key)
    assert (found.name, found.name_fold, found.currency) == ("20 pumps", "20 pumps", "USD")
    assert (found.terms, found.probability, found.expected_close) == (
        "Half\nin advance",
        40,
        date(2026, 12, 24),
    )
    assert code_of(office, made.key) == "proposal"
    with pytest.raises(Invalid, match="not_a_probability"):
        do(office, lambda work: interests.change(work, made.key, probability=101))
    do(office, lambda work: interests.change(work, made.key, expected_version=1, name="30 pumps"))
    with pytest.raises(Conflict):
        do(office, lambda work: interests.change(work, made.key, expected_version=1, name="40 pumps"))


def test_one_closed_elsewhere_keeps_its_days(office: Office) -> None:
    begun, ended = office.clock.now - timedelta(days=90), office.clock.now - timedelta(days=30)
    made = do(
        office,
        lambda work: interests.add(
            work, "Old", state="lost", created_at=begun, closed_at=ended, close_reason="price"
        ),
    )
    found = now(office, made.key)
    assert (found.created_at, found.closed_at, found.close_reason) == (begun, ended, "price")


def test_a_move_keeps_comment_and_short_status(office: Office, interest: int) -> None:
    change = do(
        office,
        lambda work: interests.move(
            work, interest, state(office, "proposal"), " asks for\na discount ", short_status="wants 10 %"
        ),
    )
    assert (change.comment, change.short_status) == ("asks for\na discount", "wants 10 %")
    assert now(office, interest).short_status == "wants 10 %"
    do(office, lambda work: interests.move(work, interest, state(office, "waiting")))
    assert now(office, interest).short_status == "wants 10 %", "what is not said anew stands"


@pytest.mark.parametrize(
    ("scenario", "code", "error"),
    [
        ("service", "check", "state_of_other_scenario"),
        ("sale", "meeting", "already_in_state"),
        ("sale", "lost", "lost_needs_reason"),
    ],
)
def test_a_move_that_is_none(office: Office, interest: int, scenario: str, code: str, error: str) -> None:
    with pytest.raises(CrmError, match=error):
        do(office, lambda work: interests.move(work, interest, state(office, code, scenario)))
    with pytest.raises(NotFound):
        do(office, lambda work: interests.move(work, 999, state(office, "proposal")))


def test_a_process_that_owns_the_state_refuses_a_person(
    office: Office, interest: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(interests, "STATE_WRITERS", [lambda _connection, ids: dict.fromkeys(ids, "1.2 Sale")])
    with pytest.raises(Refused) as refused:
        do(office, lambda work: interests.move(work, interest, state(office, "proposal")))
    assert (refused.value.code, refused.value.facts["process"]) == ("state_held", "1.2 Sale")


def test_required_items_of_the_checklist_keep_it_from_going_on(office: Office, interest: int) -> None:
    meeting = state(office, "meeting")

    def prepare(work: Work) -> tuple[int, int]:
        needed = checklists.add_item(work, meeting, "Ask for the budget", required=True)
        checklists.add_item(work, meeting, "Give a card")
        other = checklists.add_item(work, meeting, "Who decides?", required=True)
        return needed.key, other.key

    first, second = do(office, prepare)
    with pytest.raises(Refused) as refused:
        do(office, lambda work: interests.move(work, interest, state(office, "proposal")))
    assert refused.value.facts == {"items": "Ask for the budget, Who decides?", "ids": [first, second]}
    do(office, lambda work: checklists.check(work, interest, first))
    do(office, lambda work: checklists.archive_item(work, second))
    do(office, lambda work: interests.move(work, interest, state(office, "proposal")))
    do(office, lambda work: checklists.check(work, interest, first, checked=False))
    do(office, lambda work: interests.move(work, interest, meeting))
    do(office, lambda work: interests.close(work, interest, "lost", reason="price"))
    assert code_of(office, interest) == "lost", "nothing keeps it from failing"


def test_a_key_person_is_asked_for_from_an_amount_on(office: Office, interest: int) -> None:
    do(office, lambda work: participants.set_key_person_from(work, Money(1_000_00, "KZT")))
    do(office, lambda work: interests.change(work, interest, amount_minor=999_99, currency="KZT"))
    do(office, lambda work: interests.move(work, interest, state(office, "proposal")))
    do(office, lambda work: interests.change(work, interest, amount_minor=1_000_00))
    with pytest.raises(Refused, match="key_person_missing"):
        do(office, lambda work: interests.move(work, interest, state(office, "waiting")))

    def take_in(work: Work) -> None:
        person = contacts.add(work, "Olga Kim", is_key=True)
        participants.add(work, interest, person.key, "signs")
        with pytest.raises(Refused, match="takes_part_already"):
            participants.add(work, interest, person.key)

    do(office, take_in)
    do(office, lambda work: interests.move(work, interest, state(office, "waiting")))


def test_a_lost_interest_takes_with_it_what_was_to_be_done(office: Office, interest: int) -> None:
    later = office.clock.now + timedelta(days=1)

    def prepare(work: Work) -> None:
        tasks.add(work, "Call", assignee_id=office.user.key, due_at=later, interest_id=interest)
        tasks.add(work, "Another's", assignee_id=office.user.key, due_at=later)
        interactions.plan_contact(work, interest, later)
        for number, automatic, status in ((1, True, "queued"), (2, False, "queued"), (3, True, "sending")):
            work.add(
                Outbox(
                    account_id=work.all(MailAccount)[0].key, message_id=f"{number}@x", raw=b"", status=status,
                    envelope_from="me@x", automatic=automatic, interest_id=interest, next_try_at=later,
                    created_at=work.now,
                )
            )  # fmt: skip

    def seen(work: Work) -> tuple[list[str], list[str], int, list[str]]:
        return (
            [one.status for one in work.all(Task)],
            [one.status for one in work.all(Interaction)],
            len(work.all(Reminder)),
            [one.status for one in work.all(Outbox)],
        )

    do(office, prepare)
    before = do(office, seen)
    do(office, lambda work: interests.close(work, interest, "lost", "too dear", reason="price"))
    assert do(office, seen) == (["cancelled", "open"], ["cancelled"], 1, ["cancelled", "queued", "sending"])
    found = now(office, interest)
    assert (found.close_reason, found.next_contact_at, found.closed_at) == ("price", None, office.clock.now)
    undo(office.store, office.actor)
    assert do(office, seen) == before
    assert now(office, interest).next_contact_at == later


def test_a_closed_one_goes_on_where_it_stood(office: Office, interest: int) -> None:
    with pytest.raises(Refused, match="interest_not_closed"):
        do(office, lambda work: interests.reopen(work, interest))
    do(office, lambda work: interests.move(work, interest, state(office, "contract")))
    do(office, lambda work: interests.close(work, interest, "won"))
    assert now(office, interest).closed_at is not None
    do(office, lambda work: interests.reopen(work, interest, "they want more"))
    assert (code_of(office, interest), now(office, interest).closed_at) == ("contract", None)


def test_many_move_in_one_step_and_those_that_cannot_stay(office: Office) -> None:
    def make(work: Work) -> list[int]:
        made = [interests.add(work, f"Deal {number}", owner_id=office.user.key).key for number in range(60)]
        needed = checklists.add_item(work, first, "Budget", required=True)
        for one in made[1:]:
            checklists.check(work, one, needed.key)
        return [*made, interests.add(work, "Repair", scenario="service").key]

    first, target = state(office, "meeting"), state(office, "proposal")
    made = do(office, make)
    entries = do(office, lambda work: len(work.all(JournalEntry)))
    moved = do(office, lambda work: interests.move_many(work, made, target, "fair", short_status="sent"))
    assert {key: error.code for key, error in moved.refused.items()} == {
        made[0]: "checklist_open",
        made[-1]: "state_of_other_scenario",
    }
    assert len(moved.changes) == 59
    assert do(office, lambda work: len(work.all(Interest, state_id=target))) == 59
    assert do(office, lambda work: len(work.all(JournalEntry))) == entries + 1
    undo(office.store, office.actor)
    assert do(office, lambda work: len(work.all(Interest, state_id=first))) == 60
    assert do(office, lambda work: len(work.all(StateChange, to_state_id=target))) == 0


LINES = st.builds(
    Line,
    id=st.just(1),
    product_id=st.none(),
    name=st.just("x"),
    quantity_milli=st.integers(1, 10**7),
    unit=st.just(""),
    price_minor=st.integers(0, 10**9),
    discount_percent=st.integers(0, 100),
)


@given(LINES)
def test_the_sum_of_a_line_is_rounded_to_the_nearest_hundredth(line: Line) -> None:
    exact = line.quantity_milli * line.price_minor * (100 - line.discount_percent) / 100_000
    assert abs(line.sum_minor - exact) <= 0.5 + exact * 1e-12


def test_the_amount_follows_the_lines_until_somebody_types_another(office: Office, interest: int) -> None:
    def lines(work: Work) -> tuple[int, int]:
        pump = products.add(work, "Pump", code="P-1", unit="pc", price_minor=100_00)
        first = interest_lines.add(work, interest, "Pump", product_id=pump.key, quantity_milli=20_000)
        assert (first.unit, first.price_minor) == ("pc", 100_00)
        return first.key, interest_lines.add(work, interest, "Delivery", price_minor=50_00).key

    first, second = do(office, lines)
    assert now(office, interest).amount_minor == 2_050_00
    do(office, lambda work: interest_lines.change(work, first, discount_percent=10))
    assert now(office, interest).amount_minor == 1_850_00
    do(office, lambda work: interests.change(work, interest, amount_minor=1_800_00))
    do(office, lambda work: interest_lines.remove(work, second))
    assert now(office, interest).amount_minor == 1_800_00
    do(office, lambda work: interest_lines.take_sum(work, interest))
    assert now(office, interest).amount_minor == 1_800_00
    do(office, lambda work: interest_lines.remove(work, first))
    assert now(office, interest).amount_minor is None
    for bad in ({"quantity_milli": 0}, {"discount_percent": 101}):
        with pytest.raises(Invalid):
            do(office, lambda work, bad=bad: interest_lines.add(work, interest, "x", **bad))  # type: ignore[misc]


def test_a_receipt_is_planned_and_comes(office: Office, interest: int) -> None:
    made = do(office, lambda work: receipts.plan(work, interest, date(2026, 12, 1), 500_00, "half"))
    do(office, lambda work: receipts.receive(work, made.key, date(2026, 11, 19)))
    with pytest.raises(Refused, match="received_already"):
        do(office, lambda work: receipts.receive(work, made.key, date(2026, 11, 20)))
    (found,) = do(office, lambda work: receipts.of_interest(work.connection, interest))
    assert (found.amount_minor, found.received_on, found.notes) == (500_00, date(2026, 11, 19), "half")
    with pytest.raises(Invalid, match="not_an_amount"):
        do(office, lambda work: receipts.plan(work, interest, date(2026, 12, 1), 0))


def test_an_administrator_makes_a_scenario_and_changes_it(office: Office, interest: int) -> None:
    made = do(office, lambda work: scenarios.add(work, "Lease", ["Ask", "Sign"]))

    def way(work: Work) -> list[tuple[str, str]]:
        return [(one.name, one.outcome) for one in scenarios.states(work, made.key)]

    ends = [("Won", "won"), ("Lost", "lost")]
    assert do(office, way) == [("Ask", "open"), ("Sign", "open"), *ends]
    check = do(office, lambda work: scenarios.add_state(work, made.key, "Check", rot_days=5))
    assert do(office, way) == [("Ask", "open"), ("Sign", "open"), ("Check", "open"), *ends]
    do(office, lambda work: scenarios.move_state(work, check.key, -1))
    assert [name for name, _outcome in do(office, way)][:3] == ["Ask", "Check", "Sign"]
    do(office, lambda work: scenarios.remove_state(work, check.key))
    assert [name for name, _outcome in do(office, way)][:2] == ["Ask", "Sign"]
    with pytest.raises(Refused, match="state_in_use"):
        do(office, lambda work: scenarios.remove_state(work, state(office, "meeting")))
    with pytest.raises(Invalid, match="states_missing"):
        do(office, lambda work: scenarios.add(work, "Empty", []))
    assert do(office, lambda work: len(work.all(Scenario))) == len(scenarios.SHIPPED) + 1


def test_elma_14_a_sum_that_no_column_holds_is_refused(office: Office) -> None:
    interest = do(office, lambda work: interests.add(work, "Pumps").key)
    with pytest.raises(Invalid):
        do(
            office,
            lambda work: interest_lines.add(
                work, interest, "Pump", quantity_milli=10**12, price_minor=10**15
            ),
        )
    with office.store.read() as connection:
        assert interest_lines.of_interest(connection, interest) == []


def test_an_interest_in_the_trash_leaves_nothing_to_be_done(office: Office) -> None:
    with office.store.work(office.actor, "interest.add") as work:
        key = interests.add(work, "Pumps").key
        tasks.add(
            work, "Call", assignee_id=office.user.key, interest_id=key, due_at=work.now + timedelta(days=1)
        )
    with office.store.work(office.actor, "interest.trash") as work:
        interests.trash(work, [key])
        assert [each.status for each in work.all(Task)] == ["cancelled"]
        assert work.all(Reminder, acknowledged_at=None) == []
    undo(office.store, office.actor)
    with office.store.facts("look") as work:
        assert [each.status for each in work.all(Task)] == ["open"]
        assert len(work.all(Reminder, acknowledged_at=None)) == 1
