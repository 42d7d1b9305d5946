"""An SMTP server on loopback that hangs up wherever it is told to, also in the middle of a letter."""

import re
import socketserver
import threading
from collections.abc import Callable
from enum import Enum
from types import TracebackType
from typing import Self


class HangUp(Enum):
    """Where a connection ends, in the order of a letter's way."""

    GREETING = "instead of a greeting"
    MAIL = "after MAIL"
    RCPT = "after RCPT"
    DATA = "instead of 354"
    BODY = "in the middle of the letter"
    DOT_LOST = "after the final dot, the letter thrown away"
    DOT_KEPT = "after the final dot, the letter kept"
    NEVER = "never"


SAFE = (HangUp.GREETING, HangUp.MAIL, HangUp.RCPT, HangUp.DATA, HangUp.BODY)
"""Before the final dot."""


class BreakingSink:
    """``plan`` says for each connection where it hangs up; ``on_keep`` is called with each letter kept, before any
    answer. ``answers`` maps a command (``RCPT``, ``.``) to the replies that it gets in turn; then it is 250."""

    host = "localhost"

    def __init__(
        self,
        plan: Callable[[], HangUp] = lambda: HangUp.NEVER,
        on_keep: Callable[[bytes], None] = lambda raw: None,
    ) -> None:
        self.plan = plan
        self.on_keep = on_keep
        self.kept: list[bytes] = []
        self.connections = 0
        self.lines = 0
        """Connections open now."""
        self.commands: list[str] = []
        self.answers: dict[str, list[str]] = {}
        self.lock = threading.Lock()
        self.hold = threading.Event()
        """The first connection waits for this where ``held`` says: at ``DATA``, or at the final dot."""
        self.hold.set()
        self.held = "."
        self.waits = threading.Event()
        """The first connection has come so far."""
        self._server = _Server(("127.0.0.1", 0), _Talk)
        self._server.sink = self
        self.port = int(self._server.server_address[1])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()

    def keep(self, raw: bytes) -> None:
        """A letter is taken."""
        with self.lock:
            self.kept.append(raw)
        self.on_keep(raw)

    def answer(self, command: str) -> str:
        """The reply whose turn it is."""
        with self.lock:
            self.commands.append(command)
            told = self.answers.get(command)
            return told.pop(0) if told else "250 ok"

    def message_ids(self) -> list[str]:
        """The Message-ID of each letter kept."""
        with self.lock:
            found = [re.search(rb"^Message-ID: <(.*?)>", raw, re.MULTILINE) for raw in self.kept]
        return [each[1].decode() for each in found if each]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    request_queue_size = 64
    sink: BreakingSink

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed says no farewell."""


class _Talk(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 30

    def handle(self) -> None:
        sink = self.server.sink
        with sink.lock:
            sink.lines += 1
        try:
            self.talk(sink)
        finally:
            with sink.lock:
                sink.lines -= 1

    def talk(self, sink: BreakingSink) -> None:
        """From greeting to farewell."""
        with sink.lock:
            sink.connections += 1
            self.is_first = sink.connections == 1
            end = sink.plan()
        if end is HangUp.GREETING:
            return
        self.say("220 sink")
        while line := self.rfile.readline(2000):
            verb = line[:4].strip().upper().decode("ascii", "replace")
            if verb == "QUIT":
                self.say("221 bye")
                return
            if verb in ("EHLO", "HELO"):
                self.say("250 sink")
                continue
            if verb != "DATA":
                self.say(sink.answer(verb))
            if end.name == verb:
                return
            if verb == "DATA" and not self.take(sink, end):
                return

    def take(self, sink: BreakingSink, end: HangUp) -> bool:
        """DATA and the letter; False when the connection ends."""
        self.wait(sink, "DATA")
        answer = sink.answer("DATA")
        self.say("354 go on" if answer.startswith("250") else answer)
        if not answer.startswith("250"):
            return True
        lines: list[bytes] = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line or (end is HangUp.BODY and len(lines) > 3):
                return False
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.wait(sink, ".")
        if end is HangUp.DOT_LOST:
            return False
        answer = sink.answer(".")
        if answer.startswith("250"):
            sink.keep(b"".join(lines))
        if end is HangUp.DOT_KEPT:
            return False
        self.say(answer)
        return True

    def wait(self, sink: BreakingSink, place: str) -> None:
        """Wait here if this is the place to wait at."""
        if self.is_first and sink.held == place:
            sink.waits.set()
            sink.hold.wait(60)

    def say(self, reply: str) -> None:
        self.wfile.write(reply.encode() + b"\r\n")
