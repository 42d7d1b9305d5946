"""How long before the start to remind: in the words of the language, and read as it was written."""

from collections.abc import Iterator

import pytest

from crm_tui import i18n
from crm_tui.screens.event.calendar_words import lead_minutes, lead_text


@pytest.fixture(params=["en", "ru", "uk", "kk"])
def tongue(request: pytest.FixtureRequest) -> Iterator[str]:
    before = i18n.language()
    i18n.activate(request.param)
    yield request.param
    i18n.activate(before)


def test_a_lead_time_comes_back_as_it_was_written(tongue: str) -> None:
    for minutes in (0, 1, 15, 60, 90, 120, 1440, 2880, 10080):
        assert lead_minutes(lead_text(minutes)) == minutes, tongue
    assert lead_minutes(lead_text(None)) is None
    assert {"en": "15 min", "ru": "15 мин", "uk": "15 хв", "kk": "15 мин"}[tongue] == lead_text(15)
