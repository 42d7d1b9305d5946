"""Letters as rows."""

from datetime import UTC, datetime

import pytest

from crm_tui.sync.content import internal_date


@pytest.mark.parametrize(
    ("sent", "instant"),
    [
        (b"17-Jul-1996 02:44:25 -0700", datetime(1996, 7, 17, 9, 44, 25, tzinfo=UTC)),
        (b" 1-jan-2026 00:00:00 +0530", datetime(2025, 12, 31, 18, 30, tzinfo=UTC)),
        (b"31-Feb-2026 00:00:00 +0000", None),
        (b"01-Foo-2026 00:00:00 +0000", None),
        (b"01-Jan-0001 00:00:00 +1200", None),
        (b"31-Dec-9999 23:59:59 -1200", None),
        (b"", None),
        (b"\xff", None),
        (None, None),
        ([b"1"], None),
    ],
)
def test_the_day_of_arrival_is_read_or_there_is_none(sent: object, instant: datetime | None) -> None:
    assert internal_date(sent) == instant
