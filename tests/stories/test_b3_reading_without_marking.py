"""Story B3: a letter under the cursor is read after its time, or only when it is opened; views by one key."""

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import Letter, Placement
from tests.stories.office import Desk, Office, Seat


def is_read(desk: Desk, subject: str) -> bool:
    letter = desk.row(Letter, subject=subject)
    return bool(desk.row(Placement, letter_id=letter.id).flags & Flag.SEEN)


async def test_b3_reading_without_marking(office: Office, seat: Seat) -> None:
    async with office.at_desk(*seat, "[ui]\nread_after_seconds = 0.3\n") as desk:
        await desk.mail_is_quiet()
        for subject in ("First", "Second"):
            office.clock.move(minutes=1)
            office.deliver(subject, f"{subject} text")
        await desk.until(lambda: len(desk.rows(Placement)) == 2, "the letters")
        await desk.press("1", "home")
        await desk.sees("First", "Second")
        if "Second text" not in desk.screen:
            await desk.press("p")
        await desk.sees("Second text")
        await desk.until(lambda: is_read(desk, "Second"), "read under the cursor")
        assert not is_read(desk, "First")
        await desk.press("p")
        await desk.is_rid_of("Second text")
        await every_view_in_turn(desk, seat)
    async with office.at_desk(*seat) as desk:
        await desk.press("1", "end")
        await desk.mail_is_quiet()
        assert not is_read(desk, "First"), "resting on it is not reading"
        await desk.press("enter")
        await desk.sees("First text")
        await desk.until(lambda: is_read(desk, "First"), "opened")


async def every_view_in_turn(desk: Desk, seat: Seat) -> None:
    """Beside the list there is no room at 80 columns: that is said, and the letter stands below."""
    said = set()
    for _press in range(3):
        await desk.press("v")
        await desk.pilot.pause()
        said.add(desk.screen.splitlines()[-1])
    assert len(said) == 3
    if seat.size[0] < 110:
        assert any("narrow" in line or "wide" in line or "room" in line for line in said), said
