"""What the screens need from the rest of the program, as small protocols that the composition root fills."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from crm_tui.domain.clock import Clock, utc_now
from crm_tui.domain.errors import CrmError

if TYPE_CHECKING:
    from crm_tui.store.engine import Store
    from crm_tui.store.tables import MailAccount
    from crm_tui.store.work import Actor


class SessionStore(Protocol):
    """Keeps where a person was: the place, the cursor, the filter, text that is not sent yet."""

    def save(self, place: str, state: Mapping[str, Any]) -> None: ...

    def load(self, place: str) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the sync does with one account."""

    account_id: int
    name: str
    state: str
    """``waiting``, ``syncing``, ``listening`` or ``trouble``."""
    error: CrmError | None = None
    done: int = 0
    total: int = 0
    last_success_at: datetime | None = None
    stage: str = ""
    """While syncing: ``folders``, ``headers``, ``bodies`` or ``changes``."""
    folder: str = ""
    """The folder that ``done`` of ``total`` letters are of."""


@dataclass(frozen=True, slots=True)
class CheckedAccount:
    """What a login to an account's servers found: (name, role, letters) of its folders, and capabilities."""

    folders: tuple[tuple[str, str, int], ...]
    capabilities: tuple[str, ...]


class MailSync(Protocol):
    """The background sync. ``start``, ``fetch``, ``cancel`` and ``states`` return at once; what comes of them is seen
    in the store. The others ask servers, a keyring or a file: call them in a thread."""

    def start(self, listener: Callable[[], None]) -> None: ...

    def fetch(self, account_id: int | None = None) -> None: ...

    def states(self) -> Sequence[SyncState]: ...

    def cancel(self, account_id: int | None = None) -> None:
        """Give up the passes under way; what has come stays, and the next pass goes on from there."""
        ...

    def fetch_body(self, letter_id: int) -> None:
        """Bring the body of a letter that is kept as its header; asks a server: call it in a thread.

        Raises NotFound (``body_not_there``), Refused (``letter_too_big``), NetworkTrouble and LoginRefused.
        """
        ...

    def check(self, account: "MailAccount", password: str) -> CheckedAccount: ...

    def keeps(self) -> str: ...

    def remember(self, address: str, password: str, *, session_only: bool = False) -> str: ...

    def unlock(self, passphrase: str, *, make: bool = False) -> None: ...

    def has_vault(self) -> bool: ...

    def stop(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Found:
    """A record found by a few letters, how it is shown, and the command that opens it."""

    kind: str
    """``letter``, ``interest``, ``task``, ``customer`` …"""
    text: str
    command: str
    argument: str


class RecordSearch(Protocol):
    """Looks for records by a few letters; called in a thread."""

    def __call__(self, text: str) -> Sequence[Found]: ...


@dataclass(slots=True)
class Ports:
    """All that the app and its screens are given."""

    store: "Store"
    actor: "Actor"
    clock: Clock = utc_now
    zone: str = "UTC"
    """The IANA zone in which wall times are shown and typed."""
    session: SessionStore | None = None
    sync: MailSync | None = None
    search_records: RecordSearch | None = None
    at_exit: list[Callable[[], None]] = field(default_factory=list)
    """What is to be ended when the app ends, last first."""
