"""Running another program within bounds of time and of what is read from it; never through a shell."""

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended."""

    code: int
    """Exit code; below zero the signal that ended it."""
    printed: bytes
    """What it printed, or the beginning of it."""
    is_late: bool
    """Its time was over, and it was ended, with all that it started."""


def run(
    argv: Sequence[str],
    content: bytes,
    *,
    seconds: float,
    most: int,
    errors_only: bool = False,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Ended:
    """Give the content to the program on its standard input and wait for its end, at most so long.

    It is ended when it printed ``most`` octets. ``errors_only``: what it prints on standard output is thrown away.
    Raises OSError when it cannot be started.
    """
    program = subprocess.Popen(
        argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL if errors_only else subprocess.PIPE,
        stderr=subprocess.PIPE if errors_only else subprocess.STDOUT,
        start_new_session=True,  # what it starts is ended with it
        env=environment,
        cwd=folder,
    )
    output = program.stderr if errors_only else program.stdout
    assert program.stdin is not None
    assert output is not None
    is_late = threading.Event()

    def end(*, late: bool = True) -> None:
        if late:
            is_late.set()
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)

    limit = threading.Timer(seconds, end)
    limit.daemon = True
    limit.start()
    threading.Thread(target=_feed, args=(program.stdin, content), daemon=True).start()
    with output:
        printed = output.read(most)
        if len(printed) == most:
            end(late=False)
    code = program.wait()
    limit.cancel()
    return Ended(code, printed, is_late.is_set())


def _feed(stream: IO[bytes], content: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):  # the program wants no more, or is over
        stream.write(content)
    with contextlib.suppress(OSError):
        stream.close()
