"""A date on which nobody works: the next working day is proposed (story A2, step 12)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text
from tests.screens.test_contacts_journal import fill, keys, rows, wish

__all__ = ["wish"]


@pytest.mark.parametrize(
    ("answer", "planned"), [("1", "2026-11-23"), ("2", "2026-11-21")], ids=["Mon", "Sat"]
)
async def test_bp_15_a_next_contact_on_a_saturday_is_proposed_for_monday(
    app: CrmApp, ports: Ports, wish: int, answer: str, planned: str
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await keys(pilot, "4", "enter", "c")
        await fill(pilot, result="Просят цену", next="21.11.2026 15:00")
        await keys(pilot, "ctrl+s")
        text = screen_text(app)
        assert "Sat 21.11 15:00 is no working day" in text
        assert "1 Mon 23.11 15:00, the next working day" in text
        await keys(pilot, "escape")
        assert rows(ports) == [], "nothing is kept by Esc: the form is there still"
        await keys(pilot, "ctrl+s", answer)
    assert [f"{row.starts_at:%Y-%m-%d %H:%M}" for row in rows(ports)] == [
        "2026-11-19 11:40",
        f"{planned} 10:00",
    ]
