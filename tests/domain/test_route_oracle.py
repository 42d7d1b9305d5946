"""Random sound maps and random runs: our engine and SpiffWorkflow have the same open tasks after every step.

By hand, with a number of maps: ``python -m tests.domain.test_route_oracle 1000``.
"""

import random
import sys
from collections import Counter
from collections.abc import Sequence

from hypothesis import HealthCheck, Phase, given, seed, settings

from crm_tui.domain.route.process import Status
from crm_tui.domain.route.route_graph import reached_from
from crm_tui.domain.route.route_map import JoinPoint, Route
from tests.domain.route_maps import MOVES, Move, open_tokens, outcome_of, played, sound_maps
from tests.domain.spiff import Oracle


def compared(route: Route, moves: Sequence[Move], *, mended: bool = False) -> int:
    """Run the map in both engines; how many steps were compared. Raises AssertionError where they differ."""
    oracle: Oracle | None = None
    waiting: dict[int, str] = {}
    steps = 0
    for number, done in enumerate(played(route, moves)):
        move = moves[max(0, number - 1)]
        if oracle is None:
            oracle = Oracle(route, move.true, mended=mended)
        else:
            token = sorted(waiting)[move.pick % len(waiting)]
            outcome = outcome_of(route.by_id[waiting[token]], move.outcome)
            oracle.complete(waiting[token], outcome, move.true)
        if done.instance.status is Status.STOPPED:
            return steps
        waiting = open_tokens(route, done.instance)
        assert oracle.open() == Counter(waiting.values()), f"after {number} moves"
        assert oracle.completed is (done.instance.status is Status.COMPLETED)
        steps += 1
    return steps


def agreed(route: Route, moves: Sequence[Move]) -> bool:
    """Whether SpiffWorkflow as it is agrees. Raises AssertionError where it differs with joins that work in circles,
    or differs although no join is in one."""
    try:
        compared(route, moves)
    except AssertionError:
        joins = [point.id for point in route.points if isinstance(point, JoinPoint)]
        circles = [
            one
            for one in joins
            if one in reached_from(route, [route.flows[way].target for way in route.leaving[one]])
        ]
        assert circles, "no join comes again, and yet they differ"
        compared(route, moves, mended=True)
        return False
    return True


@given(sound_maps(), MOVES)
@settings(max_examples=40, deadline=None)
def test_elp_04_another_engine_has_the_same_open_tasks_after_every_step(
    route: Route, moves: list[Move]
) -> None:
    agreed(route, moves)


def main(maps: int, start: int) -> None:
    """Compare so many maps, and say how many points and steps that were."""
    counted = Counter[str]()

    @seed(start)
    @given(sound_maps(most=16), MOVES)
    @settings(
        max_examples=maps, deadline=None, database=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(route: Route, moves: list[Move]) -> None:
        counted["runs in which a join in a circle had to be mended"] += not agreed(route, moves)
        counted["steps"] += sum(1 for _done in played(route, moves))
        counted["maps"] += 1
        counted["points"] += len(route.points)
        counted.update(type(point).__name__ for point in route.points)

    run()
    print(", ".join(f"{count} {name}" for name, count in counted.most_common()))


if __name__ == "__main__":
    main(int(sys.argv[1]), random.randrange(2**32) if len(sys.argv) < 3 else int(sys.argv[2]))
