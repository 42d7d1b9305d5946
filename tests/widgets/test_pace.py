"""What may be in flight, decided from the answers alone; see test_outlet.py for whole lines."""

import pytest

from crm_tui.widgets.driver.pace import Pace


def answering(round_trip: float) -> Pace:
    """A pace that has measured the round trip."""
    pace = Pace(answering=True)
    pace.ask(0.0)
    pace.answered(round_trip)
    assert pace.sent(7, 0.5)
    pace.ask(0.5)
    pace.answered(0.5 + round_trip)
    return pace


def found_slow(speed: float, round_trip: float) -> Pace:
    """A pace that knows how slow its line is."""
    pace = answering(round_trip)
    assert pace.sent(5000, 1.0)
    pace.ask(1.0)
    pace.answered(1.0 + 5000 / speed + round_trip)
    assert pace.is_slow
    return pace


def test_slow_line_is_given_more_just_before_it_is_idle() -> None:
    pace = found_slow(1000, 0.2)
    assert pace.may_send(10.0)
    assert pace.room(10.0) == 200
    assert pace.sent(1200, 10.0)
    pace.ask(10.0)
    assert not pace.may_send(10.5)
    assert pace.wait(10.5) == pytest.approx(0.6)
    assert pace.may_send(11.1), "its answer takes until 11.4"
    assert pace.room(11.1) == 100
    assert not pace.sent(100, 11.1)
    assert not pace.may_send(11.15)
    assert pace.may_send(11.3)


def test_answer_overdue_holds_everything_back() -> None:
    pace = found_slow(1000, 0.2)
    pace.sent(300, 10.0)
    pace.ask(10.0)
    assert pace.may_send(10.6)
    assert not pace.may_send(10.8)
    assert pace.wait(10.8) > 5
    pace.answered(11.4)
    assert pace.may_send(11.4)
    assert (pace.room(11.4) or 0) < 60, "a quarter as fast"


def test_line_that_has_become_fast_is_not_held_for_slow() -> None:
    pace = found_slow(1000, 0.01)
    pace.sent(5000, 10.0)
    pace.ask(10.0)
    pace.answered(10.02)
    assert not pace.is_slow
    assert pace.room(20.0) is None


def test_fast_line_is_asked_now_and_then_and_has_a_window_that_grows() -> None:
    pace = answering(0.001)
    assert not any(pace.sent(7, 1.0) for _ in range(70))
    assert pace.sent(2000, 1.0)
    pace.ask(1.0)
    assert not pace.may_send(1.0), "the first window is full"
    pace.answered(1.002)
    pace.sent(3000, 2.0)
    pace.ask(2.0)
    assert pace.may_send(2.0)
    assert pace.room(2.0) is None


def test_silent_terminal_is_not_asked_again() -> None:
    pace = Pace(answering=True)
    pace.ask(0.0)
    for _ in range(100):
        pace.sent(1000, 0.0)
    assert not pace.may_send(1.0)
    assert pace.may_send(pace.patience + 1)
    assert not pace.sent(10_000, pace.patience + 1)
    assert not pace.is_asking


def test_late_answer_shows_that_the_terminal_does_answer() -> None:
    pace = Pace(answering=False)
    assert not pace.sent(10_000, 0.0)
    pace.answered(5.0)
    assert pace.has_to_ask
    assert pace.sent(1, 6.0)
    assert pace.longest_answer == pytest.approx(0.1)
