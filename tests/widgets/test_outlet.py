"""A key held on a slow line, in virtual time: the line is never idle and never full, the last frame comes soon."""

import random

import pytest

from crm_tui.widgets.driver.abilities import Abilities
from crm_tui.widgets.driver.picture import Picture
from tests.widgets.screens_of_pyte import Terminal
from tests.widgets.slow_line import HEIGHT, SlowLine, cells_of, held_down, whole
from tests.widgets.test_picture import next_frame

FIRST = whole(0, 0)


def known_slow(speed: float, round_trip: float) -> SlowLine:
    """A line that has carried the first page, and the next two."""
    line = SlowLine(speed, round_trip)
    line.play([FIRST, whole(HEIGHT, HEIGHT), whole(2 * HEIGHT, 2 * HEIGHT), FIRST], rate=0.2)
    line.rest()
    assert line.outlet.pace.is_slow
    return line


@pytest.mark.parametrize(("speed", "round_trip"), [(960, 0.2), (960, 0.02), (480, 0.6), (2400, 0.3)])
def test_held_key_keeps_a_slow_line_busy_and_its_queue_short(speed: float, round_trip: float) -> None:
    line = known_slow(speed, round_trip)
    frames = held_down(60)
    line.play(frames[: HEIGHT - 1], rate=10)
    line.idle, begun = 0.0, line.now
    line.play(frames[HEIGHT - 1 :], rate=10)
    assert line.shown.cells() == cells_of([FIRST, *frames])
    assert line.longest_queue < 0.2 + 250 / speed, "a fifth of a second and a row"
    needed = line.sent / speed
    assert line.carried_at < begun + max(needed * 1.1, 3.9) + 0.9


def test_row_scrolled_in_is_drawn_once_while_the_cursor_runs_through_it() -> None:
    line = known_slow(960, 0.2)
    line.play(held_down(HEIGHT - 1), rate=100)
    line.rest()
    line.play(held_down(8, cursor=HEIGHT - 1), rate=10)
    alone = known_slow(960, 0.2)
    alone.play(held_down(HEIGHT - 1), rate=100)
    alone.rest()
    alone.play(held_down(1, cursor=HEIGHT - 1), rate=10)
    assert line.sent < alone.sent + 60
    assert line.shown.cells() == cells_of([FIRST, *held_down(HEIGHT + 7)])


def test_page_asked_for_in_the_middle_of_another_is_not_kept_waiting() -> None:
    line = known_slow(960, 0.2)
    line.play([whole(HEIGHT, HEIGHT)], rate=1)
    one = line.sent
    line.rest()
    line.play([whole(page * HEIGHT, page * HEIGHT) for page in range(2, 12)], rate=10)
    assert line.sent < 2.5 * one, "not ten pages"
    assert line.shown.cells() == cells_of([whole(11 * HEIGHT, 11 * HEIGHT)])


@pytest.mark.parametrize("becomes", [240, 4_000, 1_000_000])
def test_line_that_changes_its_speed_is_followed(becomes: float) -> None:
    line = known_slow(960, 0.2)
    line.speed = becomes
    frames = held_down(120)
    line.play(frames, rate=10)
    assert line.longest_queue < 0.6 * 960 / min(960, becomes)
    line.rest()
    line.play(held_down(40, cursor=120, top=104), rate=10)
    assert line.longest_queue < 0.3 + 250 / becomes
    line.play([whole(0, 0)], rate=1)
    assert line.shown.cells() == cells_of([FIRST])


def test_terminal_that_answers_no_more_is_still_shown_everything() -> None:
    line = known_slow(960, 0.2)
    line.answers = False
    frames = held_down(60)
    line.play(frames, rate=10)
    assert line.shown.cells() == cells_of([FIRST, *frames])
    assert not line.outlet.pace.is_slow


def test_terminal_that_never_answers_is_shown_everything() -> None:
    line = SlowLine(960, 0.2, answers=False)
    line.play([FIRST, *held_down(60)], rate=10)
    assert line.shown.cells() == cells_of([FIRST, *held_down(60)])


def test_fast_line_gets_each_frame_whole_at_once() -> None:
    line = SlowLine(10_000_000, 0.0005)
    for frame in (FIRST, *held_down(60)):
        line.play([frame], rate=1)
        assert line.picture.is_whole
        line.rest()
    assert not line.outlet.pace.is_slow
    assert line.picture.usual_stops() == "", "the tabulator is left alone"


def test_tabulator_has_its_usual_stops_again_at_the_end() -> None:
    line = known_slow(960, 0.2)
    line.play(held_down(60), rate=10)
    assert line.shown.tabstops != set(range(8, line.shown.columns, 8))
    line.shown.feed(line.picture.usual_stops())
    assert line.shown.tabstops == set(range(8, line.shown.columns, 8))
    assert line.picture.usual_stops() == ""


def test_line_full_before_the_first_question_is_known_after_the_first_key() -> None:
    """A picture of the last session is sent before the driver begins: its first answer says nothing of the way."""
    line = SlowLine(960, 0.2, before=4000)
    line.play([FIRST, whole(HEIGHT, HEIGHT)], rate=1)
    line.rest()
    line.play(held_down(2, HEIGHT, HEIGHT), rate=1)
    assert line.outlet.pace.round_trip == pytest.approx(0.2, abs=0.05)
    assert line.outlet.pace.is_slow
    line.rest()
    line.play([FIRST], rate=1)
    assert line.longest_queue < 0.7
    assert line.shown.cells() == cells_of([FIRST])


def test_slow_line_that_becomes_longer_is_not_held_for_a_slower_one() -> None:
    line = known_slow(960, 0.2)
    line.play(held_down(4), rate=1)
    line.round_trip = 0.8
    line.play(held_down(40, 4), rate=10)
    for _ in range(20):
        line.rest()
    line.play(held_down(4, 44, 24), rate=1)
    assert line.outlet.pace.round_trip == pytest.approx(0.8, abs=0.05)
    line.play(held_down(120, 48, 32), rate=10)
    line.rest()
    begun = line.now
    line.play(held_down(40, 168, 152), rate=10)
    assert line.carried_at < begun + 3.9 + 0.9


@pytest.mark.parametrize("seed", range(4))
def test_frames_sent_in_pieces_end_in_the_same_screen(seed: int) -> None:
    chance = random.Random(seed)
    width, height = 61, 20
    picture = Picture(width, height, Abilities(fills=bool(seed % 2), erases=seed < 2, tabs=True))
    ours, theirs = Terminal(width, height, fills=bool(seed % 2)), Terminal(width, height)
    rows = [" " * width] * height
    for step in range(40):
        if step == 20:
            ours.feed(picture.usual_stops())
            picture.forget()
        frame = next_frame(chance, rows, width)
        picture.paint(frame)
        theirs.feed(frame)
        for _ in range(chance.randrange(3)):
            ours.feed(picture.update(room=chance.choice((40, 100, 300))))
        if step % 5 == 4:
            while not picture.is_whole or step % 2:
                if not (update := picture.update(room=100)):
                    break
                ours.feed(update)
            ours.feed(picture.update())
            assert ours.cells() == theirs.cells()
