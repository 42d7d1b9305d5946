"""Stories O1 to O4: a start without a network, work meanwhile, reminders that were slept through."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from crm_tui.domain.letter.flags import Flag
from crm_tui.services.account import accounts
from crm_tui.services.task import tasks
from crm_tui.store.tables import Placement, Reminder
from tests.servers.dovecot import free_ports
from tests.stories.office import Office, Seat

"""Nothing is read by resting on it: a story counts what was done."""


def network(office: Office, *, there: bool) -> None:
    """Whether the mail servers can be reached from now on."""
    store = office.store()
    imap, smtp = (office.server.imap_port, office.sink.port) if there else free_ports(2)
    with store.work(office.actor, "account.change") as work:
        accounts.update(work, office.account_id, imap_port=imap, smtp_port=smtp)
    store.close()


def somebody_deletes(office: Office, name: str) -> None:
    """Another program at the same mailbox deletes the letter whose Message-ID begins so."""
    there = office.elsewhere.state("INBOX")
    ((_folder, _flags, uid),) = next(places for key, places in there.items() if key.startswith(f"{name}."))
    office.elsewhere.open("INBOX").expunge(str(uid).encode())


@contextmanager
def nothing_dialled_by_the_screens() -> Iterator[None]:
    """The thread of the screens opens no connection meanwhile (C-07): mail is waited for elsewhere."""
    connect, dialled = socket.socket.connect, []

    def noted(self: socket.socket, address: Any) -> None:
        if threading.current_thread() is threading.main_thread():
            dialled.append(address)
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", noted)
        yield
    assert not dialled


async def test_o1_c_07_a_start_in_a_train(office: Office, seat: Seat) -> None:
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        office.deliver("Valves", "How much?")
        await desk.until(lambda: desk.rows(Placement), "the letter")
        await desk.mail_is_quiet()
    network(office, there=False)
    office.clock.move(hours=3)
    with nothing_dialled_by_the_screens():
        await look_round(office, seat)
    network(office, there=True)
    async with office.at_desk(*seat) as desk:
        await desk.until(
            lambda: (
                [flags for ((_name, flags),) in office.on_server().values()] == [Flag.SEEN | Flag.FLAGGED]
            ),
            "what was done offline is done on the server",
        )
        await desk.is_rid_of("offline")


async def look_round(office: Office, seat: Seat) -> None:
    """All modes and a letter, while no server can be reached."""
    async with office.at_desk(*seat) as desk:
        await desk.sees("offline · mail as of 16:40")
        assert len(desk.app.screen_stack) == 1, "nothing pops up"
        for digit, title in (
            ("1", "Mail"),
            ("2", "My Tasks"),
            ("3", "Calendar"),
            ("4", "Interests"),
            ("0", "Today"),
        ):
            await desk.press(digit)
            await desk.sees(f"[{digit} {title}]", "offline · mail as of 16:40")
        await desk.press("1", "enter")
        await desk.sees("How much?")
        await desk.press("*")
        await desk.until(lambda: desk.row(Placement).flags & Flag.FLAGGED, "marked as important")


async def test_o2_c_23_work_in_a_train_and_o3_back_online(office: Office, seat: Seat) -> None:
    subjects = ["Order", "Second", "First", "Delete", "Move", "Star", "Open"]
    office.elsewhere.make("Processed")
    async with office.at_desk(*seat) as desk:
        await desk.mail_is_quiet()
        for subject in subjects:
            office.clock.move(minutes=1)
            office.deliver(subject, "How much?", f"{subject} <{subject.lower()}@there.example>")
        await desk.until(lambda: len(desk.rows(Placement)) == 7, "the letters")
        await desk.mail_is_quiet()
    network(office, there=False)
    async with office.at_desk(*seat) as desk:
        await desk.sees("offline")
        await desk.press("1", "home", "enter")
        await desk.sees("How much?")
        await desk.press("esc", "j", "*", "j", "M")
        await desk.sees("Folder")
        await desk.write("archive\n")
        await desk.sees("moved to “Archive”")
        await desk.press("D")
        await desk.sees("1 letter deleted")
        for subject in ("First", "Second"):
            await desk.press("r")
            await desk.sees(f"Re: {subject}")
            await desk.write("Ten each.")
            await desk.press("ctrl+s")
            await desk.sees("Send to 1 address?")
            await desk.press("y")
            await desk.sees("Queued: it goes as soon as the server is reached")
            await desk.press("j")
        await desk.press("a")
        await desk.sees("1 of 3")
        await desk.press("enter", "enter", "enter")
        await desk.sees("[4 Interests]")
        await desk.press("1", "g", "o")
        shown = await desk.sees("2 letters to send", "5 mailbox acts")
        said = [
            "mark as read",
            "mark as important",
            "move to “Archive”",
            "move to “Trash”",
            "move to “Processed”",
        ]
        places = [shown.index(one) for one in said]
        assert places == sorted(places), "in the order they were done"
        assert [shown.index("Re: First"), shown.index("Re: Second")] == sorted(
            (shown.index("Re: First"), shown.index("Re: Second"))
        )
        await desk.press("home", "enter")
        await desk.sees("Ten each.", "first@there.example")
        await desk.press("esc", "e")
        await desk.sees("From", "Re: First")
        await desk.write("Or twelve. ")
        await desk.press("ctrl+s")
        await desk.sees("Or twelve. Ten each.")
        await desk.press("y")
        await desk.sees("2 letters to send")
        await desk.press("home", "j", "j", "j")
        await desk.press("x")
        await desk.sees("4 mailbox acts")
        await desk.press("u")
        await desk.sees("5 mailbox acts")
    somebody_deletes(office, "move")
    network(office, there=True)
    office.clock.move(minutes=20)
    async with office.at_desk(*seat) as desk:
        await desk.until(lambda: len(office.sink.deliveries) == 2, "both are sent")
        await desk.press("1", "g", "o")
        await desk.sees("Nothing waits for a server.")
        await desk.mail_is_quiet()
        there = {key.partition(".")[0]: place for key, place in office.on_server().items()}
    assert sorted(one.recipients for one in office.sink.deliveries) == [
        ("first@there.example",),
        ("second@there.example",),
    ]
    assert {name: places[0][0] for name, places in there.items() if name in map(str.lower, subjects)} == {
        "open": "INBOX",
        "star": "INBOX",
        "first": "INBOX",
        "second": "INBOX",
        "delete": "Trash",
        "order": "Processed",
    }, "what somebody else deleted is gone, all else is as it was wanted"
    assert there["star"][0][1] & Flag.FLAGGED
    assert there["open"][0][1] & Flag.SEEN
    assert [place[0][0] for name, place in there.items() if name not in map(str.lower, subjects)] == [
        "Sent"
    ] * 2


async def test_o4_c_03_slept_through(office: Office) -> None:
    store, user_id = office.store(), office.actor.user_id
    assert user_id is not None
    office.clock.now = office.clock.now.replace(hour=5, minute=0)
    with store.work(office.actor, "plan") as work:
        for title, minutes in (("Third", 165), ("First", 30), ("Second", 60)):
            due = work.now + timedelta(minutes=minutes) + tasks.REMIND_BEFORE
            tasks.add(work, title, assignee_id=user_id, due_at=due)
    store.close()
    async with office.at_desk() as desk:
        await desk.press("2")
        await desk.sees("First")
        await desk.later(hours=3)
        shown = await desk.sees("While you were away: 3")
        places = [shown.rindex(title) for title in ("First", "Second", "Third")]
        assert places == sorted(places), "the oldest first"
        assert len(desk.app.screen_stack) == 2, "one list, no storm"
        await desk.press("V", "z", "3")
        await desk.is_rid_of("While you were away")
        assert {one.due_at.isoformat() for one in desk.rows(Reminder)} == {"2026-11-20T04:00:00+00:00"}
        assert {one.snoozes for one in desk.rows(Reminder)} == {1}
        office.clock.move(minutes=1)
        await desk.press("0")
        await desk.sees("Today")
    async with office.at_desk() as desk:
        await desk.sees("First")
        assert len(desk.app.screen_stack) == 1, "nothing comes again before tomorrow morning"
