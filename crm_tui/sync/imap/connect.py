"""Connecting to a mail server: verified TLS or loopback, every read within a time and a size.

TLS rules (design/assurance.md §1.4): certificate and host name are always verified; a server that does not
offer STARTTLS, greets with PREAUTH, or sends bytes ahead of the handshake is refused; no TLS only on
loopback.
"""

import imaplib
import ipaddress
import os
import re
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from imapclient import IMAPClient, SocketTimeout

from crm_tui.domain.errors import BadConfig, NetworkTrouble

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

Security = Literal["tls", "starttls", "none"]

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
COMMAND_SECONDS = 60.0
SLOWEST_BYTES_A_SECOND = 16 * 1024
BASE_BYTES = 8 << 20
LONGEST_LINE = 2 << 20
_UNPACKED_AT_ONCE = 1 << 20
_GREETED = re.compile(rb"\[CAPABILITY ([^\]]*)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Server:
    """Where a mail server answers; ``cafile`` is a file of certificates trusted for this account only."""

    host: str
    port: int
    security: Security = "tls"
    cafile: str | None = None


def tls_context(server: Server) -> ssl.SSLContext:
    """A context that verifies the chain and the host name, TLS 1.2 at least."""
    try:
        context = ssl.create_default_context(ssl.Purpose.SERVER_AUTH, cafile=server.cafile)
    except (OSError, ssl.SSLError) as error:
        raise BadConfig(
            "bad_cafile", path=server.cafile, reason=getattr(error, "reason", "") or _reason(error)
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def check_security(server: Server) -> None:
    """Refuse a configuration that would send a password in the clear beyond this machine."""
    if server.security == "none" and not _is_loopback(server.host):
        raise BadConfig("tls_required", host=server.host)


def trouble(error: BaseException, server: Server) -> NetworkTrouble:
    """The fault of a socket or of the TLS handshake, in our words."""
    where = {"host": server.host, "port": server.port}
    if isinstance(error, ssl.SSLCertVerificationError):
        return NetworkTrouble("bad_certificate", reason=error.verify_message, **where)
    if isinstance(error, ssl.SSLError):
        return NetworkTrouble("tls_failed", reason=error.reason or str(error), **where)
    if isinstance(error, TimeoutError):
        return NetworkTrouble("timeout", **where)
    if isinstance(error, socket.gaierror):
        return NetworkTrouble("unknown_host", **where)
    return NetworkTrouble("connection_failed", reason=_reason(error), **where)


def _reason(error: BaseException) -> str:
    """What the system says, in its words: of several addresses that were tried, for the first."""
    number = getattr(error, "errno", None) or next(iter(re.findall(r"\[Errno (\d+)\]", str(error))), None)
    return os.strerror(int(number)) if number else str(error)


class Deflated:
    """The two streams of a compressed connection; a flood behind few bytes is let out a megabyte at a time."""

    def __init__(self) -> None:
        self._out = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        self._in = zlib.decompressobj(-zlib.MAX_WBITS)

    @property
    def has_more(self) -> bool:
        """Whether something received is not unpacked yet."""
        return bool(self._in.unconsumed_tail)

    def pack(self, data: "Buffer") -> bytes:
        """Data to send, complete on its own."""
        return self._out.compress(data) + self._out.flush(zlib.Z_SYNC_FLUSH)

    def unpack(self, data: bytes) -> bytes:
        """What was received; raises ConnectionError for what is no such stream."""
        try:
            return self._in.decompress(self._in.unconsumed_tail + data, _UNPACKED_AT_ONCE)
        except zlib.error as error:
            raise ConnectionError(str(error)) from error


class GuardedImap4(imaplib.IMAP4):
    """imaplib's connection, its reads bounded by wall clock, bytes, line length and announced literal."""

    def __init__(self, server: Server, context: ssl.SSLContext | None) -> None:
        self._server = server
        self._context = context
        self._buffer = bytearray()
        self._stopped = False
        self._deflated: Deflated | None = None
        self.debug = 0
        self.allow(0)
        super().__init__(server.host, server.port, timeout=CONNECT_SECONDS)

    def allow(self, expected: int) -> None:
        """Start the clock and the budget of the next command, which should answer ``expected`` bytes."""
        self._deadline = time.monotonic() + COMMAND_SECONDS + expected / SLOWEST_BYTES_A_SECOND
        self._budget = BASE_BYTES + 4 * expected

    def open(self, host: str = "", port: int = 993, timeout: float | None = None) -> None:
        self.host, self.port = host, port
        plain = socket.create_connection((host, port), timeout)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        self.sock = plain
        if self._context is not None:
            self.sock = self._handshake(plain, self._context)

    def _get_capabilities(self) -> None:
        """Take the capabilities from the greeting where it tells them: one turn less (RFC 3501 §7.1)."""
        if told := _GREETED.search(self.welcome or b""):
            self.capabilities = tuple(told.group(1).decode("ascii", "replace").upper().split())
        else:
            super()._get_capabilities()  # type: ignore[misc]

    def upgrade(self, context: ssl.SSLContext) -> None:
        """Turn the connection into TLS after STARTTLS was accepted; bytes sent ahead are an attack."""
        if self._buffer:
            raise NetworkTrouble("starttls_injection", host=self.host, port=self.port)
        self.sock = self._handshake(self.sock, context)

    def read(self, size: int) -> bytes:
        if size > self._budget:
            raise NetworkTrouble("too_large", bytes=size)
        while len(self._buffer) < size:
            self._fill()
        with memoryview(self._buffer) as view:  # copied once: it may be tens of megabytes
            data = bytes(view[:size])
        del self._buffer[:size]
        self._budget -= size
        return data

    def readline(self) -> bytes:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched > min(LONGEST_LINE, self._budget):
                raise NetworkTrouble("too_large", bytes=searched)
            self._fill()
        line = bytes(self._buffer[: end + 1])
        del self._buffer[: end + 1]
        self._budget -= len(line)
        if self._budget < 0:
            raise NetworkTrouble("too_large", bytes=len(line))
        if time.monotonic() > self._deadline:
            raise TimeoutError
        return line

    def has_line(self, seconds: float) -> bool:
        """Wait at most ``seconds`` for something to read."""
        if b"\n" in self._buffer:
            return True
        if isinstance(self.sock, ssl.SSLSocket) and self.sock.pending():
            return True
        self.sock.settimeout(max(seconds, 0.001))
        try:
            data = self._received(65536)
        except TimeoutError:
            return False
        self._buffer += data
        return b"\n" in self._buffer

    def send(self, data: "Buffer") -> None:
        self.sock.settimeout(READ_SECONDS)
        self.sock.sendall(data if self._deflated is None else self._deflated.pack(data))

    def deflate(self) -> None:
        """Both sides compress from now on (RFC 4978); the server has agreed."""
        self._deflated = Deflated()
        early, self._buffer = bytes(self._buffer), bytearray()
        if early:
            self._buffer += self._deflated.unpack(early)

    def is_near(self) -> bool:
        """Whether the server is on this machine or network: there compressing costs more than it saves."""
        try:
            peer = ipaddress.ip_address(self.sock.getpeername()[0])
        except (OSError, ValueError):
            return False
        return peer.is_loopback or peer.is_private or peer.is_link_local

    def shutdown(self) -> None:
        self.stop()
        self.sock.close()

    def stop(self) -> None:
        """End the connection from any thread: a read that waits fails at once."""
        self._stopped = True
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return

    def _fill(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self.sock.settimeout(min(READ_SECONDS, left))
        self._buffer += self._received(1 << 18)
        if self._stopped:
            raise ConnectionError("closed by the server")

    def _received(self, most: int) -> bytes:
        if self._deflated is not None and self._deflated.has_more:
            return self._deflated.unpack(b"")
        data = self.sock.recv(most)
        if not data:
            raise ConnectionError("closed by the server")
        return data if self._deflated is None else self._deflated.unpack(data)

    def _handshake(self, plain: socket.socket, context: ssl.SSLContext) -> ssl.SSLSocket:
        plain.settimeout(CONNECT_SECONDS)
        return context.wrap_socket(plain, server_hostname=self.host)


class GuardedClient(IMAPClient):  # type: ignore[misc, unused-ignore]
    """IMAPClient over a guarded connection: it greets, and encodes folder names; commands are our own."""

    def __init__(self, server: Server) -> None:
        check_security(server)
        self._server = server
        super().__init__(
            server.host,
            server.port,
            ssl=server.security == "tls",
            timeout=SocketTimeout(CONNECT_SECONDS, READ_SECONDS),
        )
        self._imap.debug = 0  # IMAPClient sets 5: the repr of every literal, three times slower

    def _create_IMAP4(self) -> GuardedImap4:
        context = tls_context(self._server) if self._server.security == "tls" else None
        return GuardedImap4(self._server, context)


def open_connection(server: Server) -> GuardedImap4:
    """A greeted connection, encrypted as the account asks, not logged in.

    Raises NetworkTrouble (unreachable, bad certificate, STARTTLS stripped, PREAUTH) and BadConfig.
    """
    try:
        connection: GuardedImap4 = GuardedClient(server)._imap
    except (OSError, ValueError, imaplib.IMAP4.error) as error:
        if isinstance(error, imaplib.IMAP4.error):
            raise NetworkTrouble("bad_greeting", host=server.host, port=server.port) from error
        raise trouble(error, server) from error
    if connection.state != "NONAUTH":
        connection.shutdown()
        raise NetworkTrouble("preauth", host=server.host, port=server.port)
    return connection


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
