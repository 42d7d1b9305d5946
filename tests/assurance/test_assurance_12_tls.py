"""Row 12: no password leaves this machine over a line that is not proven to end at the right server."""

import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crm_tui.domain.errors import BadConfig, NetworkTrouble
from crm_tui.sync.credentials import Login
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.imap.session import Session
from crm_tui.sync.smtp import deliver
from tests.servers.certificates import Authority, Certificate
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import Security, SmtpSink
from tests.sync.hostile import GREETING, HostileServer, Line, hostile

PASSWORD = "canary-7f3a"
LAST_YEAR = datetime(2025, 1, 1, tzinfo=UTC)


def imap(server: Server) -> None:
    with Session(server) as session:
        session.login("me", PASSWORD)


def smtp(server: Server) -> None:
    deliver(server, Login("me", PASSWORD), "me@x.example", ["you@x.example"], b"x", lambda phase: None)


def behind_tls(certificate: Certificate) -> Callable[[Line], None]:
    def script(line: Line) -> None:
        with certificate.server_context().wrap_socket(line.link, server_side=True) as link:
            link.sendall(GREETING)
            line.sent.append(link.recv(1000))

    return script


def says(greeting: bytes, replies: dict[bytes, bytes] | None = None) -> Callable[[Line], None]:
    def script(line: Line) -> None:
        line.say(greeting)
        line.answer(replies or {})

    return script


def password_was_sent(server: HostileServer) -> bool:
    return any(PASSWORD.encode() in line or b"LOGIN" in line or b"AUTH" in line for line in server.sent)


@pytest.mark.parametrize("client", [imap, smtp])
@pytest.mark.parametrize("fault", ["unknown authority", "other host", "expired", "not yet valid"])
def test_a_certificate_that_proves_nothing_is_refused(
    client: Callable[[Server], None], fault: str, authority: Authority
) -> None:
    day = timedelta(days=1)
    with Authority() as stranger:
        certificate = {
            "unknown authority": lambda: stranger.issue(),
            "other host": lambda: authority.issue("mail.evil.example"),
            "expired": lambda: authority.issue(not_before=LAST_YEAR, not_after=LAST_YEAR + day),
            "not yet valid": lambda: authority.issue(
                not_before=datetime(2090, 1, 1, tzinfo=UTC), not_after=datetime(2091, 1, 1, tzinfo=UTC)
            ),
        }[fault]()
        with hostile(behind_tls(certificate)) as server, pytest.raises(NetworkTrouble) as refused:
            client(Server("localhost", server.port, "tls", str(authority.ca_file)))
    assert refused.value.code == "bad_certificate"
    assert refused.value.facts["reason"]
    assert not password_was_sent(server)


@pytest.mark.parametrize(
    ("greeting", "replies", "code"),
    [
        (GREETING, {}, "starttls_missing"),
        (
            b"* PREAUTH [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n",
            {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"},
            "preauth",
        ),
        (b"* BYE go away\r\n", {}, "bad_greeting"),
        (b"220 smtp.example ready\r\n", {}, "bad_greeting"),
    ],
)
def test_an_imap_server_without_starttls_gets_no_password(
    greeting: bytes, replies: dict[bytes, bytes], code: str, authority: Authority
) -> None:
    with hostile(says(greeting, replies)) as server, pytest.raises(NetworkTrouble) as refused:
        imap(Server("localhost", server.port, "starttls", str(authority.ca_file)))
    assert refused.value.code == code
    assert not password_was_sent(server)


def test_starttls_that_the_server_refuses_is_the_end(authority: Authority) -> None:
    def script(line: Line) -> None:
        line.say(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        tag = line.until(b"STARTTLS", {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"})
        line.say(tag + b" NO not today\r\n")
        line.answer({})

    with hostile(script) as server, pytest.raises(NetworkTrouble) as refused:
        imap(Server("localhost", server.port, "starttls", str(authority.ca_file)))
    assert refused.value.code == "starttls_missing"
    assert not password_was_sent(server)


def test_answers_smuggled_in_ahead_of_the_handshake_are_refused(authority: Authority) -> None:
    def script(line: Line) -> None:
        line.say(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        tag = line.until(b"STARTTLS", {b"CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n"})
        line.say(tag + b" OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=EVIL\r\n")
        line.answer({})

    with hostile(script) as server, pytest.raises(NetworkTrouble) as refused:
        imap(Server("localhost", server.port, "starttls", str(authority.ca_file)))
    assert refused.value.code == "starttls_injection"


def test_an_smtp_server_without_starttls_gets_no_password(authority: Authority) -> None:
    with SmtpSink(logins={"me": PASSWORD}) as sink, pytest.raises(NetworkTrouble) as refused:
        smtp(Server("localhost", sink.port, "starttls", str(authority.ca_file)))
    assert refused.value.code == "starttls_missing"
    assert sink.deliveries == []


@pytest.mark.parametrize("client", [imap, smtp])
@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.1", "localhost.evil.example"])
def test_no_encryption_is_for_loopback_alone(client: Callable[[Server], None], host: str) -> None:
    with pytest.raises(BadConfig) as refused:
        client(Server(host, 1, "none"))
    assert refused.value.code == "tls_required"


def test_a_bad_ca_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate")
    with pytest.raises(BadConfig) as refused:
        imap(Server("localhost", 1, "tls", str(file)))
    assert refused.value.facts["path"] == str(file)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_right_certificate_is_accepted(dovecot: Dovecot, security: str) -> None:
    assert dovecot.authority is not None
    port = dovecot.imaps_port if security == "tls" else dovecot.imap_port
    server = Server(
        "localhost", port, "tls" if security == "tls" else "starttls", str(dovecot.authority.ca_file)
    )
    with Session(server) as session:
        session.login(dovecot.account(), dovecot.password)
        assert isinstance(session._wire.sock, ssl.SSLSocket)


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_letter_goes_over_tls(authority: Authority, security: Security) -> None:
    with SmtpSink(security=security, authority=authority, logins={"me": PASSWORD}) as sink:
        kind = "tls" if security is Security.TLS else "starttls"
        smtp(Server("localhost", sink.port, "tls" if kind == "tls" else "starttls", str(authority.ca_file)))
        (arrived,) = sink.wait()
    assert arrived.encrypted
    assert arrived.login == "me"
