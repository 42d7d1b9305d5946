"""The text of a letter: styles, templates, saved replies, files, pictures, signatures, when it goes."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from crm_tui.app import CrmApp
from crm_tui.parsing.letter import parse
from crm_tui.screens.forms.path_prompt import begun_anew
from crm_tui.screens.writing import compose_files
from crm_tui.screens.writing.compose import ComposeScreen
from crm_tui.screens.writing.compose_review import ReviewDialog
from crm_tui.services.account import accounts
from crm_tui.services.ports import Ports
from crm_tui.services.writing import letter_templates
from crm_tui.services.writing.outbox import WITH_THE_JOB
from crm_tui.store.tables import Draft, MailAccount, Outbox
from crm_tui.widgets.text_field import TextBox
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.writing import rows

TO = "boss@office.example"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where files are attached from."""
    made = tmp_path / "files"
    made.mkdir()
    (made / "offer.pdf").write_bytes(b"%PDF " + bytes(11_995))
    (made / "logo.png").write_bytes(b"\x89PNG")
    monkeypatch.setattr(compose_files.FileActs, "last_folder", made)
    return made


async def compose(app: CrmApp, pilot: Pilot[int], text: str = "") -> ComposeScreen:
    """A letter to the boss with subject and text, the cursor behind it."""
    await pilot.press("1")
    await settle(pilot)
    app.run_command("mail.write", TO)
    await settle(pilot)
    screen = app.screen
    assert isinstance(screen, ComposeScreen)
    await pilot.press("enter")
    await type_text(pilot, f"P\n{text}")
    await settle(pilot)
    return screen


async def send(app: CrmApp, pilot: Pilot[int]) -> None:
    """Look at the letter and send it."""
    await pilot.press("ctrl+s")
    await settle(pilot)
    assert isinstance(app.screen, ReviewDialog)
    await pilot.press("y")
    await settle(pilot)


async def test_mail_33_text_styles_make_markdown_with_html_beside_it(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    style, bold, items, plain = "ctrl+н", "и", "д", "ь"
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot, "bolts\nnuts")
        await pilot.press(style)
        await settle(pilot)
        assert "b Bold" in screen_text(app)
        await pilot.press(bold, "home", "up", style, items)
        await settle(pilot)
        assert screen.writing().body == "- bolts\n**nuts**"
        assert "Markdown" in screen_text(app)
        await pilot.press(style, plain)
        await settle(pilot)
        assert screen.writing().format == "plain"
        await pilot.press(style, plain, style, "u")
        await settle(pilot)
        assert screen.writing().body == "bolts\n**nuts**", "typing is taken back step by step"
        await send(app, pilot)
    [row] = rows(ports, Outbox)
    assert b"multipart/alternative" in row.raw
    assert "<strong>nuts</strong>" in (parse(row.raw).html or "")


async def test_mail_34_a_template_fills_subject_and_text_and_blocks_while_a_name_is_empty(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        letter_templates.add(
            work, "Password", subject="Your password", body="Dear {{ contact.first_name }}", short_code="pw"
        )
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        await pilot.press("shift+tab", "ctrl+u", "tab", "ctrl+t")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert (screen.writing().subject, screen.writing().body) == (
            "Your password",
            "Dear {{ contact.first_name }}",
        )
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press("y")
        await settle(pilot)
        assert isinstance(app.screen, ReviewDialog)
        assert "! first_name is empty: e edit, f fallback" in screen_text(app)
        await pilot.press("f")
        await settle(pilot)
        await type_text(pilot, "Ann\n")
        await settle(pilot)
        assert "Dear Ann" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
    [row] = rows(ports, Outbox)
    assert parse(row.raw).text.strip() == "Dear Ann"


async def test_idx_23_l_18_a_saved_reply_by_its_short_code(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        letter_templates.add(work, "Hours", body="We work 9-18.", short_code="hours")
        letter_templates.add(work, "No code", body="Never.")
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot, "Hello. /hours")
        await pilot.press("ctrl+k")
        await settle(pilot)
        assert screen.writing().body == "Hello. We work 9-18."
        await pilot.press("enter", "ctrl+л")
        await settle(pilot)
        assert "Hours  /hours" in screen_text(app)
        assert "No code" not in screen_text(app)
        await pilot.press("1")
        await settle(pilot)
        assert screen.writing().body == "Hello. We work 9-18.\nWe work 9-18."


async def test_mail_31_mail_32_files_and_a_picture_are_attached_listed_and_taken_off(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot, "See ")
        await pilot.press("ctrl+o")
        await settle(pilot)
        assert "offer.pdf  12 KB" in screen_text(app)
        await type_text(pilot, "of")
        await pilot.press("tab", "enter")
        await settle(pilot)
        assert "Files: offer.pdf (PDF, 12 KB)" in screen_text(app)
        await pilot.press("ctrl+y", "p")
        await settle(pilot)
        await type_text(pilot, "lo\n")
        await settle(pilot)
        assert "logo.png (picture in the text, 4 B)" in screen_text(app)
        assert screen.writing().body.startswith("See ![logo.png](cid:")
        await pilot.press("ctrl+y", "d")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        assert "offer.pdf" not in screen_text(app)
        await pilot.press("ctrl+s")
        await settle(pilot)
        assert "See [image: logo.png]" in screen_text(app)
        await pilot.press("a")
        await settle(pilot)
        await type_text(pilot, "of\n")
        await settle(pilot)
        assert "File: offer.pdf (PDF, 12 KB)" in screen_text(app)
        await pilot.press("y")
        await settle(pilot)
    [row] = rows(ports, Outbox)
    sent = parse(row.raw)
    assert sorted((one.name, one.inline) for one in sent.attachments) == [
        ("logo.png", True),
        ("offer.pdf", False),
    ]
    assert "See [image: logo.png]" in sent.text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("~/of", "~/of"),
        ("~//tmp/a b", "/tmp/a b"),
        ("/mnt/in/~/of", "~/of"),
        ("~/a~/b", "~/a~/b"),
        ("/tmp/", "/tmp/"),
    ],
)
def test_a_whole_path_typed_behind_the_folder_that_stood_there_is_meant(typed: str, meant: str) -> None:
    assert begun_anew(typed) == meant


