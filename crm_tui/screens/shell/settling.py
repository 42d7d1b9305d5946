"""A while after the start, when what it needed is done."""

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    Base = App[int]
else:
    Base = object

AFTER_SECONDS = 2.0


class Settling(Base):
    """For the app."""

    when_settled: Callable[[], object] | None = None
    """Called once; whoever owns the process sets it."""

    def settle_soon(self) -> None:
        """The screens stand from now on."""
        if self.when_settled is not None:
            self.set_timer(AFTER_SECONDS, self.when_settled)
