"""Passes over accounts: one at a time each, several side by side, each with its own fault."""

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select, update

from crm_tui.domain.errors import Conflict, CrmError, LoginRefused, NetworkTrouble
from crm_tui.domain.text import clean
from crm_tui.store import records
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.sync import plan
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import log_in, sync_account
from crm_tui.sync.imap.session import Session
from crm_tui.sync.outbox import smtp_server
from crm_tui.sync.passing import ACCOUNT, Counts, Progress, Stopped
from crm_tui.sync.pop3 import log_in_pop3, sync_pop3
from crm_tui.sync.pop3_session import PopSession
from crm_tui.sync.smtp import check_login

OTHER_PASS_SECONDS = 60.0
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class AccountResult:
    """What a pass over one account came to: what came and went, and the fault that ended it, if any."""

    account_id: int
    name: str
    counts: Counts
    error: CrmError | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What a pass over several accounts came to."""

    results: tuple[AccountResult, ...]

    @property
    def errors(self) -> list[CrmError]:
        """The faults, by account."""
        return [result.error for result in self.results if result.error is not None]


@dataclass(frozen=True, slots=True)
class CheckedFolder:
    """A folder as the server lists it."""

    name: str
    role: str
    subscribed: bool
    messages: int


@dataclass(frozen=True, slots=True)
class Checked:
    """What a test of an account found."""

    folders: tuple[CheckedFolder, ...]
    capabilities: tuple[str, ...]


@dataclass
class Connections:
    """The open sessions of passes under way, so that another thread can end them."""

    stop: threading.Event = field(default_factory=threading.Event)
    _open: list[Session | PopSession] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, session: Session | PopSession) -> None:
        """Take care of a session; it is ended at once when the end has come already."""
        with self._lock:
            self._open.append(session)
        if self.stop.is_set():
            session.stop()

    def drop(self, session: Session | PopSession) -> None:
        """The session is over."""
        with self._lock, contextlib.suppress(ValueError):
            self._open.remove(session)

    def end(self) -> None:
        """Give up every pass: what waits on a server fails at once."""
        self.stop.set()
        with self._lock:
            for session in self._open:
                session.stop()


def accounts(store: Store, ids: Sequence[int] | None = None) -> list[MailAccount]:
    """The enabled accounts, or those of them with these ids."""
    query = select(ACCOUNT).where(ACCOUNT.c.enabled).order_by(ACCOUNT.c.id)
    if ids is not None:
        query = query.where(ACCOUNT.c.id.in_(list(ids)))
    with store.read() as connection:
        return [records.load(MailAccount, dict(row._mapping)) for row in connection.execute(query)]


def sync_once(
    store: Store,
    account_ids: Sequence[int] | None = None,
    *,
    credentials: Credentials | None = None,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> Report:
    """Sync the accounts side by side and wait for all. Never raises for one account's trouble: see the report.

    ``progress`` is called from several threads. An interrupt (Ctrl+C) ends all passes and is raised again.
    """
    chosen = accounts(store, account_ids)
    secrets = credentials or Credentials()
    connections = Connections()
    results: dict[int, AccountResult] = {}

    def one(account: MailAccount) -> None:
        results[account.key] = sync_one(store, account, secrets, connections, progress)

    threads = [
        threading.Thread(target=one, args=(account,), name=f"sync {account.name}", daemon=True)
        for account in chosen
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(0.5)
    except BaseException:
        connections.end()
        for thread in threads:
            thread.join(1.0)
        raise
    return Report(tuple(results[account.key] for account in chosen if account.key in results))


def sync_one(
    store: Store,
    account: MailAccount,
    credentials: Credentials,
    connections: Connections,
    progress: Callable[[Progress], None] = lambda progress: None,
) -> AccountResult:
    """One pass over one account; its success or fault is kept at the account. Raises nothing but Stopped."""
    sessions: list[Session | PopSession] = []

    def connected(session: Session | PopSession) -> None:
        sessions.append(session)
        connections.add(session)

    try:
        with only_pass(store, account.key, connections.stop):
            sync_it = sync_pop3 if account.kind == "pop3" else sync_account
            counts = sync_it(
                store, account, credentials, stop=connections.stop, report=progress, connected=connected
            )
    except Exception as error:  # a hostile server must not end more than its own account
        if connections.stop.is_set():
            return AccountResult(account.key, account.name, Counts(), NetworkTrouble("stopped"))
        if isinstance(error, LoginRefused):
            credentials.refused(account.address)
        fault = error if isinstance(error, CrmError) else _unexpected(error)
        _note(store, account.key, last_error=fault.code, last_error_at=store.clock())
        return AccountResult(account.key, account.name, Counts(), fault)
    finally:
        for session in sessions:
            connections.drop(session)
    _note(store, account.key, last_error="", last_success_at=store.clock())
    return AccountResult(account.key, account.name, counts)


def check_account(account: MailAccount, credentials: Credentials) -> Checked:
    """Log in to both servers of an account without changing anything, for ``account test`` and the wizard.

    Raises NetworkTrouble, LoginRefused or BadConfig with the reason.
    """
    folders, capabilities = (
        _pop3_found(account, credentials) if account.kind == "pop3" else _imap_found(account, credentials)
    )
    if account.smtp_host:
        server = smtp_server(account)
        if account.smtp_user:
            credentials.logged_in(account, lambda login: check_login(server, login), "smtp")
        else:
            check_login(server, None)
    return Checked(folders, capabilities)


def _pop3_found(
    account: MailAccount, credentials: Credentials
) -> tuple[tuple[CheckedFolder, ...], tuple[str, ...]]:
    with log_in_pop3(account, credentials) as session:
        number = len(session.letters())
        session.finish([])
    return (CheckedFolder("INBOX", "inbox", True, number),), ()


def _imap_found(
    account: MailAccount, credentials: Credentials
) -> tuple[tuple[CheckedFolder, ...], tuple[str, ...]]:
    with log_in(account, credentials) as session:
        listed = session.list_folders()
        roles = plan.roles([(folder.name, folder.attributes, folder.delimiter) for folder in listed])
        folders = tuple(
            CheckedFolder(
                clean(folder.name), role, folder.subscribed, folder.status.messages if folder.status else 0
            )
            for folder, role in zip(listed, roles, strict=True)
        )
        return folders, tuple(sorted(session.capabilities))


@contextlib.contextmanager
def only_pass(store: Store, account_id: int, stop: threading.Event) -> Iterator[None]:
    """Hold the account alone, among all threads and processes: two passes at once would upload twice.

    Raises Conflict (``sync_running``) when another one does not end within a minute.
    """
    path = store.path.with_name(f"{store.path.name}.sync-{account_id}.lock")
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        deadline = time.monotonic() + OTHER_PASS_SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > deadline:
                    raise Conflict("sync_running", account=account_id) from None
            if stop.wait(_LOOK_SECONDS):
                raise Stopped
        yield
    finally:
        os.close(descriptor)


def _unexpected(error: Exception) -> NetworkTrouble:
    return NetworkTrouble("bad_response", what=type(error).__name__)


def _note(store: Store, account_id: int, **values: Any) -> None:
    with store.facts("sync.account") as work:
        work.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account_id).values(values))
        work.touch(MailAccount, [account_id])
