"""The child processes that parse (`parsing.worker`), begun and ended."""

import contextlib
import os
import subprocess
import sys

MANY = "many"
"""Tells the worker that it is asked about many letters at once."""
LETTERS, HEADS = b"l", b"h"
"""What it is then asked for: the gists of letters, or the fields of header blocks."""


def start_worker(*arguments: str) -> subprocess.Popen[bytes]:
    """A child that parses what comes on its standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", "crm_tui.parsing.worker", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        # Ctrl+C in the terminal is for the program, not for its children.
        start_new_session=True,
    )


def end_worker(child: subprocess.Popen[bytes] | None) -> None:
    """Kill the child, if there is one, and wait for its end."""
    if child is None:
        return
    child.kill()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError, ValueError):
                pipe.close()
    child.wait()
