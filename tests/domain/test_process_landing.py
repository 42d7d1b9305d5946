"""Where tokens land in another version of their map; in the same one written otherwise, wherever they stand."""

from dataclasses import replace

from hypothesis import given

from crm_tui.domain.route.process import Completed, Instance, Token
from crm_tui.domain.route.process_landing import land, places_like
from crm_tui.domain.route.process_moves import advance
from crm_tui.domain.route.route_map import EndPoint, Flow, JoinPoint, Route, SplitPoint, StartPoint, Step
from tests.domain.route_maps import MOVES, Move, held, open_tokens, outcome_of, played, sound_maps


def written_otherwise(route: Route) -> Route:
    """The same map with points and flows in another order; of one point the flows keep theirs, which counts."""
    return replace(
        route,
        points=tuple(reversed(route.points)),
        flows=tuple(sorted(route.flows, key=lambda flow: flow.source, reverse=True)),
    )


def moved(route: Route, instance: Instance, move: Move) -> Instance:
    """Where the process stands after one move more."""
    waiting = list(open_tokens(route, instance).items())
    if not waiting:
        return instance
    token, point = waiting[move.pick % len(waiting)]
    outcome = outcome_of(route.by_id[point], move.outcome)
    event = Completed(token, outcome)
    return advance(route, instance, event, lambda tree: held(move.true, tree)).instance


@given(sound_maps(), MOVES)
def test_c_15_a_process_goes_on_in_the_same_map_written_otherwise_as_if_nothing_were(
    route: Route, moves: list[Move]
) -> None:
    other = written_otherwise(route)
    for done in played(route, moves):
        landing = land(route, other, done.instance.tokens, {})
        assert landing.trouble == ""
        assert [one.target for one in landing.tokens] == [token.point for token in done.instance.tokens]
        here = done.instance
        there = replace(here, tokens=tuple(Token(one.token, one.target, one.by) for one in landing.tokens))
        for move in moves:
            here, there = moved(route, here, move), moved(other, there, move)
            assert open_tokens(route, here) == open_tokens(other, there)
            assert (here.status, here.successful) == (there.status, there.successful)
            if not here.tokens:
                break


def test_c_15_a_token_in_a_branch_does_not_land_where_nobody_meets_it_at_the_join() -> None:
    row = Route(
        "1", "Row",
        points=(StartPoint(id="start"), Step(id="a"), Step(id="b"), EndPoint(id="end")),
        flows=(Flow("start", "a"), Flow("a", "b"), Flow("b", "end")),
    )  # fmt: skip
    beside = Route(
        "1", "Beside",
        points=(
            StartPoint(id="start"), SplitPoint(id="split"), Step(id="a"), Step(id="b"), JoinPoint(id="join"),
            Step(id="c"), EndPoint(id="end"),
        ),
        flows=(
            Flow("start", "split"), Flow("split", "a"), Flow("split", "b"), Flow("a", "join"), Flow("b", "join"),
            Flow("join", "c"), Flow("c", "end"),
        ),
    )  # fmt: skip
    alone, both = (Token(1, "a", 0),), (Token(1, "a", 1), Token(2, "b", 2))
    assert land(row, beside, alone, {}).trouble == "no_way_on"
    assert land(row, beside, alone, {"a": "c"}).trouble == ""
    assert land(beside, row, both, {}).trouble == "no_way_on"
    assert land(beside, beside, both, {"b": "a"}).trouble == "no_way_on"
    assert land(beside, row, (Token(3, "c", 5),), {}).point == "c"
    assert [one.id for one in places_like(row, beside.by_id["c"])] == ["a", "b"]
