"""Letters as rows."""

from datetime import UTC, datetime, timedelta

import pytest

from crm_tui.sync.content import internal_date, letter_row


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


CAME = datetime(2026, 11, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize("block", [b"\r\n", b"From: cron@host.example\r\nSubject: done\r\n\r\n"])
def test_c_01_letters_that_say_nothing_of_themselves_are_told_apart(block: bytes) -> None:
    first, copy = letter_row(block, 900, CAME), letter_row(block, 900, CAME)
    other = letter_row(block, 900, CAME + timedelta(seconds=1))
    assert first["identity"] == copy["identity"], "a copy in another folder keeps its day of arrival"
    assert first["identity"] != other["identity"]
    assert first["thread_key"] != other["thread_key"]
    whole = [letter_row(block + text, len(block + text), CAME)["identity"] for text in (b"one", b"two")]
    assert whole[0] != whole[1]
    assert whole[0] == letter_row(block + b"one", len(block) + 3, CAME + timedelta(days=1))["identity"]


@pytest.mark.parametrize("field", [b"Message-ID: <1@host.example>", b"Date: Thu, 12 Nov 2026 09:00:00 +0000"])
def test_c_01_a_letter_that_names_itself_is_the_same_whenever_it_came(field: bytes) -> None:
    block = field + b"\r\n\r\n"
    assert (
        letter_row(block, 900, CAME)["identity"]
        == letter_row(block, 900, CAME + timedelta(days=1))["identity"]
    )
