"""One pass over one account: what its stages share."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Row, Select, select

from crm_tui.domain.errors import CrmError, NetworkTrouble
from crm_tui.parsing.pool import ParserPool
from crm_tui.store.engine import Store
from crm_tui.store.tables import Folder, Letter, MailAccount, Placement, Tomb, table_of
from crm_tui.store.work import Work
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.responses import ListedFolder, Selected
from crm_tui.sync.imap.session import Session

_HEAVIEST = 8 << 20
T = TypeVar("T")
R = TypeVar("R")
ACCOUNT = table_of(MailAccount)
FOLDER = table_of(Folder)
LETTER = table_of(Letter)
PLACEMENT = table_of(Placement)
TOMB = table_of(Tomb)
RACED = "raced"
"""Intent of a placement until the pull is complete: moved by COPY, while somebody else took its source away."""
RIVAL = "rival"
"""Likewise of one that turned up new and may be where that source went. Stored: the pass may be cut short."""


class Stopped(Exception):
    """The program ends: the pass is given up where it stands, to be taken up by the next one."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a pass is, for a person to look at: letters ``done`` of ``total`` in a stage of a folder."""

    account_id: int
    stage: str
    """``folders``, ``headers``, ``bodies`` or ``changes``."""
    folder: str = ""
    done: int = 0
    total: int = 0


@dataclass
class Counts:
    """What a pass brought and sent."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    bodies: int = 0
    pushed: int = 0
    unreadable: int = 0

    def any(self) -> bool:
        """Whether anything was different on either side."""
        return bool(self.new or self.changed or self.gone or self.bodies or self.pushed)


@dataclass
class Pass:
    """A pass under way. ``number`` grows with each; rows remember the pass in which they came or vanished."""

    store: Store
    session: Session
    account_id: int
    stop: threading.Event
    report: Callable[[Progress], None]
    parser: ParserPool = field(default_factory=ParserPool)
    """For whoever closes it; it has no child until one is needed."""
    number: int = 0
    counts: Counts = field(default_factory=Counts)
    came: list[int] = field(default_factory=list)
    """Placements that are new here: neither moved from elsewhere nor made by ourselves."""
    shut: set[int] = field(default_factory=set)
    """Folders that the server did not let us into in this round: what lies there is not known."""
    deleted: set[int] = field(default_factory=set)
    """Folders that this pass deleted on the server."""
    refused: set[int] = field(default_factory=set)
    """Folders that this pass was refused something about: their error is new."""
    names: dict[int, bytes] = field(default_factory=dict)
    """Folder id → its name on the wire."""

    def tell(self, stage: str, folder: str = "", done: int = 0, total: int = 0) -> None:
        """Report progress; raises Stopped when the program ends."""
        if self.stop.is_set():
            raise Stopped
        self.report(Progress(self.account_id, stage, folder, done, total))

    def rows(self, query: Select[Any]) -> list[Row[Any]]:
        """Rows of a query, read at once."""
        with self.store.read() as connection:
            return list(connection.execute(query))

    def folder(self, folder_id: int) -> Row[Any]:
        """The folder's row as stored now."""
        return self.rows(select(FOLDER).where(FOLDER.c.id == folder_id))[0]

    def arrivals(self, what: str) -> AbstractContextManager[Work]:
        """A transaction for what can be fetched again."""
        return self.store.arrivals(f"sync.{what}")

    def facts(self, what: str) -> AbstractContextManager[Work]:
        """A durable transaction, for intents and what became of them."""
        return self.store.facts(f"sync.{what}")

    def wire_name(self, folder_id: int) -> bytes:
        """The folder's name as the server spells it."""
        if folder_id not in self.names:
            self.names[folder_id] = tokens.mailbox(self.folder(folder_id).srv_name)
        return self.names[folder_id]

    def open(self, folder_id: int, since: tuple[int, int] | None = None) -> Selected:
        """SELECT the folder. Raises NetworkTrouble where the server's UIDs mean nothing (no UIDVALIDITY)."""
        selected = self.session.select(self.wire_name(folder_id), since=since)
        if not selected.uidvalidity:
            raise NetworkTrouble("bad_response", what="uidvalidity")
        return selected


def chunks(
    answers: Iterator[dict[bytes, object]], most: int, weight: int = 1 << 20, *, first: int = 0
) -> Iterator[list[dict[bytes, object]]]:
    """Answers in lists fit for one transaction, the ``first`` of which may be of fewer.

    When the line breaks, what came before is given out first.
    """
    chunk: list[dict[bytes, object]] = []
    heavy = 0
    limit = first or most
    broken: CrmError | None = None
    while True:
        try:
            answer = next(answers, None)
        except CrmError as error:
            broken = error
            break
        if answer is None:
            break
        chunk.append(answer)
        heavy += sum(len(value) for value in answer.values() if isinstance(value, bytes))
        if len(chunk) >= limit or heavy >= weight:
            yield chunk
            chunk, heavy, limit = [], 0, most
    if chunk:
        yield chunk
    if broken is not None:
        raise broken


def worked_ahead(
    given: Iterator[T], begin: Callable[[T], Callable[[], R]], most: int, weigh: Callable[[T], int]
) -> Iterator[tuple[T, R]]:
    """What is given, each with what was begun for it and is waited for now: up to ``most`` more are begun before,
    unless all of them weigh too much (bytes).

    When the line breaks, what was given before is given out first.
    """
    begun: deque[tuple[T, Callable[[], R]]] = deque()
    heavy = 0
    broken: CrmError | None = None
    more = True
    while more:
        try:
            one = next(given, None)
        except CrmError as error:
            one, broken = None, error
        more = one is not None
        if one is not None:
            begun.append((one, begin(one)))
            heavy += weigh(one)
        while begun and (len(begun) > most or heavy > _HEAVIEST or not more):
            first, wait = begun.popleft()
            heavy -= weigh(first)
            yield first, wait()
    if broken is not None:
        raise broken


Listed = dict[int, ListedFolder]
"""Folder id → what the server listed for it."""
