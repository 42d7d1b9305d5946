"""Mail by POP3 from Dovecot: each letter once, and deleted there only when it is safe here."""

import poplib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import LoginRefused, NetworkTrouble, Refused
from crm_tui.services import users
from crm_tui.services.letter import folders
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount, Notification, Placement, PopMessage
from crm_tui.sync.accounts import AccountResult, Connections, check_account, sync_once
from crm_tui.sync.credentials import Credentials, Login
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.pop3_session import PopSession
from crm_tui.sync.push import to_send
from crm_tui.sync.scheduler import Scheduler
from crm_tui.sync.vault import Vault
from tests.conftest import FixedClock
from tests.servers.dovecot import Dovecot
from tests.stores import lay
from tests.sync.hostile import Line, hostile
from tests.sync.world import ME, OurSide, letter
from tests.waiting import eventually


class PopSide(OurSide):
    """Our side of a POP3 mailbox."""

    def __init__(self, path: Path, server: Dovecot, clock: FixedClock, **settings: object) -> None:
        self.path, self.server, self.user = path, server, server.account("pop")
        self.store = Store(lay(path), clock)
        account = MailAccount(
            name=self.user, address=f"{self.user}@example.org", kind="pop3", imap_host="localhost",
            imap_port=server.pop3_port, imap_security="none", imap_user=self.user, **settings,
        )  # fmt: skip
        with self.store.work(ME, "account.add") as work:
            self.account = work.add(account)
        self.credentials = Credentials(Vault(path.with_name("v")), None, lambda name: server.password)

    def get(self) -> AccountResult:
        """One pass."""
        return sync_once(self.store, credentials=self.credentials).results[0]

    def seed(self, *numbers: int, long: int = 0) -> None:
        """Letters come in there."""
        raws = [letter(f"<{number}@x.example>", body="z" * (long or 10)) for number in numbers]
        self.server.seed(self.user, "INBOX", raws)

    def left(self) -> int:
        """How many letters the server has."""
        link = poplib.POP3("localhost", self.server.pop3_port)
        link.user(self.user)
        link.pass_(self.server.password)
        number: int = link.stat()[0]
        link.quit()
        return number


@pytest.fixture
def us(dovecot: Dovecot, tmp_path: Path, clock: FixedClock) -> Iterator[PopSide]:
    made = PopSide(tmp_path / "crm.db", dovecot, clock)
    yield made
    made.close()


def keep(us: PopSide, days: int | None) -> None:
    with us.work() as work:
        work.change(work.get(MailAccount, us.account.key), keep_on_server_days=days)


def test_mail_01_letters_come_by_pop3_once_each_and_stay_on_the_server(us: PopSide) -> None:
    us.seed(1, 2)
    us.seed(3, long=5000)  # one line, longer than poplib takes by itself
    found = us.get()
    assert (found.error, found.counts.new, us.left()) == (None, 3, 3)
    assert sorted(us.state()) == ["1@x.example", "2@x.example", "3@x.example"]
    assert us.bodies_missing() == 0
    us.seed(4)
    assert us.get().counts.new == 1
    assert us.get().counts.new == 0
    assert us.stored_account(us.account.key).last_success_at is not None


def test_letters_are_deleted_there_at_once_or_after_some_days(us: PopSide, clock: FixedClock) -> None:
    us.seed(1)
    keep(us, 3)
    us.get()
    clock.advance(days=2)
    us.seed(2)
    us.get()
    assert us.left() == 2
    clock.advance(days=1)
    assert us.get().counts.gone == 1
    assert us.left() == 1
    keep(us, 0)
    us.seed(3)
    us.get()
    assert us.left() == 0
    assert len(us.rows()) == 3
    with us.work() as work:
        assert [row.gone for row in work.all(PopMessage)] == [True] * 3


