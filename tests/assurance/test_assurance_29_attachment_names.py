"""Row 29 (the half of the parser): whatever a letter calls its attachment, the name to save under is harmless."""

import pytest

from crm_tui.parsing.letter import parse

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
