"""Opens the workstation: checks the terminal, reads the settings, composes the ports, runs the app."""

import gc
import locale
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import config, i18n, paths
from crm_tui.i18n import _
from crm_tui.screens.shell import last_frame, memory

if TYPE_CHECKING:
    from crm_tui.app import CrmApp

USAGE = 2
DUMB = ("", "dumb", "unknown")
YOUNG_OBJECTS = 10_000
"""How many new objects there are before a search for cycles: with Python's 700, starting does it 140 times."""


def run(take_over: last_frame.TakeOver | None = None, database: Path | None = None) -> int:
    """Open the workstation and return its exit code: 0, 2 where the terminal cannot show it, 128 + signal.

    ``take_over`` ends the last frame, where one is shown already; ``database`` is another store than the usual one.
    """
    take_over = take_over or last_frame.paint()
    gc.disable()
    loaded = config.load()
    if loaded.config.ui.language != "auto":
        i18n.activate(loaded.config.ui.language)
    refusal = refuses(os.environ, locale.getpreferredencoding(False), loaded.config.ui.glyphs)
    if refusal is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        refusal = _("The screens need a terminal. For scripts there are the commands: crm --help")
    if refusal is not None:
        if take_over is not None:
            take_over(False)
        print(refusal, file=sys.stderr)
        return USAGE
    prepare_environment(loaded.config)
    take_over = take_over or paint_first_page(loaded, database or paths.database())
    memory.share_heap()
    try:
        app = make_app(loaded, database)
    except BaseException:
        take_over(False)
        raise
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS)
    gc.enable()
    app.typed_before = take_over(True)
    app.when_settled = spare_the_lasting
    app.run(mouse=wants_mouse(loaded.config.ui.mouse, os.environ))
    return app.return_code or 0


def spare_the_lasting() -> None:
    """Search for no cycles among what lasts as long as the program does: it would take 20 ms of some key. What the
    start left unreachable (2,400 small objects) is not worth a search."""
    gc.freeze()


def paint_first_page(loaded: config.Loaded, database: Path) -> last_frame.TakeOver:
    """Where no last frame fits, show the newest letters while the program is being loaded."""
    from crm_tui.domain.clock import utc_now
    from crm_tui.screens.shell import first_page
    from crm_tui.widgets import glyphs

    width, height = shutil.get_terminal_size()
    signs = glyphs.named(loaded.config.ui.glyphs)
    drawn = first_page.picture(database, width, height, utc_now, signs, restore=loaded.config.ui.restore)
    return (last_frame.show(drawn.text, drawn.track) if drawn.text else None) or (lambda _loaded: b"")


def make_app(loaded: config.Loaded, database: Path | None = None) -> "CrmApp":
    """The app over the person's store; here everything heavy is imported."""
    from crm_tui.app import CrmApp
    from crm_tui.widgets import glyphs, strip_guard
    from crm_tui.widgets.driver import driver_class
    from crm_tui.workstation import open_ports

    strip_guard.install()
    glyphs.apply(loaded.config.ui.glyphs)
    ports = open_ports(database or paths.database(), every_minutes=loaded.config.sync.every_minutes)
    return CrmApp(ports, loaded, driver_class(loaded.config.ui.driver))


def refuses(environment: Mapping[str, str], encoding: str, glyph_setting: str) -> str | None:
    """Why this terminal cannot show the screens, or None."""
    if environment.get("TERM", "") in DUMB:
        return _(
            "This terminal (TERM={term}) cannot place text on the screen. For scripts: crm --help"
        ).format(term=environment.get("TERM", ""))
    if "utf" not in encoding.lower() and glyph_setting != "ascii":
        return _(
            "The encoding of this terminal is {encoding}, not UTF-8, and names could not be shown. "
            "Set LANG to a UTF-8 locale, for instance C.UTF-8, or CRM_UI__GLYPHS=ascii to go on all the same."
        ).format(encoding=encoding)
    return None


def prepare_environment(settings: config.Config) -> None:
    """What Textual reads from the environment when it is imported: nothing moves, nothing scrolls by pixels."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    os.environ["TEXTUAL_SMOOTH_SCROLL"] = "0"
    if not settings.ui.kitty_keys:
        os.environ["TEXTUAL_DISABLE_KITTY_KEY"] = "1"


def wants_mouse(setting: str, environment: Mapping[str, str]) -> bool:
    """Over SSH the mouse stays the terminal's own, unless the settings say otherwise."""
    return setting == "on" or (setting == "auto" and not environment.get("SSH_TTY"))
