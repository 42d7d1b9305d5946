"""The demo's own mail server as a server for tests: in this process, in memory, ready in a millisecond."""

import asyncio
import threading
from itertools import count
from types import TracebackType

from crm_tui.demo.server.serve import LINE_LIMIT
from crm_tui.demo.server.session import Session
from crm_tui.demo.server.storage import Storage
from crm_tui.domain.clock import utc_now
from tests.servers.dovecot import PASSWORD

_numbers = count(1)


class OwnServer:
    """Serves IMAP without encryption on a port of loopback within a ``with`` block."""

    host = "localhost"
    password = PASSWORD

    def __init__(self) -> None:
        self.imap_port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="own-server", daemon=True)

    def __enter__(self) -> "OwnServer":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(20)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def account(self, name: str = "user") -> str:
        """A user name that nobody had before, with INBOX and the usual folders empty."""
        user = f"{name}{next(_numbers)}"
        asyncio.run_coroutine_threadsafe(self._add(user), self._loop).result(20)
        return user

    async def _add(self, user: str) -> None:
        self._storage.add_user(user, PASSWORD, int(utc_now().timestamp()))

    async def _listen(self) -> None:
        self._storage = Storage(":memory:")
        self._clients: set[asyncio.Task[None]] = set()
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=LINE_LIMIT)
        self.imap_port = self._server.sockets[0].getsockname()[1]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)
        await Session(self._storage, reader, writer, utc_now).run()

    async def _shut(self) -> None:
        self._server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._storage.close()
