"""Letters parsed in a second process, many at a time, while this one does something else with those before.

A first sync is bound by the processor: a child that parses makes use of the second one, and leaves this process,
in which a person types, the time. What the child cannot do is done here (`ParserPool.parse`).
"""

import subprocess
import threading
from collections.abc import Callable, Sequence

from crm_tui.parsing.child import MANY, end_worker, start_worker
from crm_tui.parsing.gist import Gist, unpack

_SECONDS = 30.0
"""A hundred letters take a tenth of a second; a child that takes so long is ended."""


class Ahead:
    """Use from one thread; `close` at the end."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def begin(self, raws: Sequence[bytes]) -> Callable[[], list[Gist | None]]:
        """Have letters parsed. What is returned waits for their gists; None: that one is to be parsed here."""
        answers: list[bytes] = []
        thread = threading.Thread(target=self._ask, args=(raws, answers), name="parse ahead", daemon=True)
        thread.start()

        def wait() -> list[Gist | None]:
            thread.join(_SECONDS)
            if thread.is_alive():
                self.close()
            return [_gist(answer) for answer in answers] if len(answers) == len(raws) else [None] * len(raws)

        return wait

    def close(self) -> None:
        """End the child process."""
        child, self._child = self._child, None
        end_worker(child)

    def _ask(self, raws: Sequence[bytes], answers: list[bytes]) -> None:
        """Ask in one piece and read in one piece: this thread needs the interpreter but a few times."""
        with self._turn:
            try:
                answers += _answers(self._running(), raws)
            except (OSError, EOFError, ValueError):
                self.close()  # one that was killed may not be seen to have ended yet

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            self._child = start_worker(MANY)
        return self._child


def _answers(child: subprocess.Popen[bytes], raws: Sequence[bytes]) -> list[bytes]:
    assert child.stdin is not None  # a pipe
    parts = [len(raws).to_bytes(8, "big")]
    for raw in raws:
        parts += [len(raw).to_bytes(8, "big"), raw]
    child.stdin.write(b"".join(parts))
    child.stdin.flush()
    whole = _read(child, int.from_bytes(_read(child, 8), "big"))
    at, found = 0, []
    while at < len(whole):
        size = int.from_bytes(whole[at : at + 8], "big")
        found.append(whole[at + 8 : at + 8 + size])
        at += 8 + size
    return found


def _read(child: subprocess.Popen[bytes], size: int) -> bytes:
    assert child.stdout is not None
    data = child.stdout.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _gist(answer: bytes) -> Gist | None:
    if not answer.startswith(b"+"):
        return None
    try:
        return unpack(answer[1:])
    except (ValueError, TypeError, KeyError):
        return None
