"""Handing one letter to an SMTP server (RFC 5321), phase by phase, over verified TLS.

What matters is knowing what happened: before the final dot nothing was accepted and the letter may be sent again;
once the dot has gone out and no answer came, nobody can tell (RFC 1047), and it must not be.
"""

import contextlib
import os
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from crm_tui.domain.errors import CrmError, Invalid, LoginRefused, NetworkTrouble
from crm_tui.sync.bearer import oauthbearer, xoauth2
from crm_tui.sync.credentials import Login
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
    takes: int = 0
    """Octets of a letter that the server takes (RFC 1870), 0 where it does not say."""


class Uncertain(CrmError):
    """The letter was ended and the connection broke without an answer: it may have been accepted or not."""


def deliver(
    server: Server,
    login: Login | None,
    sender: str,
    recipients: list[str],
    raw: bytes,
    ending: Callable[[dict[str, Answer]], None],
    envelope_id: str = "",
) -> Outcome:
    """Send one letter. ``ending`` is called with the recipients' answers before the final dot, and may raise to stop.

    Raises NetworkTrouble and LoginRefused where nothing was accepted, Uncertain after the final dot, Invalid for an
    address that could end an SMTP line. Refusals are answers, not errors.
    """
    for address in (sender, *recipients):
        if _UNSAFE.search(address):
            raise Invalid("unsafe_address")
    body = _LINE_END.sub(b"\r\n", raw)
    with _connected(server, len(body)) as link:
        _log_in(link, server, login)
        outcome = _hand_over(link, server, sender, recipients, body, ending, envelope_id)
        size = link.esmtp_features.get("size", "")
        return replace(outcome, takes=int(size) if size.isdecimal() and len(size) < 16 else 0)


def _hand_over(
    link: smtplib.SMTP,
    server: Server,
    sender: str,
    recipients: list[str],
    body: bytes,
    ending: Callable[[dict[str, Answer]], None],
    envelope_id: str,
) -> Outcome:
    try:
        code, text = link.mail(sender, _options(link, body, envelope_id))
        if code != 250:
            return Outcome({}, (code, _text(text)))
        answers: dict[str, Answer] = {}
        for address in recipients:
            answers[address] = _answer(link.rcpt(address))
            if answers[address][0] == 421:  # the server hangs up (RFC 5321 section 3.8)
                return Outcome({}, answers[address])
        if not any(code in (250, 251) for code, _ in answers.values()):
            return Outcome(answers, (554, "no recipient accepted"))
        code, text = link.docmd("DATA")
        if code != 354:
            return Outcome(answers, (code, _text(text)))
        # Without the dot that ends it no server takes a letter (RFC 5321 section 4.1.1.4).
        link.send(_DOT.sub(b"..", body if body.endswith(b"\r\n") else body + b"\r\n"))
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, server) from error
    ending(answers)
    return Outcome(answers, _end_letter(link, server))


def check_login(server: Server, login: Login | None) -> None:
    """Connect and log in, and send nothing. Raises like ``deliver``."""
    with _connected(server, 0) as link:
        _log_in(link, server, login)


def _end_letter(link: smtplib.SMTP, server: Server) -> Answer:
    try:
        if _has_hung_up(link):
            raise ConnectionError("closed by the server")
        link.send(b".\r\n")
    except (OSError, smtplib.SMTPException) as error:  # the dot did not leave this machine
        raise _trouble(error, server) from error
    try:
        return _answer(link.getreply())
    except (OSError, smtplib.SMTPException) as error:
        raise Uncertain("delivery_uncertain", reason=type(error).__name__) from error


def _has_hung_up(link: smtplib.SMTP) -> bool:
    """Whether the line has ended already: a dot sent into it would only make the letter's fate unknown."""
    if link.sock is None:
        return True
    with socket.socket(fileno=os.dup(link.sock.fileno())) as line:  # below TLS, if there is any
        try:
            return not line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return False


def _options(link: smtplib.SMTP, body: bytes, envelope_id: str) -> list[str]:
    """What MAIL says beside the sender, where the server knows it (RFC 1870, RFC 6152, RFC 3461)."""
    options = [f"SIZE={len(body)}"] if link.has_extn("size") else []
    if not body.isascii() and link.has_extn("8bitmime"):
        options.append("BODY=8BITMIME")
    if envelope_id.isalnum() and link.has_extn("dsn"):
        options += ["RET=HDRS", f"ENVID={envelope_id}"]
    return options


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


def _log_in(link: smtplib.SMTP, server: Server, login: Login | None) -> None:
    if login is None or not link.has_extn("auth"):
        return
    try:
        if login.bearer:
            _log_in_bearer(link, server, login)
        else:
            link.login(login.user, login.secret)
    except smtplib.SMTPAuthenticationError as error:
        if 400 <= error.smtp_code < 500:  # busy, not wrong (RFC 4954 section 6)
            raise _trouble(error, server) from None
        raise LoginRefused(
            "login_refused", user=login.user, host=server.host, answer=_text(error.smtp_error)
        ) from None
    except (OSError, smtplib.SMTPException) as error:
        raise _trouble(error, server) from error


def _log_in_bearer(link: smtplib.SMTP, server: Server, login: Login) -> None:
    """With an access token; a refusal comes as a challenge that is answered by an empty line (RFC 7628)."""
    offered = link.esmtp_features.get("auth", "").upper().split()
    standard = "OAUTHBEARER" in offered and "XOAUTH2" not in offered
    first = (oauthbearer(login, server.host, server.port) if standard else xoauth2(login)).decode()
    link.auth(
        "OAUTHBEARER" if standard else "XOAUTH2", lambda challenge=None: first if challenge is None else ""
    )


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
