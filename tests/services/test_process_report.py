"""The report of a map, beside what a person would count by hand (CORP-21)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median_low

from crm_tui.domain.event.working_time import ORDINARY, WorkingClock, working_time_between
from crm_tui.domain.route.route_map import Duration, Route, Step, Unit
from crm_tui.services.process import process_report, processes
from crm_tui.services.process.process_report import Death, Lateness, Report
from crm_tui.store.tables import User
from tests.services.process_office import Floor, sale

HOUR = timedelta(hours=1)


def timed_sale() -> Route:
    """The sale whose meeting may take four working hours."""
    points = [
        replace(point, duration=Duration(4, Unit.WORKING_HOURS)) if isinstance(point, Step) else point
        for point in sale().points
        if point.id == "meeting"
    ]
    return replace(
        sale(), points=tuple({**{one.id: one for one in sale().points}, "meeting": points[0]}.values())
    )


def report(floor: Floor, map_id: int, **period: datetime) -> Report:
    """The report as it is now."""
    with floor.store.read() as connection:
        return process_report.of_map(connection, map_id, floor.office.clock.now, **period)


def ten_deals(floor: Floor) -> tuple[int, list[int]]:
    """Ten Interests, begun at once on Thursday 16:40 in Almaty. The meeting of the first takes an hour, of the second
    two …; the eighth is ended early at the meeting, the tenth waits there, the ninth waits at the proposal. An hour
    later four are won, two lost, one ended early."""
    map_id = floor.enforce(timed_sale())
    deals = [floor.interest(f"Deal {number}") for number in range(10)]
    for number, deal in enumerate(deals[:9]):
        floor.office.clock.move(hours=1)
        if number == 7:
            end_early(floor, deal, "postponed")
        else:
            step(floor, deal)
    floor.office.clock.move(hours=1)
    for deal in deals[:4]:
        step(floor, deal, "won")
    for deal in deals[4:6]:
        step(floor, deal, "lost", reason="price")
    end_early(floor, deals[6], "silent")
    return map_id, deals


def step(floor: Floor, deal: int, outcome: str = "", **said: str) -> None:
    """Complete the one open step of the Interest."""
    (task,) = floor.open_steps(deal).values()
    floor.do(task, outcome, **said)


def end_early(floor: Floor, deal: int, reason: str) -> None:
    """End its process."""
    (process,) = floor.processes(interest_id=deal)
    with floor.work("process.terminate") as work:
        processes.terminate(work, process.key, reason)


def test_corp_21_how_a_map_ran(floor: Floor) -> None:
    map_id, _deals = ten_deals(floor)
    found = report(floor, map_id)
    assert (found.title, found.started, found.running) == ("1.2 Sale", 10, [(1, "running", 2)])
    meeting, proposal = found.steps
    assert (meeting.name, meeting.entered, meeting.left, meeting.cancelled, meeting.waiting) == (
        "Meeting", 10, 8, 1, 1,
    )  # fmt: skip
    hours = [1, 2, 3, 4, 5, 6, 7, 9]
    assert meeting.clock == process_report.Times(8, median_low(hours) * HOUR, 9 * HOUR)
    # From 16:40 to 18:00 an hour and twenty minutes are worked, and none afterwards.
    assert meeting.working == process_report.Times(8, 4 * HOUR / 3, 4 * HOUR / 3)
    assert (proposal.entered, proposal.left, proposal.cancelled, proposal.waiting) == (8, 6, 1, 1)
    assert proposal.clock is not None
    assert (proposal.clock.median, proposal.clock.p90) == (6 * HOUR, 9 * HOUR)
    assert {how: one.number for how, one in found.ended.items()} == {
        "successful": 4, "unsuccessful": 2, "terminated": 2,
    }  # fmt: skip
    assert found.ended["successful"].median == 10 * HOUR
    assert list(found.deaths) == [
        Death(False, "Proposal", "Not sold", "Price", 2),
        Death(True, "Meeting", "", "postponed", 1),
        Death(True, "Proposal", "", "silent", 1),
    ]
    with floor.work() as work:
        name = work.get(User, floor.office.user.key).name
    # The deadline of all ten is Friday, 11:40.
    assert list(found.late) == []
    floor.office.clock.move(hours=12)
    step(floor, _deals[9])
    floor.office.clock.move(days=1)
    late = report(floor, map_id).late
    assert late == [Lateness(floor.office.user.key, name, 9, 1, 0)]


def test_corp_21_of_a_period_only_what_happened_in_it(floor: Floor) -> None:
    map_id, _deals = ten_deals(floor)
    begin = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
    early = report(floor, map_id, until=begin + 3 * HOUR)
    assert early.started == 10
    assert early.steps[0].clock == process_report.Times(2, HOUR, 2 * HOUR)
    assert early.steps[1].entered == 2
    assert list(early.deaths) == []
    after = report(floor, map_id, since=begin + 8 * HOUR)
    assert after.started == 0
    assert (after.steps[0].entered, after.steps[0].left) == (0, 0)
    assert after.steps[0].clock == process_report.Times(1, 9 * HOUR, 9 * HOUR)
    assert sum(one.number for one in after.deaths) == 4


def test_corp_21_a_map_that_never_ran_has_an_empty_report(floor: Floor) -> None:
    found = report(floor, floor.enforce(sale()))
    assert (found.started, found.steps, found.deaths, found.late, found.ended) == (0, [], [], [], {})


def test_bp_15_a_clock_of_working_time_counts_as_the_calendar_does() -> None:
    start = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
    clock = WorkingClock(ORDINARY, UTC, start, start + timedelta(days=9))
    for first in range(0, 200, 7):
        for second in range(first, 200, 11):
            one, other = start + first * HOUR, start + second * HOUR
            assert clock.seconds(one, other) == working_time_between(one, other, UTC).total_seconds()
