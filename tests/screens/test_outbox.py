"""The outbox: what waits for a server, told in words and signs, and what can be done with it."""

from datetime import timedelta

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.screens.writing.outbox import OutboxScreen
from crm_tui.services.letter import mail
from crm_tui.services.ports import Ports
from crm_tui.services.writing import outgoing
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import MailAccount, Outbox, Placement
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.writing import rows
from tests.waiting import settled

TO = "olga@newco.example"


@pytest.fixture
def waiting(ports: Ports, mailbox: MailAccount) -> dict[str, int]:
    """A letter in each state; subject → id."""
    ids: dict[str, int] = {}
    with ports.store.work(ports.actor, "setup") as work:

        def queue(subject: str, **how: object) -> Outbox:
            writing = Writing(mailbox.key, to=TO, subject=subject, body="Good day")
            row = outgoing.queue(work, writing, **how)  # type: ignore[arg-type]
            ids[subject] = row.key
            return row

        queue("Plain")
        queue("Timed", send_at=work.now + timedelta(hours=20))
        queue("By the job", by_job=True)
        late = queue("Late")
        work.change(late, status="deferred", next_try_at=work.now + timedelta(minutes=15))
        failed = queue("Refused")
        work.change(failed, status="failed", recipients=[], results={TO: [550, "No such user"]})
        work.change(queue("Unknown"), status="uncertain")
    return ids


def statuses(ports: Ports) -> dict[int, str]:
    return {row.key: row.status for row in rows(ports, Outbox)}


async def go(app: CrmApp, pilot: Pilot[int], subject: str) -> None:
    """Put the cursor on a letter of the outbox."""
    await pilot.press("slash", "ctrl+u")
    await type_text(pilot, f"{subject}\n")
    await settle(pilot)


async def test_mail_18_the_outbox_says_states_times_and_reasons(app: CrmApp, waiting: dict[str, int]) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "п", "щ")
        await settle(pilot)
        assert "e Edit" in screen_text(app).rstrip().splitlines()[-1]
        assert isinstance(app.screen, OutboxScreen)
        lines = {
            subject: line
            for line in screen_text(app).splitlines()
            for subject in waiting
            if f" {subject} " in line
        }
        assert "6 letters to send" in screen_text(app)
        assert "! 2 letters not sent: g o" in screen_text(app).splitlines()[0]
        for subject, state in {
            "Plain": "+ goes today 16:40",
            "Timed": "+ goes tomorrow 12:40",
            "By the job": "+ with the next run",
            "Late": "~ again today 16:55",
            "Refused": "! not sent",
            "Unknown": "? sent or not?",
        }.items():
            assert state in lines[subject]
            assert TO in lines[subject]
        await go(app, pilot, "refused")
        assert f"{TO}: 550 No such user" in screen_text(app)
        app.run_command("everywhere.outbox", str(waiting["Timed"]))  # as a notification does
        await settle(pilot)
        assert "Meant for Fri 20.11.2026 12:40" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "Good day" in screen_text(app)


async def test_letters_are_hurried_stopped_resolved_and_edited(
    app: CrmApp, ports: Ports, waiting: dict[str, int]
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "o")
        await settle(pilot)
        await go(app, pilot, "timed")
        await pilot.press("y")
        await settle(pilot)
        [timed] = [row for row in rows(ports, Outbox) if row.key == waiting["Timed"]]
        assert timed.next_try_at == ports.clock()
        await go(app, pilot, "unknown")
        await pilot.press("D")
        await settle(pilot)
        assert "Nobody can tell whether" in screen_text(app)
        await pilot.press("a")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert statuses(ports)[waiting["Unknown"]] == "sent"
        await go(app, pilot, "refused")
        await pilot.press("y")
        await settle(pilot)
        assert statuses(ports)[waiting["Refused"]] == "queued"
        await go(app, pilot, "plain")
        await pilot.press("x")
        await settle(pilot)
        assert statuses(ports)[waiting["Plain"]] == "cancelled"
        await pilot.press("u")
        await settle(pilot)
        assert statuses(ports)[waiting["Plain"]] == "queued"
        await go(app, pilot, "late")
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert app.screen.writing().subject == "Late"
        assert statuses(ports)[waiting["Late"]] == "cancelled"


async def test_acts_that_the_server_does_not_know_are_listed_in_order_and_taken_back(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    [place] = rows(ports, Placement)
    with ports.store.work(ports.actor, "mail.mark") as work:
        mail.mark_important(work, [place.key])
    with ports.store.work(ports.actor, "mail.delete") as work:
        work.change(work.get(Placement, place.key), deleted=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "o")
        await settle(pilot)
        assert "1 mailbox act that a server waits for" in screen_text(app)
        assert "16:40 delete for good" in screen_text(app)
        await pilot.press("x")
        await settle(pilot)
        assert "16:40 mark as important" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        assert "only letters are sent and edited" in screen_text(app)
        await pilot.press("x")
        await settle(pilot)
        assert "Nothing waits for a server." in screen_text(app)
    [place] = rows(ports, Placement)
    assert (place.deleted, place.flags & Flag.FLAGGED) == (False, 0)


async def test_mail_18_where_nothing_waits_the_foot_offers_nothing_to_do_with_it(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("g", "o")
        await settled(pilot, lambda: "Nothing waits for a server." in screen_text(app))
        foot = screen_text(app).rstrip().splitlines()[-1]
        assert "Help" in foot
        assert not [word for word in ("Edit", "Cancel", "Send now", "Was it sent") if word in foot]
