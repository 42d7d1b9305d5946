"""Speed and funnel of a scenario (L-25)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.conditions.periods import Period
from crm_tui.domain.interest.deal_figures import Reached, Spans, Way, funnel, spans, speed, whole

START = datetime(2026, 11, 1, tzinfo=UTC)
NEW, MEETING, OFFER, WON, LOST = 1, 2, 3, 8, 9
OPEN = (NEW, MEETING, OFFER)


def way(*steps: tuple[int, int]) -> Way:
    """State and day of each step."""
    outcome = {WON: "won", LOST: "lost"}.get(steps[-1][0], "open")
    days = tuple(START + timedelta(days=day) for _state, day in steps)
    return Way(tuple(state for state, _day in steps), days, outcome)  # type: ignore[arg-type]


WAYS = [
    way((NEW, 0), (MEETING, 2), (OFFER, 5), (WON, 20)),
    way((NEW, 1), (OFFER, 5), (MEETING, 6), (LOST, 9)),
    way((NEW, 2), (LOST, 3)),
    way((NEW, 3)),
    way((NEW, 4), (WON, 5)),
]


def since(day: int, until: int = 400) -> Period:
    return Period(START + timedelta(days=day), START + timedelta(days=until))


def days(number: int, median: float | None, p90: float | None) -> Spans:
    return Spans(number, *(None if one is None else timedelta(days=one) for one in (median, p90)))


def test_l_25_how_long_interests_stand_in_a_state() -> None:
    assert speed(WAYS, since(0)) == {NEW: days(4, 1, 4), MEETING: days(2, 3, 3), OFFER: days(2, 1, 15)}
    assert speed(WAYS, since(9)) == {OFFER: days(1, 15, 15), MEETING: days(1, 3, 3)}
    assert whole(WAYS, since(0), "won") == days(2, 1, 20)
    assert whole(WAYS, since(30), "won") == days(0, None, None)
    assert speed(WAYS, since(0, until=3)) == {NEW: days(1, 2, 2)}
    assert whole(WAYS, since(0, until=20), "won") == days(1, 1, 1)


def test_l_25_how_far_interests_come() -> None:
    assert funnel(WAYS, OPEN, since(0)) == [
        Reached(NEW, 5, 3, 2, 1, 1),
        Reached(MEETING, 3, 3, 2, 0, 0),
        Reached(OFFER, 3, 2, 2, 1, 0),
    ]
    assert funnel(WAYS, OPEN, since(3))[0].reached == 2
    assert funnel(WAYS, OPEN, since(1, until=3))[0].reached == 2
    assert funnel([way((77, 0))], OPEN, since(0))[0].reached == 0
    assert funnel(WAYS, (), since(0)) == []


steps = st.lists(st.sampled_from(OPEN), min_size=1, max_size=6)
ends = st.sampled_from(((), (WON,), (LOST,)))
some = st.lists(
    st.builds(lambda states, end: way(*((one, day) for day, one in enumerate([*states, *end]))), steps, ends),
    max_size=20,
)


@given(some)
def test_l_25_a_funnel_only_narrows_and_adds_up(ways: list[Way]) -> None:
    found = funnel(ways, OPEN, since(0))
    assert found[0].reached == len(ways)
    assert [one.reached for one in found] == sorted((one.reached for one in found), reverse=True)
    for one, following in pairwise(found):
        assert one.went_on == following.reached
    for one in found:
        assert one.reached == one.went_on + one.lost + one.standing
        assert one.won <= one.went_on
    assert found[-1].went_on == found[-1].won == sum(one.outcome == "won" for one in ways)
    assert sum(one.lost for one in found) == sum(one.outcome == "lost" for one in ways)


@given(st.lists(st.integers(0, 1000), min_size=1))
def test_l_25_half_and_nine_tenths_are_no_longer(lengths: list[int]) -> None:
    found = spans(timedelta(days=one) for one in lengths)
    for length, share in ((found.median, 0.5), (found.p90, 0.9)):
        assert length is not None
        assert sum(timedelta(days=one) <= length for one in lengths) >= share * len(lengths)
        assert sum(timedelta(days=one) < length for one in lengths) < share * len(lengths)
