"""What holds for every run of every sound map."""

from hypothesis import given, settings

from crm_tui.domain.route.process import Cancelled, Ended, Entered, Left, Status, Terminated
from crm_tui.domain.route.process_moves import advance, replay
from crm_tui.domain.route.route_json import as_json, parsed
from crm_tui.domain.route.route_map import JoinPoint, Route
from tests.domain.route_maps import MOVES, Move, played, sound_maps


@settings(max_examples=150)
@given(sound_maps(), MOVES)
def test_a_sound_map_waits_or_ends_and_never_stops(route: Route, moves: list[Move]) -> None:
    joined: dict[str, list[int]] = {}
    for done in played(route, moves):
        now = done.instance
        assert now.status in (Status.RUNNING, Status.COMPLETED)
        assert bool(now.tokens) == (now.status is Status.RUNNING)
        assert (now.successful is None) == (now.status is Status.RUNNING)
        assert len({token.point for token in now.tokens if not _is_join(route, token.point)}) == sum(
            not _is_join(route, token.point) for token in now.tokens
        ), "two tokens on one point"
        assert len({(token.point, token.by) for token in now.tokens}) == len(now.tokens)
        assert [effect for effect in done.effects if isinstance(effect, Ended)] == (
            [] if now.tokens else [Ended(now.status, now.successful, now.ended_at)]
        )
        for effect in done.effects:
            if isinstance(effect, Entered) and _is_join(route, effect.point):
                came = joined.setdefault(effect.point, [])
                if effect.token:
                    came.append(effect.token)
                else:  # it fires once for each full set of its flows
                    assert len(came) == len(route.arriving[effect.point]) - 1
                    came.clear()


@settings(max_examples=100)
@given(sound_maps(), MOVES)
def test_each_token_is_entered_once_and_left_or_cancelled_once(route: Route, moves: list[Move]) -> None:
    entered: set[int] = set()
    gone: set[int] = set()
    for done in played(route, moves):
        for effect in done.effects:
            if isinstance(effect, Entered) and effect.token:
                assert effect.token not in entered
                entered.add(effect.token)
            if isinstance(effect, Left | Cancelled):
                assert effect.token in entered - gone
                gone.add(effect.token)
        assert {token.id for token in done.instance.tokens} == entered - gone


@settings(max_examples=100)
@given(sound_maps(), MOVES)
def test_the_log_rebuilds_where_a_process_stood_at_every_moment(route: Route, moves: list[Move]) -> None:
    kept = parsed(as_json(route))  # as the store gives it back
    log = []
    for done in played(route, moves):
        log.append((done.event, done.chosen))
        assert replay(kept, log) == done.instance
        if done.instance.tokens:
            ended = advance(kept, done.instance, Terminated(), lambda _tree: False)
            assert ended.instance.tokens == ()
            assert ended.instance.status is Status.TERMINATED
            assert [effect.token for effect in ended.effects if isinstance(effect, Cancelled)] == [
                token.id for token in done.instance.tokens
            ]


def _is_join(route: Route, point: str) -> bool:
    return isinstance(route.by_id[point], JoinPoint)
