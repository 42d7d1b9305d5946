"""The child process of ``workbook``: a sheet in, lines of JSON out, limits around.

The first line is an object (``format`` and ``table``, or ``refused``), then come batches ``[[number, [cells]]…]``,
at the end an object with the number of rows without anything in them (``empty``), which are left out.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

MEMORY = 384 * 2**20
"""Of the child's addresses; what it holds of them is some 50 MB less."""
CPU_SECONDS = 60
FILE = 64 * 2**20
UNPACKED = 192 * 2**20
"""Bytes of all parts together; 100,000 rows of a dozen columns unpack to some 60 MB."""
RATIO = 200
SMALL = 8 * 2**20
"""What unpacks to less may be packed as tightly as it likes."""
_BATCH = 200
_LONGEST_CELL = 32_767
_MOST_COLUMNS = 500


def main() -> None:
    """Write out the sheet that the arguments name: path, and name of the sheet or nothing."""
    path, wanted = Path(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        reason = refusal(path)
        if reason:
            _say({"refused": reason})
            return
        _serve(path, wanted)
    except MemoryError:
        _say({"refused": "out_of_memory"})
    except BrokenPipeError:
        return
    except BaseException:  # a fault in Rust comes as an exception of its own, which is none of Exception
        _say({"refused": "unreadable"})


def refusal(path: Path) -> str:
    """Why the file is not opened, as far as its size tells: ``too_big`` or nothing."""
    if path.stat().st_size > FILE:
        return "too_big"
    if not zipfile.is_zipfile(path):
        return ""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    unpacked = sum(part.file_size for part in parts)
    tight = unpacked > RATIO * max(1, path.stat().st_size)
    return "too_big" if unpacked > UNPACKED or (tight and unpacked > SMALL) else ""


def _serve(path: Path, wanted: str) -> None:
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    names = [wanted] if wanted else workbook.sheet_names
    for name in names:
        sheet = workbook.get_sheet_by_name(name)
        empty: list[int] = []
        rows = _rows(sheet.iter_rows(), sheet.start or (0, 0), empty)
        first = next(rows, None)
        if first is None and name != names[-1]:
            continue
        _say({"format": _format(path), "table": name})
        if first is not None:
            _write(first, rows)
        _say({"empty": len(empty)})
        return
    _say({"refused": "no_table"})


def _write(first: tuple[int, list[str]], rows: Iterator[tuple[int, list[str]]]) -> None:
    batch = [first]
    for row in rows:
        if len(batch) == _BATCH:
            _say(batch)
            batch = []
        batch.append(row)
    _say(batch)


def _rows(
    rows: Iterator[list[Any]], start: tuple[int, int], empty: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """Number and cells of each row that has something in it; the numbers of the others go to ``empty``."""
    for number, row in enumerate(rows, start[0] + 1):
        cells = [_text(value) for value in row[:_MOST_COLUMNS]]
        if any(cells):
            yield number, cells
        else:
            empty.append(number)


def _text(value: Any) -> str:
    """What the cell shows, near enough, in a form that any locale reads."""
    if isinstance(value, str):
        return value[:_LONGEST_CELL]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        whole_day = value.time() == time()
        return value.date().isoformat() if whole_day else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return "" if value is None else str(value)


def _format(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(4)
    if head == b"\xd0\xcf\x11\xe0":
        return "xls"
    return "ods" if path.suffix.lower() in (".ods", ".fods") else "xlsx"


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what, separators=(",", ":")) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
