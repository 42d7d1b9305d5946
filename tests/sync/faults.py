"""What can go wrong with a pass: points where the process ends, and another device that acts in the midst."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from crm_tui.store.engine import Store
from crm_tui.sync import engine
from crm_tui.sync.imap.conversation import Conversation
from crm_tui.sync.passing import Listed, Pass


class Crash(BaseException):
    """The process ends here."""


class CrashPoints:
    """Ends the pass at the n-th point where something could be half done."""

    def __init__(self, after: int) -> None:
        self.left = after

    def point(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Crash

    @contextmanager
    def armed(self) -> Iterator[None]:
        """Points before and after each command, and before and after each commit."""
        write, unit = Conversation._write, Store._unit

        def crashing_write(conversation: Conversation, data: bytes) -> None:
            self.point()
            write(conversation, data)
            self.point()

        @contextmanager
        def crashing_unit(store: Store, engine: Any, work: Any) -> Iterator[Any]:
            self.point()
            with unit(store, engine, work):
                yield work
                self.point()
            self.point()

        Conversation._write, Store._unit = crashing_write, crashing_unit  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            Conversation._write, Store._unit = write, unit  # type: ignore[method-assign]


@contextmanager
def acting_meanwhile(act: Callable[[], None]) -> Iterator[None]:
    """The other device acts after we have looked and before we send."""
    settle = engine.settle  # type: ignore[attr-defined]

    def late(run: Pass, listed: Listed) -> None:
        act()
        settle(run, listed)

    engine.settle = late  # type: ignore[attr-defined]
    try:
        yield
    finally:
        engine.settle = settle  # type: ignore[attr-defined]
