"""A text in the person's own editor, while the program goes on behind it (design/libraries.md, finding 6)."""

import asyncio
import contextlib
import os
import shlex
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from textual.app import App, SuspendNotSupported

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean

LOOK_SECONDS = 1.0
"""So often it is looked whether the editor has saved, so that a lost line costs nothing there either (story B9)."""


async def edited(
    app: App[Any], text: str, *, suffix: str = ".txt", saved: Callable[[str], object] = lambda _text: None
) -> str:
    """The text as the editor leaves it; ``saved`` hears of each saving meanwhile.

    Raises Refused where no editor is named or it cannot be started, where it fails, and where the terminal cannot be
    lent to it.
    """
    command = editor_command()
    with tempfile.TemporaryDirectory(prefix="crm-letter-") as folder:  # 0700: nobody else reads it
        path = Path(folder) / f"letter{suffix}"
        path.touch(mode=0o600)
        path.write_text(text, "utf-8")
        try:
            with app.suspend():
                # Textual takes the terminal back only where nothing is raised here.
                code, trouble = await _tried([*command, str(path)], path, saved)
        except SuspendNotSupported as error:
            raise Refused("editor_needs_terminal") from error
        if trouble is not None:
            raise trouble
        if code != 0:
            raise Refused("editor_failed", program=clean(Path(command[0]).name), code=code)
        return _read(path)


def editor_command() -> list[str]:
    """The program and its arguments. Raises Refused where none is named."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        command = shlex.split(named)
    except ValueError:
        command = []
    if not command:
        raise Refused("no_editor")
    return command


async def _tried(
    command: list[str], path: Path, saved: Callable[[str], object]
) -> tuple[int, BaseException | None]:
    try:
        return await _run(command, path, saved), None
    except BaseException as error:
        return 1, error


async def _run(command: list[str], path: Path, saved: Callable[[str], object]) -> int:
    known = path.stat().st_mtime_ns
    try:
        process = await asyncio.create_subprocess_exec(*command)
    except OSError as error:
        raise Refused(
            "editor_missing", program=clean(Path(command[0]).name), reason=error.strerror or str(error)
        ) from error
    waiting = asyncio.ensure_future(process.wait())
    while not waiting.done():
        await asyncio.wait([waiting], timeout=LOOK_SECONDS)
        with contextlib.suppress(OSError):  # some editors put another file in its place
            if path.stat().st_mtime_ns != known:
                known = path.stat().st_mtime_ns
                saved(_read(path))
    return waiting.result()


def _read(path: Path) -> str:
    """What the file holds, fit for a letter."""
    return clean(path.read_text("utf-8", "replace"), multiline=True)
