"""Themes: one TOML file a theme, ours and the user's.

A file holds the fields of ``textual.theme.Theme`` but its name, which is the file's.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import paths
from crm_tui.i18n import _

if TYPE_CHECKING:
    from textual.theme import Theme

POOR_TERMINALS = ("linux", "vt", "screen", "ansi", "xterm-16color")


@dataclass(frozen=True, slots=True)
class BadTheme:
    """A theme's file that cannot be used, and why."""

    file: Path
    text: str


def themes_dir() -> Path:
    """The folder of our own themes: in the wheel inside the package, in a checkout beside it."""
    inside = Path(str(files("crm_tui").joinpath("themes")))
    return inside if inside.is_dir() else Path(__file__).resolve().parents[1] / "themes"


def user_themes_dir() -> Path:
    """The folder of the user's themes; one with the name of ours replaces it."""
    return paths.config_dir() / "themes"


def load() -> tuple[dict[str, "Theme"], list[BadTheme]]:
    """All themes by name, and the files that were not understood."""
    themes: dict[str, Theme] = {}
    bad: list[BadTheme] = []
    for folder in (themes_dir(), user_themes_dir()):
        for file in sorted(folder.glob("*.toml")):
            try:
                themes[file.stem] = read(file)
            except (OSError, ValueError, TypeError) as error:
                bad.append(BadTheme(file, str(error)))
    return themes, bad


def read(file: Path) -> "Theme":
    """The theme of a file; raises ValueError with the reason when it cannot be used."""
    from textual.color import ColorParseError
    from textual.theme import Theme

    table = tomllib.loads(file.read_text("utf-8"))
    known = {row.name for row in fields(Theme)} - {"name"}
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(_("unknown: {names}").format(names=", ".join(unknown)))
    if "primary" not in table:
        raise ValueError(_("primary is missing"))
    theme = Theme(name=file.stem, **table)
    try:
        theme.to_color_system().generate()
    except ColorParseError as error:
        raise ValueError(str(error)) from error
    return theme


def wants_no_color(environment: Mapping[str, str] | None = None) -> bool:
    """NO_COLOR as its makers mean it: set, and not empty (no-color.org)."""
    return bool((os.environ if environment is None else environment).get("NO_COLOR"))


def choose(setting: str, names: Mapping[str, object], environment: Mapping[str, str] | None = None) -> str:
    """The theme to start with: NO_COLOR goes first, then the setting, then what the terminal can show."""
    environment = os.environ if environment is None else environment
    if wants_no_color(environment):
        return "mono"
    if setting in names:
        return setting
    term = environment.get("TERM", "")
    return "ansi16" if term.startswith(POOR_TERMINALS) and not term.endswith("-256color") else "dark"
