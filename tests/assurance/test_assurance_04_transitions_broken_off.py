"""Row 4: a transition that breaks off between any two statements leaves the old state or the new one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event

from crm_tui.services.process import process_tick, processes
from crm_tui.store.engine import Store
from crm_tui.store.tables import Outbox
from tests.services.conftest import Office, office
from tests.services.process_office import (
    TOUCHED,
    Floor,
    approval,
    contract,
    lead_to_welcome,
    sale,
    waiting_hour,
    welcoming,
)

__all__ = ["office"]


class Crash(BaseException):
    """The power is gone: nothing below catches it."""


@contextmanager
def breaking(store: Store, at: int) -> Iterator[list[int]]:
    """The ``at``-th statement that is sent to the database, commits included, is not carried out."""
    engine: Engine = store._writer
    sent = [0]

    def count(*_any: Any) -> None:
        sent[0] += 1
        if sent[0] == at:
            raise Crash

    event.listen(engine, "before_cursor_execute", count)
    event.listen(engine, "commit", count)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", count)
        event.remove(engine, "commit", count)


Act = Callable[[Floor], Any]


def created(floor: Floor) -> Act:
    floor.enforce(welcoming(sale()))
    lead_id = lead_to_welcome(floor)
    return lambda floor: floor.interest(lead_id=lead_id)


def completed(floor: Floor) -> Act:
    floor.enforce(welcoming(sale(), "proposal"))
    interest = floor.interest(lead_id=lead_to_welcome(floor))
    (task,) = floor.open_steps(interest).values()
    return lambda floor: floor.do(task)


def nested(floor: Floor) -> Act:
    floor.enforce(approval())
    floor.enforce(contract())
    interest = floor.interest()
    floor.do(floor.open_steps(interest)["Warehouse reserve"])
    floor.do(floor.open_steps(interest)["Contract agreed"])
    (task,) = floor.open_steps(interest).values()
    return lambda floor: floor.do(task)


def terminated(floor: Floor) -> Act:
    floor.enforce(welcoming(sale()))
    floor.interest(lead_id=lead_to_welcome(floor))
    (process,) = floor.processes()

    def act(floor: Floor) -> None:
        with floor.work("process.terminate") as work:
            processes.terminate(work, process.key, "price")

    return act


def ticked(floor: Floor) -> Act:
    floor.enforce(waiting_hour())
    floor.interest()
    floor.office.clock.move(hours=1)
    return lambda floor: process_tick.run(floor.store)


@pytest.mark.parametrize(
    ("prepare", "step"), [(completed, 1), (created, 5), (nested, 5), (terminated, 5), (ticked, 5)]
)
def test_assurance_04_a_crash_between_any_two_statements_leaves_the_old_or_the_new_state(
    office: Office, prepare: Callable[[Floor], Act], step: int
) -> None:
    """Of one transition every statement, of the others each fifth: all were tried by hand."""
    floor = Floor(office)
    act = prepare(floor)
    before = floor.rows(*TOUCHED)
    statements = 1 - step
    while True:
        statements += step
        with breaking(floor.store, statements) as sent:
            try:
                act(floor)
            except Crash:
                broke = True
            else:
                broke = False
        if not broke:
            break
        assert sent[0] == statements
        assert floor.rows(*TOUCHED) == before, f"after statement {statements}"
    assert statements > 20
    assert floor.rows(*TOUCHED) != before
    with floor.work() as work:
        keys = [one.dedupe_key for one in work.all(Outbox)]
    assert len(keys) == len(set(keys)) == (0 if prepare in (nested, ticked) else 1)
    for process in floor.processes():
        stands, played = floor.replayed(process.key)
        assert stands == played
