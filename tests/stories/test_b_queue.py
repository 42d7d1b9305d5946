"""Stories B1 and B2, thin: a queue worked off by keys, and letters that come while something is typed."""

from crm_tui.services.account import accounts
from crm_tui.store.tables import Folder, Inquiry, Interest, Letter, Notification, Placement, Task
from tests.stories.office import Desk, Office, Seat
from tests.sync.world import letter


def subjects(desk: Desk, role: str) -> list[str]:
    """What lies in the folder with this role, as desired here."""
    folders = {one.key for one in desk.rows(Folder, role=role)}
    places = [one for one in desk.rows(Placement, deleted=False) if one.folder_id in folders]
    return sorted(desk.row(Letter, id=one.letter_id).subject for one in places)


async def test_b1_a_queue_is_worked_off(office: Office, seat: Seat) -> None:
    store = office.store()
    with store.work(office.actor, "account.change") as work:
        accounts.update(work, office.account_id, decline_needs_reason=True)
    store.close()
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        for number in range(1, 5):
            office.clock.move(minutes=1)
            office.deliver(f"{number} question", "How much?", f"Sender {number} <s{number}@there.example>")
        await desk.press("1")
        await desk.sees(*(f"{number} question" for number in range(1, 5)))
        await desk.press("home")
        await desk.press("x")
        await desk.sees("Why is it declined?")
        await desk.press("2")
        await desk.until(lambda: subjects(desk, "processed") == ["4 question"], "declined")
        assert desk.row(Inquiry).reason == "Advertising"
        await desk.press("x", "esc")
        assert len(desk.rows(Inquiry)) == 1, "no reason, no refusal"
        await desk.press("M")
        await desk.sees("Junk")
        await desk.write("junk")
        await desk.press("enter")
        await desk.until(lambda: subjects(desk, "junk") == ["3 question"], "moved")
        await desk.press("a")
        await desk.sees("1 of 3")
        await desk.press("enter", "enter", "enter")
        await desk.until(lambda: [one.name for one in desk.rows(Interest)] == ["2 question"], "accepted")
        await desk.sees("[4 Interests]")
        await desk.press("1")
        await desk.sees("1 question")
        await desk.is_rid_of("2 question")
        await desk.press("u")
        await desk.until(lambda: desk.rows(Interest) == [], "taken back")
        await desk.sees("Undone", "2 question")
        await desk.until(
            lambda: (
                sorted(place for places in office.on_server().values() for place, _flags in places)
                == ["INBOX", "INBOX", "Processed"]
            ),
            "the server follows, the third lies in Junk",
        )
        assert desk.rows(Task) == []


async def test_b2_bursts(office: Office, seat: Seat) -> None:
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        await two_letters_have_a_line_each(desk)
        await desk.press("2", "n")
        await desk.sees("New task")
        await desk.write("Call ")
        for number in range(12):
            office.clock.move(seconds=1)
            office.deliver(f"{number} burst", "Buy!", f"Sender {number} <s{number}@there.example>")
        await desk.until(lambda: len(desk.rows(Placement)) == 14, "the letters")
        await desk.mail_is_quiet()
        await desk.write("Olga")
        await desk.sees("Call Olga", "12 new letters")
        await desk.press("enter")
        await desk.until(lambda: [one.title for one in desk.rows(Task)] == ["Call Olga"], "the task")
        told = desk.rows(Notification)
        assert sum(int(one.facts.get("count", 1)) for one in told) == 14
        assert len(desk.app.screen_stack) == 1


async def two_letters_have_a_line_each(desk: Desk) -> None:
    desk.office.server.seed(
        desk.office.user,
        "INBOX",
        [letter(f"<{name}@x.example>", f"{name} letter") for name in ("one", "other")],
    )
    await desk.sees("Ctrl+N  New letter", "one letter", "other letter", "2 new letters: Ctrl+N")
    await desk.press("ctrl+n")
    await desk.sees("[1 Mail]")
    await desk.press("esc")
    await desk.sees("[0 Today]")
