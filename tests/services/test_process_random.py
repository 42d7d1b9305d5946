"""Random maps run over rows: tasks, state and log are what the token game says, whatever the map and the outcomes."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.process import Advance, Completed, Instance, Started, StateReached, Status
from crm_tui.domain.route.process_moves import advance
from crm_tui.domain.route.route_map import EndPoint, ProcessKind, Route, Step
from crm_tui.services.process import processes
from tests.domain.route_maps import (
    FLAGS,
    MOVES,
    STATES,
    Move,
    One,
    Parallel,
    Row,
    Ways,
    blocks,
    built,
    held,
    open_tokens,
    outcome_of,
)
from tests.services.process_office import Floor

OPEN = ("meeting", "proposal", "contract", "control")
"""States of the shipped scenario, for those of the random maps."""
NUMBERS = itertools.count()


def here(route: Route) -> Route:
    """The map with states of this store, without demands, and with conditions about the Interest's name."""
    points = []
    for point in route.points:
        point = replace(point, state=dict(zip(STATES, OPEN, strict=True)).get(point.state, point.state))
        points.append(replace(point, requirements=()) if isinstance(point, Step) else point)
    flows = [
        replace(flow, condition={"field": "name", "op": "contains", "value": flow.condition["field"]})
        if flow.condition
        else flow
        for flow in route.flows
    ]
    return replace(route, points=tuple(points), flows=tuple(flows), name="Random")


SKIPPED = Ways(by_outcome=False, ways=(One("step"),))
"""A branch that goes past its only step: two such meet at once, and the join has nobody to wait for."""


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    blocks(most=6, kinds=("step",)).map(lambda block: built(Row((One("step"), block)), ProcessKind.OBJECT)),
    st.frozensets(st.sampled_from(FLAGS)),
    MOVES,
)
@example(
    route=built(Row((One("step"), Parallel((SKIPPED, SKIPPED))))),
    true=frozenset(),
    moves=[Move(0, 0, frozenset())],
)
def test_bp_12_rows_say_what_the_token_game_says(
    floor: Floor, route: Route, true: frozenset[str], moves: list[Move]
) -> None:
    route = here(route)
    map_id = floor.enforce(route, code=f"random_{next(NUMBERS)}")
    interest = floor.interest(name=" ".join(["Deal", *sorted(true)]))
    before = floor.state(interest)
    done = game(route, Instance(), None, true)
    with floor.work("process.start") as work:
        process_id = processes.start(work, map_id, "interest", interest).key
    state = state_after(done, before)
    for move in moves[:8]:
        alike(floor, interest, process_id, done, route, state)
        if done.instance.status is not Status.RUNNING:
            break
        waiting = open_tokens(route, done.instance)
        token = sorted(waiting)[move.pick % len(waiting)]
        outcome = outcome_of(route.by_id[waiting[token]], move.outcome)
        done = game(route, done.instance, Completed(token, outcome), true)
        state = state_after(done, state)
        with floor.work("process.complete") as work:
            processes.complete(work, process_id, token, outcome, reason="price")
        with pytest.raises(Refused), floor.work("process.complete") as work:
            processes.complete(work, process_id, token, outcome, reason="price")


def game(route: Route, instance: Instance, event: Completed | None, true: frozenset[str]) -> Advance:
    """The same event, without a store."""

    def holds(tree: object) -> bool:
        assert isinstance(tree, dict)
        return held(true, {"field": tree["value"]})

    return advance(route, instance, event or Started(), holds)


def state_after(done: Advance, before: str) -> str:
    """The state that the Interest stands in then."""
    return next((one.state for one in reversed(done.effects) if isinstance(one, StateReached)), before)


def alike(floor: Floor, interest: int, process_id: int, done: Advance, route: Route, state: str) -> None:
    """Rows and token game agree, and so does the log played again."""
    stands, played = floor.replayed(process_id)
    assert stands == played
    assert (stands.status, stands.successful, stands.ended_at) == (
        done.instance.status,
        done.instance.successful,
        done.instance.ended_at,
    )
    assert stands.tokens == done.instance.tokens
    steps = {route.by_id[point].name for point in open_tokens(route, done.instance).values()}
    assert set(floor.open_steps(interest)) == steps
    assert floor.state(interest) == state
    (process,) = floor.processes(id=process_id)
    if done.instance.status is Status.RUNNING:
        assert process.held_state_id is not None
    else:
        assert process.held_state_id is None
        assert isinstance(route.by_id[process.ended_point], EndPoint)
