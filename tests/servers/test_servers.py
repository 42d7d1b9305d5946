"""The servers of the tests do what the tests rely on."""

import poplib
import smtplib
import socket
from pathlib import Path

import pytest

from tests.conftest import FixedClock
from tests.servers.certificates import Authority
from tests.servers.chaos_proxy import ChaosProxy
from tests.servers.dovecot import PLAIN_SERVER, Dovecot
from tests.servers.smtp_sink import Break, Security, SmtpSink

LETTER = b"From: anna@example.test\r\nTo: boris@example.test\r\nSubject: {}\r\n\r\nHello.\r\n"


def letters(number: int) -> list[bytes]:
    return [LETTER.replace(b"{}", str(index).encode()) for index in range(number)]


def test_dovecot_shows_special_folders_and_seeded_letters_in_order(dovecot: Dovecot) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", letters(30))
    dovecot.seed(user, "Работа/Важное", letters(2), ["\\Seen", "\\Flagged"])
    with dovecot.client(user, tls=True) as client:
        special = {use: name for uses, _, name in client.list_folders() for use in uses}
        assert special[b"\\Sent"] == "Sent"
        assert client.select_folder("INBOX")[b"EXISTS"] == 30
        third = client.fetch([3], ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]"])[3]
        assert b"Subject: 2" in third[b"BODY[HEADER.FIELDS (SUBJECT)]"]
        client.select_folder("Работа/Важное")
        assert set(client.get_flags([1])[1]) >= {b"\\Seen", b"\\Flagged"}


def test_dovecot_gives_a_folder_a_new_uidvalidity_and_new_uids(dovecot: Dovecot) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", letters(3))
    with dovecot.client(user) as client:
        before = client.select_folder("INBOX")[b"UIDVALIDITY"]
        assert client.search("ALL") == [1, 2, 3]
    dovecot.reset_uidvalidity(user)
    with dovecot.client(user) as client:
        assert client.select_folder("INBOX")[b"UIDVALIDITY"] != before
        assert client.search("ALL") == [1_000_001, 1_000_002, 1_000_003]


def test_dovecot_serves_pop3(dovecot: Dovecot) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", letters(2))
    session = poplib.POP3_SSL("localhost", dovecot.pop3s_port, context=dovecot.authority.client_context())
    session.user(user)
    session.pass_(dovecot.password)
    assert session.stat()[0] == 2
    session.quit()


def test_dovecot_hides_capabilities_keeps_sessions_and_restarts(authority: Authority) -> None:
    if not Dovecot.available():
        pytest.skip("Dovecot is absent")
    with Dovecot(authority=authority, imap_capability=PLAIN_SERVER, rawlog=True) as server:
        user = server.account()
        with server.client(user) as client:
            assert b"MOVE" not in client.capabilities()
            client.append("INBOX", letters(1)[0])
        server.restart()
        with server.client(user) as client:
            assert client.select_folder("INBOX", readonly=True)[b"EXISTS"] == 1
        assert b"EXAMINE" in server.session_log(user)
    assert not server.folder.exists()


def test_smtp_sink_keeps_what_arrives_and_refuses_by_recipient(smtp_sink: SmtpSink) -> None:
    smtp_sink.refusals["nobody@example.test"] = "550 5.1.1 Unknown"
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as session:
        refused = session.sendmail("a@example.test", ["b@example.test", "nobody@example.test"], LETTER)
    assert refused == {"nobody@example.test": (550, b"5.1.1 Unknown")}
    (delivery,) = smtp_sink.wait()
    assert (delivery.recipients, delivery.raw) == (("b@example.test",), LETTER)


@pytest.mark.parametrize(("where", "kept"), [(Break.BEFORE_KEEPING, 0), (Break.AFTER_KEEPING, 1)])
def test_smtp_sink_breaks_off_at_the_end_of_data(smtp_sink: SmtpSink, where: Break, kept: int) -> None:
    smtp_sink.break_off = where
    session = smtplib.SMTP(smtp_sink.host, smtp_sink.port)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        session.sendmail("a@example.test", ["b@example.test"], LETTER)
    session.close()
    assert len(smtp_sink.deliveries) == kept


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_smtp_sink_asks_for_encryption_and_login(authority: Authority, security: Security) -> None:
    context = authority.client_context()
    with SmtpSink(security=security, authority=authority, logins={"anna": "secret"}) as sink:
        if security is Security.TLS:
            session: smtplib.SMTP = smtplib.SMTP_SSL(sink.host, sink.port, context=context)
        else:
            session = smtplib.SMTP(sink.host, sink.port)
            session.starttls(context=context)
        with session:
            with pytest.raises(smtplib.SMTPException):
                session.sendmail("a@example.test", ["b@example.test"], LETTER)
            with pytest.raises(smtplib.SMTPAuthenticationError):
                session.login("anna", "wrong")
            session.login("anna", "secret")
            session.sendmail("a@example.test", ["b@example.test"], LETTER)
        (delivery,) = sink.wait()
        assert (delivery.encrypted, delivery.login) == (True, "anna")


def test_chaos_proxy_passes_counts_and_cuts(dovecot: Dovecot) -> None:
    user = dovecot.account()
    dovecot.seed(user, "INBOX", letters(20))
    with ChaosProxy((dovecot.host, dovecot.imap_port), chunk=7) as proxy:
        with dovecot.client(user, port=proxy.port) as client:
            client.select_folder("INBOX", readonly=True)
            assert len(client.fetch([1, 2, 3], ["BODY.PEEK[]"])) == 3
        assert proxy.traffic.connections == 1
        assert proxy.traffic.down > 3 * len(LETTER)
        assert proxy.traffic.round_trips >= 4
        proxy.cut = (2000, 3000)
        client = dovecot.client(user, port=proxy.port)
        client.select_folder("INBOX", readonly=True)
        with pytest.raises((OSError, client.AbortError)):
            client.fetch(list(range(1, 21)), ["BODY.PEEK[]"])
        client.shutdown()
        assert proxy.traffic.cuts == 1


def test_chaos_proxy_swallows_refuses_and_resets(dovecot: Dovecot) -> None:
    with ChaosProxy((dovecot.host, dovecot.imap_port)) as proxy:
        with socket.create_connection((proxy.host, proxy.port)) as link:
            link.settimeout(20)
            assert link.recv(1000).startswith(b"* OK")
            proxy.reset_connections()
            with pytest.raises(ConnectionResetError):
                link.recv(100)
        proxy.black_hole = True
        with socket.create_connection((proxy.host, proxy.port)) as link:
            link.settimeout(0.2)
            with pytest.raises(TimeoutError):
                link.recv(100)
        proxy.refuse = True
        with socket.create_connection((proxy.host, proxy.port)) as link:
            link.settimeout(20)
            with pytest.raises(ConnectionResetError):
                link.recv(100)


def test_certificates_of_the_authority_are_trusted_by_its_clients_alone(authority: Authority) -> None:
    assert Path(authority.ca_file).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    assert authority.client_context().cert_store_stats()["x509_ca"] == 1


def test_the_clock_of_the_tests_moves_only_when_told_to(clock: FixedClock) -> None:
    before = clock()
    assert clock() == before
    assert (clock.advance(hours=2) - before).total_seconds() == 7200
