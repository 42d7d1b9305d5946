"""An IMAP server that says what a test wants it to say."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Script = Callable[["Line"], None]
GREETING = b"* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n"


class Line:
    """One connection, seen from the server; ``sent`` is every line that the client said."""

    def __init__(self, link: socket.socket, sent: list[bytes]) -> None:
        self.link = link
        self.sent = sent
        self.reader = link.makefile("rb")

    def say(self, data: bytes) -> None:
        self.link.sendall(data)

    def hear(self) -> tuple[bytes, bytes]:
        """The next command: tag, and the rest without line end. Raises OSError when the client is gone."""
        line = self.reader.readline()
        if not line:
            raise ConnectionError
        self.sent.append(line)
        tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
        return tag, rest

    def answer(self, replies: dict[bytes, bytes]) -> None:
        """Answer commands for ever: the untagged reply of the first key that the command begins with, and OK."""
        while True:
            tag, rest = self.hear()
            for key, reply in replies.items():
                if rest.upper().startswith(key):
                    self.say(reply)
            self.say(tag + b" OK done\r\n")

    def until(self, command: bytes, replies: dict[bytes, bytes] | None = None) -> bytes:
        """Answer commands until one begins with ``command``; its tag."""
        while True:
            tag, rest = self.hear()
            if rest.upper().startswith(command):
                return tag
            for key, reply in (replies or {}).items():
                if rest.upper().startswith(key):
                    self.say(reply)
            self.say(tag + b" OK done\r\n")


class HostileServer:
    """Listens on ``port`` and plays ``script`` to each connection."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.sent: list[bytes] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._links: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                link, _ = self._listener.accept()
            except OSError:
                return
            self._links.append(link)
            thread = threading.Thread(target=self._play, args=(link,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _play(self, link: socket.socket) -> None:
        line = Line(link, self.sent)
        with suppress(OSError):
            self.script(line)
        line.reader.close()
        link.close()

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(60)


@contextmanager
def hostile(script: Script) -> Iterator[HostileServer]:
    """A hostile server for the time of a block."""
    server = HostileServer(script)
    try:
        yield server
    finally:
        server.close()
