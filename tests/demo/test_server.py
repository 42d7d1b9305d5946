"""The demo's mail server, asked by IMAPClient and smtplib: what a foreign client sees of it."""

import asyncio
import smtplib
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

from crm_tui.demo.server.process import running
from crm_tui.demo.server.records import Person
from crm_tui.demo.server.serve import MailServer, Ports
from crm_tui.demo.server.storage import Storage
from crm_tui.domain.clock import utc_now
from tests.waiting import LIMIT

ME, SHARED, PASSWORD = "irina@jelken.example", "service@jelken.example", "open sesame"
RAW = (
    b"From: Olga <olga@newco.example>\r\nTo: irina@jelken.example\r\nSubject: Pump %d\r\n"
    b"Message-ID: <p%d@newco.example>\r\nDate: Fri, 20 Nov 2026 10:00:00 +0500\r\n\r\nThree pumps, please.\r\n"
)


def letter(number: int) -> bytes:
    return RAW % (number, number)


@dataclass
class Served:
    ports: Ports
    folder: Path

    @property
    def tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.folder / "authority.pem"))

    def imap(self, user: str = ME) -> IMAPClient:
        client = IMAPClient("127.0.0.1", self.ports.imap, ssl_context=self.tls)
        client.login(user, PASSWORD)
        return client

    def smtp(self) -> smtplib.SMTP_SSL:
        client = smtplib.SMTP_SSL("127.0.0.1", self.ports.smtp, context=self.tls)
        client.login(ME, PASSWORD)
        return client


def fill(folder: Path) -> None:
    storage = Storage(folder / "mail.db")
    storage.add_user(ME, PASSWORD, 1000)
    storage.add_user(SHARED, PASSWORD, 1000)
    storage.add_people([Person("olga@newco.example", "Ольга Ким", "ru", "Newco")])
    letters = [("INBOX", letter(n), ["\\Seen"] if n % 2 else [], 1_795_000_000 + n) for n in range(1, 11)]
    assert storage.load(ME, letters, 1000) == list(range(1, 11))
    storage.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    fill(tmp_path)
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()
    up = threading.Event()
    found: list[Ports] = []

    async def serve() -> None:
        async with MailServer(tmp_path, utc_now, delay=0.0) as server:
            found.append(server.ports)
            up.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert up.wait(LIMIT)
    yield Served(found[0], tmp_path)
    loop.call_soon_threadsafe(stop.set)
    thread.join(LIMIT)
    loop.close()


def wait_for_mail(client: IMAPClient, more_than: int) -> list[int]:
    client.select_folder("INBOX")
    while len(uids := client.search("ALL")) <= more_than:
        client.idle()
        client.idle_check(timeout=LIMIT)
        client.idle_done()
        client.noop()
    return list(uids)


def test_a_wrong_password_and_an_unverified_certificate_are_refused(served: Served) -> None:
    client = IMAPClient("127.0.0.1", served.ports.imap, ssl_context=served.tls)
    with pytest.raises(client.Error, match="AUTHENTICATIONFAILED"):
        client.login(ME, "wrong")
    client.shutdown()
    with pytest.raises(ssl.SSLCertVerificationError):
        IMAPClient("127.0.0.1", served.ports.imap)


def test_folders_come_with_roles_and_counts_in_one_answer(served: Served) -> None:
    with served.imap() as client:
        roles = {name: flags for flags, _sep, name in client.list_folders()}
        assert b"\\Sent" in roles["Sent"]
        assert b"\\Junk" in roles["Junk"]
        answer = client.folder_status("INBOX", ["MESSAGES", "UNSEEN", "UIDNEXT", "HIGHESTMODSEQ"])
        assert (answer[b"MESSAGES"], answer[b"UNSEEN"], answer[b"UIDNEXT"]) == (10, 5, 11)
        client._imap._simple_command("LIST", '""', "*", "RETURN", "(SUBSCRIBED STATUS (MESSAGES UNSEEN))")
        assert len(client._imap.untagged_responses["STATUS"]) == 6


