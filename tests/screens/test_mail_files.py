"""The files of a letter: shown here, opened elsewhere, saved one by one from their menu, piped; the letter itself."""

import stat
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui import paths
from crm_tui.app import CrmApp
from crm_tui.parsing import preview
from crm_tui.screens.forms.prompt import Confirm
from crm_tui.screens.letter import mail_files
from crm_tui.screens.letter.mail_files import FilesScreen, FileStrip, TextScreen
from crm_tui.services.letter import openers
from crm_tui.services.ports import Ports
from tests.screens.keyboard import screen_text, settle, type_text
from tests.screens.mailbox import Mailbox
from tests.waiting import eventually, settled

CSV = ("prices.csv", "text/csv", "Насос;20\nPump;\x1b]0;evil\x07;7".encode())
PNG = (
    "logo.png",
    "image/png",
    b"\x89PNG\r\n\x1a\n" + b"\0" * 8 + (640).to_bytes(4, "big") + (48).to_bytes(4, "big"),
)
NOTE = ("note.txt", "text/plain", b"three\none\ntwo\n")
PROGRAM = ("invoice.pdf.exe", "application/pdf", b"MZ")


@pytest.fixture
def mailbox(ports: Ports) -> Mailbox:
    return Mailbox(ports)


@pytest.fixture
def opener(tmp_path: Path) -> Path:
    """A program that writes down what it was given."""
    program = tmp_path / "opener"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/seen.new"\nmv "{tmp_path}/seen.new" "{tmp_path}/seen"\n'
    )
    program.chmod(0o700)
    return program


async def test_mail_24_files_are_shown_here_as_text(app: CrmApp, mailbox: Mailbox) -> None:
    mailbox.letter(files=(CSV, PNG, NOTE))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter", "A")
        await settle(pilot)
        assert isinstance(app.screen, FilesScreen)
        text = screen_text(app)
        assert "[table]" in text
        assert "[picture]" in text
        for expected in ("Насос  20\nPump   ␛]0", "PNG picture, 640 × 48 pixels", "three\none\ntwo"):
            await pilot.press("enter")
            await settled(pilot, lambda: isinstance(app.screen, TextScreen), "the file")
            await settle(pilot)
            shown = "\n".join(line.strip() for line in screen_text(app).split("\n"))
            assert expected in shown
            await pilot.press("escape", "j")
            await settle(pilot)


async def test_mail_24_a_file_is_opened_by_the_program_for_its_type_and_a_program_only_after_a_question(
    make_app: Callable[[str], CrmApp], mailbox: Mailbox, opener: Path, tmp_path: Path
) -> None:
    app = make_app(f'[mail]\nopeners = "text/* {opener} --shown; application/pdf {opener}"\n')
    mailbox.letter(files=(NOTE, PROGRAM))
    seen = tmp_path / "seen"
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        await pilot.press("o")
        await settle(pilot)
        option, path = eventually(lambda: seen.exists() and seen.read_text().split("\n")[:2], "opened")
        assert option == "--shown"
        opened = Path(path)
        assert opened.read_bytes() == NOTE[2]
        assert opened.is_relative_to(paths.cache_dir())
        assert stat.S_IMODE(opened.stat().st_mode) == 0o600
        seen.unlink()
        await pilot.press("j", "o")
        await settle(pilot)
        assert isinstance(app.screen, Confirm)
        assert "may be a program (.exe)" in screen_text(app)
        await pilot.press("escape")
        await settle(pilot)
        assert not seen.exists()


async def test_mail_26_one_file_is_saved_from_its_menu(
    app: CrmApp, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_files, "downloads_folder", lambda: tmp_path / "Downloads")
    mailbox.letter(files=(CSV, NOTE))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        await pilot.press("j", "m")
        await settle(pilot)
        assert "Open in a program" in screen_text(app)
        await type_text(pilot, "files.save")
        await pilot.press("enter")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        assert "Saved in" in screen_text(app)
    assert [path.name for path in (tmp_path / "Downloads").iterdir()] == ["note.txt"]


async def test_mail_24_of_a_program_that_prints_without_end_the_beginning_is_shown(
    app: CrmApp, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openers, "SECONDS", 10.0)
    mailbox.letter("Whole", "word\n" * 100_000)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1", "|")
        await settle(pilot)
        await paste(pilot, "yes")
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, TextScreen), "its output")
        await settle(pilot)
        assert "y\ny\n" in "\n".join(line.strip() for line in screen_text(app).split("\n"))


async def test_mail_24_a_file_and_a_whole_letter_are_piped_without_a_shell(
    app: CrmApp, mailbox: Mailbox
) -> None:
    mailbox.letter("Whole", files=(NOTE,))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("A")
        await settle(pilot)
        for key, line, expected in (
            ("|", "sort", "one\nthree\ntwo"),
            ("backslash", "echo $(id) ; ls", "$(id) ; ls"),
        ):
            await pilot.press(key)
            await settle(pilot)
            await pilot.press(*line.replace("", " ").split()) if line == "sort" else await paste(pilot, line)
            await pilot.press("enter")
            await settled(pilot, lambda: isinstance(app.screen, TextScreen), "its output")
            await settle(pilot)
            assert expected in "\n".join(line.strip() for line in screen_text(app).split("\n"))
            await pilot.press("escape")
            await settle(pilot)
        await pilot.press("escape", "|")
        await settle(pilot)
        await paste(pilot, "grep -c ^Subject")
        await pilot.press("enter")
        await settled(pilot, lambda: isinstance(app.screen, TextScreen), "its output")
        await settle(pilot)
        assert "1" in screen_text(app).split("\n")[2]
        await pilot.press("escape", "|")
        await settle(pilot)
        await paste(pilot, "no-such-program-here")
        await pilot.press("enter")
        await settled(pilot, lambda: "cannot be started" in screen_text(app), "the refusal")


