"""What a unit of work asks before it begins, and tells after its commit: a port, filled by ``services.hooks``."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from crm_tui.store.engine import Store
    from crm_tui.store.work import Actor

About = tuple[str, Sequence[int]]
"""Kind and ids of the records that an act is about, as far as that is known beforehand."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the journal that a unit wrote."""

    id: int
    verb: str
    actor: "Actor"
    at: datetime


class Hooks(Protocol):
    """What ``Store.hooks`` is. The gate is never held while one of these is called."""

    def any(self) -> bool: ...

    def before(self, store: "Store", actor: "Actor", verb: str, about: About | None) -> None:
        """Raises Refused."""
        ...

    def after(self, store: "Store", entries: Sequence[Entry]) -> None: ...

    def close(self) -> None: ...
