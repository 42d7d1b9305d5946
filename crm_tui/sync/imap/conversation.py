"""Commands over one IMAP connection: tags, pipelining, literals, capabilities, and the end of it.

Only capabilities that the server names itself are used, never those that IMAP4rev2 would imply: servers
enable rev2 with a broken SEARCH (design/sync.md §4.5).
"""

import contextlib
from collections import deque
from collections.abc import Iterator
from itertools import takewhile
from typing import Self

from crm_tui.domain.errors import NetworkTrouble
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.connect import GuardedImap4, Server, open_connection, tls_context, trouble


class ServerRefused(NetworkTrouble):
    """The server answered NO or BAD to a command; the connection is still good. Facts: ``answer``."""


_IN_FOLDER = (b"UID ", b"EXPUNGE", b"IDLE")
"""Commands about the folder that is open."""
_OPENING = (b"SELECT ", b"EXAMINE ")


class Conversation:
    """A connection that commands go over. Not for use by two threads, except ``stop``."""

    def __init__(self, server: Server) -> None:
        """Connect; raises NetworkTrouble and BadConfig as ``open_connection``."""
        self.server = server
        self.turns = 0
        self.bytes_read = 0
        self.capabilities: frozenset[str] = frozenset()
        self.enabled_qresync = False
        self.qresync_broken = False
        """The server enabled QRESYNC and then refused a SELECT with it."""
        self.selected: bytes | None = None
        self._compressed = False
        self._tagged = b""
        self._open_tags: list[bytes] = []
        self._foreseen: deque[tuple[bytes, bytes]] = deque()
        self._wire: GuardedImap4 = open_connection(server)
        try:
            self._learn_capabilities(b" ".join(name.encode() for name in self._wire.capabilities))
            if server.security == "starttls":
                self._starttls()
        except BaseException:
            self._wire.shutdown()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def has(self, capability: str) -> bool:
        """Whether the server itself names the capability."""
        return capability in self.capabilities

    def close(self) -> None:
        """Say LOGOUT without waiting for the answer, and close."""
        try:
            with contextlib.suppress(NetworkTrouble):
                self._write(b"%s LOGOUT\r\n" % self._new_tag())
        finally:
            self._wire.shutdown()

    def stop(self) -> None:
        """End the conversation from another thread: what waits on it fails at once."""
        self._wire.stop()

    def command(self, line: bytes, expected: int = 0) -> list[list[bytes]]:
        """Send one command, wait for its end; its untagged responses, each as (line, literal, line, …)."""
        return list(self.responses(self.send(line), expected))

    def pipeline(self, lines: list[bytes], expected: int = 0) -> list[list[list[bytes]]]:
        """Send several commands in one flight; the responses of each."""
        self._read_over(len(self._foreseen))
        tags = self._send_all(lines)
        return [list(self.responses(tag, expected)) for tag in tags]

    def send(self, line: bytes) -> bytes:
        """Send a command line without waiting; its tag."""
        if self._foreseen:
            passed = [each for each, _ in takewhile(lambda one: one[0] != line, self._foreseen)]
            elsewhere = line.startswith(_IN_FOLDER) and any(each.startswith(_OPENING) for each in passed)
            if len(passed) < len(self._foreseen) and not elsewhere:
                self._read_over(len(passed))
                return self._foreseen.popleft()[1]
            opened = self.selected
            self._read_over(len(self._foreseen))
            if opened is not None and self.selected is None and line.startswith(_IN_FOLDER):
                list(self.responses(self._send_all([b"SELECT " + tokens.quoted(opened)])[0]))
                self.selected = opened
        return self._send_all([line])[0]

    def foresee(self, lines: list[bytes]) -> None:
        """Send in one flight what will be given one by one, in this order: one turn for all of it.

        Only for commands that change nothing: one that is not given after all is read over.
        """
        self._read_over(len(self._foreseen))
        self._foreseen.extend(zip(lines, self._send_all(lines), strict=True))

    def _read_over(self, count: int) -> None:
        """Take the answers of foreseen commands that were not given; by them another folder may be open."""
        for _ in range(count):
            line, tag = self._foreseen.popleft()
            with contextlib.suppress(ServerRefused):
                for _parts in self.responses(tag):
                    pass
            if line.startswith(_OPENING):
                self.selected = None

    def _send_all(self, lines: list[bytes]) -> list[bytes]:
        tags = [self._new_tag() for _ in lines]
        flight = b"".join(
            b"%s %s\r\n" % (tag, tokens.check(line)) for tag, line in zip(tags, lines, strict=True)
        )
        self._open_tags += tags
        self._wire.allow(0)
        self._write(flight)
        return tags

    def responses(self, tag: bytes, expected: int = 0) -> Iterator[list[bytes]]:
        """The untagged responses until the command's end; raises ServerRefused on NO and BAD."""
        self._wire.allow(expected)
        while True:
            line = self._line()
            if line.startswith(b"* "):
                parts = [line]
                while match := tokens.LITERAL.search(line):
                    parts.append(self._literal(tokens.number(match.group(1))))
                    line = self._line()
                    parts.append(line)
                yield parts
            elif line.startswith(b"+"):
                continue
            elif self._ends(line, tag):
                break
        self.turns += 1
        self._tagged = line.partition(b" ")[2].rstrip(b"\r\n")
        if not self._tagged.upper().startswith(b"OK"):
            raise ServerRefused("server_refused", answer=text(self._tagged))

    def _ends(self, line: bytes, tag: bytes) -> bool:
        """Whether the line ends the command; the end of one given up earlier is passed over."""
        given = line.partition(b" ")[0]
        if given not in self._open_tags:
            raise NetworkTrouble("bad_response", what="tag")
        self._open_tags.remove(given)
        return given == tag

    def _sent_ahead(self, lines: list[bytes], depth: int = 2) -> Iterator[bytes]:
        """Tags in order, at most ``depth`` commands on the way: more could block both sides in writing."""
        waiting: deque[bytes] = deque()
        for line in lines:
            waiting.append(self.send(line))
            if len(waiting) >= depth:
                yield waiting.popleft()
        yield from waiting

    def _line(self) -> bytes:
        try:
            line = self._wire.readline()
        except OSError as error:
            raise trouble(error, self.server) from error
        self.bytes_read += len(line)
        return line

    def _literal(self, size: int) -> bytes:
        try:
            data = self._wire.read(size)
        except OSError as error:
            raise trouble(error, self.server) from error
        self.bytes_read += size
        return data

    def _has_line(self, seconds: float) -> bool:
        try:
            return self._wire.has_line(seconds)
        except OSError as error:
            raise trouble(error, self.server) from error

    def _write(self, data: bytes) -> None:
        try:
            self._wire.send(data)
        except OSError as error:
            raise trouble(error, self.server) from error

    def _starttls(self) -> None:
        if not self.has("STARTTLS"):
            raise NetworkTrouble("starttls_missing", host=self.server.host, port=self.server.port)
        try:
            self.command(b"STARTTLS")
            self._wire.upgrade(tls_context(self.server))
        except ServerRefused as error:
            raise NetworkTrouble("starttls_missing", host=self.server.host, port=self.server.port) from error
        except OSError as error:
            raise trouble(error, self.server) from error
        for parts in self.command(b"CAPABILITY"):
            if parts[0].upper().startswith(b"* CAPABILITY "):
                self._learn_capabilities(parts[0][13:])

    def _learn_capabilities(self, words: bytes) -> None:
        self.capabilities = frozenset(word.decode("ascii", "replace").upper() for word in words.split())

    def _new_tag(self) -> bytes:
        tag: bytes = self._wire._new_tag()
        return tag


def text(line: bytes) -> str:
    """A server's line for a message; foreign, so it is cleaned before it is shown."""
    return line.decode("utf-8", "replace").strip()
