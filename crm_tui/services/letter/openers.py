"""Handing a file to another program: never through a shell, never a program that came in a letter (assurance 1.3)."""

import os
import shlex
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from crm_tui import paths
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, file_name
from crm_tui.services import programs

MOST_OUTPUT = 1_000_000
SECONDS = 60.0
"""A program that a file is piped into has so long; then it is ended."""
KEPT_SECONDS = 24 * 3600
"""Files that were opened are kept so long: the program that shows them may read them again."""
PDF_SECONDS = 15.0
_EXECUTABLE = (
    "exe com bat cmd pif scr msi msp vbs vbe js jse wsf wsh ps1 psm1 hta cpl jar jnlp lnk url reg dll sys"
    " sh bash zsh csh run bin appimage desktop py pyw pl rb php command app deb rpm apk dmg pkg iso img"
    " docm dotm xlsm xltm xlam pptm ppsm potm sldm chm"
)
"""Extensions of files that do something when they are opened, documents with macros among them."""
EXECUTABLE = frozenset(_EXECUTABLE.split())
_BEGINNINGS = {b"MZ": ".exe", b"\x7fELF": "ELF", b"#!": "#!"}


def opener_for(table: str, content_type: str) -> list[str]:
    """The program for a type and its arguments, out of the setting ``mail.openers``, or the desktop's own.

    Raises Invalid for a setting that is not understood, Refused where nothing can open files here.
    """
    for line in table.split(";"):
        try:
            pattern, *argv = shlex.split(line) or [""]
        except ValueError:
            raise Invalid("bad_openers", value=clean(line.strip())) from None
        if pattern and not argv:
            raise Invalid("bad_openers", value=clean(line.strip()))
        if pattern == content_type or (pattern.endswith("/*") and content_type.startswith(pattern[:-1])):
            return argv
    has_desktop = bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if not has_desktop or shutil.which("xdg-open") is None:
        raise Refused("no_opener", kind=content_type)
    return ["xdg-open"]


def why_dangerous(name: str, content: bytes) -> str:
    """What makes a file worth a question before it is opened: its last extension, or what it begins with.

    ``invoice.pdf.exe`` is a program whatever stands before the last point. Empty for a harmless file.
    """
    extension = file_name(name).rpartition(".")[2].strip().lower()
    if extension in EXECUTABLE:
        return f".{extension}"
    return next((sign for start, sign in _BEGINNINGS.items() if content.startswith(start)), "")


def open_file(name: str, content: bytes, argv: Sequence[str]) -> Path:
    """Write the content to a file of its own and start the program on it; answers the file.

    The folder is the owner's alone; files opened a day ago are removed. Raises Refused when it cannot be started.
    """
    folder = paths.opened()
    folder.mkdir(mode=0o700, exist_ok=True)
    _forget_old(folder)
    path = Path(tempfile.mkdtemp(dir=folder)) / file_name(name)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    nothing = subprocess.DEVNULL
    try:
        process = subprocess.Popen(
            [*argv, str(path)], stdin=nothing, stdout=nothing, stderr=nothing, start_new_session=True
        )
    except OSError as error:
        raise _cannot_start(argv, error) from error
    threading.Thread(target=process.wait, name="opened", daemon=True).start()
    return path


def pipe(content: bytes, line: str) -> str:
    """What a program prints that reads the content; ``line`` is split into words as a shell would, and that is all.

    Of an endless answer the beginning is taken, and the program ended. Raises Invalid for a line that is none,
    Refused for a program that cannot be started or does not end.
    """
    try:
        argv = shlex.split(line)
    except ValueError:
        argv = []
    if not argv:
        raise Invalid("not_a_program", value=clean(line))
    try:
        ended = programs.run(argv, content, seconds=SECONDS, most=MOST_OUTPUT)
    except OSError as error:
        raise _cannot_start(argv, error) from error
    if ended.is_late:
        raise Refused("program_does_not_end", program=clean(argv[0]), seconds=int(SECONDS))
    return clean(ended.printed.decode("utf-8", "replace"), multiline=True)


def pdf_text(content: bytes) -> str | None:
    """The text of a PDF by ``pdftotext``, which is asked with bounds of time; None where it is not here or fails."""
    program = shutil.which("pdftotext")
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, "-q", "-layout", "-enc", "UTF-8", "-l", "50", "-", "-"],
            input=content, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=PDF_SECONDS, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = done.stdout[:MOST_OUTPUT].decode("utf-8", "replace").replace("\f", "\n")
    return clean(text, multiline=True) if done.returncode == 0 and text.strip() else None


def _cannot_start(argv: Sequence[str], error: OSError) -> Refused:
    return Refused("cannot_start", program=clean(argv[0]), reason=error.strerror or str(error))


def _forget_old(folder: Path) -> None:
    before = time.time() - KEPT_SECONDS
    for one in folder.iterdir():
        if one.stat().st_mtime < before:
            shutil.rmtree(one, ignore_errors=True)
