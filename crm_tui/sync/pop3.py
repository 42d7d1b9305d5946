"""Mail by POP3 (MAIL-01): letters are copied here once each, by their unique id, and stay on the server or not.

Each letter is retrieved, committed to disk, and only then deleted there. Folders are of this store alone (MAIL-09).
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from crm_tui.parsing.pool import ParserPool
from crm_tui.services.letter import mail_rule_arrival, replies, threads
from crm_tui.services.task import notifications
from crm_tui.store.engine import Store
from crm_tui.store.images import inserted_id
from crm_tui.store.tables import Folder, Letter, MailAccount, Placement, PopMessage, table_of
from crm_tui.store.work import Work
from crm_tui.sync import plan
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import Body, Parse, body_of, letter_row, sort_keys
from crm_tui.sync.credentials import Credentials, Login
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.passing import ACCOUNT, FOLDER, LETTER, PLACEMENT, Counts, Progress, Stopped
from crm_tui.sync.pop3_session import PopSession
from crm_tui.sync.push import to_send
from crm_tui.sync.telling import tell_new

POP = table_of(PopMessage)
FOLDERS = {"INBOX": "inbox", "Sent": "sent", "Drafts": "drafts", "Trash": "trash", "Junk": "junk"}
_BATCH = 20
_BATCH_BYTES = 4 << 20

_RETRY = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""After so long a letter that the server refused to give is asked for again; then every so often as the last."""
_TOLD_AFTER = 3
"""Refusals of one letter after which its owner hears of it."""

Message = tuple[str, int, int]
"""Unique id, number in this session, size in octets."""


def pop3_server(account: MailAccount) -> Server:
    """Where the account's POP3 server answers: the columns of the incoming server are the same as for IMAP."""
    return Server(account.imap_host, account.imap_port, account.imap_security, account.ca_file or None)  # type: ignore[arg-type]


def log_in_pop3(account: MailAccount, credentials: Credentials) -> PopSession:
    """A session of the account. Raises NetworkTrouble, LoginRefused and BadConfig."""
    return credentials.logged_in(account, lambda login: _session(account, login))


def _session(account: MailAccount, login: Login) -> PopSession:
    session = PopSession(pop3_server(account))
    try:
        session.login(login)
    except BaseException:
        session.close()
        raise
    return session


def sync_pop3(
    store: Store,
    account: MailAccount,
    credentials: Credentials,
    *,
    stop: threading.Event,
    report: Callable[[Progress], None] = lambda progress: None,
    connected: Callable[[PopSession], None] = lambda session: None,
) -> Counts:
    """Bring what is new, and delete on the server what has been there long enough. Raises like ``sync_account``."""
    settle_local(store, account.key, purge=True)
    with ExitStack() as stack:
        session = stack.enter_context(log_in_pop3(account, credentials))
        connected(session)
        pool = stack.enter_context(ParserPool())
        run = _Pass(store, account, session, stop, report)
        try:
            run.fetch(pool.parse)
        finally:  # a line that breaks now must not keep from a person what has come
            if account.last_complete_pass:
                tell_new(store, account, run.came)
        run.clear_server()
    with store.facts("pop3.pass") as work:
        number = (
            work.connection.scalar(select(ACCOUNT.c.pass_no).where(ACCOUNT.c.id == account.key)) or 0
        ) + 1
        values = {"pass_no": number, "last_complete_pass": number}
        work.connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == account.key).values(values))
    return run.counts


def settle_local(store: Store, account_id: int, *, purge: bool = False) -> None:
    """What is done with letters here is done: no server is to be told. ``purge``: deleted ones go for good."""
    waiting = [placement_id for placement_id, _version in to_send(store, account_id)]
    if not waiting:
        return
    with store.facts("pop3.settle") as work:
        for start in range(0, len(waiting), 500):
            these = PLACEMENT.c.id.in_(waiting[start : start + 500])
            if purge:
                work.connection.execute(PLACEMENT.delete().where(these, PLACEMENT.c.deleted))
            work.connection.execute(
                update(PLACEMENT)
                .where(these, ~PLACEMENT.c.deleted)
                .values(
                    srv_folder_id=PLACEMENT.c.folder_id,
                    srv_uid=PLACEMENT.c.id,
                    srv_flags=PLACEMENT.c.flags,
                    srv_keywords=PLACEMENT.c.keywords,
                )
            )
        work.touch(Placement, waiting)


