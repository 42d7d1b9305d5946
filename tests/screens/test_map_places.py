"""The map editor: points moved along their way, pressed with the mouse, side branches, whose account writes."""

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.route.route_map import Step
from crm_tui.screens.route.map_step import MapStepScreen
from crm_tui.services.account import accounts
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle
from tests.screens.test_map_editor import Desk, maps, step, written

__all__ = ["maps"]


def order(ports: Ports) -> list[str]:
    """The steps of the quick sale, one after the other from its start."""
    route = written(ports, "Sale (quick)")
    names, point = [], "start"
    while route.leaving[point] and point not in names[1:]:
        point = route.flows[route.leaving[point][0]].target
        names.append(point)
    return [one.name for name in names if isinstance(one := route.by_id[name], Step)]


async def press_on(pilot: Pilot[int], app: CrmApp, text: str, times: int = 1) -> str:
    """Press where the text stands on the screen."""
    lines = screen_text(app).splitlines()
    y = next(number for number, line in enumerate(lines) if text in line)
    await pilot.click(offset=(lines[y].index(text) + 1, y), times=times)
    await settle(pilot)
    return screen_text(app)


@pytest.mark.parametrize("layout", ["latin", "ru"])
async def test_rm_04_a_point_is_moved_along_its_way_and_back(app: CrmApp, maps: Ports, layout: str) -> None:
    before = order(maps)
    async with app.run_test(size=(120, 40)) as pilot:
        press = Desk(app, pilot, layout)
        await press("g", "m", "enter", "down")
        await press("J")
        assert order(maps)[:2] == [before[1], before[0]]
        await press("K")
        assert order(maps) == before
        await press("u", "u")
        assert order(maps) == before


async def test_rm_04_a_point_is_pressed_with_the_mouse_and_opened_by_a_double_press(
    app: CrmApp, maps: Ports
) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        press = Desk(app, pilot)
        await press("g", "m", "enter")
        assert "▌[Proposal]" not in screen_text(app)
        assert "▌[Proposal]" in await press_on(pilot, app, "[Proposal]")
        await press_on(pilot, app, "[Meeting]", times=2)
        assert isinstance(app.screen, MapStepScreen)


async def test_bp_20_a_side_branch_is_asked_for_no_state(app: CrmApp, maps: Ports) -> None:
    async with app.run_test(size=(120, 40)) as pilot:
        press = Desk(app, pilot)
        await press("g", "m", "enter", "down", "down", "down", "down", "down")
        await press("n", "3", "'Agree", "tab", "'Reserve", "ctrl+s")
        await press_on(pilot, app, "[Reserve]")
        assert "Nothing goes into a state here." in await press("s")
        await press("e")
        assert not app.screen.query("#field-state")
        await press("esc", "n", "1")
        assert not app.screen.query("#field-state"), "nor a new point there"
        await press("esc")
        await press_on(pilot, app, "[Agree]")
        await press("e")
        assert app.screen.query("#field-state")
        await press("esc", "n", "1")
        assert app.screen.query("#field-state")
    assert step(written(maps, "Sale (quick)"), "Reserve").state == ""


async def test_rm_15_the_account_of_its_letters_is_a_parameter_of_the_map(app: CrmApp, maps: Ports) -> None:
    with maps.store.work(maps.actor, "setup") as work:
        accounts.add(work, "sales", "sales@office.example", imap_host="x", smtp_host="y")
    async with app.run_test(size=(80, 24)) as pilot:
        press = Desk(app, pilot)
        await press("g", "m", "enter", "P")
        for _field in range(12):
            if app.focused is not None and app.focused.id == "field-account":
                break
            await press("tab")
        assert "< sales <sales@office.example> >" in await press("right")
        await press("ctrl+s")
    assert written(maps, "Sale (quick)").account == "sales@office.example"
