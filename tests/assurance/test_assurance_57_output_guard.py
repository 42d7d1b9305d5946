"""Row 57: the guard before the terminal fits the Textual in use, and everything drawn passes it."""

import inspect
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from crm_tui.widgets import strip_guard


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    before = (Strip.__dict__["render"], Strip.__dict__["render_style"])
    strip_guard.install()
    yield
    Strip.render, Strip.render_style = before  # type: ignore[method-assign, assignment]


def test_assurance_57_textual_renders_by_the_two_methods_that_are_guarded() -> None:
    assert str(inspect.signature(strip_guard._original_render)) == strip_guard.RENDER_SIGNATURE
    assert str(inspect.signature(strip_guard._original_render_style)) == strip_guard.RENDER_STYLE_SIGNATURE
    names = {name for name in vars(Strip) if name.startswith("render")}
    assert names == {"render", "render_ansi", "render_style"}  # a new way out must be guarded too
    assert {"_segments", "_render_cache"} <= set(Strip.__slots__)


def test_assurance_57_guard_is_active_and_says_when_it_is_not() -> None:
    assert strip_guard.is_active()
    Strip.render = strip_guard._original_render  # type: ignore[method-assign]
    assert not strip_guard.is_active()


def test_assurance_57_another_textual_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strip_guard, "is_active", lambda: False)
    monkeypatch.setattr(strip_guard, "_original_render", lambda self: "")
    with pytest.raises(RuntimeError, match="does not fit"):
        strip_guard.install()


@given(text=st.text(), styled=st.booleans())
def test_assurance_57_no_character_that_steers_a_terminal_is_rendered(text: str, styled: bool) -> None:
    style = Style(bold=True) if styled else None
    drawn = Strip([Segment(text, style)]).render(Console(color_system="truecolor"))
    content = drawn.removeprefix("\x1b[1m").removesuffix("\x1b[0m") if styled else drawn
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in content)
    assert not set(content) & {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF)}
    content.encode()


def test_assurance_57_printable_text_and_our_own_control_segments_stay() -> None:
    console = Console(color_system="truecolor")
    assert Strip([Segment("Привет, 日本 é 👩‍👧")]).render(console) == "Привет, 日本 é 👩‍👧"
    move = Segment("\x1b[2;3H", None, [(2, 3)])  # type: ignore[list-item]
    assert Strip([move, Segment("x")]).render(console) == "\x1b[2;3Hx"


def test_assurance_57_a_link_that_breaks_out_is_dropped_and_its_text_stays() -> None:
    bad = Style(link="http://a\x1b\\\x1b]52;c;aGk=\x07")
    assert Strip.render_style(bad, "text", ColorSystem.TRUECOLOR) == "text"
    good = Strip.render_style(Style(link="https://example.org/"), "text", ColorSystem.TRUECOLOR)
    assert "https://example.org/" in good
