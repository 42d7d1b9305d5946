"""Asking what may never answer, a server or the keyring of a desktop, so that nobody has to wait for it to leave."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

Answer = TypeVar("Answer")


async def ask_outside(question: Callable[[], Answer]) -> Answer:
    """What ``question`` answers or raises, in a thread that ends with the program.

    Those of ``asyncio.to_thread`` are waited for at the end: right for a change of the store, not for a server.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Answer] = loop.create_future()

    def settle(how: Callable[[Any], None], what: object) -> None:
        if not answered.done():
            how(what)

    def ask() -> None:
        how: Callable[[Any], None] = answered.set_result
        try:
            what: object = question()
        except Exception as error:
            how, what = answered.set_exception, error
        with suppress(RuntimeError):  # the loop has ended: nobody waits any more
            loop.call_soon_threadsafe(settle, how, what)

    threading.Thread(target=ask, name="outside", daemon=True).start()
    return await answered
