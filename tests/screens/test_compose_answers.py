"""Answers, letters sent on, and drafts that are gone on with."""

from crm_tui.app import CrmApp
from crm_tui.domain.identity import address
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.services.ports import Ports
from crm_tui.services.writing import draft_copies, drafts
from crm_tui.services.writing.compose import Writing
from crm_tui.store.tables import Draft, DraftFile, MailAccount
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.writing import rows
from tests.waiting import settled


def addresses(field: str) -> list[str]:
    return [where for _name, where in address.split_list(field)]


async def test_mail_40_reply_and_reply_to_all_without_own_addresses(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("r")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert addresses(app.screen.writing().to) == ["olga@newco.example"]
        assert app.screen.writing().cc == ""
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("К")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        writing = app.screen.writing()
        assert addresses(writing.to)[0] == "olga@newco.example"
        assert sorted(addresses(f"{writing.to}, {writing.cc}")) == [
            "boss@office.example",
            "ivan@newco.example",
            "olga@newco.example",
        ]
        assert "> Нужно 20 насосов." in writing.body
        assert writing.subject == "Re: Цена насосов"


async def test_forward_takes_text_and_files_along(app: CrmApp, ports: Ports, mailbox: MailAccount) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("Ц")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        shown = screen_text(app)
        assert "Fwd: Цена насосов" in shown
        assert "Files: list.csv" in shown
        assert "Нужно 20 насосов." in shown
        assert app.focused is app.screen.query_one("#compose-to")
        await pilot.press("escape")
        await settle(pilot)
        assert rows(ports, Draft) == [], "nothing was typed"
        await pilot.press("colon")
        await settle(pilot)
        await type_text(pilot, "forward attached\n")
        await settle(pilot)
        assert ".eml (letter" in screen_text(app)
        assert [one.content_type for one in rows(ports, DraftFile)] == ["message/rfc822"]
        await type_text(pilot, "boss")
        await pilot.press("escape", "escape")
        await settle(pilot)
    assert [one.fields["to"] for one in rows(ports, Draft)] == ["boss"]


async def test_a_letter_in_drafts_is_gone_on_with(app: CrmApp, ports: Ports, mailbox: MailAccount) -> None:
    with ports.store.facts("setup") as work:
        written = Writing(mailbox.key, to="boss@office.example", subject="Price", body="Good day")
        draft_id = drafts.save(work, None, written, owner_id=ports.actor.user_id)
        draft_copies.publish(work, draft_id, ports.clock().tzinfo)  # type: ignore[arg-type]
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "g", "f")
        await settle(pilot)
        await type_text(pilot, "drafts\n")
        await settle(pilot)
        assert "Price" in screen_text(app)
        await pilot.press("e")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        await pilot.press("escape")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert app.screen.writing().body == "Good day"
        await type_text(pilot, "!")
        await pilot.press("escape")
        await settle(pilot)
    [draft] = rows(ports, Draft)
    assert draft.body == "!Good day"


async def test_two_unfinished_letters_are_offered(app: CrmApp, ports: Ports, mailbox: MailAccount) -> None:
    with ports.store.facts("setup") as work:
        for subject in ("First", "Second"):
            drafts.save(work, None, Writing(mailbox.key, subject=subject), owner_id=ports.actor.user_id)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot, lambda: "2 unfinished letters" in screen_text(app))  # any key takes it away
        await pilot.press("1")
        await pilot.press("w")
        await settle(pilot)
        assert "2 letters unfinished" in screen_text(app)
        await type_text(pilot, "second\n")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert app.screen.writing().subject == "Second"
