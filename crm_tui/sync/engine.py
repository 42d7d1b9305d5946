"""One pass over one account: connect, learn what the server has, settle, send what is desired, fetch bodies."""

import threading
from collections.abc import Callable
from contextlib import ExitStack

from sqlalchemy import select, update

from crm_tui.parsing.pool import ParserPool
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.store.work import Work
from crm_tui.sync.append import append_new
from crm_tui.sync.bodies import pull_bodies
from crm_tui.sync.credentials import Credentials, Login
from crm_tui.sync.discover import discover
from crm_tui.sync.flights import pull_all_new
from crm_tui.sync.folder_push import delete_folders
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.imap.session import Session
from crm_tui.sync.passing import ACCOUNT, Counts, Pass, Progress
from crm_tui.sync.pull import pull_changes
from crm_tui.sync.push import push, unresolved
from crm_tui.sync.settle import settle
from crm_tui.sync.telling import tell_new
from crm_tui.sync.twice import look_again
from crm_tui.sync.waking import wake_targets

_MOST_ROUNDS = 3


def imap_server(account: MailAccount) -> Server:
    """Where the account's IMAP server answers."""
    return Server(account.imap_host, account.imap_port, account.imap_security, account.ca_file or None)  # type: ignore[arg-type]


def log_in(account: MailAccount, credentials: Credentials) -> Session:
    """A session of the account. Raises NetworkTrouble, LoginRefused and BadConfig."""
    return credentials.logged_in(account, lambda login: _session(account, login))


def _session(account: MailAccount, login: Login) -> Session:
    session = Session(imap_server(account))
    try:
        session.login(login.user, login.secret, bearer=login.bearer)
    except BaseException:
        session.stop()
        session.close()
        raise
    return session


def sync_account(
    store: Store,
    account: MailAccount,
    credentials: Credentials,
    *,
    stop: threading.Event | None = None,
    report: Callable[[Progress], None] = lambda progress: None,
    connected: Callable[[Session], None] = lambda session: None,
) -> Counts:
    """Bring an account's letters and its server together; what came and went.

    ``connected`` is given the session, so that another thread can ``stop`` it. Raises CrmError for trouble with
    the server, Stopped when ``stop`` is set; whatever was committed stays and the next pass goes on from there.
    """
    with ExitStack() as stack:
        session = stack.enter_context(log_in(account, credentials))
        connected(session)
        pool = stack.enter_context(ParserPool())
        run = Pass(store, session, account.key, stop or threading.Event(), report, pool)
        is_known = _is_known(run)
        try:
            for _ in range(_MOST_ROUNDS):
                _round(run)
                if not unresolved(run):
                    break
            pull_bodies(run)
        finally:  # a line that breaks now must not keep from a person what has come
            if is_known:
                tell_new(store, account, run.came)
        return run.counts


def _is_known(run: Pass) -> bool:
    """Whether any pass was ever complete: a mailbox new to us is not news."""
    (row,) = run.rows(select(ACCOUNT.c.last_complete_pass).where(ACCOUNT.c.id == run.account_id))
    return bool(row.last_complete_pass)


def _round(run: Pass) -> None:
    """Pull all, settle, push all. Without UIDPLUS the places that a push made are learned by the next round."""
    with run.facts("pass") as work:
        run.number = _next_pass(work, run)
    run.shut.clear()
    listed = discover(run)
    wake_targets(run)
    before = len(run.came)
    pull_all_new(run, pull_changes(run, listed))
    if _is_known(run):
        look_again(run, listed, run.came[before:])
    settle(run, listed)
    push(run, listed)
    append_new(run, listed)
    delete_folders(run, listed)


def _next_pass(work: Work, run: Pass) -> int:
    number = work.connection.scalar(select(ACCOUNT.c.pass_no).where(ACCOUNT.c.id == run.account_id)) or 0
    values = {"pass_no": number + 1, "capabilities": sorted(run.session.capabilities)}
    work.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == run.account_id).values(values))
    return int(number) + 1
