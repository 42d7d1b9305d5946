"""Stories O1, O2 (in part) and O4: a start without a network, work meanwhile, reminders that were slept through."""

from datetime import timedelta

from crm_tui.domain.flags import Flag
from crm_tui.services import accounts, tasks
from crm_tui.store.tables import Placement, Reminder
from tests.servers.dovecot import free_ports
from tests.stories.office import Office


def network(office: Office, *, there: bool) -> None:
    """Whether the mail server can be reached from now on."""
    store = office.store()
    port = office.server.imap_port if there else free_ports(1)[0]
    with store.work(office.actor, "account.change") as work:
        accounts.update(work, office.account_id, imap_port=port)
    store.close()


async def test_o1_a_start_in_a_train(office: Office) -> None:
    async with office.at_desk() as desk:
        await desk.mail_is_quiet()
        office.deliver("Valves", "How much?")
        await desk.until(lambda: desk.rows(Placement), "the letter")
        await desk.mail_is_quiet()
    network(office, there=False)
    office.clock.move(hours=3)
    async with office.at_desk() as desk:
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
    network(office, there=True)
    async with office.at_desk() as desk:
        await desk.until(
            lambda: (
                [flags for ((_name, flags),) in office.on_server().values()] == [Flag.SEEN | Flag.FLAGGED]
            ),
            "what was done offline is done on the server",
        )
        await desk.is_rid_of("offline")


async def test_o4_slept_through(office: Office) -> None:
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
