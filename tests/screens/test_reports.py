"""`:report` by keyboard alone: what it counts, and the records behind a number (L-25, ELMA-16, MAIL-12)."""

from datetime import timedelta

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.conditions.periods import Period
from crm_tui.domain.interest import deal_figures
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.interest.behind import BehindScreen
from crm_tui.screens.interest.interest_card import InterestScreen
from crm_tui.screens.interest.report_tables import REPORTS, Asked, table
from crm_tui.screens.interest.reports import ReportScreen
from crm_tui.services.ports import Ports
from crm_tui.store.queries import deal_ways, interests
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import screen_text, type_text
from tests.screens.test_dynamics import deals as deals
from tests.screens.test_mail import on_layout
from tests.waiting import settled


def test_l_25_numbers_are_those_of_the_command_line_and_of_what_is_behind_them(deals: Ports) -> None:
    now = deals.store.clock()
    year = Period(now - timedelta(days=365), now + timedelta(seconds=1))
    before = Period(year.since, now - timedelta(days=10))
    with deals.store.read() as connection:
        scenario = next(key for key, code, _name in interests.scenarios(connection) if code == "sale")
        asked = Asked(scenario, year, now, None)
        states = [one.id for one in interests.states(connection, scenario) if one.outcome == "open"]
        counted = deal_figures.funnel(deal_ways.ways(connection, scenario), states, year)
        tables = {report: table(connection, report, asked).lines for report in REPORTS}
        nobodys = table(connection, "funnel", Asked(scenario, year, now, 999)).lines
        earlier = {
            report: table(connection, report, Asked(scenario, before, now, None)).lines for report in REPORTS
        }
    assert [tuple(len(number.ids) for number in line.numbers) for line in tables["funnel"]] == [
        (one.reached, one.went_on, one.won, one.lost, one.standing) for one in counted
    ]
    assert [line.cells[:3] for line in tables["reasons"]] == [("Lost: Price", "1", "100 %")]
    assert [line.cells[1] for line in tables["stale"]] == ["1"]
    (me,) = tables["activity"]
    assert [len(number.ids) for number in me.numbers] == [1, 0, 0, 0, 5, 0]
    assert [line.cells[1] for line in tables["speed"]] == ["2", "1", "0", "0", "0", "0", "1"]
    assert all(not number.ids for line in nobodys for number in line.numbers)
    # What came after the period does not count: the one lost, the call, the one made today.
    assert (earlier["funnel"][0].cells[1], earlier["reasons"], earlier["speed"][0].cells[1]) == ("4", (), "2")
    assert [len(number.ids) for number in earlier["activity"][0].numbers] == [0, 0, 0, 0, 4, 0]


@pytest.mark.parametrize(("layout", "size"), [("latin", (80, 24)), ("ru", (120, 40))])
async def test_elma_16_a_report_leads_to_the_records_behind_a_number(
    app: CrmApp, deals: Ports, layout: str, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:

        async def press(*pressed: str) -> None:
            for key in pressed:
                await pilot.press(on_layout(key, layout))

        await press(":")
        await type_text(pilot, "report funnel\n")
        await settled(pilot, lambda: "2 (40 %)" in screen_text(app))
        assert "Funnel: Sale, last 365 days" in screen_text(app)
        report = app.screen
        assert isinstance(report, ReportScreen)
        report.on_record_list_opened(RecordList.Opened(report._list, 99))  # of lines that are gone
        await press("enter")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        assert "Reached: 5" in screen_text(app)
        await pilot.press("down", "enter")
        await settled(pilot, lambda: isinstance(app.screen, BehindScreen) and "Second" in screen_text(app))
        text = screen_text(app)
        assert "Meeting · Went on: 2" in text
        assert "First" in text
        assert "Touched" not in text
        await press("escape", "p")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("8")
        await settled(pilot, lambda: "Funnel: Sale, last quarter" in screen_text(app))
        await settled(pilot, lambda: "2 (40 %)" not in screen_text(app))
        await press("p")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await type_text(pilot, "oth\n")
        await settled(pilot, lambda: isinstance(app.screen, Prompt) and "since when" in screen_text(app))
        await type_text(pilot, "1.10-19.11")
        await settled(pilot, lambda: "01.10.2026–19.11.2026" in screen_text(app))
        await pilot.press("enter")
        await settled(pilot, lambda: "Funnel: Sale, 01.10.2026–19.11.2026" in screen_text(app))
        await press(":")
        await type_text(pilot, "period this year\n")
        await settled(pilot, lambda: "this year" in screen_text(app) and "2 (40 %)" in screen_text(app))
        await press("r")
        await settled(pilot, lambda: isinstance(app.screen, Choice))
        await pilot.press("down", "down", "enter")
        await settled(pilot, lambda: "Lost: Price" in screen_text(app))
        await press("enter")
        await settled(pilot, lambda: isinstance(app.screen, BehindScreen) and "Second" in screen_text(app))
        await press("enter")
        await settled(pilot, lambda: isinstance(app.screen, InterestScreen))
        await press("escape", ":")
        await settled(pilot, lambda: not isinstance(app.screen, InterestScreen))
