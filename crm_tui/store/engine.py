"""The store: engines, connections, the way in for readers and writers.

This file, ``search.py``, ``record_index.py``, ``bulk.py`` and ``json_text.py`` are the ones that know which database
is underneath.
"""

import contextlib
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, func, select
from sqlalchemy.pool import QueuePool

from crm_tui.domain.clock import Clock, utc_now
from crm_tui.domain.errors import CrmError, StoreBusy, StoreDamaged
from crm_tui.domain.text import folded
from crm_tui.store import driver, faults, files, schema
from crm_tui.store.feed import Feed
from crm_tui.store.gate import WriteGate
from crm_tui.store.hooking import About, Hooks
from crm_tui.store.tables import Change, table_of
from crm_tui.store.work import Actor, Work

BUSY_MS = 10_000
READER_CACHE_KB = 1000
"""Pages that a connection for reading keeps; half of what SQLite would, and no query was seen to be slower."""
WAL_KEPT_BYTES = 16 << 20
"""What a WAL that has grown is cut to once it is written back."""
QUICK_CHECK_BYTES = 64 << 20
"""A store up to this size is checked at the start when it was not closed; a larger one by ``crm check``."""


class Store:
    """One open store. Thread-safe: every read and every unit of work has a connection of its own.

    ``path`` is made, with its tables, when it is not there. Raises StoreDamaged for a corrupt file, a symlink or a
    schema newer than this program's, StoreBusy for a full disk. After damage or an I/O error was met nothing more
    is written: every unit of work raises that error.
    """

    def __init__(self, path: Path, clock: Clock = utc_now) -> None:
        self.path = path
        self.clock = clock
        self.origin = uuid.uuid4().hex
        self.fault: CrmError | None = None
        self.hooks: Hooks | None = None
        """What is asked before and told after each unit of work; whoever opens the store for a person sets it."""
        self.gate = WriteGate(path.with_name(path.name + ".lock"))
        try:
            self._open()
        except StoreBusy as error:
            if error.code != "disk_full" or not files.drop_ballast(path):
                raise
            self._open()
        files.keep_ballast(path)

    def _open(self) -> None:
        with faults.told(self.path):
            self._connect_all()

    def _connect_all(self) -> None:
        path = self.path
        files.secure(path)
        if files.was_emptied(path):
            raise faults.damaged("store_corrupt", path, "empty")
        self.journal_mode = files.journal_mode(path)
        left_open = files.left_open(path)
        schema.ensure(path, self.gate)
        if left_open and path.stat().st_size <= QUICK_CHECK_BYTES:
            from crm_tui.store import health

            health.refuse_damage(path)
        self._reader = self._engine("BEGIN", "FULL", read_only=True)
        self._writer = self._engine("BEGIN IMMEDIATE", "FULL")
        self._bulk_writer = self._engine("BEGIN IMMEDIATE", "NORMAL")
        self._watch_lock = threading.Lock()
        self._watcher = _connect(path, self.journal_mode, "FULL", read_only=True)
        self.feed = Feed(self)
        self.feed.start()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the store and cannot write. Close it soon: it pins the WAL."""
        with self._reader.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def work(
        self,
        actor: Actor,
        command: str,
        *,
        undoable: bool = True,
        beside: Path | None = None,
        about: About | None = None,
    ) -> Iterator[Work]:
        """A unit of work: one transaction, one journal entry, one publication. Rolled back by any exception.

        Raises StoreBusy when another process holds the gate too long. Never hold one across I/O or a prompt.
        ``beside``: another store file, whose tables can be read within (schema ``beside``). ``about``: the records
        meant, for ``hooks``, which are asked before the gate is held and told after the commit. Raises Refused where
        one is against it.
        """
        if self.hooks is not None:
            self.hooks.before(self, actor, command, about)
        with self._unit(self._writer, Work(self, actor, command, undoable=undoable), beside) as work:
            yield work

    @contextlib.contextmanager
    def arrivals(self, label: str) -> Iterator[Work]:
        """A unit of work for facts that merely arrive: not journalled, and its commit may be lost by a power cut
        (never half of it), so only for what can be fetched again."""
        unit = Work(self, Actor.program(label), label, journal=False)
        with self._unit(self._bulk_writer, unit) as work:
            yield work

    @contextlib.contextmanager
    def facts(self, label: str) -> Iterator[Work]:
        """Like ``arrivals`` but durable: for claims, outbox states, session states."""
        unit = Work(self, Actor.program(label), label, journal=False)
        with self._unit(self._writer, unit) as work:
            yield work

    @contextlib.contextmanager
    def _unit(self, engine: Engine, work: Work, beside: Path | None = None) -> Iterator[Work]:
        if self.fault is not None:
            raise self.fault
        with (
            faults.told(self.path),
            self.gate.hold(work.command),
            engine.connect() as connection,
            _attached(connection, beside),
            connection.begin(),
        ):
            self._refuse_newer_schema(connection)
            work.begin(connection)
            yield work
            work.finish()
        self.feed.publish(work.topics)
        if self.hooks is not None:
            self.hooks.after(self, work.entries)

    def _refuse_newer_schema(self, connection: Connection) -> None:
        """Another program may have upgraded the store since it was opened (assurance row 51)."""
        found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
        if found != schema.HEAD:
            raise StoreDamaged("schema_newer", found=found, known=schema.HEAD)

    def _engine(self, begin: str, synchronous: str, *, read_only: bool = False) -> Engine:
        engine = create_engine(
            "sqlite://",
            module=driver.dbapi,
            creator=lambda: _connect(self.path, self.journal_mode, synchronous, read_only=read_only),
            poolclass=QueuePool,
            pool_use_lifo=True,  # a few connections that know their pages, not five that each keep some
            hide_parameters=True,
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        @event.listens_for(engine, "handle_error")
        def _translate(context: ExceptionContext) -> None:
            found = faults.fault(context.original_exception, self.path)
            if found is None:
                return
            if faults.stops_writing(found):
                self.fault = found
            if found.code == "disk_full":
                files.drop_ballast(self.path)
            raise found from context.original_exception

        return engine

    def data_version(self) -> int:
        """A number that changes when another connection commits."""
        with self._watch_lock, faults.told(self.path):
            return int(self._watcher.execute("PRAGMA data_version").fetchone()[0])

    def last_change(self) -> int:
        """Id of the newest row of the change table."""
        with self.read() as connection:
            return int(
                connection.execute(select(func.coalesce(func.max(table_of(Change).c.id), 0))).scalar_one()
            )

    def changes_after(self, seen: int) -> tuple[int, list[tuple[int, str, dict[str, list[int]]]]]:
        """Id of the oldest kept change, and the changes newer than ``seen`` in order."""
        change = table_of(Change)
        with self.read() as connection:
            oldest = connection.execute(select(func.coalesce(func.min(change.c.id), 0))).scalar_one()
            rows = connection.execute(
                select(change.c.id, change.c.origin, change.c.topics)
                .where(change.c.id > seen)
                .order_by(change.c.id)
            )
            return int(oldest), [(row[0], row[1], row[2]) for row in rows]

    def defer_foreign_keys(self, connection: Connection) -> None:
        """Check foreign keys at the commit instead of at each statement, until this transaction ends."""
        connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")

    def close(self) -> None:
        """Close every connection. The store cannot be used after."""
        if self.hooks is not None:
            self.hooks.close()
        with self._watch_lock:
            self._watcher.close()
        for engine in (self._reader, self._writer, self._bulk_writer):
            engine.dispose()


@contextlib.contextmanager
def _attached(connection: Connection, path: Path | None) -> Iterator[None]:
    """The file within reach as the schema ``beside``; around the transaction, for it cannot be let go within one."""
    if path is None:
        yield
        return
    driven = connection.connection.driver_connection
    assert driven is not None, "the connection is closed"
    driven.execute("ATTACH ? AS beside", (str(path),))
    try:
        yield
    finally:
        driven.execute("DETACH beside")


def _connect(path: Path, journal_mode: str, synchronous: str, *, read_only: bool = False) -> Any:
    connection = driver.dbapi.connect(
        str(path), timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    connection.execute(f"PRAGMA journal_mode={journal_mode}")
    connection.execute(f"PRAGMA synchronous={synchronous}")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA journal_size_limit={WAL_KEPT_BYTES}")
    connection.create_function("crm_fold", 1, folded, deterministic=True)
    if read_only:
        connection.execute("PRAGMA query_only=ON")
        connection.execute(f"PRAGMA cache_size=-{READER_CACHE_KB}")
    return connection
