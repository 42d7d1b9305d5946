"""The demo's mail server as a whole: two listening sockets on loopback, until told to stop."""

import asyncio
import contextlib
import json
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from crm_tui import whole_file
from crm_tui.demo.server import certificate
from crm_tui.demo.server.delivery import ANSWER_SECONDS, Delivery
from crm_tui.demo.server.session import Session
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.server.submission import Submission
from crm_tui.domain.clock import Clock

HOST = "127.0.0.1"
MAIL_FILE = "mail.db"
PORTS_FILE = "ports.json"
LINE_LIMIT = 1 << 20

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the demo's server listens, on 127.0.0.1."""

    imap: int
    smtp: int


def read_ports(folder: Path) -> Ports | None:
    """Where the server said it listens; None when it never did."""
    try:
        return Ports(**json.loads((folder / PORTS_FILE).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


class MailServer:
    """``async with MailServer(folder, clock) as server``: listening while the block lasts."""

    def __init__(self, folder: Path, clock: Clock, delay: float = ANSWER_SECONDS) -> None:
        self._folder, self._clock = folder, clock
        self.storage = Storage(folder / MAIL_FILE)
        self._delivery = Delivery(self.storage, clock, delay)
        self._clients: set[asyncio.Task[None]] = set()
        self._servers: list[asyncio.Server] = []

    async def __aenter__(self) -> "MailServer":
        certificate.ensure(self._folder, self._clock())
        tls = certificate.context(self._folder)
        last = read_ports(self._folder) or Ports(0, 0)
        imap = await self._listen(self._imap, last.imap, tls)
        smtp = await self._listen(self._smtp, last.smtp, tls)
        self.ports = Ports(imap, smtp)
        whole_file.write(self._folder / PORTS_FILE, json.dumps(asdict(self.ports)), lasting=False)
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for task in self._clients:
            task.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self.storage.close()

    async def _listen(self, talk: Talk, port: int, tls: ssl.SSLContext) -> int:
        """Listen where we did last time; on a free port when that one is taken."""

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            if task is not None:
                self._clients.add(task)
                task.add_done_callback(self._clients.discard)
            with contextlib.suppress(asyncio.CancelledError):
                await talk(reader, writer)

        try:
            server = await asyncio.start_server(serve, HOST, port, ssl=tls, limit=LINE_LIMIT)
        except OSError:
            server = await asyncio.start_server(serve, HOST, 0, ssl=tls, limit=LINE_LIMIT)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _imap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Session(self.storage, reader, writer, self._clock).run()

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Submission(self.storage, reader, writer, self._delivery.deliver).run()
