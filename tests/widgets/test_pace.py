"""A line is simulated: so many bytes a second, so long a round trip."""

import pytest

from crm_tui.widgets.driver.pace import Pace


def held_key(bytes_a_second: float, round_trip: float, frame: int, seconds: float) -> tuple[float, int]:
    """Send a frame of so many bytes as often as the pace allows; return the longest queue and the frames."""
    pace = Pace(answering=True)
    now, free_at, answer_at, longest, frames = 0.0, 0.0, None, 0.0, 0
    pace.ask(now)
    answer_at = round_trip
    while now < seconds:
        if answer_at is not None and now >= answer_at:
            pace.answered(now)
            answer_at = None
        if pace.may_send(now):
            frames += 1
            free_at = max(free_at, now) + frame / bytes_a_second
            if now > seconds / 2:
                longest = max(longest, free_at - now)
            if pace.sent(frame):
                pace.ask(now)
                answer_at = free_at + round_trip
        now += 0.01
    return longest, frames


@pytest.mark.parametrize(("speed", "round_trip"), [(960, 0.2), (960, 0.02), (5_000, 0.3), (1_000_000, 0.001)])
def test_queue_on_the_line_stays_short(speed: float, round_trip: float) -> None:
    longest, frames = held_key(speed, round_trip, frame=150, seconds=20)
    assert longest < 1.0
    assert frames > 20


def test_fast_line_is_never_held_back() -> None:
    _, frames = held_key(10_000_000, 0.0005, frame=150, seconds=5)
    assert frames > 490


def test_silent_terminal_is_not_asked_again() -> None:
    pace = Pace(answering=True)
    pace.ask(0.0)
    for _ in range(100):
        pace.sent(1000)
    assert not pace.may_send(1.0)
    assert pace.may_send(pace.patience + 1)
    assert not pace.sent(10_000)
    assert not pace.is_asking


def test_late_answer_shows_that_the_terminal_does_answer() -> None:
    pace = Pace(answering=False)
    assert not pace.sent(10_000)
    pace.answered(5.0)
    assert pace.sent(1)
    assert pace.longest_answer == pytest.approx(0.1)
