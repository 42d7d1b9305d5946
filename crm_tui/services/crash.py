"""The report of a crash: where it happened, never with what data.

Locals and the texts of errors may hold letters and passwords, so the report holds only versions, the names of
the errors and the lines of the program.
"""

import os
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from crm_tui import __version__, paths, whole_file
from crm_tui.domain.clock import utc_now
from crm_tui.domain.errors import CrmError


def write(error: BaseException, clock: Callable[[], datetime] = utc_now) -> Path:
    """Write the report of ``error`` into the state folder, readable by its owner alone, and return its path.

    Raises OSError.
    """
    file = paths.state_dir() / f"crash-{clock():%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    whole_file.write(file, text_of(error))
    return file


def text_of(error: BaseException) -> str:
    """The report as text: versions, then each error of the chain with its lines, the innermost last."""
    lines = [f"crm_tui {__version__}, Python {platform.python_version()}, {sys.platform}"]
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        code = f" {current.code}" if isinstance(current, CrmError) else ""
        lines += ["", f"{type(current).__module__}.{type(current).__qualname__}{code}"]
        for frame in traceback.extract_tb(current.__traceback__):
            lines.append(f"  {frame.filename}:{frame.lineno} in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        current = _reason(current)
    return "\n".join(lines) + "\n"


def _reason(error: BaseException) -> BaseException | None:
    """What led to the error; one of a Textual worker (``WorkerFailed``) has it as an attribute alone."""
    inner = getattr(error, "error", None)
    return error.__cause__ or error.__context__ or (inner if isinstance(inner, BaseException) else None)
