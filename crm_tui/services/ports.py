"""What the screens need from the rest of the program, as small protocols that the composition root fills."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from crm_tui.domain.errors import CrmError


class Feed(Protocol):
    """The change feed of the store (``store.feed``)."""

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]: ...

    def drain(self) -> Mapping[str, set[int]]: ...

    def poll(self) -> bool: ...


class StoreLike(Protocol):
    """What the shell itself needs of the store."""

    @property
    def feed(self) -> Feed: ...


class SessionStore(Protocol):
    """Keeps where a person was: the place, the cursor, the filter, text that is not sent yet."""

    def save(self, place: str, state: Mapping[str, Any]) -> None: ...

    def load(self, place: str) -> dict[str, Any]: ...


class Repeal(Protocol):
    """Undo and redo. Each answers what was taken back or made again, as text, and raises CrmError when it cannot."""

    def undo(self) -> str: ...

    def redo(self) -> str: ...


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
    """All that the app is given."""

    store: StoreLike | None = None
    session: SessionStore | None = None
    repeal: Repeal | None = None
    search_records: RecordSearch | None = None
    explain: Callable[[CrmError], str] = str
    """The text of an error for a person."""
    extra: dict[str, Any] = field(default_factory=dict)
    """Further ports by name, for the screens that need them."""
