"""The composition root: a person's store, the sync that keeps it in step with the servers, and what screens get."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crm_tui import i18n
from crm_tui.domain.clock import Clock, utc_now
from crm_tui.domain.errors import CrmError
from crm_tui.services import unkept, users
from crm_tui.services.hooks import Hooks
from crm_tui.services.interest import scenarios
from crm_tui.services.ports import CheckedAccount, Found, Ports, SyncState
from crm_tui.services.session import StoredSession
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount

if TYPE_CHECKING:
    from crm_tui.sync.credentials import Credentials
    from crm_tui.sync.on_demand import BodiesOnDemand
    from crm_tui.sync.scheduler import Scheduler

HOOK_SECONDS = 2.0
"""Whoever quits waits no longer for hooks."""


def open_ports(
    path: Path,
    *,
    every_minutes: float = 5.0,
    credentials: "Credentials | None" = None,
    clock: Clock = utc_now,
) -> Ports:
    """Open the store at ``path`` for the person at this machine. The sync begins with ``ports.sync.start``."""
    store = Store(path, clock)
    store.hooks = Hooks(HOOK_SECONDS)
    user = users.current(store, zone=users.system_zone(), language=i18n.language())
    with store.read() as connection:
        shipped = scenarios.are_shipped(connection)
    if not shipped:  # known without writing: a start does not wait for whoever writes
        with store.facts("scenarios.shipped") as work:
            scenarios.ensure_shipped(work)
    with contextlib.suppress(CrmError):  # another program holds the store: the next start takes it up
        unkept.take_up(store, user.key)
    mail = BackgroundMail(store, every_minutes, credentials)

    def search_records(text: str) -> Sequence[Found]:
        from crm_tui.services.record.record_search import StoredRecords

        return StoredRecords(store, user.zone)(text)

    return Ports(
        store,
        users.actor_of(user),
        clock=clock,
        zone=user.zone,
        session=StoredSession(store, user.key),
        sync=mail,
        search_records=search_records,
        at_exit=[store.close, mail.stop],
    )


class BackgroundMail:
    """The ``MailSync`` of ``services.ports``. What is heavy is imported by ``start``, in a thread of its own."""

    def __init__(self, store: Store, every_minutes: float, credentials: "Credentials | None" = None) -> None:
        self._store = store
        self._every_minutes = every_minutes
        self._credentials = credentials
        self._scheduler: Scheduler | None = None
        self._bodies: BodiesOnDemand | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def start(self, listener: Callable[[], None]) -> None:
        """Begin to sync; returns at once. ``listener`` hears, in any thread, that ``states`` has changed."""
        threading.Thread(target=self._start, args=(listener,), name="sync start", daemon=True).start()

    def fetch(self, account_id: int | None = None) -> None:
        """Begin a pass now, over one account or all."""
        scheduler = self._scheduler
        if scheduler is not None:
            scheduler.refresh()
            scheduler.sync_now(None if account_id is None else [account_id])

    def states(self) -> list[SyncState]:
        """Every account's state."""
        scheduler = self._scheduler
        if scheduler is None:
            return []
        return [
            SyncState(
                account_id=status.account_id,
                name=status.name,
                state=status.state,
                error=status.error,
                done=status.progress.done if status.progress else 0,
                total=status.progress.total if status.progress else 0,
                stage=status.progress.stage if status.progress else "",
                folder=status.progress.folder if status.progress else "",
                last_success_at=status.last_success_at,
            )
            for status in scheduler.status()
        ]

    def cancel(self, account_id: int | None = None) -> None:
        """Give up the passes under way, of one account or all."""
        scheduler = self._scheduler
        if scheduler is not None:
            scheduler.cancel(None if account_id is None else [account_id])

    def fetch_body(self, letter_id: int) -> None:
        """Bring the body of a letter that is kept as its header. Blocks: call it in a thread. Raises CrmError."""
        from crm_tui.sync.on_demand import BodiesOnDemand

        secrets = self._secrets()
        with self._lock:
            if self._bodies is None:
                self._bodies = BodiesOnDemand(self._store, secrets)
            bodies = self._bodies
        bodies.fetch(letter_id)

    def check(self, account: MailAccount, password: str) -> CheckedAccount:
        """Log in to the account's servers and change nothing. Blocks: call it in a thread. Raises CrmError."""
        from crm_tui.sync.accounts import check_account
        from crm_tui.sync.credentials import Credentials
        from crm_tui.sync.vault import Vault

        once = Credentials(vault=Vault(Path("/nonexistent")), keyring=None, ask=lambda _name: password)
        found = check_account(account, once)
        return CheckedAccount(
            tuple((folder.name, folder.role, folder.messages) for folder in found.folders),
            found.capabilities,
        )

    def keeps(self) -> str:
        """Where ``remember`` would keep a password now: ``keyring``, ``vault`` or ``session``."""
        return self._secrets().keeps()

    def remember(self, address: str, password: str, *, session_only: bool = False) -> str:
        """Keep a password: ``keyring``, ``vault`` or ``session``, whichever is the best at hand."""
        return self._secrets().remember(address, password, session_only=session_only)

    def unlock(self, passphrase: str, *, make: bool = False) -> None:
        """Open the vault of passwords for this session, or make it. Raises LoginRefused for a wrong passphrase."""
        vault = self._secrets().vault
        if make and not vault.exists():
            vault.create(passphrase)
        else:
            vault.unlock(passphrase)
        self.fetch()

    def has_vault(self) -> bool:
        """Whether a vault was made, and so may have to be unlocked."""
        return self._secrets().vault.exists()

    def stop(self) -> None:
        """End the sync within two seconds, whatever the servers do."""
        with self._lock:
            self._stopped = True
            scheduler, self._scheduler = self._scheduler, None
            bodies, self._bodies = self._bodies, None
        if bodies is not None:
            bodies.close()
        if scheduler is not None:
            scheduler.stop()

    def _start(self, listener: Callable[[], None]) -> None:
        from crm_tui.sync.scheduler import Scheduler

        scheduler = Scheduler(
            self._store,
            self._secrets(),
            every_minutes=self._every_minutes,
            listener=lambda _status: listener(),
        )
        with self._lock:
            if self._stopped:
                return
            self._scheduler = scheduler
            scheduler.start()

    def _secrets(self) -> "Credentials":
        from crm_tui.sync.credentials import Credentials

        with self._lock:
            if self._credentials is None:
                self._credentials = Credentials()
            return self._credentials