class _Pass:
    """One pass over one account."""

    def __init__(
        self,
        store: Store,
        account: MailAccount,
        session: PopSession,
        stop: threading.Event,
        report: Callable[[Progress], None],
    ) -> None:
        self.store = store
        self.account = account
        self.session = session
        self.stop = stop
        self.report = report
        self.counts = Counts()
        self.came: list[int] = []
        self.inbox = _inbox(store, account.key)
        self.there = session.letters()

    def fetch(self, parse: Parse) -> None:
        """Copy every letter that was not copied yet, the oldest first."""
        known = {row.uidl for row in self._known() if row.letter_id or not self._is_due(row)}
        fresh = [(uidl, *place) for uidl, place in self.there.items() if uidl not in known]
        done = 0
        self._tell(done, len(fresh))
        for batch in _batches(fresh):
            raws = [self.session.retrieve(number, size) for _uidl, number, size in batch]
            bodies = [None if raw is None else body_of(raw, parse) for raw in raws]
            with self.store.facts("pop3.arrived") as work:  # durable: the server may delete it next
                self._take(work, batch, bodies)
            done += len(batch)
            self._tell(done, len(fresh))

    def clear_server(self) -> None:
        """Delete there what is here and has stayed as long as it should, and note what is gone."""
        days = self.account.keep_on_server_days
        rows = self._known()
        gone = [row.id for row in rows if not row.gone and row.uidl not in self.there]
        old: list[Any] = []
        if days is not None:
            before = self.store.clock() - timedelta(days=days)
            old = [
                row for row in rows if row.uidl in self.there and row.letter_id and row.fetched_at <= before
            ]
        self.session.finish([self.there[row.uidl][0] for row in old])
        if gone or old:
            with self.store.facts("pop3.gone") as work:
                ids = [*gone, *(row.id for row in old)]
                work.connection.execute(update(POP).where(POP.c.id.in_(ids)).values(gone=True))
        self.counts.gone += len(old)

    def _is_due(self, row: Any) -> bool:
        """Whether a letter that was refused is to be asked for again."""
        waits = _RETRY[min(row.tries, len(_RETRY)) - 1] if row.tries else timedelta()
        return bool(row.fetched_at + waits <= self.store.clock())

    def _known(self) -> list[Any]:
        with self.store.read() as connection:
            return list(connection.execute(select(POP).where(POP.c.account_id == self.account.key)))

    def _take(self, work: Work, batch: Sequence[Message], bodies: Sequence[Body | None]) -> None:
        made: list[int] = []
        refused = 0
        for (uidl, _number, _size), body in zip(batch, bodies, strict=True):
            row = work.find(PopMessage, account_id=self.account.key, uidl=uidl) or work.add(
                PopMessage(account_id=self.account.key, uidl=uidl, fetched_at=work.now)
            )
            if body is None:
                self.counts.unreadable += 1
                work.change(row, tries=row.tries + 1, fetched_at=work.now)
                refused += row.tries == _TOLD_AFTER
            else:
                letter_id, place = self._keep(work, body)
                work.change(row, letter_id=letter_id, fetched_at=work.now)
                made += place
        if refused and self.account.owner_id is not None:
            notifications.notify(
                work, self.account.owner_id, "pop3_letters_refused", account=self.account.name, count=refused
            )
        work.touch(Placement, made)
        replies.arrived(work, self.inbox, made)
        mail_rule_arrival.arrived(work, self.inbox, made)
        self.came += made
        self.counts.new += len(made)

    def _keep(self, work: Work, body: Body) -> tuple[int, list[int]]:
        """The letter's id, and its new placement; none where the account has it already (a server renumbered)."""
        values = letter_row(body.raw, len(body.raw), work.now)
        known = work.connection.scalar(
            select(LETTER.c.id).where(
                LETTER.c.identity == values["identity"], LETTER.c.size == values["size"]
            )
        )
        if known is None:
            threads.join(work, [values])
            known = inserted_id(work.connection.execute(insert(LETTER).values(values)))
            work.touch(Letter, [known])
        letter_id = int(known)
        keep_body(work, letter_id, body)
        self.counts.bodies += 1
        mine = select(FOLDER.c.id).where(FOLDER.c.account_id == self.account.key)
        there = select(PLACEMENT.c.id).where(
            PLACEMENT.c.letter_id == letter_id, PLACEMENT.c.folder_id.in_(mine)
        )
        if work.connection.scalar(there.limit(1)) is not None:
            return letter_id, []
        placement = work.add(
            Placement(
                letter_id=letter_id, folder_id=self.inbox, srv_folder_id=self.inbox, internaldate=work.now,
                **sort_keys(values),
            )
        )  # fmt: skip
        work.connection.execute(
            update(PLACEMENT).where(PLACEMENT.c.id == placement.key).values(srv_uid=placement.key)
        )
        return letter_id, [placement.key]

    def _tell(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise Stopped
        self.report(Progress(self.account.key, "bodies", "INBOX", done, total))


def _inbox(store: Store, account_id: int) -> int:
    """The account's inbox; its folders are made when it is fetched first."""
    query = select(FOLDER.c.id).where(FOLDER.c.account_id == account_id, FOLDER.c.role == "inbox")
    with store.read() as connection:
        found = connection.scalar(query)
    if found is not None:
        return int(found)
    with store.facts("pop3.folders") as work:
        made = [
            work.add(Folder(account_id=account_id, name=name, srv_name=name, role=role))
            for name, role in FOLDERS.items()
        ]
    return made[0].key


def _batches(fresh: Sequence[Message]) -> Iterator[list[Message]]:
    """Letters in portions fit for one transaction; one that is too large for any is left on the server."""
    batch: list[Message] = []
    for each in fresh:
        if each[2] > plan.LARGEST_LETTER:
            continue
        if batch and (len(batch) >= _BATCH or sum(size for _, _, size in batch) + each[2] > _BATCH_BYTES):
            yield batch
            batch = []
        batch.append(each)
    if batch:
        yield batch
