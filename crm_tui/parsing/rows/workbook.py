"""Workbooks (XLSX, XLSM, XLSB, XLS, ODS), read by a child process with limits of memory and time.

A few kilobytes of a workbook may stand for millions of cells, and the library that reads them (calamine, in Rust)
holds a whole sheet: in the child it can take neither our memory nor our time.
"""

import contextlib
import json
import os
import select
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import IO

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.rows.headings import put_on
from crm_tui.parsing.rows.sheet import Empty, Reading, Row, Sheet

SECONDS = 5.0
"""Until the first row is there, and then between one batch of rows and the next."""
_PIECE = 2**16


@contextlib.contextmanager
def opened(path: Path, reading: Reading) -> Iterator[Sheet]:
    """The sheet named, else the first that holds something. Raises Invalid (``import_workbook``, ``reason``)."""
    child = subprocess.Popen(
        [sys.executable, "-m", "crm_tui.parsing.rows.workbook_worker", str(path.absolute()), reading.table],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(one for one in sys.path if one)},
        start_new_session=True,
    )
    assert child.stdout is not None  # a pipe, see above
    try:
        lines = _lines(child.stdout)
        head = json.loads(next(lines))
        if "refused" in head:
            raise _refused(head["refused"])
        empty = Empty()
        columns, headed, rows = put_on(_rows(lines, empty), reading.headings)
        reading = replace(reading, headings=headed, table=str(head["table"]))
        yield Sheet(head["format"], columns, rows, reading, empty=empty)
    except StopIteration:
        raise _refused("crashed") from None
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _rows(lines: Iterator[str], empty: Empty) -> Iterator[Row]:
    ended = False
    for line in lines:
        found = json.loads(line)
        if isinstance(found, dict):
            if "refused" in found:
                raise _refused(found["refused"])
            empty.lines = found["empty"]
            ended = True
            break
        for number, cells in found:
            yield Row(number, tuple(cells))
    if not ended:
        raise _refused("crashed")


def _lines(pipe: IO[bytes]) -> Iterator[str]:
    """Lines as they come. Raises Invalid when none comes in time."""
    descriptor, rest = pipe.fileno(), b""
    while True:
        deadline = monotonic() + SECONDS
        ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - monotonic()))
        if not ready:
            raise _refused("timeout")
        piece = os.read(descriptor, _PIECE)
        if not piece:
            return
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line.decode()


def _refused(reason: str) -> Invalid:
    return Invalid("import_workbook", reason=reason)
