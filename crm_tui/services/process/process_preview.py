"""What a migration of running processes to another version would do, as it is shown beforehand (C-15, RM-05)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crm_tui.domain.errors import CrmError


@dataclass(frozen=True, slots=True)
class Wait:
    """A token of a process, and where it lands."""

    token: int
    point: str
    name: str
    target: str
    """Id of the point in the other version; empty where there is none yet."""
    target_name: str
    deadline_at: datetime | None


@dataclass(frozen=True, slots=True)
class Moving:
    """A process, and where it lands."""

    process_id: int
    version: int
    """Number of the version that it runs by."""
    object_kind: str
    object_id: int
    card: str
    """Name of the card that it is about."""
    waits: tuple[Wait, ...]
    state: str
    """Code of the state that the Interest goes into; empty where it stays."""
    state_name: str
    trouble: CrmError | None
    """Why it cannot be moved; None when it can."""
    last_event: int
    """What was known of it when this was looked at."""


@dataclass(frozen=True, slots=True)
class Gone:
    """A point at which processes wait and that the other version has not: a person says where they go on."""

    point: str
    name: str
    waiting: int
    places: tuple[tuple[str, str], ...]
    """Points of the other version to choose from: id and name."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a migration would do."""

    map_id: int
    version_id: int
    version: int
    mapping: Mapping[str, str]
    processes: tuple[Moving, ...]
    gone: tuple[Gone, ...]

    @property
    def ready(self) -> tuple[int, ...]:
        """The processes that can be moved."""
        return tuple(one.process_id for one in self.processes if one.trouble is None)
