"""Handing one letter to an SMTP server (RFC 5321), phase by phase, over verified TLS.

What matters is knowing what happened: before the end of DATA nothing was accepted and the letter may be sent
again; once the body has gone out and no answer came, nobody can tell (RFC 1047), and it must not be.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from crm_tui.domain.errors import CrmError, Invalid, LoginRefused, NetworkTrouble
from crm_tui.sync.imap.connect import (
    COMMAND_SECONDS,
    SLOWEST_BYTES_A_SECOND,
    Server,
    check_security,
    tls_context,
)
from crm_tui.sync.imap.connect import trouble as network_trouble

TIMEOUT = 30.0
_LINE_END = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)
_UNSAFE = re.compile(r"[\r\n\x00<>\s]")

Answer = tuple[int, str]
"""Code and text of a server's reply."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter: each recipient's answer, and the answer to the letter as a whole."""

    recipients: dict[str, Answer] = field(default_factory=dict)
    letter: Answer = (0, "")


class Uncertain(CrmError):
    """The body was sent and the connection ended without an answer: it may have been accepted or not."""


def deliver(
    server: Server,
    login: tuple[str, str] | None,
    sender: str,
    recipients: list[str],
    raw: bytes,
    phase: Callable[[str], None],
) -> Outcome:
    """Send one letter; ``phase`` is told ``envelope`` and ``data`` before each begins, and may raise to stop.

    Raises NetworkTrouble and LoginRefused where nothing was accepted, Uncertain after the body, Invalid for an
    address that could end an SMTP line. Refusals are answers, not errors.
    """
    for address in (sender, *recipients):
        if _UNSAFE.search(address):
            raise Invalid("unsafe_address")
    body = _LINE_END.sub(b"\r\n", raw)
    with _connected(server, len(body)) as link:
        _log_in(link, server, login)
        phase("envelope")
        try:
            code, text = link.mail(sender)
            if code != 250:
                return Outcome({}, (code, _text(text)))
            answers = {address: _answer(link.rcpt(address)) for address in recipients}
            if not any(code in (250, 251) for code, _ in answers.values()):
                return Outcome(answers, (554, "no recipient accepted"))
        except (OSError, smtplib.SMTPException) as error:
            raise _trouble(error, server) from error
        phase("data")
        try:
            code, text = link.docmd("DATA")
        except (OSError, smtplib.SMTPException) as error:
            raise _trouble(error, server) from error
        return Outcome(answers, _send_body(link, body) if code == 354 else (code, _text(text)))


def check_login(server: Server, login: tuple[str, str] | None) -> None:
    """Connect and log in, and send nothing. Raises like ``deliver``."""
    with _connected(server, 0) as link:
        _log_in(link, server, login)


def _send_body(link: smtplib.SMTP, body: bytes) -> Answer:
    ended = body if body.endswith(b"\r\n") else body + b"\r\n"
    try:
        link.send(_DOT.sub(b"..", ended) + b".\r\n")
        return _answer(link.getreply())
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain("delivery_uncertain", reason=type(error).__name__) from error


@contextlib.contextmanager
def _connected(server: Server, size: int) -> Iterator[smtplib.SMTP]:
    """A greeted connection, encrypted as asked, that a watchdog ends after a time fit for ``size`` bytes."""
    check_security(server)
    link = _open(server)
    watchdog = threading.Timer(2 * COMMAND_SECONDS + size / SLOWEST_BYTES_A_SECOND, _end, [link])
    watchdog.daemon = True
    watchdog.start()
    try:
        try:
            _greet(link, server)
        except (OSError, smtplib.SMTPException) as error:
            raise _trouble(error, server) from error
        yield link
        with contextlib.suppress(OSError, smtplib.SMTPException):
            link.quit()
    finally:
        watchdog.cancel()
        link.close()


def _open(server: Server) -> smtplib.SMTP:
    try:
        if server.security == "tls":
            return smtplib.SMTP_SSL(
                server.host,
                server.port,
                local_hostname="localhost",
                timeout=TIMEOUT,
                context=tls_context(server),
            )
        return smtplib.SMTP(server.host, server.port, local_hostname="localhost", timeout=TIMEOUT)
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, server) from error


def _greet(link: smtplib.SMTP, server: Server) -> None:
    link.ehlo_or_helo_if_needed()
    if server.security == "starttls":
        if not link.has_extn("starttls"):
            raise NetworkTrouble("starttls_missing", host=server.host, port=server.port)
        link.starttls(context=tls_context(server))
        if not isinstance(link.sock, ssl.SSLSocket):
            raise NetworkTrouble("starttls_missing", host=server.host, port=server.port)
        link.ehlo()


def _log_in(link: smtplib.SMTP, server: Server, login: tuple[str, str] | None) -> None:
    if login is None or not link.has_extn("auth"):
        return
    try:
        link.login(*login)
    except smtplib.SMTPAuthenticationError as error:
        raise LoginRefused(
            "login_refused", user=login[0], host=server.host, answer=_text(error.smtp_error)
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, server) from error


def _trouble(error: Exception, server: Server) -> NetworkTrouble:
    if isinstance(error, smtplib.SMTPResponseException):
        answer = f"{error.smtp_code} {_text(error.smtp_error)}"
        return NetworkTrouble("server_refused", answer=answer, host=server.host)
    if isinstance(error, smtplib.SMTPException):
        return NetworkTrouble(
            "connection_failed", reason=type(error).__name__, host=server.host, port=server.port
        )
    return network_trouble(error, server)


def _end(link: smtplib.SMTP) -> None:
    with contextlib.suppress(OSError, AttributeError):
        link.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]


def _answer(reply: tuple[int, bytes]) -> Answer:
    return reply[0], _text(reply[1])


def _text(reply: bytes | str) -> str:
    return reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
