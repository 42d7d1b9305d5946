"""What this program says to a POP3 server (RFC 1939), every answer within a time and a size.

TLS as with IMAP: verified, STLS (RFC 2595) or from the start; without it on loopback only.
"""

import contextlib
import poplib
import re
import socket
import time
from types import TracebackType
from typing import Any, Self

from crm_tui.domain.errors import Invalid, LoginRefused, NetworkTrouble
from crm_tui.sync.credentials import Login
from crm_tui.sync.imap.connect import (
    BASE_BYTES,
    COMMAND_SECONDS,
    CONNECT_SECONDS,
    READ_SECONDS,
    SLOWEST_BYTES_A_SECOND,
    Server,
    check_security,
    tls_context,
    trouble,
)

MOST_LETTERS = 1_000_000
_LIST_SECONDS = 300.0
_UNSAFE = re.compile(r"[\r\n\x00]")
_LATER = ("[SYS/TEMP]", "[IN-USE]", "[LOGIN-DELAY]")
"""Refusals that hold for now only: they say nothing of the password or the letter (RFC 2449, RFC 3206)."""


class PopSession:
    """One conversation from greeting to QUIT. What was deleted is gone only when ``finish`` has returned.

    Raises NetworkTrouble for all that is wrong with the line or the server.
    """

    def __init__(self, server: Server) -> None:
        check_security(server)
        self.server = server
        try:
            if server.security == "tls":
                self._link: poplib.POP3 = _GuardedTls(
                    server.host, server.port, timeout=CONNECT_SECONDS, context=tls_context(server)
                )
            else:
                self._link = _Guarded(server.host, server.port, timeout=CONNECT_SECONDS)
            if server.security == "starttls":
                self._start_tls()
        except (OSError, poplib.error_proto, EOFError) as error:
            if hasattr(self, "_link"):
                self.close()
            raise self._trouble(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def login(self, login: Login) -> None:
        """Log in. Raises LoginRefused for a wrong name or password, NetworkTrouble where it may work later."""
        if _UNSAFE.search(login.user) or _UNSAFE.search(login.secret):
            raise Invalid("unsafe_imap_argument")
        try:
            self._allow()
            if login.bearer:
                self._bearer(login)
            else:
                self._link.user(login.user)
                self._link.pass_(login.secret)
        except poplib.error_proto as error:
            if _is_for_now(error):
                raise self._trouble(error) from None
            raise LoginRefused(
                "login_refused", user=login.user, host=self.server.host, answer=_text(error)
            ) from None
        except (OSError, EOFError) as error:
            raise self._trouble(error) from error

    def letters(self) -> dict[str, tuple[int, int]]:
        """Unique id → number in this session, and size in octets, of every letter, the oldest first."""
        sizes = dict(self._pairs(self._list(self._link.list)))
        found: dict[str, tuple[int, int]] = {}
        for number, uidl in self._pairs(self._list(self._link.uidl)):
            size = sizes.get(number, b"0")
            found[uidl.decode("ascii", "replace")] = (int(number), int(size) if size.isdigit() else 0)
        return found

    def retrieve(self, number: int, size: int) -> bytes | None:
        """The letter, as it came; None where the server refuses it and does not say that this is for now only."""
        try:
            self._allow(size)
            return b"\r\n".join(self._link.retr(number)[1]) + b"\r\n"
        except poplib.error_proto as error:
            if _is_for_now(error):
                raise self._trouble(error) from error
            return None
        except (OSError, EOFError) as error:
            raise self._trouble(error) from error

    def finish(self, deleted: list[int]) -> None:
        """Delete these letters and say QUIT: only then are they gone (RFC 1939 section 6)."""
        try:
            for number in deleted:
                self._allow()
                self._link.dele(number)
            self._allow()
            self._link.quit()
        except (OSError, EOFError, poplib.error_proto) as error:
            raise self._trouble(error) from error

    def stop(self) -> None:
        """End the connection from any thread: a read that waits fails at once."""
        with contextlib.suppress(OSError):
            self._link.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up; what was marked as deleted stays."""
        with contextlib.suppress(OSError):
            self._link.close()

    def _list(self, command: Any) -> list[bytes]:
        try:
            self._allow(64 * MOST_LETTERS, _LIST_SECONDS)
            lines: list[bytes] = command()[1]
            return lines
        except poplib.error_proto as error:
            raise NetworkTrouble("server_refused", answer=_text(error), host=self.server.host) from None
        except (OSError, EOFError) as error:
            raise self._trouble(error) from error

    def _pairs(self, lines: list[bytes]) -> list[tuple[bytes, bytes]]:
        words = [line.split() for line in lines[:MOST_LETTERS]]
        return [(each[0], each[1]) for each in words if len(each) >= 2 and each[0].isdigit()]

    def _bearer(self, login: Login) -> None:
        from crm_tui.sync.bearer import answer_of

        answer = self._link._shortcmd(f"AUTH XOAUTH2 {answer_of(login)}")  # type: ignore[attr-defined]
        if not answer.startswith(b"+OK"):  # a challenge that says why not; the server waits for an empty line
            self._link._shortcmd("")  # type: ignore[attr-defined]

    def _start_tls(self) -> None:
        if "STLS" not in self._link.capa():
            self._link.close()
            raise NetworkTrouble("starttls_missing", host=self.server.host, port=self.server.port)
        self._link.stls(context=tls_context(self.server))

    def _allow(self, expected: int = 0, seconds: float | None = None) -> None:
        self._link.allow(expected, seconds)  # type: ignore[attr-defined]

    def _trouble(self, error: BaseException) -> NetworkTrouble:
        if isinstance(error, poplib.error_proto):
            return NetworkTrouble("server_refused", answer=_text(error), host=self.server.host)
        return trouble(error, self.server)


class _Bounded:
    """Every line is read before a deadline and out of a budget of octets."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.allow()
        super().__init__(*arguments, **options)

    def allow(self, expected: int = 0, seconds: float | None = None) -> None:
        """Start the clock and the budget of the next command, which should answer ``expected`` octets in so many
        ``seconds``, or as fast as the slowest line."""
        most = COMMAND_SECONDS + expected / SLOWEST_BYTES_A_SECOND if seconds is None else seconds
        self._deadline = time.monotonic() + most
        self._budget = BASE_BYTES + 2 * expected

    def _putline(self, line: bytes) -> None:
        self.sock.settimeout(READ_SECONDS)  # type: ignore[attr-defined]
        super()._putline(line)  # type: ignore[misc]

    def _getline(self) -> tuple[bytes, int]:
        # poplib's own takes 2048 octets, gives up a letter with a longer line in the midst of it (design/sync.md
        # §1.3), makes the end of the line a refusal of what was asked, and waits for ever for one that drips.
        line = bytearray()
        while not line.endswith(b"\n"):
            left = self._deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.sock.settimeout(min(left, READ_SECONDS))  # type: ignore[attr-defined]
            ready: bytes = self.file.peek()  # type: ignore[attr-defined]
            if not ready:
                raise EOFError("closed by the server")
            piece: bytes = self.file.read(ready.find(b"\n") + 1 or len(ready))  # type: ignore[attr-defined]
            self._budget -= len(piece)
            if self._budget < 0:
                raise NetworkTrouble("too_large", bytes=len(line) + len(piece))
            line += piece
        return bytes(line[:-2] if line.endswith(b"\r\n") else line[:-1]), len(line)


class _Guarded(_Bounded, poplib.POP3):
    pass


class _GuardedTls(_Bounded, poplib.POP3_SSL):
    pass


def _is_for_now(refusal: poplib.error_proto) -> bool:
    answer = _text(refusal).upper()
    return any(code in answer for code in _LATER)


def _text(error: BaseException) -> str:
    said = error.args[0] if error.args else b""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return text.removeprefix("-ERR").strip()
