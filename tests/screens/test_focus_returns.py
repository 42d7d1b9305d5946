"""A window that was too small for a while takes no keys from the list."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.services.ports import Ports
from crm_tui.widgets.record_list import RecordList
from tests.screens.keyboard import settle
from tests.screens.mailbox import Mailbox
from tests.waiting import settled


@pytest.mark.parametrize("size", [(59, 30), (100, 15), (1, 1)])
async def test_the_focus_comes_back_with_the_room(app: CrmApp, ports: Ports, size: tuple[int, int]) -> None:
    Mailbox(ports).letter()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert isinstance(app.focused, RecordList)
        await pilot.resize_terminal(*size)
        await settled(pilot, lambda: app.focused is None, "nothing of it is seen")
        await pilot.resize_terminal(100, 30)
        await settled(pilot, lambda: isinstance(app.focused, RecordList), "the list has the focus")
