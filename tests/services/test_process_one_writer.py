"""While a process controls the Interest, nothing else writes its state: every way refuses, and names the process."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.route.route_map import Flow
from crm_tui.services import messages
from crm_tui.services.exchange import import_plan, imports
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import processes
from crm_tui.services.record import bulk, history
from crm_tui.store import undo
from crm_tui.store.tables import Interest, State, StateChange
from crm_tui.store.work import Work
from tests.services.process_office import Floor, sale

HELD = "The state is controlled by the process 1.2 Sale."


def other(work: Work, interest_id: int, code: str = "contract") -> State:
    return scenarios.state_by_code(work, work.get(Interest, interest_id).scenario_id, code)


def moved_alone(work: Work, interest_id: int) -> None:
    interests.move(work, interest_id, other(work, interest_id).key)


def closed(work: Work, interest_id: int) -> None:
    interests.close(work, interest_id, "won")


def lost(work: Work, interest_id: int) -> None:
    interests.close(work, interest_id, "lost", reason="price")


def written_beside_the_verb(work: Work, interest_id: int) -> None:
    work.change(work.get(Interest, interest_id), state_id=other(work, interest_id).key)


def written_to_many(work: Work, interest_id: int) -> None:
    work.change_many(Interest, [interest_id], state_id=other(work, interest_id).key)


def another_process(work: Work, interest_id: int) -> None:
    known = processes.controlling(work.connection, interest_id)
    assert known is not None
    processes.start(work, known.map_id, "interest", interest_id)


@pytest.mark.parametrize(
    "way", [moved_alone, closed, lost, written_beside_the_verb, written_to_many, another_process]
)
def test_bp_05_no_way_but_the_process_moves_the_interest(
    floor: Floor, way: Callable[[Work, int], None]
) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    before = floor.everything()
    with pytest.raises(Refused) as refused, floor.work("interest.move") as work:
        way(work, interest)
    assert (refused.value.code, messages.of_error(refused.value)) == ("state_held", HELD)
    assert floor.everything() == before
    assert floor.state(interest) == "meeting"


def test_bp_05_of_many_those_that_are_free_are_moved_and_the_others_told(floor: Floor) -> None:
    free = floor.interest("Free")
    floor.enforce(sale())
    held = floor.interest("Held")
    with floor.work("interest.move") as work:
        moved = interests.move_many(work, [free, held], other(work, free).key)
        outcome = bulk.each(work, [held], moved_alone)
    assert [one.interest_id for one in moved.changes] == [free]
    assert {key: error.code for key, error in moved.refused.items()} == {held: "state_held"}
    assert [error.code for error in outcome.failed.values()] == ["state_held"]
    assert (floor.state(free), floor.state(held)) == ("contract", "meeting")


def test_bp_05_not_even_sql_writes_it(floor: Floor) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    with pytest.raises(IntegrityError, match="FOREIGN KEY"), floor.work() as work:
        work.connection.execute(
            text("UPDATE interest SET state_id = :state"), {"state": other(work, interest).key}
        )
    assert floor.state(interest) == "meeting"


def test_bp_05_an_older_move_is_not_taken_back_under_the_process(floor: Floor) -> None:
    """A person moved it by hand, then a process was started by hand: the undo of the move would write the state."""
    interest = floor.interest()
    with floor.work("interest.move") as work:
        interests.move(work, interest, other(work, interest, "proposal").key)
    map_id = floor.enforce(sale(start_event=""))
    with floor.store.facts("process.start") as work:  # nobody's command, so that the move is the last one
        processes.start(work, map_id, "interest", interest)
    assert floor.state(interest) == "meeting"
    with pytest.raises((Refused, Conflict)) as refused:
        undo.undo(floor.store, floor.office.actor)
    assert refused.value.code in ("state_held", "undo_changed_since")
    assert floor.state(interest) == "meeting"


def test_bp_05_an_undo_that_only_the_process_hinders_names_it(floor: Floor) -> None:
    interest = floor.interest()
    with floor.work("interest.move") as work:
        interests.move(work, interest, other(work, interest, "proposal").key)
    drawn = sale(start_event="")
    first_step = replace(drawn, flows=(Flow("start", "proposal"), *drawn.flows[2:]))
    map_id = floor.enforce(first_step)
    with floor.store.facts("process.start") as work:  # it begins where the Interest stands
        processes.start(work, map_id, "interest", interest)
    with pytest.raises(Refused) as refused:
        undo.undo(floor.store, floor.office.actor)
    assert messages.of_error(refused.value) == HELD
    with floor.work() as work:
        lines = history.of(work.connection, "interest", interest)
        state_line = next(line for line in lines if line.field == "state_id")
        with pytest.raises(Refused, match="history_not_put_back"):
            history.put_back(work, "interest", interest, state_line)
    assert floor.state(interest) == "proposal"


def test_c_11_bp_05_the_state_says_which_rule_wrote_it_and_is_free_when_the_process_ends(
    floor: Floor,
) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    floor.do(task)
    with floor.work() as work:
        moves = [(one.actor, one.to_state_id) for one in work.all(StateChange, interest_id=interest)]
        assert [actor for actor, _state in moves] == [floor.office.actor.name, "rule:1.2 Sale / Meeting"]
        told = [
            line for line in history.of(work.connection, "interest", interest) if line.field == "state_id"
        ]
        assert [line.actor for line in told] == ["rule:1.2 Sale / Meeting"]
    (task,) = floor.open_steps(interest).values()
    floor.do(task, "won")
    assert floor.state(interest) == "won"
    with floor.work() as work:
        interests.move(work, interest, other(work, interest).key)
    assert floor.state(interest) == "contract"


@pytest.mark.parametrize("mode", ["update", "fill"])
def test_bp_05_an_import_brings_no_state_and_starts_nothing(floor: Floor, tmp_path: Path, mode: str) -> None:
    floor.enforce(sale())
    interest = floor.interest("Pumps")
    path = tmp_path / "deals.csv"
    path.write_text("name;state;source\nPumps;Contract;site\nNew one;Meeting;site\n", "utf-8")
    with floor.store.read() as connection:
        proposed = import_plan.proposed(connection, "interests", path, path.name).plan
    result = imports.run(floor.store, floor.office.actor, path, replace(proposed, mode=mode))
    assert (result.counts()["changed"], result.counts()["new"]) == (1, 1)
    assert floor.state(interest) == "meeting"
    assert len(floor.processes()) == 1
