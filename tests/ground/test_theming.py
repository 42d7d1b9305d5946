"""Themes load, can be read by weak eyes, and obey NO_COLOR."""

import re
from pathlib import Path

import pytest
from textual.color import Color

from crm_tui import theming

NAMES = {"dark", "light", "high-contrast", "ansi16", "mono"}
LEAST_CONTRAST = 4.5  # WCAG 2.1, 1.4.3


def luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_our_themes_are_there_and_load() -> None:
    themes, bad = theming.load()
    assert set(themes) == NAMES
    assert bad == []


@pytest.mark.parametrize("name", sorted(NAMES - {"ansi16", "mono"}))
def test_text_stands_out_from_every_ground(name: str) -> None:
    theme = theming.load()[0][name]
    colors = theme.to_color_system().generate()
    for ground in ("background", "surface", "panel"):
        for text in (
            "foreground",
            "text-muted",
            "text-error",
            "text-warning",
            "text-success",
            "text-primary",
        ):
            on = Color.parse(colors[ground])
            written = colors[text]
            ink = on.get_contrast_text(0.87) if written.startswith("auto") else Color.parse(written)
            assert contrast(on.blend(ink, ink.a), on) >= LEAST_CONTRAST, (ground, text)
    cursor = Color.parse(colors["block-cursor-background"])
    assert contrast(Color.parse(colors["block-cursor-foreground"]), cursor) >= LEAST_CONTRAST


@pytest.mark.parametrize("name", ["ansi16", "mono"])
def test_the_poor_themes_leave_colours_to_the_terminal(name: str) -> None:
    text = (theming.themes_dir() / f"{name}.toml").read_text("utf-8")
    assert not re.search(r'"#[0-9a-f]', text)
    if name == "mono":
        assert set(re.findall(r"ansi_\w+", text)) == {"ansi_default"}


def test_a_users_theme_joins_ours_and_a_bad_one_is_named(crm_home: Path) -> None:
    folder = theming.user_themes_dir()
    folder.mkdir()
    (folder / "mine.toml").write_text('primary = "#ff0000"\n', "utf-8")
    (folder / "odd.toml").write_text('primary = "#ff0000"\nglow = 1\n', "utf-8")
    (folder / "broken.toml").write_text("primary =", "utf-8")
    (folder / "bare.toml").write_text("dark = true\n", "utf-8")
    (folder / "wrong.toml").write_text('primary = "no colour"\n', "utf-8")
    themes, bad = theming.load()
    assert set(themes) == NAMES | {"mine"}
    assert {(one.file.stem) for one in bad} == {"odd", "broken", "bare", "wrong"}
    assert "glow" in next(one.text for one in bad if one.file.stem == "odd")


@pytest.mark.parametrize(
    ("setting", "environment", "name"),
    [
        ("auto", {"TERM": "xterm-256color"}, "dark"),
        ("light", {"TERM": "xterm-256color"}, "light"),
        ("no such", {"TERM": "xterm-256color"}, "dark"),
        ("auto", {"TERM": "vt220"}, "ansi16"),
        ("auto", {"TERM": "linux"}, "ansi16"),
        ("auto", {"TERM": "screen-256color"}, "dark"),
        ("light", {"NO_COLOR": "1"}, "mono"),
        ("light", {"NO_COLOR": ""}, "light"),
    ],
)
def test_the_theme_to_start_with(setting: str, environment: dict[str, str], name: str) -> None:
    assert theming.choose(setting, theming.load()[0], environment) == name
