"""A bad line: a TCP proxy on loopback that cuts, delays, chops, swallows and counts."""

import asyncio
import contextlib
import random
import socket
import struct
import threading
from dataclasses import dataclass
from types import TracebackType

PIECE = 65536


@dataclass
class Traffic:
    """What went through: connections, bytes to the server (``up``) and from it (``down``), round trips.

    A round trip is counted when the client speaks after the server did: the least number of times that a
    client had to wait for an answer.
    """

    connections: int = 0
    up: int = 0
    down: int = 0
    round_trips: int = 0
    cuts: int = 0


class ChaosProxy:
    """Passes ``port`` of ``host`` on to ``target`` between ``start`` and ``stop`` or in a ``with`` block.

    All of these may be changed while it runs; the first three hold for connections opened later.

    - ``cut``: (least, most) bytes of the server after which a connection is reset, drawn by ``seed``.
    - ``cut_up``: the same for bytes of the client, as in the midst of a letter that is uploaded.
    - ``chunk``: pass at most so many bytes at a time.
    - ``delay``: seconds that each piece takes one way.
    - ``black_hole``: swallow everything in silence, old and new connections alike.
    - ``refuse``: reset new connections at once.
    """

    host = "localhost"

    def __init__(
        self,
        target: tuple[str, int],
        *,
        seed: int = 0,
        cut: tuple[int, int] | None = None,
        cut_up: tuple[int, int] | None = None,
        chunk: int | None = None,
        delay: float = 0.0,
    ) -> None:
        self.target = target
        self.cut = cut
        self.cut_up = cut_up
        self.chunk = chunk
        self.delay = delay
        self.black_hole = False
        self.refuse = False
        self.traffic = Traffic()
        self.port = 0
        self._random = random.Random(seed)
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, ...]] = {}
        self._thread = threading.Thread(target=self._run, name="chaos-proxy", daemon=True)

    def __enter__(self) -> "ChaosProxy":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen on a port of its own choice."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(20)

    def stop(self) -> None:
        """Reset every connection and listen no more."""
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(20)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def reset_connections(self) -> None:
        """Reset every open connection, as a dying router does."""
        asyncio.run_coroutine_threadsafe(self._reset_all(), self._loop).result(20)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
        await self._reset_all()

    async def _reset_all(self) -> None:
        tasks = list(self._open)
        for task, writers in list(self._open.items()):
            _reset(*writers)
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.traffic.connections += 1
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = (writer,)
        # A cancelled connection has ended as it should: asyncio's server would log it as a fault.
        with contextlib.suppress(OSError, asyncio.CancelledError):
            if not self.refuse:
                await self._pass_on(task, reader, writer)
        _reset(*self._open.pop(task))

    async def _pass_on(
        self, task: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        there, back = await asyncio.open_connection(*self.target)
        self._open[task] = (writer, back)
        line = _Line(self, down=self._draw(self.cut), up=self._draw(self.cut_up))
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(line.pump(reader, back, up=True))
                pumps.create_task(line.pump(there, writer, up=False))
        except* (OSError, _Cut):
            pass

    def _draw(self, span: tuple[int, int] | None) -> int | None:
        return self._random.randint(*span) if span else None


class _Cut(Exception):
    """The line is to be cut now."""


class _Line:
    """One connection through the proxy."""

    def __init__(self, proxy: ChaosProxy, *, down: int | None, up: int | None) -> None:
        self.proxy = proxy
        self.budget = {False: down, True: up}
        self._client_waits = True

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        loop = asyncio.get_running_loop()
        sender = loop.create_task(self._send(queue, writer))
        try:
            while data := await reader.read(PIECE):
                if self.proxy.black_hole:
                    continue
                self._count(len(data), up)
                await queue.put((loop.time() + self.proxy.delay, self._within_budget(data, up)))
                if self.budget[up] == 0:
                    await queue.join()
                    self.proxy.traffic.cuts += 1
                    raise _Cut
            await queue.join()
            with contextlib.suppress(OSError):
                writer.write_eof()
        finally:
            sender.cancel()

    async def _send(self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            due, data = await queue.get()
            try:
                if (pause := due - asyncio.get_running_loop().time()) > 0:
                    await asyncio.sleep(pause)
                size = self.proxy.chunk or len(data)
                for start in range(0, len(data), max(size, 1)):
                    writer.write(data[start : start + size])
                    await writer.drain()
            except OSError:
                writer.close()
            finally:
                queue.task_done()

    def _count(self, size: int, up: bool) -> None:
        traffic = self.proxy.traffic
        if up:
            traffic.up += size
            traffic.round_trips += self._client_waits
        else:
            traffic.down += size
        self._client_waits = not up

    def _within_budget(self, data: bytes, up: bool) -> bytes:
        left = self.budget[up]
        if left is None:
            return data
        self.budget[up] = max(0, left - len(data))
        return data[:left]


def _reset(*writers: asyncio.StreamWriter) -> None:
    """Close with a reset, not with a farewell."""
    for writer in writers:
        link = writer.get_extra_info("socket")
        if link is not None:
            with contextlib.suppress(OSError):
                link.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()
