"""The letter that is read: preview, mark-as-read timeout, views, files, links, quotations."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui.app import CrmApp
from crm_tui.domain.letter.flags import Flag
from crm_tui.screens.letter import mail_files
from crm_tui.screens.letter.mail import MailScreen
from crm_tui.screens.letter.mail_preview import Preview
from crm_tui.screens.letter.reader import LetterScreen
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.ports import Ports
from crm_tui.widgets.letter_view import LetterView
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.screens.test_mail import LAYOUTS, on_layout
from tests.waiting import settled

QUOTED = "Yes, by Friday.\n\nOn 12.11.2026 10:00 Aliya <aliya@office.example> wrote:\n" + "\n".join(
    f"> quoted {number}" for number in range(6)
)
PDF = ("Счёт.pdf", "application/pdf", b"%PDF-1.4 bill")
DOC = ("offer.doc", "application/msword", b"offer")


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


def mail_screen(app: CrmApp) -> MailScreen:
    assert isinstance(app.screen, MailScreen)
    return app.screen


async def test_mail_20_read_after_the_timeout_under_the_cursor(
    make_app: Callable[..., CrmApp], mailbox: Mailbox
) -> None:
    first = mailbox.letter("Rested on")
    app = make_app("[ui]\nread_after_seconds = 0.01\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: mailbox.is_read(first), "the letter counts as read")
        await settle(pilot)
        assert "changed here" not in screen_text(app)


async def test_mail_20_left_before_the_timeout_it_stays_unread(app: CrmApp, mailbox: Mailbox) -> None:
    first, second = mailbox.letter("Passed by"), mailbox.letter("Stayed at")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("j")
        await settle(pilot)
        screen = mail_screen(app)
        screen.post_message(Preview.Dwelled(first))
        await settle(pilot)
        assert not mailbox.is_read(first)
        await pilot.press("question_mark")
        await settle(pilot)
        screen.post_message(Preview.Dwelled(second))
        await settle(pilot)
        assert not mailbox.is_read(second), "Help lies over it"
        await pilot.press("escape")
        await settle(pilot)
        screen.post_message(Preview.Dwelled(second))
        await settle(pilot)
        assert mailbox.is_read(second)


async def test_mail_20_what_the_timeout_did_is_not_what_undo_takes_back(
    app: CrmApp, mailbox: Mailbox
) -> None:
    first, second = mailbox.letter("Deleted"), mailbox.letter("Read meanwhile")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("D")
        await settle(pilot)
        mail_screen(app).post_message(Preview.Dwelled(second))
        await settle(pilot)
        await pilot.press("u")
        await settle(pilot)
        assert mailbox.place(first).folder_id == mailbox.folders["inbox"]
        assert mailbox.is_read(second)


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_mail_21_with_timeout_0_only_opening_marks_read(
    make_app: Callable[..., CrmApp], mailbox: Mailbox, layout: str
) -> None:
    first, second = mailbox.letter("One"), mailbox.letter("Two")
    app = make_app("[ui]\nread_after_seconds = 0\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: "What do they cost" in screen_text(app), "the preview")
        assert mail_screen(app)._dwell_timer is None
        assert not mailbox.is_read(first)
        await pilot.press("enter")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        assert mailbox.is_read(first)
        assert not mailbox.is_read(second)
        await pilot.press(on_layout("N", layout))
        await settle(pilot)
        assert "Two" in screen_text(app)
        assert mailbox.is_read(second)
        await pilot.press(on_layout("P", layout))
        await settle(pilot)
        assert "One" in screen_text(app)


async def test_mail_22_three_views_and_the_narrow_window(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(text="The body of it.")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        view = app.screen.query_one(LetterView)
        assert not view.display, "no room by itself at 80×24"
        await pilot.press("v")
        await settle(pilot)
        assert view.region.y > 2, "below the list"
        assert "The body of it." in screen_text(app)
        await pilot.press("v")
        await settle(pilot)
        assert "Too narrow" in screen_text(app)
        assert view.region.y > 2
        await pilot.resize_terminal(160, 40)
        await settle(pilot)
        assert view.region.y == 1, "beside the list"
        assert view.region.x > 60
        assert "The body of it." in screen_text(app)
        await pilot.press("v")
        await settle(pilot)
        assert not view.display


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_mail_23_preview_on_and_off(app: CrmApp, mailbox: Mailbox, layout: str) -> None:
    mailbox.letter(text="The body of it.")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: "The body of it." in screen_text(app), "the preview")
        await pilot.press(on_layout("p", layout))
        await settle(pilot)
        assert "The body of it." not in screen_text(app)
        await pilot.press(on_layout("p", layout))
        await settle(pilot)
        assert "The body of it." in screen_text(app)


async def test_mail_24_files_with_what_they_are(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(files=(PDF, DOC, ("x.eml", "text/calendar", b"x")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert "@" in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        text = screen_text(app)
        foot = text.split("\n")[-4:-1]
        assert "[PDF] Счёт.pdf (13 B)  [Word] offer.doc (5 B)" in " ".join(foot), "at the foot of the window"
        assert "[invitation] x.eml (1 B)" in " ".join(" ".join(foot).split())


async def test_mail_25_all_files_are_saved_and_none_is_overwritten(
    app: CrmApp, mailbox: Mailbox, tmp_path: Path
) -> None:
    mailbox.letter(files=(PDF, DOC))
    there = tmp_path / "saved"
    there.mkdir()
    (there / "offer.doc").write_bytes(b"mine")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("ctrl+u", "ctrl+k")
        await type_text(pilot, str(there).replace("_", "_"))
        await pilot.press("enter")
        await settle(pilot)
        assert "2 files saved" in screen_text(app)
    assert (there / "offer.doc").read_bytes() == b"mine"
    assert (there / "offer (2).doc").read_bytes() == b"offer"
    assert (there / "Счёт.pdf").read_bytes() == PDF[2]


async def test_mail_26_one_file_is_saved(
    app: CrmApp, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_files, "downloads_folder", lambda: tmp_path / "Downloads")
    mailbox.letter(files=(PDF, DOC))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("s")
        await settle(pilot)
        await type_text(pilot, "offer")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Saved in" in screen_text(app)
    assert [path.name for path in (tmp_path / "Downloads").iterdir()] == ["offer.doc"]


async def test_mail_38_the_contact_is_known_guessed_or_unknown(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.customer("NewCo LLP", "OLGA@newco.example")
    mailbox.letter("Known")
    mailbox.letter("Guessed", sender="Someone <someone@newco.example>")
    mailbox.letter("Stranger", sender="x@nowhere.example")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Contact: NewCo LLP (customer)" in screen_text(app)
        await pilot.press("N")
        await settle(pilot)
        assert "perhaps NewCo LLP" in screen_text(app)
        await pilot.press("N")
        await settle(pilot)
        assert "Contact: unknown — a accept, x decline" in screen_text(app)


@pytest.mark.parametrize("layout", LAYOUTS)
async def test_mail_38_commands_about_a_card_mean_the_one_of_the_correspondent(
    app: CrmApp, mailbox: Mailbox, layout: str
) -> None:
    mailbox.customer("NewCo LLP", "olga@newco.example")
    mailbox.letter("From them")
    mailbox.letter("Ours", sender="Aliya <office@office.example>", headers={"To": "olga@newco.example"})
    mailbox.letter("Ours to a stranger", sender="office@office.example", headers={"To": "x@nowhere.example"})
    mailbox.letter("Stranger", sender="x@nowhere.example")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press(on_layout("B", layout))
        await settled(pilot, lambda: "Briefing" in screen_text(app))
        assert "NewCo LLP (Customer)" in screen_text(app)
        await pilot.press("escape", "j", "enter")
        await settle(pilot)
        assert "Contact: NewCo LLP (customer)" in screen_text(app), "whom it went to"
        await pilot.press("N")
        await settled(pilot, lambda: "Ours to a stranger" in screen_text(app))
        assert "Contact: unknown" in screen_text(app)
        assert "a accept, x decline" not in screen_text(app)
        await pilot.press("N", on_layout("B", layout))
        await settled(pilot, lambda: "Nobody here is known by the address" in screen_text(app))


async def test_mail_20_what_was_answered_has_a_sign_and_the_words(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter("Asked", flags=Flag.SEEN | Flag.ANSWERED)
    mailbox.letter("Waits")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        asked, waits = (
            next(line for line in screen_text(app).splitlines() if subject in line)
            for subject in ("Asked", "Waits")
        )
        assert " r " in asked
        assert " r " not in waits
        await pilot.press("enter")
        await settled(pilot, lambda: "State: answered" in screen_text(app))


async def test_mail_20_the_timeout_begins_anew_when_what_lay_over_the_letter_is_closed(
    make_app: Callable[..., CrmApp], mailbox: Mailbox
) -> None:
    first = mailbox.letter("Under help")
    app = make_app("[ui]\nread_after_seconds = 0.01\n")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: mailbox.is_read(first), "the letter counts as read")
        screen = mail_screen(app)
        await pilot.press("o", "question_mark")  # unread again, and something lies over it
        await settle(pilot)
        screen.post_message(Preview.Dwelled(first))
        await settle(pilot)
        assert not mailbox.is_read(first)
        await pilot.press("escape")
        await settled(pilot, lambda: mailbox.is_read(first), "looked at again")


async def test_mail_39_html_is_laid_out_and_nothing_remote_is_fetched(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(
        html='<p>Hello <b>there</b></p><img src="http://t.example/a.png"><img src="http://t.example/b.png">'
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settled(pilot, lambda: "2 remote images are not fetched" in screen_text(app), "the count")
        assert "Hello there" in screen_text(app)


async def test_a_link_shows_where_it_leads_and_is_only_then_copied(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    mailbox.letter(
        html='<p><a href="https://bank.example@evil.example/x">https://bank.example</a> '
        '<a href="javascript:alert(1)">click</a></p>'
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("y")
        await settled(pilot, lambda: "evil.example — https" in screen_text(app), "the links")
        assert "javascript" not in screen_text(app)
        await pilot.press("enter")
        await settled(pilot, lambda: "It leads to evil.example" in screen_text(app), "where it leads")
        assert app.clipboard == ""
        await pilot.press("enter")
        await settle(pilot)
        assert app.clipboard == "https://bank.example@evil.example/x"


async def test_a_quoted_tail_is_folded_until_asked_for(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(text=QUOTED)
    async with app.run_test(size=(80, 40)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Yes, by Friday." in screen_text(app)
        assert "quoted 5" not in screen_text(app)
        assert "quoted lines: Z shows them" in screen_text(app)
        await pilot.press("Z")
        await settle(pilot)
        assert "> quoted 5" in screen_text(app)


async def test_all_headers_and_back(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter", "H")
        await settle(pilot)
        assert "Message-ID: <1@newco.example>" in screen_text(app)
        await pilot.press("H")
        await settle(pilot)
        assert "Message-ID" not in screen_text(app)


async def test_a_long_letter_is_laid_out_as_far_as_it_is_read(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(text="\n".join(f"line {number}" for number in range(12_000)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        view = app.screen.query_one(LetterView)
        assert view.is_cut
        assert len(view.lines) < 5100
        await pilot.press("G")
        await settle(pilot)
        assert "Enter shows more" in screen_text(app)
        await pilot.press("enter", "enter", "G")
        await settle(pilot)
        assert "line 11999" in screen_text(app)


async def test_a_body_that_is_not_here_says_so(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(has_body=False)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "is not here yet" in screen_text(app)


async def test_mail_10_the_letter_leads_to_its_interest(app: CrmApp, mailbox: Mailbox) -> None:
    place = mailbox.letter()
    letter_id = mailbox.place(place).letter_id
    with mailbox.store.work(mailbox.ports.actor, "mail.accept") as work:
        inquiries.accept(work, letter_id, Acceptance(interest_name="Pumps for NewCo"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        assert " A " in screen_text(app)
        await pilot.press("enter")
        await settle(pilot)
        assert "State: accepted" in screen_text(app)
        assert "changed here" not in screen_text(app), "the read mark alone, and the text would jump"
        await pilot.press("*")
        await settle(pilot)
        assert "changed here" in screen_text(app)
        assert "Interest: Pumps for NewCo" in screen_text(app)
        await pilot.press("i")
        await settle(pilot)
        assert type(app.screen).__name__ == "InterestScreen"
        await pilot.press("escape")
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen), "back in the letter"


async def test_a_letter_is_shown_from_any_place(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter("In the inbox")
    place = mailbox.letter("In another folder", folder="processed", flags=Flag.SEEN)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("2")
        await settle(pilot)
        app.run_command("everywhere.show_letter", str(place))
        await settle(pilot)
        assert isinstance(app.screen, LetterScreen)
        assert "In another folder" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert app.current_mode == "tasks", "back to where it was opened from"
        await pilot.press("1")
        await settle(pilot)
        assert mail_screen(app).letter_at_hand() == place
        await pilot.press("2", "1", "enter")
        await settle(pilot)
        await pilot.press("escape")
        await settle(pilot)
        assert mail_screen(app).letter_at_hand() == place, "opened in its own mode"


async def test_deleting_while_reading_goes_back_to_the_list(app: CrmApp, mailbox: Mailbox) -> None:
    place = mailbox.letter("Not wanted")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter", "D")
        await settle(pilot)
        mail_screen(app)
        assert mailbox.place(place).folder_id == mailbox.folders["trash"]
        assert "Not wanted" not in screen_text(app)
