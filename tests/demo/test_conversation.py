"""Word for word: what the demo's servers answer to commands that no library of ours sends."""

import base64
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.demo.server.process import running
from crm_tui.demo.server.serve import Ports
from crm_tui.demo.server.storage import Storage

ME = "me@jelken.example"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("server")
    storage = Storage(folder / "mail.db")
    storage.add_user(ME, "secret", 77)
    raw = b"Subject: %d\r\nFrom: a@b.example\r\n\r\nbody\r\n"
    storage.load(ME, [("INBOX", raw % n, [], 1_790_000_000) for n in range(1, 6)], 77)
    storage.load(ME, [("Work/Old", raw % n, [], 1_790_000_000) for n in range(1, 9)], 78)
    storage.create(ME, "Work", 79)
    storage.close()
    return folder


@pytest.fixture(scope="module")
def ports(folder: Path) -> Iterator[Ports]:
    with running(folder) as ports:
        yield ports


class Line:
    """A connection on which lines are said and heard."""

    def __init__(self, folder: Path, port: int) -> None:
        context = ssl.create_default_context(cafile=str(folder / "authority.pem"))
        plain = socket.create_connection(("127.0.0.1", port), 10)
        self.link = context.wrap_socket(plain, server_hostname="127.0.0.1")
        self.file = self.link.makefile("rwb")
        self.hear()

    def hear(self) -> str:
        return self.file.readline().decode().rstrip("\r\n")

    def say(self, text: str) -> None:
        self.file.write(text.encode() + b"\r\n")
        self.file.flush()

    def ask(self, command: str) -> list[str]:
        """All lines of an IMAP answer, the tagged one last without its tag."""
        self.say("t " + command)
        heard = [self.hear()]
        while not heard[-1].startswith("t "):
            heard.append(self.hear())
        return [*heard[:-1], heard[-1].removeprefix("t ")]

    def close(self) -> None:
        self.file.close()
        self.link.close()


@pytest.fixture
def imap(folder: Path, ports: Ports) -> Iterator[Line]:
    line = Line(folder, ports.imap)
    assert line.ask(f"LOGIN {ME} secret")[-1].startswith("OK")
    yield line
    line.close()


@pytest.fixture
def smtp(folder: Path, ports: Ports) -> Iterator[Line]:
    line = Line(folder, ports.smtp)
    yield line
    line.close()


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("NAMESPACE", ['* NAMESPACE (("" "/")) NIL NIL', "OK done"]),
        ('LIST "" ""', ['* LIST (\\Noselect) "/" ""', "OK done"]),
        ('LIST "" "Wo%"', ['* LIST (\\HasChildren) "/" "Work"', "OK done"]),
        ('LIST "" (inbox "Work/*")',
         ['* LIST (\\HasNoChildren) "/" "INBOX"', '* LIST (\\HasNoChildren) "/" "Work/Old"', "OK done"]),
        ('LIST (SPECIAL-USE) "" "J*"', ['* LIST (\\HasNoChildren \\Junk) "/" "Junk"', "OK done"]),
        ('LIST "" Work RETURN (SUBSCRIBED STATUS (UNSEEN UIDVALIDITY))',
         ['* LIST (\\HasChildren \\Subscribed) "/" "Work"', '* STATUS "Work" (UNSEEN 0 UIDVALIDITY 79)', "OK done"]),
        ("STATUS INBOX (SIZE)", ["BAD unknown status item"]),
        ("CREATE Work/", ["NO [ALREADYEXISTS] there is one"]),
        ("DELETE INBOX", ["NO [CANNOT] INBOX stays"]),
        ("RENAME Work INBOX", ["NO [CANNOT] INBOX stays, and names are unique"]),
        ("SUBSCRIBE Nowhere", ["NO [NONEXISTENT] no such mailbox"]),
        ("APPEND Nowhere {1+}\r\nx", ["NO [TRYCREATE] no such mailbox"]),
        ('APPEND Drafts (\\Draft) "whenever" {1+}\r\nx', ["BAD date-time expected"]),
        ("SELECT INBOX (QRESYNC (77 1))", ["BAD enable QRESYNC first"]),
        ("AUTHENTICATE CRAM-MD5", ["NO [CANNOT] only PLAIN"]),
        ("ENABLE CONDSTORE FROB", ["* ENABLED CONDSTORE", "OK done"]),
        ("LOGIN me wrong", ["NO [AUTHENTICATIONFAILED] name or password is wrong"]),
    ],
)  # fmt: skip
def test_commands_about_mailboxes(imap: Line, command: str, answer: list[str]) -> None:
    assert imap.ask(command) == answer


