"""Foreign text: what reaches the screen, what is compared, what names a file."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crm_tui.domain.text import clean, file_name, fold, shorten

any_text = st.text(st.characters(), max_size=80)  # every code point, surrogates too

HOSTILE = [
    "\x1b]52;c;Y3VybA==\x07",
    "\x1b]0;title\x1b\\",
    "\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\",
    "\x1bP$qm\x1b\\",
    "\x1b[5n\x1b[6n\x1b[c",
    "\x90$qm\x9c",
    "\x9b6n",
    "\x9d52;c;AA\x9c",
    "\x0e\x0f\x05\x00\x7f\x08\x0b\x0c\r",
    "\u202efdp.exe\u202c",
    "\u2066x\u2069\u200e\u200f\u061c",
    "\u200b\ufeff\u2028\u2029",
    "\U000e0001\U000e0041\U000e007f",
    "\ud800\udfff",
]


@pytest.mark.parametrize("payload", HOSTILE)
@pytest.mark.parametrize("multiline", [False, True])
def test_hostile_text_is_made_visible(payload: str, multiline: bool) -> None:
    shown = clean(f"a{payload}b", multiline)
    kept = {"\n"} if multiline else set()
    assert all(c.isprintable() or c in kept for c in shown)
    assert shown.startswith("a")
    assert shown.endswith("b")
    shown.encode()


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("a\x07b", "a�b"),
        ("a\tb", "a b"),
        ("a\nb", "a�b"),
        ("a\r\nb", "a��b"),
        ("Привіт, Әлем", "Привіт, Әлем"),
        ("👩\u200d💻 ❤\ufe0f", "👩\u200d💻 ❤\ufe0f"),
        ("10\u00a0000", "10\u00a0000"),
        ("", ""),
    ],
)
def test_one_line(given_text: str, shown: str) -> None:
    assert clean(given_text) == shown


def test_lines_keep_tabs_and_line_ends() -> None:
    assert clean("a\tb\r\nc\rd\ne", multiline=True) == "a\tb\nc\nd\ne"


@given(any_text, st.booleans())
def test_clean_has_no_control_character_and_is_stable(s: str, multiline: bool) -> None:
    shown = clean(s, multiline)
    allowed = "\n\t" if multiline else ""
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"} and c not in allowed]
    assert clean(shown, multiline) == shown
    shown.encode()


@given(any_text)
def test_clean_replaces_one_for_one(s: str) -> None:
    assert len(clean(s)) == len(s)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлка", "елка"),
        ("Е\u0308лка", "ЕЛКА"),
        ("Straße", "STRASSE"),
        ("ﬁle", "FILE"),
        ("１２", "12"),
        ("a \t\n  b", "A B"),
        ("10\u00a0000", "10 000"),
        ("Ӛз", "ӛз"),
        ("Йод", "и\u0306од"),
        ("до\u00adго\u200bвор", "Договор"),
    ],
)
def test_fold_sees_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("и", "й"), ("і", "ї"), ("е", "э"), ("г", "ґ"), ("қ", "к"), ("ab", "a b")]
)
def test_fold_keeps_letters_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(st.characters(exclude_categories=["Mn", "Mc", "Cn"])))
def test_fold_is_stable(s: str) -> None:
    assert fold(fold(s)) == fold(s)


@given(any_text)
def test_fold_can_be_stored(s: str) -> None:
    fold(s).encode()


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])), st.integers(-2, 30))
def test_shorten_fits(s: str, width: int) -> None:
    short = shorten(s, width)
    assert cell_len(short) <= max(width, 0)
    assert short == s or width <= 0 or short.endswith("…")


@pytest.mark.parametrize(
    ("s", "width", "short"),
    [
        ("Договор", 7, "Договор"),
        ("Договор", 6, "Догов…"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("ab", 1, "…"),
        ("ab", 0, ""),
        ("", 5, ""),
    ],
)
def test_shorten(s: str, width: int, short: str) -> None:
    assert shorten(s, width) == short


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("договор.pdf", "договор.pdf"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("%2e%2e%2fpasswd", "%2e%2e%2fpasswd"),
        ("\x1b]0;x\x07.txt", "_]0;x_.txt"),
        ("\u202efdp.exe", "_fdp.exe"),
        ("-rf", "rf"),
        ("~/.bashrc", "bashrc"),
        ("~root", "root"),
        (".", "attachment"),
        ("..", "attachment"),
        ("", "attachment"),
        ("///", "attachment"),
        (" - .- ", "attachment"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com1.tar.gz", "_com1.tar.gz"),
        ("console.txt", "console.txt"),
        ("$(id).txt", "$(id).txt"),
        ("a\nb\t c.txt", "a b c.txt"),
        ("report.", "report"),
        ("a\x00b", "a_b"),
        ("\ud800x", "_x"),
        ("я" * 300 + ".docx", "я" * 97 + ".docx"),
    ],
)
def test_file_name(given_name: str, safe: str) -> None:
    assert file_name(given_name) == safe


@given(any_text)
def test_file_name_is_always_safe(s: str) -> None:
    name = file_name(s)
    assert name
    assert len(name.encode()) <= 200
    assert "/" not in name
    assert "\\" not in name
    assert name[0] not in ".-~ "
    assert name.isprintable()
    assert file_name(name) == name


def test_shorten_keeps_a_mark_with_its_letter() -> None:
    assert shorten("и\u0306и\u0306и\u0306", 2) == "и\u0306…"
