"""Deal dynamics: what came, went on and is stuck in each state (ELP-08)."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.conditions.periods import Period
from crm_tui.screens.forms.prompt import Choice
from crm_tui.screens.interest.dynamics import sparkline
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.ports import Ports
from crm_tui.store.queries import deal_dynamics
from crm_tui.store.tables import State
from tests.calls import log_call
from tests.screens.keyboard import screen_text, type_text
from tests.stores import TestClock
from tests.waiting import settled


@pytest.fixture
def deals(ports: Ports) -> Ports:
    """Five Interests of the last forty days: two went on to the proposal, one of these was lost, one is stuck in the
    meeting although there was a call, one more came today."""
    clock = ports.store.clock
    assert isinstance(clock, TestClock)
    with ports.store.work(ports.actor, "setup") as work:
        scenarios.ensure_shipped(work)
        meeting = scenarios.state_by_code(work, scenarios.by_code(work, "sale").key, "meeting")
        work.change(work.get(State, meeting.key), rot_days=7)

    def made(name: str) -> int:
        with ports.store.work(ports.actor, "interest.add") as work:
            return interests.add(work, name, owner_id=ports.actor.user_id).key

    def moved(interest: int, code: str, reason: str = "") -> None:
        with ports.store.work(ports.actor, "interest.move") as work:
            state = scenarios.state_by_code(work, scenarios.by_code(work, "sale").key, code)
            interests.move(work, interest, state.key, "said", reason=reason)

    first, second, stuck = made("First"), made("Second"), made("Stuck")
    clock.move(days=20)
    fresh = made("Touched")
    moved(first, "proposal")
    moved(second, "proposal")
    clock.move(days=20)
    moved(second, "lost", "price")
    with ports.store.work(ports.actor, "interaction.log") as work:
        log_call(work, fresh, result="Waits")
    made("Today")
    assert stuck
    return ports


def test_elp_08_what_came_what_went_on_and_what_is_stuck(deals: Ports) -> None:
    now = deals.store.clock()
    with deals.store.read() as connection:
        scenario = next(key for key, code, _name in _scenarios(connection) if code == "sale")
        ended = now + timedelta(seconds=1)
        last_month, long = (Period(now - timedelta(days=days), ended) for days in (30, 90))
        before = Period(now - timedelta(days=30), now - timedelta(days=10))
        month = deal_dynamics.of_scenario(connection, scenario, last_month, now)
        nobody = deal_dynamics.of_scenario(connection, scenario, last_month, now, 999)
        longer = deal_dynamics.of_scenario(connection, scenario, long, now)
        earlier = deal_dynamics.of_scenario(connection, scenario, before, now)
    told = {one.name: (one.standing, one.stuck, one.entered, one.left) for one in month}
    assert told["Meeting"] == (3, 1, 2, 2)
    assert told["Proposal"] == (1, 0, 2, 1)
    assert told["Lost"][0::2] == (1, 1)
    (meeting, *_others) = month
    # Forty, twenty and no days.
    assert meeting.average_age == timedelta(days=20)
    assert meeting.by_slice == (0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1)
    assert longer[0].entered == 5
    assert (earlier[0].standing, earlier[0].entered, earlier[0].left) == (3, 1, 2)
    assert all((one.standing, one.entered) == (0, 0) for one in nobody)


def _scenarios(connection: object) -> list[tuple[int, str, str]]:
    from crm_tui.store.queries import interests as queries

    return queries.scenarios(connection)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("period", "which", "size"), [("p", "o", (80, 24)), ("з", "щ", (120, 40))], ids=["latin", "cyrillic"]
)
async def test_elp_08_the_dynamics_on_the_screen(
    app: CrmApp, deals: Ports, period: str, which: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await type_text(pilot, ":dynamics\n")
        await settled(pilot, lambda: "Proposal" in screen_text(app))
        assert "Sale, last 30 days" in screen_text(app)
        line = next(row for row in screen_text(app).splitlines() if "Meeting" in row)
        assert line.split()[:7] == ["▌", "Meeting", "3", "!", "1", "20", "d"]
        # Enter lists who stands there longest, and opens the Interest.
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice) and "40 d · Stuck" in screen_text(app))
        assert screen_text(app).index("Stuck") < screen_text(app).index("Touched")
        await pilot.press("1")
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen))
        await type_text(pilot, ":dynamics\n")
        await settled(pilot, lambda: "Sale, last 30 days" in screen_text(app))
        await pilot.press(period)
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("3")
        await settled(pilot, lambda: "last 90 days" in screen_text(app) and "  5  " in screen_text(app))
        await pilot.press(which)
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "Service")
        await pilot.press("enter")
        await settled(pilot, lambda: "Deal dynamics: Service" in screen_text(app))
        await pilot.press("v")
        await settled(pilot, lambda: "mine" in screen_text(app))


def test_elp_08_bars_are_as_high_as_their_numbers() -> None:
    assert sparkline((0, 1, 4, 8), 8) == " ▁▄█"
    assert sparkline((0, 1, 100), 100) == " ▁█"
    assert sparkline((0, 0), 0) == "  "