def test_a_line_that_breaks_before_quit_deletes_nothing_and_doubles_nothing(
    us: PopSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    us.seed(1, 2)
    keep(us, 0)

    def broken(session: PopSession, deleted: list[int]) -> None:
        session._link.dele(deleted[0])
        session.stop()
        raise NetworkTrouble("timeout", host="localhost", port=1)

    with monkeypatch.context() as patched:
        patched.setattr(PopSession, "finish", broken)
        assert isinstance(us.get().error, NetworkTrouble)
    eventually(lambda: us.left() == 2, "the mailbox is free again")
    us.get()
    assert (us.left(), len(us.rows())) == (0, 2)


def test_c_01_a_server_that_gives_new_ids_doubles_nothing(us: PopSide) -> None:
    us.seed(1, 2)
    us.get()
    with us.work() as work:
        for row in work.all(PopMessage):
            work.change(row, uidl=f"old{row.key}")
    assert us.get().counts.new == 0
    assert len(us.rows()) == 2


def test_mail_09_folders_are_of_this_store_alone(us: PopSide) -> None:
    us.seed(1)
    us.get()
    assert set(us.folders()) == {"INBOX", "Sent", "Drafts", "Trash", "Junk"}
    with pytest.raises(Refused) as refused, us.work() as work:
        folders.create(work, us.account.key, "Clients")
    assert refused.value.code == "pop3_has_no_folders"
    (row,) = us.rows()
    us.move(row.id, "Trash")
    us.set_flags(row.id, 8)
    us.get()
    assert to_send(us.store, us.account.key) == frozenset()
    (row,) = us.rows()
    assert (row.srv_name, row.flags) == ("Trash", 8)
    us.delete(row.id)
    us.get()
    with us.work() as work:
        assert work.all(Placement) == []
    assert us.left() == 1


def test_a_wrong_password_and_what_cannot_be_said(us: PopSide, dovecot: Dovecot) -> None:
    us.credentials = Credentials(Vault(us.path.with_name("v")), None, lambda name: "wrong")
    assert isinstance(us.get().error, LoginRefused)
    with (
        PopSession(Server("localhost", dovecot.pop3_port, "none")) as session,
        pytest.raises(Exception) as told,
    ):
        session.login(Login("me\r\nDELE 1", "x"))
    assert "unsafe" in str(told.value)


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_tls_is_verified(us: PopSide, dovecot: Dovecot, security: str) -> None:
    port = dovecot.pop3s_port if security == "tls" else dovecot.pop3_port
    us.account.imap_port, us.account.imap_security = port, security
    with pytest.raises(NetworkTrouble) as told:
        check_account(us.account, us.credentials)
    assert told.value.code == "bad_certificate"
    us.account.ca_file = str(dovecot.authority.ca_file)
    assert [folder.role for folder in check_account(us.account, us.credentials).folders] == ["inbox"]


def test_the_scheduler_fetches_pop3_accounts_and_settles_what_is_done_here(us: PopSide) -> None:
    us.seed(1)
    scheduler = Scheduler(us.store, us.credentials)
    scheduler.start()
    try:
        (row,) = eventually(
            lambda: us.rows() if scheduler.status()[0].state == "waiting" else [], "the letter"
        )
        us.set_flags(row.id, 1)
        eventually(lambda: not to_send(us.store, us.account.key), "the flag is settled")
    finally:
        scheduler.stop()


def test_a_pass_that_is_given_up_stops(us: PopSide) -> None:
    from crm_tui.sync.accounts import sync_one

    us.seed(1)
    connections = Connections(threading.Event())
    connections.stop.set()
    found = sync_one(us.store, us.account, us.credentials, connections)
    assert found.error is not None
    assert us.rows() == []


def fetched_from(*replies: bytes) -> list[bytes | None]:
    """What RETR gives for each of these replies, in one session."""

    def script(line: Line) -> None:
        line.say(b"+OK ready\r\n")
        for reply in replies:
            line.hear()
            line.say(reply)

    with hostile(script) as server, PopSession(Server("127.0.0.1", server.port, "none")) as session:
        return [session.retrieve(number, 100) for number in range(1, len(replies) + 1)]


@pytest.mark.parametrize("reply", [b"", b"+OK\r\nSubject: a\r\n\r\nhalf", b"-ERR [SYS/TEMP] busy\r\n"])
def test_a_letter_that_cannot_be_had_now_is_no_letter_that_cannot_be_read(reply: bytes) -> None:
    with pytest.raises(NetworkTrouble):
        fetched_from(reply)


def test_a_letter_that_is_one_long_line_does_not_spoil_the_next_one() -> None:
    long = b"x" * 1_500_000
    got = fetched_from(
        b"+OK\r\n" + long + b"\r\n.\r\n", b"-ERR no such message\r\n", b"+OK\r\n..dot\r\n.\r\n"
    )
    assert got == [long + b"\r\n", None, b".dot\r\n"]


def test_a_server_that_drips_does_not_hold_the_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each octet comes in time, the line never: the whole answer has a deadline."""
    enough = threading.Event()

    def script(line: Line) -> None:
        line.say(b"+OK ready\r\n")
        line.hear()
        while not enough.wait(0.02):
            line.say(b"x")

    with hostile(script) as server, PopSession(Server("127.0.0.1", server.port, "none")) as session:
        monkeypatch.setattr(
            "crm_tui.sync.pop3_session.COMMAND_SECONDS", 0.3
        )  # the greeting may take its time
        late = threading.Timer(60, enough.set)
        late.start()
        with pytest.raises(NetworkTrouble) as told:
            session.retrieve(1, 100)
        assert not enough.is_set()
        late.cancel()
        enough.set()
    assert told.value.code == "timeout"


def test_a_letter_that_is_refused_is_asked_for_again_and_its_owner_told(
    us: PopSide, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    us.seed(1, 2)
    with us.work() as work:
        owner = users.ensure(work, "me", name="Me", zone="UTC")
        work.change(work.get(MailAccount, us.account.key), owner_id=owner.key)
    really = PopSession.retrieve
    with monkeypatch.context() as patched:
        patched.setattr(
            PopSession,
            "retrieve",
            lambda one, number, size: None if number == 1 else really(one, number, size),
        )
        refused = [us.get().counts.unreadable for _ in range(2)]
        for minutes in (10, 60):
            clock.advance(minutes=minutes)
            refused.append(us.get().counts.unreadable)
        assert refused == [1, 0, 1, 1]
        with us.work() as work:
            (told,) = work.all(Notification)
        assert (told.code, told.facts) == ("pop3_letters_refused", {"account": us.user, "count": 1})
    clock.advance(minutes=6 * 60)
    assert us.get().counts.new == 1
    assert sorted(us.state()) == ["1@x.example", "2@x.example"]