async def paste(pilot: object, text: str) -> None:
    pilot.app.focused.value = text  # type: ignore[attr-defined]


async def test_mail_24_the_whole_letter_is_shown_and_saved(
    app: CrmApp, mailbox: Mailbox, tmp_path: Path
) -> None:
    place = mailbox.letter("Price: 20/pumps")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("g", "v")
        await settled(pilot, lambda: isinstance(app.screen, TextScreen), "the source")
        assert "Message-ID: <1@newco.example>" in screen_text(app)
        await pilot.press("escape", "g", "e")
        await settle(pilot)
        await paste(pilot, str(tmp_path / "letters"))
        await pilot.press("enter")
        await settle(pilot)
        assert "Saved:" in screen_text(app)
    (saved,) = (tmp_path / "letters").iterdir()
    assert saved.name == "Price: 20-pumps.eml"
    assert b"Message-ID: <1@newco.example>" in saved.read_bytes()
    assert mailbox.place(place)


@pytest.mark.parametrize("shown", [True, False])
async def test_mail_19_files_are_listed_or_not(
    make_app: Callable[[str], CrmApp], mailbox: Mailbox, shown: bool
) -> None:
    mailbox.letter(files=(NOTE,))
    app = make_app(f"[mail]\nshow_attachments = {str(shown).lower()}\n")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("1")
        await settled(pilot, lambda: "From: Olga" in screen_text(app), "the preview")
        assert ("note.txt" in screen_text(app)) is shown
        await pilot.press("enter")
        await settle(pilot)
        assert ("[text] note.txt (14 B)" in screen_text(app)) is shown


@pytest.mark.parametrize(
    ("content", "content_type", "name", "expected"),
    [
        (b"GIF89a\x03\x00\x02\x00", "image/gif", "", "GIF picture, 3 × 2 pixels"),
        (b"BM" + b"\0" * 16 + b"\x04\0\0\0\xff\xff\xff\xff", "image/bmp", "", "BMP picture, 4 × 1 pixels"),
        (b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08\0\x05\0\x06\0", "image/jpeg", "", "JPEG picture, 6 × 5 pixels"),
        (b"\xff\xd8", "image/jpeg", "", "A picture of a kind that is not known here."),
        (b"\x89PNG\r\n\x1a\n\0", "image/png", "", "A picture of a kind that is not known here."),
        (b"a,b\n\0c,d", "application/octet-stream", "x.csv", "a  b\nc  d"),
        (b'a;"' + b"x" * 200_000 + b'"\nb;2', "text/csv", "", "b  2"),
        (b"PK\x03\x04broken", "application/zip", "x.zip", "The archive is damaged."),
        (b"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0", "text/plain", "", "Привет, как дела"),
        (b"\x1b[2J", "text/plain", "", "␛[2J"),
    ],
)  # fmt: skip
def test_mail_24_what_a_file_shows_of_itself(
    content: bytes, content_type: str, name: str, expected: str
) -> None:
    assert expected in (preview.text_of(content, content_type, name) or "")


def test_mail_24_a_kind_that_no_terminal_shows_is_left_to_a_program() -> None:
    assert preview.text_of(b"%PDF-1.7", "application/pdf", "x.pdf") is None


@pytest.mark.parametrize(("names", "size", "expected"), [(1, 6, ["b0"]), (60_000, 0, None)])
def test_an_archive_is_looked_at_from_its_end_and_a_huge_list_not_at_all(
    monkeypatch: pytest.MonkeyPatch, names: int, size: int, expected: list[str] | None
) -> None:
    monkeypatch.setattr(preview, "MOST_DIRECTORY", 1 << 20)
    one = b"PK\x01\x02" + struct.pack("<4B4HL2L5H2L", 20, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0)
    listed = b"".join(one + b"b0" for _ in range(names))
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, names, names, len(listed), size << 20, 0)
    told = preview.text_of(
        b"PK\x03\x04" + bytes((size << 20) - 4 if size else 0) + listed + end, "application/zip"
    )
    assert (told and [line.split()[-1] for line in told.splitlines()[2:]]) == expected


async def test_mail_24_a_click_on_the_files_lists_them_and_a_pdf_is_read_where_a_program_can(
    app: CrmApp, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox.letter(files=(("offer.pdf", "application/pdf", b"%PDF-1.7 text"),))
    folder = tmp_path / "bin"
    folder.mkdir()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("1")
        await settle(pilot)
        await pilot.press("enter")
        await settle(pilot)
        await pilot.click(FileStrip)
        await settle(pilot)
        assert isinstance(app.screen, FilesScreen)
        monkeypatch.setenv("PATH", str(folder))
        for program, expected in (
            ("", "cannot be shown here"),
            ("tr '\\f' '|' | sed s/%PDF-1.7/Total/", "Total text"),
        ):
            if program:
                (folder / "pdftotext").write_text(f"#!/bin/sh\nPATH=/bin:/usr/bin\n{program}\n")
                (folder / "pdftotext").chmod(0o700)
            await pilot.press("enter")
            await settled(pilot, lambda: isinstance(app.screen, TextScreen), "the file")
            await settle(pilot)
            assert expected in screen_text(app)
            await pilot.press("escape")
            await settle(pilot)
