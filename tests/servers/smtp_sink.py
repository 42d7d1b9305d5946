"""An SMTP server on loopback that keeps what it is sent, and refuses or breaks off as told."""

import asyncio
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import TracebackType
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.servers.certificates import Authority
from tests.servers.dovecot import free_ports

LIMIT = 30.0
"""Seconds that ``wait`` waits before it gives up."""


class Security(Enum):
    """How a connection is encrypted."""

    NONE = "none"
    STARTTLS = "starttls"
    TLS = "tls"


class Break(Enum):
    """Where the server cuts the connection in place of an answer to the end of DATA."""

    BEFORE_KEEPING = "before keeping"
    AFTER_KEEPING = "after keeping"


@dataclass(frozen=True)
class Delivery:
    """One letter that arrived: envelope, exact bytes, was the link encrypted, who had logged in."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    encrypted: bool
    login: str | None


class SmtpSink:
    """The server at ``host`` and ``port``, between ``start`` and ``stop`` or in a ``with`` block.

    ``logins`` (name to password) makes a login necessary; ``security`` other than NONE needs an
    ``authority``. ``on_delivery`` is called in the server's thread for each letter kept. These can be changed
    at any time: ``refusals`` maps a recipient to the reply it gets (``"550 5.1.1 Unknown"``); ``data_reply``
    is given to DATA in place of 250; ``break_off`` cuts the next letters' connections.
    """

    host = "localhost"

    def __init__(
        self,
        *,
        security: Security = Security.NONE,
        authority: Authority | None = None,
        logins: dict[str, str] | None = None,
        size_limit: int | None = None,
        on_delivery: Callable[[Delivery], None] | None = None,
    ) -> None:
        self.security = security
        self.logins = logins or {}
        self.refusals: dict[str, str] = {}
        self.data_reply: str | None = None
        self.break_off: Break | None = None
        self.on_delivery = on_delivery
        self.connections = 0
        self._size_limit = size_limit
        self._context = self._server_context(authority)
        self._deliveries: list[Delivery] = []
        self._changed = threading.Condition()
        self._controller: _Controller | None = None
        (self.port,) = free_ports(1)

    def __enter__(self) -> "SmtpSink":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Listen; the port stays the same after ``stop``."""
        options: dict[str, Any] = {
            "authenticator": self._authenticate,
            "auth_required": bool(self.logins),
            "auth_require_tls": False,
            "data_size_limit": self._size_limit,
        }
        if self.security is Security.STARTTLS:
            options |= {"tls_context": self._context, "require_starttls": True}
        elif self.security is Security.TLS:
            options |= {"ssl_context": self._context}
        self._controller = _Controller(self, hostname=self.host, port=self.port, ready_timeout=60, **options)
        self._controller.start()
        with self._changed:
            self.connections = 0

    def stop(self) -> None:
        """Stop listening; what was delivered stays readable."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.stop()

    @property
    def deliveries(self) -> list[Delivery]:
        """What arrived so far, in order."""
        with self._changed:
            return list(self._deliveries)

    def wait(self, number: int = 1) -> list[Delivery]:
        """Wait until at least ``number`` letters have arrived and return all."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._deliveries) >= number, LIMIT):
                raise AssertionError(f"{len(self._deliveries)} of {number} letters arrived")
            return list(self._deliveries)

    def _server_context(self, authority: Authority | None) -> ssl.SSLContext | None:
        if self.security is Security.NONE:
            return None
        if authority is None:
            raise ValueError("an encrypted server needs an authority")
        return authority.issue().server_context()

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        if isinstance(data, LoginPassword) and self.logins.get(data.login.decode()) == data.password.decode():
            return AuthResult(success=True, auth_data=data.login.decode())
        return AuthResult(success=False, handled=False, message="535 5.7.8 Refused")

    # What aiosmtpd calls, by these names.

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.break_off is not Break.BEFORE_KEEPING and self.data_reply is None:
            self._keep(session, envelope)
        if self.break_off is not None:
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return self.data_reply or "250 OK: kept"

    def _keep(self, session: Session, envelope: Envelope) -> None:
        content = envelope.original_content or b""
        encrypted = session.ssl is not None or self.security is Security.TLS
        delivery = Delivery(
            envelope.mail_from or "", tuple(envelope.rcpt_tos), content, encrypted, session.auth_data
        )
        with self._changed:
            self._deliveries.append(delivery)
            self._changed.notify_all()
        if self.on_delivery is not None:
            self.on_delivery(delivery)


class _Controller(Controller):
    def __init__(self, sink: SmtpSink, **options: Any) -> None:
        self._sink = sink
        super().__init__(sink, **options)

    def factory(self) -> Any:
        self._sink.connections += 1
        return super().factory()  # type: ignore[no-untyped-call]
