"""Two at one group mailbox: who has a letter is seen by the other, by keyboard (story B8)."""

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import PROCESSED
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.services import users
from crm_tui.services.letter import claims, mail
from crm_tui.services.ports import Ports
from crm_tui.store.tables import LetterClaim, MailAccount
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    made = Mailbox(ports, "support")
    with ports.store.facts("setup") as work:
        account = work.get(MailAccount, made.account_id)
        work.change(account, shared=True, smtp_host="localhost", sender_name="Support")
    return made


@pytest.fixture
def ivan(ports: Ports, mailbox: Mailbox) -> int:
    with ports.store.facts("setup") as work:
        return users.ensure(work, "ivan", name="Ivan").key


def claimed(ports: Ports) -> list[tuple[int, bool]]:
    with ports.store.facts("look") as work:
        return [(one.user_id, one.answering) for one in work.all(LetterClaim)]


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
async def test_b8_l_08_what_a_colleague_has_open_is_seen_in_the_list_and_answering_warns(
    app: CrmApp, ports: Ports, mailbox: Mailbox, ivan: int, size: tuple[int, int]
) -> None:
    letter_id = mailbox.place(mailbox.letter("Printer is on fire")).letter_id
    async with app.run_test(size=size) as pilot:
        await pilot.press("1")
        await settle(pilot)
        with ports.store.facts("claim.open") as work:
            claims.claim(work, letter_id, ivan)
        await settle(pilot)
        assert "✎ Ivan: Printer" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "✎ Ivan has it open" in screen_text(app)
        await pilot.press("r")
        await settle(pilot)
        assert "Ivan has this letter open" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        await pilot.press("к")  # "r" of a Russian layout
        await settle(pilot)
        await type_text(pilot, "yes\n")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert sorted(claimed(ports)) == [(1, True), (ivan, False)]


async def test_b8_a_letter_is_claimed_while_it_is_open_here(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    mailbox.letter("First")
    mailbox.letter("Second")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "enter")
        await settle(pilot)
        assert claimed(ports) == [(1, False)]
        assert "✎" not in screen_text(app)
        await pilot.press("N")
        await settle(pilot)
        assert len(claimed(ports)) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert claimed(ports) == []


async def test_c_17_what_another_program_has_dealt_with_is_marked(
    app: CrmApp, ports: Ports, mailbox: Mailbox
) -> None:
    place = mailbox.letter("Done elsewhere")
    with ports.store.facts("sync") as work:
        mail.set_keyword(work, [place], PROCESSED)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        line = next(line for line in screen_text(app).splitlines() if "Done elsewhere" in line)
        assert " P" in line
        await pilot.press("enter")
        await settle(pilot)
        assert "processed in another program" in screen_text(app)
