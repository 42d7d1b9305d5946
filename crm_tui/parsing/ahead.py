"""Letters parsed in a second process, many at a time, while this one does something else with those before.

A first sync is bound by the processor: a child that parses makes use of the second one, and leaves this process,
in which a person types, the time. What the child cannot do is done here (`ParserPool.parse`). It is given the next
letters before it has answered about the last, so that it never waits for us.
"""

import contextlib
import fcntl
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import TypeVar

from crm_tui.parsing import gist, heads
from crm_tui.parsing.child import HEADS, LETTERS, MANY, end_worker, start_worker
from crm_tui.parsing.gist import Gist
from crm_tui.parsing.heads import Head

T = TypeVar("T")

_SECONDS = 30.0
"""A hundred letters take a twentieth of a second; a child that takes so long is ended."""
_PIPE = 1 << 20
"""Bytes that a pipe may hold, where the system lets us say so: in pieces of 64 KB both sides wait for each other."""


class Ahead:
    """Use from one thread; `close` at the end."""

    def __init__(self) -> None:
        self._dialogue: _Dialogue | None = None

    def begin(self, raws: Sequence[bytes]) -> Callable[[], list[Gist | None]]:
        """Have letters parsed. What is returned waits for their gists; None: that one is to be parsed here."""
        return self._begin(LETTERS, raws, gist.unpack)

    def begin_heads(self, blocks: Sequence[bytes]) -> Callable[[], list[Head | None]]:
        """Likewise have header blocks read."""
        return self._begin(HEADS, blocks, heads.unpack)

    def _begin(
        self, question: bytes, raws: Sequence[bytes], unpack: Callable[[bytearray], list[T | None]]
    ) -> Callable[[], list[T | None]]:
        nothing: list[T | None] = [None] * len(raws)
        try:
            if self._dialogue is None or self._dialogue.is_over:
                self.close()
                self._dialogue = _Dialogue()
        except OSError:  # no room for another process
            return lambda: nothing
        dialogue, answer = self._dialogue, self._dialogue.ask(question, raws)

        def wait() -> list[T | None]:
            if not answer.there.wait(_SECONDS):
                dialogue.end()
            try:
                found = unpack(answer.data)
            except (ValueError, TypeError):
                return nothing
            return found if len(found) == len(raws) else nothing

        return wait

    def close(self) -> None:
        """End the child process."""
        dialogue, self._dialogue = self._dialogue, None
        if dialogue is not None:
            dialogue.end()


class _Answer:
    """What the child will say; empty when it died."""

    def __init__(self) -> None:
        self.there = threading.Event()
        self.data = bytearray()


class _Dialogue:
    """A child, a thread that asks it and one that listens: both wait for pipes, not for the interpreter."""

    def __init__(self) -> None:
        self.is_over = False
        self.child = start_worker(MANY)
        self._questions: SimpleQueue[tuple[bytes, Sequence[bytes]] | None] = SimpleQueue()
        self._answers: SimpleQueue[_Answer | None] = SimpleQueue()
        for pipe in (self.child.stdin, self.child.stdout):
            with contextlib.suppress(OSError, AttributeError):
                fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)  # type: ignore[arg-type]
        for work in (self._speak, self._listen):
            threading.Thread(target=work, name="parse ahead", daemon=True).start()

    def ask(self, question: bytes, raws: Sequence[bytes]) -> _Answer:
        answer = _Answer()
        self._answers.put(answer)
        self._questions.put((question, raws))
        return answer

    def end(self) -> None:
        """Kill the child; what was asked of it is answered by nothing."""
        self.is_over = True
        self._questions.put(None)
        self._answers.put(None)
        end_worker(self.child)

    def _speak(self) -> None:
        assert self.child.stdin is not None  # a pipe
        while (asked := self._questions.get()) is not None:
            question, raws = asked
            sizes = [size.to_bytes(8, "big") for size in (len(raws), *map(len, raws))]
            try:
                self.child.stdin.write(b"".join([question, *sizes, *raws]))
                self.child.stdin.flush()
            except (OSError, ValueError):
                return

    def _listen(self) -> None:
        while (answer := self._answers.get()) is not None:
            try:
                answer.data = self._read(int.from_bytes(self._read(8), "big"))
            except (OSError, EOFError, ValueError):
                self.is_over = True
            answer.there.set()

    def _read(self, size: int) -> bytearray:
        assert self.child.stdout is not None  # a pipe
        data = bytearray(size)  # of megabytes, which `read` would put together out of pieces
        if self.child.stdout.readinto(data) < size:  # type: ignore[attr-defined]
            raise EOFError
        return data
