"""Writing, answering and sending a letter by keyboard alone."""

from pathlib import Path
from typing import Any

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.errors import StoreBusy
from crm_tui.parsing.letter import parse
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.screens.writing.compose_review import ReviewDialog
from crm_tui.services.interest import interests
from crm_tui.services.ports import Ports
from crm_tui.services.writing import drafts
from crm_tui.store.queries import timeline
from crm_tui.store.tables import (
    Draft,
    Letter,
    MailAccount,
    Outbox,
    SessionState,
)
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.outbox import send_due
from crm_tui.sync.vault import Vault
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.writing import rows
from tests.servers.smtp_sink import SmtpSink
from tests.waiting import settled


@pytest.mark.parametrize(
    ("size", "write", "send", "undo"),
    [((120, 40), "w", "y", "u"), ((80, 24), "ц", "н", "г")],
    ids=["latin-120x40", "russian-80x24"],
)
async def test_mail_01_mail_27_write_review_send_and_call_back(
    app: CrmApp, ports: Ports, mailbox: MailAccount, size: tuple[int, int], write: str, send: str, undo: str
) -> None:
    async with app.run_test(size=size) as pilot:
        await pilot.press("1", write)
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        for label in ("From", "To", "Cc", "Bcc", "Subject"):
            assert f"\n{label} " in screen_text(app).replace(label + "\n", label + " \n")
        await type_text(pilot, "boss@office.example, olga@newco.example\nЦена\n10 штук\nспасибо")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ReviewDialog)
        text = screen_text(app)
        assert "Send to 2 addresses?" in text
        assert "boss@office.example\n" in "\n".join(line.rstrip(" │") + "\n" for line in text.splitlines())
        assert "olga@newco.example [outside]" in text
        assert "10 штук" in text
        await pilot.press(send)
        await settle(pilot)
        assert not isinstance(app.screen, ComposeScreen)
        assert "Sent in 10 s: u undo" in screen_text(app)
        [row] = rows(ports, Outbox)
        assert parse(row.raw).subject == "Цена"
        assert parse(row.raw).text.splitlines() == ["10 штук", "спасибо"]
        assert rows(ports, Draft) == []
        await pilot.press(undo)
        await settle(pilot)
        assert rows(ports, Outbox) == []
        [draft] = rows(ports, Draft)
        assert draft.body == "10 штук\nспасибо"
        assert "w goes on with it" in screen_text(app)


@pytest.mark.parametrize("key", ["r", "к"])
async def test_mail_01_reply_quotes_and_reaches_the_server_and_the_interest(
    app: CrmApp, ports: Ports, mailbox: MailAccount, key: str, tmp_path: Path, smtp_sink: SmtpSink
) -> None:
    [letter] = rows(ports, Letter)
    assert ports.actor.user_id is not None
    with ports.store.work(ports.actor, "setup") as work:
        work.change(work.get(MailAccount, mailbox.key), smtp_host="localhost", smtp_port=smtp_sink.port)
        interest = interests.add(work, "Pumps", scenario="sale", owner_id=ports.actor.user_id)
        interests.link_letter(work, interest.key, letter.key)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(key)
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        text = screen_text(app)
        assert '"Ким, Ольга" <olga@newco.example>' in text
        assert "Re: Цена насосов" in text
        assert "> Нужно 20 насосов." in text
        await type_text(pilot, "Есть")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
    ports.store.clock.move(seconds=10)  # type: ignore[attr-defined]
    secrets = Credentials(Vault(tmp_path / "vault"), None, None)
    assert list(send_due(ports.store, secrets).values()) == [None]
    [arrived] = smtp_sink.wait()
    read = parse(arrived.raw)
    assert arrived.recipients == ("olga@newco.example",)
    assert (read.in_reply_to, read.references) == ("first@newco.example", ("first@newco.example",))
    assert read.text.startswith("Есть\n")
    with ports.store.read() as connection:
        kinds = [(entry.kind, entry.title) for entry in timeline.of_interest(connection, interest.key)]
    assert ("letter", "Re: Цена насосов") in kinds
    assert "outgoing" not in dict(kinds)


async def test_what_is_typed_is_kept_and_offered_again(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "olga@newco.example\nPrice\nGood day")
        app.save_session()  # as when the line is lost
        [draft] = rows(ports, Draft)
        assert (draft.fields["subject"], draft.body) == ("Price", "Good day")
        await type_text(pilot, "!")
        await pilot.press("escape")
        await settle(pilot)
        assert "Kept as a draft" in screen_text(app)
        await pilot.press("w")
        await settle(pilot)
        assert "olga@newco.example: Price" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert app.screen.writing().body == "Good day!"
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("D")
        await settle(pilot)
        assert rows(ports, Draft) == []
        assert rows(ports, Outbox) == []
        assert "ComposeScreen" not in {state.place for state in rows(ports, SessionState)}


async def test_the_key_of_a_mode_leaves_nothing_behind_that_was_typed(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "olga@newco.example\nPrice\nGood day")
        await pilot.press("f2")
        await settle(pilot)
        assert not isinstance(app.screen, ComposeScreen)
        assert [draft.body for draft in rows(ports, Draft)] == ["Good day"]


@pytest.mark.parametrize("mode", ["f2", "f3"], ids=["of the same mode", "of another"])
async def test_a_letter_stays_while_it_cannot_be_kept(
    app: CrmApp, ports: Ports, mailbox: MailAccount, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    held = True
    save = drafts.save

    def busy(*arguments: Any, **named: Any) -> int:
        if held:
            raise StoreBusy("store_busy", operation="sync", pid=7)
        return save(*arguments, **named)

    monkeypatch.setattr("crm_tui.services.writing.drafts.save", busy)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "olga@newco.example\nPrice\nGood day")
        await pilot.press(mode)
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen) is (mode == "f2")
        held = False
        await pilot.press(mode)
        await settled(pilot, lambda: [draft.body for draft in rows(ports, Draft)] == ["Good day"])


async def test_a_wrong_address_is_told_and_the_letter_stays(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        await type_text(pilot, "olga")
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert "not an e-mail address" in screen_text(app)
        await pilot.press("backspace", "backspace", "backspace", "backspace", "ctrl+s")
        await settle(pilot)
        assert "to whom" in screen_text(app)


async def test_without_an_account_writing_says_what_to_do(app: CrmApp) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "w")
        await settle(pilot)
        assert ":add_account" in screen_text(app)