def test_fetch_gives_the_very_bytes_and_peek_leaves_them_unread(served: Served) -> None:
    with served.imap() as client:
        client.select_folder("INBOX")
        found = client.fetch([2], ["BODY.PEEK[]", "FLAGS", "RFC822.SIZE", "ENVELOPE", "BODYSTRUCTURE"])[2]
        assert found[b"BODY[]"] == letter(2)
        assert found[b"RFC822.SIZE"] == len(letter(2))
        assert found[b"FLAGS"] == ()
        assert found[b"ENVELOPE"].subject == b"Pump 2"
        assert found[b"ENVELOPE"].from_[0].host == b"newco.example"
        assert found[b"BODYSTRUCTURE"][:2] == (b"TEXT", b"PLAIN")
        part = client.fetch([2], ["BODY.PEEK[HEADER.FIELDS (SUBJECT)]", "BODY.PEEK[TEXT]<6.5>"])[2]
        assert part[b"BODY[HEADER.FIELDS (SUBJECT)]"] == b"Subject: Pump 2\r\n\r\n"
        assert part[b"BODY[TEXT]<6>"] == b"pumps"
        assert client.fetch([2], ["BODY[TEXT]", "FLAGS"])[2][b"BODY[TEXT]"] == b"Three pumps, please.\r\n"
        assert client.get_flags([2])[2] == (b"\\Seen",)


def test_parts_of_a_multipart_are_fetched_by_number(served: Served) -> None:
    raw = (
        b"Subject: two parts\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\none\r\n"
        b'--b\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename="a.pdf"\r\n\r\n'
        b"two\r\n--b--\r\n"
    )
    with served.imap() as client:
        client.append("INBOX", raw)
        client.select_folder("INBOX")
        found = client.fetch([11], ["BODY.PEEK[1]", "BODY.PEEK[2.MIME]", "BODYSTRUCTURE"])[11]
        assert found[b"BODY[1]"] == b"one"
        assert b"a.pdf" in found[b"BODY[2.MIME]"]
        parts, kind = found[b"BODYSTRUCTURE"][0], found[b"BODYSTRUCTURE"][1]
        assert [part[1] for part in parts] == [b"PLAIN", b"PDF"]
        assert kind == b"MIXED"


def test_flags_moves_and_appends_tell_the_new_uid(served: Served) -> None:
    with served.imap() as client, served.imap() as other:
        other.select_folder("INBOX")
        client.select_folder("INBOX")
        client.add_flags([2, 3], ["\\Flagged", "project"])
        assert b"APPENDUID" in client.append("Sent", letter(20), ["\\Seen"])
        client.move([2, 3], "Archive")
        assert client._imap.response("COPYUID")[1][0].split()[1:] == [b"2:3", b"1:2"]
        assert client.search("ALL") == [1, 4, 5, 6, 7, 8, 9, 10]
        assert other.noop()[1].count((2, b"EXPUNGE")) == 2
        client.add_flags([4, 5], ["\\Deleted"])
        client._imap.uid("EXPUNGE", "4")
        assert client.search("DELETED") == [5]
        client.select_folder("Archive", readonly=True)
        assert set(client.get_flags([1])[1]) == {b"\\Flagged", b"project"}
        with pytest.raises(client.Error, match="READ-ONLY"):
            client.add_flags([1], ["\\Seen"])