def test_commands_about_letters(imap: Line) -> None:
    assert imap.ask("SELECT Work/Old")[-1] == "OK [READ-WRITE] ok"
    assert imap.ask("SEARCH RETURN (MIN MAX COUNT ALL) 2:5") == [
        '* ESEARCH (TAG "t") MIN 2 MAX 5 ALL 2:5 COUNT 4',
        "OK done",
    ]
    assert imap.ask("UID SEARCH RETURN () NOT ALL") == ['* ESEARCH (TAG "t") UID', "OK done"]
    assert imap.ask("FETCH 1 FAST")[0].startswith("* 1 FETCH (FLAGS () INTERNALDATE ")
    assert imap.ask("FETCH 1 FROB") == ["BAD unknown item"]
    assert imap.ask("FETCH 1 BODY[FROB]") == ["BAD unknown section"]
    assert imap.ask("FETCH 1 FLAGS (FROB 1)") == ["BAD unknown modifier"]
    assert imap.ask("UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED)") == [
        "BAD VANISHED needs QRESYNC and UID FETCH"
    ]
    assert imap.ask("STORE 1:2 FLAGS (\\Deleted)")[:2] == [
        "* 1 FETCH (UID 1 FLAGS (\\Deleted))",
        "* 2 FETCH (UID 2 FLAGS (\\Deleted))",
    ]
    assert imap.ask("STORE 2 -FLAGS.SILENT (\\Deleted)") == ["OK done"]
    modified = imap.ask("STORE 1 (UNCHANGEDSINCE 3) +FLAGS.SILENT (\\Seen)")
    assert modified[-1] == "OK [MODIFIED 1] some were changed meanwhile"
    assert imap.ask("COPY 3 Nowhere") == ["NO [TRYCREATE] no such mailbox"]
    assert imap.ask("COPY 3:4 Trash")[-1].startswith("OK [COPYUID 77 3:4 1:2]")
    assert imap.ask("EXPUNGE") == ["* 1 EXPUNGE", "OK done"]
    assert imap.ask("STORE 7 +FLAGS (\\Deleted)")[-1] == "OK done"
    assert imap.ask("CLOSE") == ["OK done"]
    assert imap.ask("STATUS Work/Old (MESSAGES)")[0] == '* STATUS "Work/Old" (MESSAGES 6)'
    assert imap.ask("EXAMINE Work/Old")[-1] == "OK [READ-ONLY] ok"
    assert imap.ask("EXPUNGE") == ["NO [READ-ONLY] the mailbox is opened with EXAMINE"]
    assert imap.ask("UNSELECT") == ["OK done"]
    assert imap.ask("EXPUNGE") == ["BAD unknown command, or no mailbox selected"]


def test_a_selected_mailbox_can_be_deleted(imap: Line) -> None:
    assert imap.ask("CREATE Short-lived") == ["OK done"]
    assert imap.ask("SELECT Short-lived")[-1] == "OK [READ-WRITE] ok"
    assert imap.ask("DELETE Short-lived") == ["OK done"]
    assert imap.ask("SELECT Short-lived") == ["NO [NONEXISTENT] no such mailbox"]


def test_submission_asks_for_a_login_and_for_order(smtp: Line) -> None:
    def ask(command: str) -> str:
        smtp.say(command)
        return smtp.hear()

    def secret(text: str) -> str:
        return base64.b64encode(text.encode()).decode()

    smtp.say("EHLO here")
    extensions = [smtp.hear() for _ in range(6)]
    assert extensions[-1] == "250 AUTH PLAIN LOGIN"
    assert ask("HELO here") == "250 ok"
    assert ask("FROB") == "502 5.5.1 unknown command"
    assert ask(f"MAIL FROM:<{ME}>") == "530 5.7.0 log in first"
    assert ask("AUTH CRAM-MD5") == "504 5.5.4 PLAIN or LOGIN"
    assert ask("AUTH PLAIN !") == "501 5.5.2 SASL answer expected"
    assert ask("AUTH PLAIN " + secret(f"\0{ME}\0wrong")) == "535 5.7.8 name or password is wrong"
    assert ask("AUTH LOGIN") == "334 VXNlcm5hbWU6"
    assert ask(secret(ME)) == "334 UGFzc3dvcmQ6"
    assert ask(secret("secret")) == "235 2.7.0 welcome"
    assert ask("DATA") == "503 5.5.1 MAIL and RCPT first"
    assert ask("RCPT TO:<a@b.example>") == "503 5.5.1 MAIL first"
    assert ask("MAIL FROM:nobody") == "501 5.5.4 address expected"
    assert ask(f"MAIL FROM:<{ME}> SIZE=9") == "250 2.1.0 ok"
    assert ask("RCPT TO:<nobody>") == "553 5.1.3 address expected"
    assert ask("RSET") == "250 ok"
    assert ask("RCPT TO:<a@b.example>") == "503 5.5.1 MAIL first"
    assert ask(f"MAIL FROM:<{ME}>") == "250 2.1.0 ok"
    assert ask(f"RCPT TO:<{ME}>") == "250 2.1.5 ok"
    assert ask("DATA") == "354 end with a dot on a line of its own"
    assert ask("Subject: dots\r\n\r\n..one\r\n.") == "250 2.0.0 taken"
    assert ask("QUIT") == "221 see you"


def test_what_was_submitted_to_oneself_lies_in_the_inbox_with_its_dots(imap: Line, smtp: Line) -> None:
    secret = base64.b64encode(f"\0{ME}\0secret".encode()).decode()
    for command in (f"AUTH PLAIN {secret}", f"MAIL FROM:<{ME}>", f"RCPT TO:<{ME}>", "DATA"):
        smtp.say(command)
        assert smtp.hear()[0] in "23"
    smtp.say("Subject: own\r\n\r\n..two\r\n.")
    assert smtp.hear() == "250 2.0.0 taken"
    assert imap.ask("SELECT INBOX")[-1] == "OK [READ-WRITE] ok"
    found = imap.ask("SEARCH SUBJECT own")[0].split()
    assert ".two" in imap.ask(f"FETCH {found[-1]} BODY.PEEK[TEXT]")
