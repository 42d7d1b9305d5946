"""Days off out of calendar files: whole days, several, each year; nothing else, and nothing hostile (BP-15)."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.parsing import days_off

FIRST, LAST = date(2026, 1, 1), date(2027, 12, 31)


def calendar(*events: str) -> bytes:
    """A calendar with these events, a line for each property."""
    inner = "".join(
        f"BEGIN:VEVENT\r\nUID:{number}\r\n{event}\r\nEND:VEVENT\r\n" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//\r\n{inner}END:VCALENDAR\r\n".encode()


CASES = {
    "one day": (["DTSTART;VALUE=DATE:20260508\r\nSUMMARY:Наурыз"], {date(2026, 5, 8): "Наурыз"}, 0),
    "the end is not included": (
        ["DTSTART;VALUE=DATE:20260804\r\nDTEND;VALUE=DATE:20260806\r\nSUMMARY:Shutdown"],
        {date(2026, 8, 4): "Shutdown", date(2026, 8, 5): "Shutdown"},
        0,
    ),
    "a duration": (
        ["DTSTART;VALUE=DATE:20260804\r\nDURATION:P2D"],
        {date(2026, 8, 4): "", date(2026, 8, 5): ""},
        0,
    ),
    "each year, but for one": (
        ["DTSTART;VALUE=DATE:20100508\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20270508\r\nSUMMARY:X"],
        {date(2026, 5, 8): "X"},
        0,
    ),
    "out of the window": (["DTSTART;VALUE=DATE:20200508\r\nSUMMARY:X"], {}, 0),
    "a meeting": (["DTSTART:20260508T090000Z\r\nDTEND:20260508T100000Z"], {}, 1),
    "cancelled": (["DTSTART;VALUE=DATE:20260508\r\nSTATUS:CANCELLED"], {}, 1),
    "too long": (["DTSTART;VALUE=DATE:20260508\r\nDTEND;VALUE=DATE:20290508"], {}, 1),
    "without a start": (["SUMMARY:X"], {}, 1),
    "a rule that is not understood": (["DTSTART;VALUE=DATE:20260508\r\nRRULE:FREQ=SECONDLY"], {}, 1),
    "control bytes": (
        ["DTSTART;VALUE=DATE:20260508\r\nSUMMARY:a\x1b[31mb"],
        {date(2026, 5, 8): clean("a\x1b[31mb")},
        0,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_bp_15_events_of_whole_days_are_days_off(name: str) -> None:
    events, days, passed_over = CASES[name]
    found = days_off.read(calendar(*events), FIRST, LAST)
    assert (dict(found.days), found.passed_over) == (days, passed_over)


def test_what_is_no_calendar_or_too_big_is_refused() -> None:
    for content, code in (
        (b"\x00\xff", "calendar_file"),
        (b"x" * (days_off.MOST_BYTES + 1), "calendar_file_big"),
    ):
        with pytest.raises(Invalid, match=code):
            days_off.read(content, FIRST, LAST)


@given(st.binary(max_size=60), st.integers(0, 250))
def test_a_damaged_file_raises_nothing_else(noise: bytes, at: int) -> None:
    whole = calendar("DTSTART;VALUE=DATE:20100508\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:X")
    with suppress(Invalid):
        assert days_off.read(whole[:at] + noise + whole[at:], FIRST, LAST).passed_over >= 0