async def test_a_file_that_was_forgotten_is_asked_about(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await compose(app, pilot, "Offer enclosed")
        await send(app, pilot)
        assert "The text speaks of a file" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, ComposeScreen)
        assert rows(ports, Outbox) == []
        await send(app, pilot)
        await pilot.press("1")
        await settle(pilot)
        assert len(rows(ports, Outbox)) == 1


async def test_mail_35_the_signature_follows_the_account(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        accounts.update(work, mailbox.key, signature="Aliya, sales")
        accounts.add(
            work, "help", "help@office.example", imap_host="h", smtp_host="h", signature="The help desk"
        )
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot, "Hi")
        assert screen.writing().body == "Hi\n\n-- \nAliya, sales\n"
        screen.query_one("#compose-from").focus()
        await pilot.press("right")
        await settle(pilot)
        assert screen.writing().body == "Hi\n\n-- \nThe help desk\n"
        assert screen.writing().account_id != mailbox.key


async def test_mail_17_new_letters_are_written_from_the_primary_account(
    make_app: Callable[..., CrmApp], ports: Ports, mailbox: MailAccount
) -> None:
    with ports.store.work(ports.actor, "setup") as work:
        helping = accounts.add(work, "help", "help@office.example", imap_host="h", smtp_host="h")
    app = make_app('[mail]\nprimary_account = "help"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await compose(app, pilot)
        assert screen.writing().account_id == helping.key
        assert "help@office.example" in screen_text(app)


async def test_mail_18_a_letter_goes_by_the_job(
    make_app: Callable[..., CrmApp], ports: Ports, mailbox: MailAccount
) -> None:
    app = make_app('[mail]\nsend = "job"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await compose(app, pilot, "Hi")
        await send(app, pilot)
        assert "with the next scheduled run" in screen_text(app)
    [row] = rows(ports, Outbox)
    assert row.next_try_at == WITH_THE_JOB


async def test_a_letter_goes_at_a_time_told_in_words_or_is_postponed(
    app: CrmApp, ports: Ports, mailbox: MailAccount
) -> None:
    later, postpone = "я", "з"
    async with app.run_test(size=(80, 24)) as pilot:
        await compose(app, pilot, "Hi")
        await pilot.press("ctrl+s")
        await settle(pilot)
        await pilot.press(later)
        await settle(pilot)
        await type_text(pilot, "yesterday\n")
        await settle(pilot)
        assert "! yesterday is past." in screen_text(app)
        await pilot.press("ctrl+u")
        await type_text(pilot, "завтра 10:00\n")
        await settle(pilot)
        assert "Goes: Fri 20.11.2026 10:00" in screen_text(app)
        await pilot.press(postpone)
        await settle(pilot)
        assert "Kept as a draft" in screen_text(app)
        [draft] = rows(ports, Draft)
        assert draft.placement_id is not None, "other devices find it in Drafts"
        await pilot.press("w", "enter")
        await settle(pilot)
        await send(app, pilot)
        assert "It goes Fri 20.11.2026 10:00" in screen_text(app)
    [row] = rows(ports, Outbox)
    assert row.next_try_at == datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


async def test_an_external_editor_that_cannot_have_the_terminal_is_told(
    make_app: Callable[..., CrmApp], mailbox: MailAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "true")
    app = make_app('[mail]\neditor = "external"\n')
    async with app.run_test(size=(80, 24)) as pilot:
        await compose(app, pilot)
        assert "no other program can have the terminal" in screen_text(app)
        await type_text(pilot, "Hi")
        assert app.screen.query_one("#compose-body", TextBox).text == "Hi"
