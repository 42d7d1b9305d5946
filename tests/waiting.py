"""Waiting for something to happen, without guessing how long it takes.

The limit is a safety net for a broken program, never a measure: no test asserts a time by it.
"""

import asyncio
import threading
import time
from collections.abc import Callable
from typing import Any

LIMIT = 60.0
"""Seconds after which a wait gives up."""

_never = threading.Event()


def eventually(condition: Callable[[], Any], what: str = "", limit: float = LIMIT) -> Any:
    """Wait until ``condition()`` is true and return its value: for other threads and processes."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"never happened: {what or condition}")
        _never.wait(0.01)
    return value


async def settled(pilot: Any, condition: Callable[[], Any], what: str = "", limit: float = LIMIT) -> Any:
    """Let a Textual app work under its ``pilot`` until ``condition()`` is true and return its value.

    The app is left alone meanwhile: a pilot's pause sends a message to each widget.
    """
    deadline = time.monotonic() + limit
    while not (value := condition()):
        if time.monotonic() > deadline or pilot.app._exception is not None:
            raise AssertionError(f"never happened: {what or condition}")
        await asyncio.sleep(0.01)
    await pilot.pause(0)
    return value
