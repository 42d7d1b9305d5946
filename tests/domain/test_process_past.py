"""A past Interest on a route: where it would stand, and when (M-05)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_tui.domain.route.process import Status
from crm_tui.domain.route.process_past import Flight, Happening, Past, Ways
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    Duration,
    EndPoint,
    Flow,
    JoinPoint,
    Outcome,
    Requirement,
    Route,
    SplitPoint,
    StartPoint,
    Step,
    TimerPoint,
    Unit,
)

BEGIN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CALL, LETTER, PROPOSAL = (Requirement("document", kind) for kind in ("call", "letter", "proposal"))


def sale() -> Route:
    """Meeting → proposal → waiting → won, back to the proposal, or lost; may be ended early."""
    hours = Duration(4, Unit.WORKING_HOURS)
    return Route(
        "1", "Sale", early_termination=True, termination_state="lost",
        points=(
            StartPoint(id="start"),
            Step(id="meeting", state="meeting", duration=hours, requirements=(CALL,)),
            Step(id="proposal", state="proposal", requirements=(PROPOSAL, LETTER)),
            Step(id="waiting", state="waiting", outcomes=tuple(Outcome(one, one) for one in ("yes", "again", "no"))),
            EndPoint(id="won", state="won"),
            EndPoint(id="lost", state="lost", successful=False),
        ),
        flows=(
            Flow("start", "meeting"), Flow("meeting", "proposal"), Flow("proposal", "waiting"),
            Flow("waiting", "won", "yes"), Flow("waiting", "proposal", "again"), Flow("waiting", "lost", "no"),
        ),
    )  # fmt: skip


def flown(route: Route, *past: tuple[float, str], days: float = 30, holds: bool = True) -> Flight:
    """The flight of a past told as (day, what): a state in capitals, else a document."""
    happenings = [
        Happening(BEGIN + timedelta(days=day), state=what.lower())
        if what.isupper()
        else Happening(BEGIN + timedelta(days=day), document=what)
        for day, what in past
    ]
    return Past(
        route,
        Ways(route),
        BEGIN,
        happenings,
        holds=lambda _tree: holds,
        perform=lambda _step, _previous: 1,
        due=lambda _user, at, duration: at + timedelta(hours=duration.amount),
    ).fly(BEGIN + timedelta(days=days))


def told(flight: Flight) -> str:
    """The points come to, with the days on which they were left."""
    return " ".join(
        visit.point + ("…" if visit.left_at is None else f":{(visit.left_at - BEGIN).days}")
        for visit in flight.visits
    )


@pytest.mark.parametrize(
    ("past", "way"),
    [
        ([(0, "MEETING")], "meeting…"),
        ([(0, "MEETING"), (1, "call")], "meeting…"),
        ([(0, "MEETING"), (1, "call"), (2, "PROPOSAL")], "meeting:2 proposal…"),
        ([(0, "MEETING"), (2, "PROPOSAL")], "meeting…"),
        ([(0, "MEETING"), (2, "PROPOSAL"), (5, "call")], "meeting:5 proposal…"),
        # What was entered before the step does not count for it.
        ([(0, "MEETING"), (1, "call"), (1, "letter"), (2, "PROPOSAL"), (3, "proposal"), (4, "WAITING")],
         "meeting:2 proposal…"),
        ([(0, "MEETING"), (1, "call"), (2, "PROPOSAL"), (3, "proposal"), (3, "letter"), (4, "WAITING"), (6, "WON")],
         "meeting:2 proposal:4 waiting:6"),
        ([(0, "MEETING"), (1, "call"), (2, "PROPOSAL"), (3, "proposal"), (3, "letter"), (4, "WAITING"),
          (6, "PROPOSAL")], "meeting:2 proposal:4 waiting:6 proposal…"),
        # Lost from the midst: no outcome leads there at once, so it ends early.
        ([(0, "MEETING"), (2, "LOST")], "meeting:2"),
        # Won without what the map demands.
        ([(0, "MEETING"), (1, "call"), (9, "WON")], "meeting:9 proposal…"),
    ],
)  # fmt: skip
def test_m_05_the_past_is_followed_as_far_as_the_map_lets_it(past: list[tuple[float, str]], way: str) -> None:
    assert told(flown(sale(), *past)) == way


def test_m_05_how_it_ended_and_what_was_missing() -> None:
    early = flown(sale(), (0, "MEETING"), (2, "LOST"))
    assert (early.instance.status, early.state, early.ended_at) == (
        Status.TERMINATED, "lost", BEGIN + timedelta(days=2),
    )  # fmt: skip
    assert early.visits[0].cancelled
    stands = flown(sale(), (0, "MEETING"), (1, "call"), (9, "WON"))
    assert (stands.state, stands.past_state) == ("proposal", "won")
    assert stands.lacks == {"proposal": [PROPOSAL, LETTER]}
    assert stands.visits[0].due_at == BEGIN + timedelta(hours=4)


def test_m_05_side_branches_timers_actions_and_choices() -> None:
    route = Route(
        "2", "Contract",
        points=(
            StartPoint(id="start"),
            SplitPoint(id="split"),
            Step(id="agree", state="contract"),
            Step(id="reserve", requirements=(CALL,)),
            JoinPoint(id="join"),
            ActionPoint(id="note", action="set_field", settings={}),
            TimerPoint(id="pause", duration=Duration(48, Unit.CALENDAR_DAYS)),
            ChoicePoint(id="which"),
            EndPoint(id="won", state="won"),
            EndPoint(id="lost", state="lost", successful=False),
        ),
        flows=(
            Flow("start", "split"), Flow("split", "agree", controls=True), Flow("split", "reserve"),
            Flow("agree", "join"), Flow("reserve", "join"), Flow("join", "note"), Flow("note", "pause"),
            Flow("pause", "which"), Flow("which", "won", condition={"field": "x"}), Flow("which", "lost"),
        ),
    )  # fmt: skip
    past = [(0, "CONTRACT"), (1, "call"), (3, "WON")]
    flight = flown(route, *past)
    # The side branch is done when its call is there, the other when the Interest went on; the timer rings later.
    assert told(flight) == "agree:3 reserve:1 join:3 note:3 pause:5"
    assert (flight.instance.successful, flight.state) == (True, "won")
    assert flown(route, *past, holds=False).state == "lost"
    assert told(flown(route, *past, days=4)) == "agree:3 reserve:1 join:3 note:3 pause…"
    assert told(flown(route, (0, "CONTRACT"), (3, "WON"))) == "agree:3 reserve… join…"


def test_m_05_a_map_that_goes_round_and_round_ends() -> None:
    round_and_round = replace(
        sale(),
        points=(
            StartPoint(id="start"),
            TimerPoint(id="pause", duration=Duration(0, Unit.MINUTES)),
            Step(id="a", state="meeting"),
        ),
        flows=(Flow("start", "pause"), Flow("pause", "pause")),
    )
    assert len(flown(round_and_round, (1, "MEETING")).visits) == 300
