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


def test_slow_line_is_given_one_frame_more_just_when_it_has_carried_the_last_one() -> None:
    pace, speed, round_trip = Pace(answering=True), 1000, 0.2
    pace.ask(0.0)
    pace.answered(round_trip)
    assert pace.sent(5000)
    pace.ask(1.0)
    pace.answered(1.0 + 5000 / speed + round_trip)  # now it is known how slow the line is
    assert pace.sent(1200)
    pace.ask(10.0)
    assert not pace.may_send(10.5)
    assert pace.wait(10.5) == pytest.approx(0.6, abs=0.05)
    assert pace.may_send(11.15), "its answer takes until 11.4"
    assert not pace.sent(1200)
    assert not pace.may_send(11.3), "only one"
    pace.answered(11.4)
    assert pace.may_send(11.4)


def test_line_that_has_become_fast_is_not_held_for_slow() -> None:
    pace = Pace(answering=True)
    pace.ask(0.0)
    pace.answered(0.01)
    for now, takes in ((1.0, 5.0), (10.0, 0.02)):
        pace.sent(5000)
        pace.ask(now)
        pace.answered(now + takes)
    pace.sent(50_000)
    pace.ask(20.0)
    assert pace.wait(20.0) == pace.patience


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
