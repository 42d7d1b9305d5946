"""The days that figures look back over, typed, kept and said (L-25)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crm_tui.domain.conditions import periods

ALMATY = ZoneInfo("Asia/Almaty")
NOW = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)
"""Monday the 23rd by the clocks of Almaty."""


@pytest.mark.parametrize(
    ("typed", "kept", "said", "first", "last"),
    [
        ("this month", "this month", "this month", "2026-11-01", "2026-11-23"),
        ("last month", "last month", "last month", "2026-10-01", "2026-10-31"),
        ("This quarter", "this quarter", "this quarter", "2026-10-01", "2026-11-23"),
        ("last  quarter", "last quarter", "last quarter", "2026-07-01", "2026-09-30"),
        ("last 7 days", "last 7 days", "last 7 days", "2026-11-17", "2026-11-23"),
        ("yesterday", "yesterday", "yesterday", "2026-11-22", "2026-11-22"),
        ("1.10", "2026-10-01..", "since 01.10.2026", "2026-10-01", "2026-11-23"),
        ("25.12", "2025-12-25..", "since 25.12.2025", "2025-12-25", "2026-11-23"),
        ("friday", "2026-11-20..", "since 20.11.2026", "2026-11-20", "2026-11-23"),
        ("last year..", "last year..", "since last year", "2025-01-01", "2026-11-23"),
        ("1.10 - 15.11", "2026-10-01..2026-11-15", "01.10.2026–15.11.2026", "2026-10-01", "2026-11-15"),
        ("1.10-15.11", "2026-10-01..2026-11-15", "01.10.2026–15.11.2026", "2026-10-01", "2026-11-15"),
        ("1.9.2025—15.11.2025", "2025-09-01..2025-11-15", "01.09.2025–15.11.2025", "2025-09-01", "2025-11-15"),
        ("2026-10-01..2026-11-15", "2026-10-01..2026-11-15", "01.10.2026–15.11.2026", "2026-10-01", "2026-11-15"),
        ("1 октября – вчера", "2026-10-01..2026-11-22", "01.10.2026–22.11.2026", "2026-10-01", "2026-11-22"),
        ("last year .. last month", "last year..last month", "last year–last month", "2025-01-01", "2026-10-31"),
    ],
)  # fmt: skip
def test_l_25_what_is_typed_is_kept_said_and_reckoned(
    typed: str, kept: str, said: str, first: str, last: str
) -> None:
    assert periods.typed(typed, NOW, ALMATY) == kept
    assert periods.is_period(kept)
    assert periods.said(kept) == said
    period = periods.of(kept, NOW, ALMATY)
    begun, ended = (datetime.fromisoformat(one).replace(tzinfo=ALMATY) for one in (first, last))
    assert (period.since, period.until) == (begun, ended + timedelta(days=1))
    assert period.since in period
    assert period.until not in period


@pytest.mark.parametrize(
    "typed", ["", "..", "when it rains", "15.11 - 1.10.2026", "1.10 - ?", "1.13", "..15.11"]
)
def test_l_25_what_is_no_period_is_refused(typed: str) -> None:
    assert periods.typed(typed, NOW, ALMATY) is None


@pytest.mark.parametrize(
    "kept", [None, 30, "", "..", "2026-13-01..", "..2026-10-01", "last month..x", "someday"]
)
def test_what_another_version_kept_is_no_period(kept: object) -> None:
    assert not periods.is_period(kept)


@pytest.mark.parametrize("kept", periods.OFFERED)
def test_l_25_each_period_that_is_offered_can_be_typed_too(kept: str) -> None:
    assert periods.typed(periods.said(kept), NOW, ALMATY) == kept
    assert periods.of(kept, NOW, ALMATY).since < NOW
