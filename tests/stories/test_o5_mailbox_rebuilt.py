"""Story O5: the provider numbers the mailbox anew; nothing comes twice and nothing is lost."""

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.tables import Folder, Interest, Letter, LetterLink, Placement
from tests.stories.office import Desk, Office, Seat
from tests.sync.world import letter

COUNT = 60
"""No letter becomes read because the machine is slow and the cursor rests on it."""


def inbox(desk: Desk) -> list[Placement]:
    folder = desk.row(Folder, role="inbox")
    return [one for one in desk.rows(Placement, folder_id=folder.key) if not one.deleted]


async def test_o5_the_provider_rebuilt_the_mailbox(office: Office, seat: Seat) -> None:
    letters = [letter(f"<{n}@x.example>", f"Letter {n}", "How much?") for n in range(COUNT)]
    office.server.seed(office.user, "INBOX", letters)
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        await desk.press("1", "home", "*")
        await desk.until(lambda: any(one.flags & Flag.FLAGGED for one in inbox(desk)), "important")
        starred = next(one for one in inbox(desk) if one.flags & Flag.FLAGGED)
        await desk.press("a")
        await desk.sees("1 of 3")
        await desk.press("enter", "enter", "enter")
        await desk.until(lambda: desk.rows(Interest), "accepted")
        await desk.mail_is_quiet()
        before = {one.letter_id: one.flags for one in desk.rows(Placement, deleted=False)}
    office.elsewhere.close()
    office.server.reset_uidvalidity(office.user, "INBOX")
    office.elsewhere = type(office.elsewhere)(office.server, office.user)
    async with office.at_desk(*seat) as desk:
        await desk.press("1", "end")
        await desk.sees("Letter ")
        await desk.mail_is_quiet()
        assert {one.letter_id: one.flags for one in desk.rows(Placement, deleted=False)} == before
        assert len(desk.rows(Letter)) == COUNT
        assert desk.row(LetterLink, kind="interest").letter_id == starred.letter_id
        assert all(one.body_state == "full" for one in desk.rows(Letter))
        await desk.press("4", "enter")
        await desk.sees(desk.row(Letter, id=starred.letter_id).subject)
    assert sum(len(places) for places in office.on_server().values()) == COUNT
