"""Row 29: whatever a letter calls its attachment, it is saved and opened under a harmless name."""

from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui import paths
from crm_tui.parsing.letter import parse
from crm_tui.services.letter import attachments, openers
from crm_tui.store.tables import Letter
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of, letter_row
from tests.stores import new_store

PLAIN = [
    "../../.ssh/authorized_keys", "/etc/passwd", "..\\..\\windows\\win.ini",
    "C:\\autoexec.bat", "\\\\server\\share\\x",
    "~/.bashrc", "~root", ".bashrc", "..", ".", "...", "/", "//", "-rf", "--help", "-", "a/../b", "a/./", "x/",
    "CON", "con.txt", "NUL", "COM1.log", "lpt9", "aux.tar.gz", "$(id)", "`id`", "a;rm -rf x", "a|b", "a&b", "a b",
    " lead", "trail ", "trail.", "a" * 300, "a" * 300 + ".pdf", "x.pdf" + " " * 200 + ".exe", "%2e%2e%2fx",
    "a\tb", "",
]  # fmt: skip
ENCODED = [
    b"filename*=utf-8''%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    b"filename*=utf-8''%00%0d%0aX-Evil%3A%20yes",
    b"filename*=utf-8''%1b%5d0%3btitle%07.txt",
    b"filename*=utf-8''%E2%80%AEfdp.exe",
    b"filename*=utf-8''%F3%A0%81%81x",
    b"filename*=zlib''%78%9c",
    b"filename*=utf-8''" + b"%D1%8F" * 300 + b".pdf",
    b"filename*=utf-8''%ff%fe",
    b"filename*0*=utf-8''..; filename*1=/; filename*2=../x",
    b"filename*5=x; filename*0=..",
    b'filename="=?utf-8?q?=2E=2E=2Fx?="',
    b'filename="=?utf-8?b?AAAA?="',
    b'filename="\x1b]0;t\x07"',
    b'filename="\xff\xfe"',
    b"filename=",
]


def name_of(disposition: bytes) -> tuple[str, str]:
    (attachment,) = parse(b"Content-Disposition: attachment; " + disposition + b"\n\nx").attachments
    return attachment.name, attachment.file_name


@pytest.mark.parametrize(
    "disposition",
    [b'filename="' + name.replace("\\", "\\\\").encode() + b'"' for name in PLAIN] + ENCODED,
)
def test_assurance_29_a_name_to_save_under_is_harmless(disposition: bytes) -> None:
    shown, name = name_of(disposition)
    assert name
    assert name.isprintable()
    assert shown.isprintable() or not shown
    assert len(name.encode()) <= 200
    assert not {"/", "\\", "\0"} & set(name)
    assert name[0] not in ".-~ "
    assert name.split(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


def test_assurance_29_the_extension_survives_a_name_too_long() -> None:
    assert name_of(b"filename*=utf-8''" + b"%D1%8F" * 300 + b".pdf")[1].endswith(".pdf")


def hostile_letter() -> bytes:
    """One letter with a file under each of the names."""
    named = [b'filename="' + name.replace("\\", "\\\\").encode() + b'"' for name in PLAIN] + ENCODED
    parts = b"".join(
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; "
        + disposition
        + b"\r\n\r\n%d\r\n" % number
        for number, disposition in enumerate(named)
    )
    return b"Subject: ../../x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + parts + b"--b--\r\n"


def test_assurance_29_all_are_saved_inside_the_folder_and_none_over_another(
    tmp_path: Path, figure: Callable[[str], None]
) -> None:
    raw = hostile_letter()
    store = new_store(tmp_path / "store")
    with store.arrivals("test") as work:
        letter = work.add(Letter(**letter_row(raw.partition(b"\r\n\r\n")[0], len(raw), work.now)))
        keep_body(work, letter.key, body_of(raw, parse))
    inside = tmp_path / "a" / "saved"
    inside.mkdir(parents=True)
    (inside / "trap").symlink_to(tmp_path / "caught")
    (inside / "passwd").write_text("mine")
    saved = attachments.save(store, letter.key, inside)
    whole = attachments.save_letter(store, letter.key, inside)
    store.close()
    assert len(saved) == len(PLAIN) + len(ENCODED) >= 40
    assert len(set(saved)) == len(saved)
    for number, path in enumerate(saved):
        assert path.parent == inside
        assert path.read_bytes().strip() == b"%d" % number
        assert path.stat().st_mode & 0o777 == 0o600
    assert whole.parent == inside
    assert (inside / "passwd").read_text() == "mine"
    made = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*")}
    assert made == {"a", "store", "crm_home"}, "nothing beside the folder"
    figure(f"{len(saved)} names")


def test_assurance_29_opened_by_an_argument_list(tmp_path: Path) -> None:
    for name in (*PLAIN, "$(touch x)", "a\nb", "--output=x"):
        path = openers.open_file(name, b"x", ["/bin/true"])
        assert path.parent.parent == paths.cache_dir() / "opened"
        assert path.parent.stat().st_mode & 0o777 == 0o700
        assert path.stat().st_mode & 0o777 == 0o600
        assert path.name[0] not in "-.~"


@pytest.mark.parametrize(
    ("name", "content", "sign"),
    [
        ("invoice.pdf.exe", b"", ".exe"),
        ("invoice.pdf .SCR ", b"", ".scr"),
        ("report.docm", b"", ".docm"),
        ("photo.jpg", b"MZ\x90", ".exe"),
        ("notes", b"#!/bin/sh\n", "#!"),
        ("offer.pdf", b"%PDF", ""),
        ("x.tar.gz", b"\x1f\x8b", ""),
    ],
)
def test_assurance_29_what_may_be_a_program_is_known(name: str, content: bytes, sign: str) -> None:
    assert openers.why_dangerous(name, content) == sign
