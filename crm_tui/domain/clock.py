"""The clock of the program: the one place that asks the machine for the time."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""A function that answers the present instant, aware, in UTC."""


def utc_now() -> datetime:
    """The present instant by the machine's clock, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - the one clock
