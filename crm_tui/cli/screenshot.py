"""``crm screenshot``: a screen drawn as SVG, without a terminal."""

import argparse
import asyncio
import os
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui import config, i18n
from crm_tui.cli import exit_codes, output
from crm_tui.cli.opening import database
from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import clean
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.app import CrmApp

SCREENS = ("today", "mail", "tasks", "calendar", "interests")
SMALLEST, LARGEST = (20, 5), (400, 200)
PATIENCE_SECONDS = 60.0
_FONT = re.compile(r"@font-face\s*\{.*?\}\s*", re.DOTALL)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``crm screenshot``."""
    parser.add_argument("screen", choices=SCREENS, help=_("the screen to draw"))
    parser.add_argument(
        "--demo", action="store_true", help=_("of the demo company, made when it is not there")
    )
    parser.add_argument("--size", type=_size, default=(120, 40), metavar="WxH", help=_("in cells (120x40)"))
    parser.add_argument("--theme", metavar="T", help=_("theme; else the one of the settings"))
    parser.add_argument("--lang", choices=i18n.LANGUAGES, help=_("language of the screen"))
    parser.add_argument(
        "-o", "--output", required=True, metavar="FILE", help=_("where to write; - is standard output")
    )


def run(args: argparse.Namespace) -> int:
    """Draw the screen and write it."""
    language = args.lang or args.language
    path = _demo_store(language) if args.demo else database(args)
    loaded = _settings(args.theme)
    if language:
        i18n.activate(language)
    svg = asyncio.run(_drawn(path, loaded, args.screen, args.size))
    if args.output == "-":
        sys.stdout.write(svg.rstrip() + "\n")
    else:
        Path(args.output).expanduser().write_text(svg.rstrip() + "\n", "utf-8")
        output.talk(_("Drawn: {file}").format(file=args.output))
    return exit_codes.OK


def _size(text: str) -> tuple[int, int]:
    """``120x40``: columns and lines."""
    match = re.fullmatch(r"(\d{1,3})[x×](\d{1,3})", text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(low <= cells <= high for low, cells, high in zip(SMALLEST, size, LARGEST, strict=True)):
        raise argparse.ArgumentTypeError(_("not a size like 120x40: {text}").format(text=text))
    return size


def _demo_store(language: str | None) -> Path:
    from crm_tui.cli import demo
    from crm_tui.demo import build

    info = build.prepare(demo.folder(), language, report=demo.show_progress)
    os.environ["CRM_HOME"] = str(info.home)
    i18n.activate(info.language)
    return info.database


def _settings(theme: str | None) -> config.Loaded:
    """The person's settings, as far as they are about looks: a picture must not mark letters as read."""
    from crm_tui import theming

    loaded = config.load()
    glyphs = loaded.config.ui.glyphs
    ui = replace(loaded.config.ui, read_after_seconds=0.0, glyphs="unicode" if glyphs == "auto" else glyphs)
    if theme is not None:
        known, _bad = theming.load()
        if theme not in known:
            raise Invalid("no_such_theme", name=theme, known=", ".join(sorted(known)))
        ui = replace(ui, theme=theme)
    return replace(loaded, config=replace(loaded.config, ui=ui))


async def _drawn(path: Path, loaded: config.Loaded, screen: str, size: tuple[int, int]) -> str:
    from crm_tui.cli import tui

    tui.prepare_environment(loaded.config)
    app = _app(path, loaded)
    heard = asyncio.Event()
    async with app.run_test(size=size, message_hook=lambda _message: heard.set()) as pilot:
        await app.switch_mode(screen)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not _is_loaded(app, screen):
                heard.clear()
                await heard.wait()
            await app.workers.wait_for_complete()  # counts of folders are read in a thread
        await pilot.pause()
        svg = app.export_screenshot(title="crm_tui")
    # A picture must not fetch anything from the net, it has not passed the guard of the terminal, and there are
    # renderers that drop leading spaces.
    return clean(_FONT.sub("", svg), multiline=True).replace("<text ", '<text xml:space="preserve" ')


def _app(path: Path, loaded: config.Loaded) -> "CrmApp":
    """The app at rest: no sync, no session, no reminders, which would be taken from the person."""
    from crm_tui.app import CrmApp
    from crm_tui.widgets import glyphs, strip_guard
    from crm_tui.workstation import open_ports

    class Still(CrmApp):
        def _look_around(self) -> None:
            pass

    strip_guard.install()
    glyphs.apply(loaded.config.ui.glyphs)
    ports = open_ports(path)
    ports.sync = None
    ports.session = None
    return Still(ports, loaded)


def _is_loaded(app: "CrmApp", screen: str) -> bool:
    from crm_tui.widgets.record_list import RecordList

    lists: Any = app.screen.query(RecordList)
    return app.current_mode == screen and app.screen.is_mounted and all(one.is_complete for one in lists)