@pytest.mark.parametrize(
    ("keys", "found"),
    [
        ("ALL", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
        ("UNSEEN", [2, 4, 6, 8, 10]),
        (["NOT", "SEEN", "UID", "1:5"], [2, 4]),
        (["OR", "SUBJECT", "Pump 7", "UID", "9"], [7, 9]),
        (["FROM", "olga@newco", "SEEN"], [1, 3, 5, 7, 9]),
        (["HEADER", "Message-ID", "p3@newco"], [3]),
        (["BODY", "three", "4:6"], [4, 5, 6]),
        (["SENTON", "20-Nov-2026", "LARGER", "10", "2,4"], [2, 4]),
        (["BEFORE", "1-Jan-2020"], []),
    ],
)
def test_search(served: Served, keys: str | list[str], found: list[int]) -> None:
    with served.imap() as client:
        client.select_folder("INBOX")
        assert client.search(keys) == found


def test_qresync_tells_what_changed_and_what_vanished(served: Served) -> None:
    with served.imap() as client, served.imap() as other:
        client.enable("QRESYNC")
        before = client.folder_status("INBOX", ["UIDVALIDITY", "HIGHESTMODSEQ"])
        other.select_folder("INBOX")
        other.add_flags([7], ["\\Answered"])
        other.move([1, 2, 3], "Archive")
        resync = f"(QRESYNC ({before[b'UIDVALIDITY']} {before[b'HIGHESTMODSEQ']}))"
        client._imap._simple_command("SELECT", "INBOX", resync)
        heard = client._imap.untagged_responses
        assert heard["VANISHED"] == [b"(EARLIER) 1:3"]
        assert len(heard["FETCH"]) == 1
        assert b"UID 7 FLAGS (\\Answered \\Seen) MODSEQ" in heard["FETCH"][0]


def test_condstore_store_refuses_what_changed_meanwhile(served: Served) -> None:
    with served.imap() as client:
        client.select_folder("INBOX")
        modseq = client.fetch([4], ["MODSEQ"])[4][b"MODSEQ"][0]
        client.add_flags([4], ["\\Flagged"])
        _kind, answer = client._imap.uid(
            "STORE", "4:5", f"(UNCHANGEDSINCE {modseq + 1})", "+FLAGS", "(\\Seen)"
        )
        assert "MODIFIED" in client._imap.untagged_responses
        assert b"\\Seen" not in client.get_flags([4])[4]
        assert answer is not None


def test_idle_tells_of_a_new_letter_and_folders_can_be_made_and_renamed(served: Served) -> None:
    with served.imap() as client, served.imap() as other:
        client.select_folder("INBOX")
        client.idle()
        other.append("INBOX", letter(50))
        assert (11, b"EXISTS") in client.idle_check(timeout=LIMIT)
        client.idle_done()
        other.create_folder("Счета/2026")
        other.rename_folder("Счета/2026", "Счета/старые")
        other.unsubscribe_folder("Счета/старые")
        assert "Счета/старые" in [name for _f, _s, name in other.list_folders()]
        assert "Счета/старые" not in [name for _f, _s, name in other.list_sub_folders()]
        other.delete_folder("Счета/старые")
        with pytest.raises(other.Error, match="NONEXISTENT"):
            other.select_folder("Счета/старые")


def test_a_letter_to_a_colleague_lands_and_a_customer_answers_in_the_thread(served: Served) -> None:
    with served.smtp() as out:
        asked = letter(99).replace(b"olga@newco", b"irina@newco")
        assert out.sendmail(ME, [SHARED, "olga@newco.example"], asked) == {}
    with served.imap(SHARED) as shared:
        shared.select_folder("INBOX")
        assert shared.fetch([1], ["BODY.PEEK[]"])[1][b"BODY[]"] == asked
    with served.imap() as client:
        newest = wait_for_mail(client, 10)[-1]
        raw = client.fetch([newest], ["BODY.PEEK[]"])[newest][b"BODY[]"]
        assert b"In-Reply-To: <p99@newco.example>" in raw
        assert b"olga@newco.example" in raw
        assert b"> Three pumps, please." in raw


def test_a_letter_to_nobody_comes_back_as_a_bounce(served: Served) -> None:
    with served.smtp() as out:
        out.sendmail(ME, ["nobody@nowhere.example"], letter(98))
        with pytest.raises(smtplib.SMTPSenderRefused):
            out.sendmail("olga@newco.example", [ME], letter(97))
    with served.imap() as client:
        newest = wait_for_mail(client, 10)[-1]
        raw = client.fetch([newest], ["BODY.PEEK[]"])[newest][b"BODY[]"]
        assert b"multipart/report" in raw
        assert b"Status: 5.1.1" in raw
        assert b"Message-ID: <p98@newco.example>" in raw


def test_the_server_as_a_process_keeps_its_mail_and_its_ports_and_ends_with_us(tmp_path: Path) -> None:
    fill(tmp_path)
    with running(tmp_path) as ports, Served(ports, tmp_path).imap() as client:
        client.append("Drafts", letter(1))
    with running(tmp_path) as again:
        assert again == ports
        with Served(again, tmp_path).imap() as client:
            assert client.folder_status("Drafts", ["MESSAGES"])[b"MESSAGES"] == 1
        with running(tmp_path) as shared:
            assert shared == again
        assert Served(again, tmp_path).imap().logout()
    with pytest.raises(ConnectionRefusedError):
        IMAPClient("127.0.0.1", ports.imap, ssl_context=Served(ports, tmp_path).tls)
