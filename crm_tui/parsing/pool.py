"""Letters of unsure origin, parsed in a child process with limits of memory and time (assurance 1.3).

An ordinary letter (`is_ordinary`) is parsed in this process, a hundred times faster. That is safe as far as
time and memory go: each of our own passes is linear in the size of the letter, depth and number of parts are
counted while walking, HTML is measured before lexbor sees it, and an ordinary letter is small. What is left is
a fault in lexbor itself, which would need a letter it crashes on: any letter larger or stranger than usual
meets it in the child.
"""

import os
import select
import subprocess
import threading
from collections.abc import Callable, Sequence
from time import monotonic
from types import TracebackType
from typing import Self

from crm_tui.domain.errors import Invalid
from crm_tui.parsing.ahead import Ahead
from crm_tui.parsing.child import end_worker, start_worker
from crm_tui.parsing.gist import Gist
from crm_tui.parsing.heads import Head
from crm_tui.parsing.letter import Letter, parse
from crm_tui.parsing.limits import DEFAULT
from crm_tui.parsing.wire import unpack

_ORDINARY_SIZE = 2**20
_ORDINARY_HEADERS = 64 * 2**10
_ORDINARY_PARTS = 100
_LONGEST_ANSWER = 64 * 2**20


def is_ordinary(raw: bytes) -> bool:
    """Whether the letter is of everyday size: 1 MB, 64 KB of headers, a hundred parts."""
    if len(raw) > _ORDINARY_SIZE:
        return False
    head = raw.find(b"\n\n"), raw.find(b"\n\r\n")
    ends = [end for end in head if end >= 0]
    if (min(ends) if ends else len(raw)) > _ORDINARY_HEADERS:
        return False
    return (
        raw.lower().count(b"\ncontent-type") <= _ORDINARY_PARTS
        and raw.count(b"\n\n--") <= 20 * _ORDINARY_PARTS
    )


class ParserPool:
    """Parses letters for any thread; a child process is started when the first strange letter comes.

    ``seconds`` bounds one letter by the wall clock. Use as a context manager, or call `close`.
    """

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._ahead = Ahead()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def parse(self, raw: bytes) -> Letter:
        """The letter. Raises `Invalid` (``letter_unreadable``, facts ``reason`` and ``size``) where none is told.

        ``reason``: letter_too_big, timeout, crashed, out_of_memory.
        """
        if len(raw) > DEFAULT.letter:
            raise Invalid("letter_unreadable", reason="letter_too_big", size=len(raw))
        return parse(raw) if is_ordinary(raw) else self.parse_apart(raw)

    def parse_apart(self, raw: bytes) -> Letter:
        """As `parse`, in the child process whatever the letter."""
        with self._lock:
            try:
                answer = self._ask(raw)
                if answer[:1] == b"+":
                    return unpack(answer[1:])
            except TimeoutError:
                self._end()
                raise Invalid("letter_unreadable", reason="timeout", size=len(raw)) from None
            except (OSError, EOFError, ValueError, TypeError, KeyError):
                self._end()
                raise Invalid("letter_unreadable", reason="crashed", size=len(raw)) from None
        raise Invalid("letter_unreadable", reason=answer[1:].decode("ascii", "replace"), size=len(raw))

    def begin(self, raws: Sequence[bytes]) -> Callable[[], list[Gist | None]]:
        """Parse letters of ordinary size in a second process meanwhile; what is returned waits (see `Ahead`).

        None stands for a letter that `parse` is to be asked for. What else may be strange in one is for the limits
        of the child.
        """
        chosen = [len(raw) <= _ORDINARY_SIZE for raw in raws]
        wait = self._ahead.begin([raw for raw, fits in zip(raws, chosen, strict=True) if fits])

        def gists() -> list[Gist | None]:
            found = iter(wait())
            return [next(found) if fits else None for fits in chosen]

        return gists

    def begin_heads(self, blocks: Sequence[bytes]) -> Callable[[], list[Head | None]]:
        """Read header blocks in the second process; None stands for one that is to be read here."""
        return self._ahead.begin_heads(blocks)

    def close(self) -> None:
        """End the child processes. The pool may be used again."""
        self._ahead.close()
        with self._lock:
            self._end()

    def _ask(self, raw: bytes) -> bytes:
        child = self._running()
        assert child.stdin is not None  # both are pipes, see _running
        child.stdin.write(len(raw).to_bytes(8, "big"))
        child.stdin.write(raw)
        child.stdin.flush()
        deadline = monotonic() + self._seconds
        length = int.from_bytes(self._read(child, 8, deadline), "big")
        if length > _LONGEST_ANSWER:
            raise ValueError(length)
        return self._read(child, length, deadline)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = start_worker()
        return self._child

    def _read(self, child: subprocess.Popen[bytes], length: int, deadline: float) -> bytes:
        assert child.stdout is not None  # a pipe, see _running
        descriptor, pieces, missing = child.stdout.fileno(), [], length
        while missing:
            ready, _, _ = select.select([descriptor], [], [], max(0.0, deadline - monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(descriptor, min(missing, 2**20))
            if not piece:
                raise EOFError
            pieces.append(piece)
            missing -= len(piece)
        return b"".join(pieces)

    def _end(self) -> None:
        child, self._child = self._child, None
        end_worker(child)
