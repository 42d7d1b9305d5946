"""Later letters about a meeting that is in the calendar: what they say of the whole of it, or of one of a series."""

import base64
import itertools
from datetime import UTC, datetime
from typing import Any

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.parsing import invitation
from crm_tui.services.event import occurrences
from crm_tui.services.letter import invitations
from crm_tui.services.letter.invitations import Taken
from crm_tui.store.tables import Event, MailAccount, Outbox
from crm_tui.store.tables.meetings import CancelledMeeting
from tests.services.conftest import Office

_NUMBERS = itertools.count(1)
SERIES = "RRULE:FREQ=WEEKLY;COUNT=3"
SECOND = "RECURRENCE-ID;TZID=Asia/Almaty:20270111T100000"


def told(method: str, start: str, end: str, *more: str, summary: str = "Sync") -> invitation.Invitation:
    """What a letter about the meeting says."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT", "UID:m-1", f"SUMMARY:{summary}",
        f"DTSTART{start}", f"DTEND{end}", "ORGANIZER:mailto:boss@there.example", *more, "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    found = invitation.read("\r\n".join(lines).encode())
    assert found is not None
    return found


def in_almaty(hour: int, day: str = "20270104") -> str:
    return f";TZID=Asia/Almaty:{day}T{hour:02}0000"


def take(office: Office, said: invitation.Invitation) -> Taken:
    letter = office.letter(number=next(_NUMBERS))
    with office.store.work(office.actor, "invitation.take") as work:
        return invitations.take(work, said, letter.letter_id, owner_id=office.user.key, zone="Europe/Berlin")


def starts(office: Office) -> list[str]:
    """When the meetings of January are, in UTC."""
    begin, end = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
    with office.store.work(office.actor, "look") as work:
        found = [one for row in work.all(Event) for one in occurrences.of_event(row, begin, end)]
    return sorted(f"{one.starts_at:%d %H}" for one in found)


def test_a_meeting_told_anew_by_another_clock_stays_at_its_time(office: Office) -> None:
    take(office, told("REQUEST", in_almaty(10), in_almaty(11)))
    assert starts(office) == ["04 05"]
    assert (
        take(office, told("REQUEST", ":20270104T060000Z", ":20270104T070000Z", summary="Moved")).what
        == "changed"
    )
    assert starts(office) == ["04 06"]
    with office.store.work(office.actor, "look") as work:
        assert [row.summary for row in work.all(Event)] == ["Moved"]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ([("CANCEL", 10)], ["04 05", "18 05"]),
        ([("REQUEST", 15)], ["04 05", "11 10", "18 05"]),
        ([("REQUEST", 15), ("REQUEST", 16)], ["04 05", "11 11", "18 05"]),
        ([("REQUEST", 15), ("CANCEL", 15)], ["04 05", "18 05"]),
    ],
)
def test_mail_39_a_letter_about_one_of_a_series_touches_no_other_one(
    office: Office, letters: list[Any], expected: list[str]
) -> None:
    take(office, told("REQUEST", in_almaty(10), in_almaty(11), SERIES))
    assert starts(office) == ["04 05", "11 05", "18 05"]
    for method, hour in letters:
        take(office, told(method, in_almaty(hour, "20270111"), in_almaty(hour + 1, "20270111"), SECOND))
    assert starts(office) == expected


STAMPED = "DTSTAMP:20270101T120000Z"


@pytest.mark.parametrize(
    ("method", "revision"),
    [
        ("REQUEST", ["SEQUENCE:1"]),
        ("CANCEL", ["SEQUENCE:1"]),
        ("REQUEST", ["SEQUENCE:2", "DTSTAMP:20270101T115959Z"]),
    ],
)
def test_mail_39_a_letter_that_was_overtaken_on_its_way_changes_nothing(
    office: Office, method: str, revision: list[str]
) -> None:
    take(office, told("REQUEST", in_almaty(10), in_almaty(11), "SEQUENCE:0"))
    take(office, told("REQUEST", in_almaty(12), in_almaty(13), "SEQUENCE:2", STAMPED))
    with pytest.raises(Refused) as refused:
        take(office, told(method, in_almaty(15), in_almaty(16), *revision))
    assert refused.value.code == "invitation_is_older"
    assert starts(office) == ["04 07"]
    assert take(office, told("CANCEL", in_almaty(12), in_almaty(13), "SEQUENCE:2", STAMPED)).what == "removed"


def test_an_answer_names_the_one_of_a_series_that_it_is_about(office: Office) -> None:
    said = told("REQUEST", in_almaty(15, "20270111"), in_almaty(16, "20270111"), SECOND)
    letter = office.letter()
    with office.store.work(office.actor, "invitation.answer") as work:
        work.change(work.get(MailAccount, office.account.key), smtp_host="localhost")
        invitations.answer(work, said, letter.letter_id, office.account.key, "DECLINED", "No")
        (row,) = work.all(Outbox)
    content = base64.b64decode(row.raw.rpartition(b"base64")[2].split(b"\r\n\r\n", 1)[1].split(b"\r\n--")[0])
    assert b"RECURRENCE-ID;TZID=Asia/Almaty:20270111T100000" in content


@pytest.mark.parametrize(
    ("cancelled", "invited", "is_there"),
    [
        ([], [], False),
        (["SEQUENCE:1"], ["SEQUENCE:0"], False),
        (["SEQUENCE:1"], ["SEQUENCE:2"], True),
        (["SEQUENCE:1", STAMPED], ["SEQUENCE:1", "DTSTAMP:20270101T115959Z"], False),
        (["SEQUENCE:1", STAMPED], ["SEQUENCE:1", "DTSTAMP:20270101T120001Z"], True),
    ],
)
@pytest.mark.parametrize("was_there", [False, True])
def test_mail_39_a_cancelled_meeting_comes_back_only_by_a_later_invitation(
    office: Office, cancelled: list[str], invited: list[str], is_there: bool, was_there: bool
) -> None:
    """Letters come in any order, and a cancellation may come without the invitation (RFC 5546 section 2.1.5)."""
    if was_there:
        take(office, told("REQUEST", in_almaty(9), in_almaty(10)))
    gone = take(office, told("CANCEL", in_almaty(10), in_almaty(11), *cancelled))
    assert gone.what == ("removed" if was_there else "noted")
    invitation_to_it = told("REQUEST", in_almaty(10), in_almaty(11), *invited)
    if is_there:
        assert take(office, invitation_to_it).what == "added"
    else:
        with pytest.raises(Refused) as refused:
            take(office, invitation_to_it)
        assert refused.value.code == "meeting_was_cancelled"
    assert starts(office) == (["04 05"] if is_there else [])


@pytest.mark.parametrize("was_there", [False, True])
def test_mail_39_one_of_a_series_that_was_cancelled_stays_away(office: Office, was_there: bool) -> None:
    series = told("REQUEST", in_almaty(10), in_almaty(11), SERIES)
    day = "20270111"
    moved = told("REQUEST", in_almaty(15, day), in_almaty(16, day), SECOND)
    if was_there:
        take(office, series)
    take(office, told("CANCEL", in_almaty(10, day), in_almaty(11, day), SECOND, "SEQUENCE:1"))
    if not was_there:
        take(office, series)
    with pytest.raises(Refused):
        take(office, moved)
    assert starts(office) == ["04 05", "18 05"]


def test_mail_39_a_letter_that_does_not_say_when_it_was_written_is_as_old_as_its_date(office: Office) -> None:
    earlier = office.clock()
    cancelled = told("CANCEL", in_almaty(10), in_almaty(11))
    office.clock.move(hours=1)
    take(office, cancelled)
    invited = told("REQUEST", in_almaty(10), in_almaty(11))
    office.clock.now = earlier
    with pytest.raises(Refused) as refused:
        take(office, invited)
    assert refused.value.code == "meeting_was_cancelled"
    office.clock.move(hours=2)
    assert take(office, invited).what == "added"
    office.clock.now = earlier
    with pytest.raises(Refused) as refused:
        take(office, cancelled)
    assert refused.value.code == "invitation_is_older"


def test_mail_39_of_cancellations_that_come_again_the_latest_is_kept(office: Office) -> None:
    day = "20270111"
    said = (in_almaty(10, day), in_almaty(11, day), SECOND)
    for revision in ("SEQUENCE:1", "SEQUENCE:1", "SEQUENCE:3", "SEQUENCE:2"):
        take(office, told("CANCEL", *said, revision))
    utc = (":20270111T050000Z", ":20270111T060000Z", "RECURRENCE-ID:20270111T050000Z")
    take(office, told("CANCEL", *utc, "SEQUENCE:3"))
    take(office, told("CANCEL", in_almaty(10), in_almaty(11)))
    with office.store.work(office.actor, "look") as work:
        marks = [(one.occurrence is None, one.sequence) for one in work.all(CancelledMeeting)]
    assert marks == [(False, 3), (True, 0)]
