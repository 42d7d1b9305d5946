"""Is the store sound: checks of the file and of the rows, and the facts that ``crm doctor`` shows."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, create_engine, exists, func, or_, select
from sqlmodel import SQLModel

from crm_tui.domain.errors import CrmError
from crm_tui.domain.letter.flags import Flag
from crm_tui.store import driver, faults, files, schema, search
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interest,
    Lead,
    Letter,
    LetterLink,
    LetterRaw,
    Outbox,
    Placement,
    Reminder,
    State,
    table_of,
)

EXAMPLES = 5
OUTBOX_STATES = ("queued", "sending", "sent", "deferred", "failed", "uncertain", "cancelled")
_OWNERS: dict[str, type[SQLModel]] = {"customer": Customer, "contact": Contact, "lead": Lead}
_HUBS: dict[str, type[SQLModel]] = {"interest": Interest, "customer": Customer, "lead": Lead}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it must be."""

    code: str
    """``file``, ``foreign_key``, ``schema``, ``search``, or the name of a rule of the rows."""
    detail: str
    """SQLite's words, or where: table and ids."""
    count: int = 1


def check(path: Path) -> list[Problem]:
    """All that is wrong with the store; empty when it is sound. Changes nothing; raises nothing for damage."""
    try:
        with faults.told(path), _reader(path) as connection:
            found = list(_file(connection))
            # Rows of a damaged file tell nothing.
            return found or [*_references(connection), *_rows(connection), *_search(connection)]
    except CrmError as error:
        return [Problem("file", str(error.facts.get("detail", error.code)))]


def refuse_damage(path: Path) -> None:
    """Raise StoreDamaged when SQLite's quick check of the file finds something."""
    with faults.told(path), contextlib.closing(driver.dbapi.connect(str(path), timeout=10)) as connection:
        verdict = str(connection.execute("PRAGMA quick_check(1)").fetchone()[0])
    if verdict != "ok":
        raise faults.damaged("store_corrupt", path, verdict)


def facts(path: Path) -> dict[str, Any]:
    """What a person who helps from afar asks first. Sizes in bytes."""
    backups = files.backups(path)
    return {
        "path": str(path),
        "sqlite": ".".join(map(str, driver.version())),
        "sqlite_module": driver.dbapi.__name__,
        "wal_reset_race": driver.has_wal_reset_race(),
        "write_gate": str(path.with_name(path.name + ".lock")),
        "journal_mode": files.journal_mode(path),
        "file_system": files.file_system(path),
        "size": path.stat().st_size if path.exists() else 0,
        "wal_size": files.wal_bytes(path),
        "free_disk": files.free_bytes(path),
        "ballast": files.ballast(path).exists(),
        "mode": f"{path.stat().st_mode & 0o777:o}" if path.exists() else "",
        "folder_mode": f"{path.parent.stat().st_mode & 0o777:o}" if path.parent.exists() else "",
        "schema": schema.HEAD,
        "newest_backup": str(backups[0]) if backups else "",
    }


@contextlib.contextmanager
def _reader(path: Path) -> Iterator[Connection]:
    def connect() -> Any:
        connection = driver.dbapi.connect(path.as_uri() + "?mode=ro", uri=True, timeout=10)
        connection.execute("PRAGMA cell_size_check=ON")
        return connection

    engine = create_engine("sqlite://", module=driver.dbapi, creator=connect)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _file(connection: Connection) -> Iterator[Problem]:
    for (verdict,) in connection.exec_driver_sql(f"PRAGMA integrity_check({EXAMPLES})"):
        if verdict != "ok":
            yield Problem("file", str(verdict))
    found = connection.exec_driver_sql(
        "SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'"
    ).scalar_one()
    if not found:
        yield Problem("schema", "no tables")
        return
    revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one_or_none()
    if revision != schema.HEAD:
        yield Problem("schema", str(revision))


def _references(connection: Connection) -> Iterator[Problem]:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    by_table: dict[tuple[str, str], int] = {}
    for table, _, parent, _ in broken:
        by_table[table, parent] = by_table.get((table, parent), 0) + 1
    for (table, parent), count in by_table.items():
        yield Problem("foreign_key", f"{table} → {parent}", count)
    info, link = table_of(ContactInfo), table_of(LetterLink)
    for kind, owner, models in (
        (info.c.owner_kind, info.c.owner_id, _OWNERS),
        (link.c.kind, link.c.record_id, _HUBS),
    ):
        key = kind.table.c.id
        for value, model in models.items():
            lost = ~exists().where(table_of(model).c.id == owner)
            yield from _broken(connection, "orphan", key, and_(kind == value, lost))
        yield from _broken(connection, "orphan", key, kind.not_in(list(models)))


def _rows(connection: Connection) -> Iterator[Problem]:
    placement, letter, raw = table_of(Placement), table_of(Letter), table_of(LetterRaw)
    outbox, reminder = table_of(Outbox), table_of(Reminder)
    interest, state = table_of(Interest), table_of(State)
    seen = placement.c.flags.bitwise_and(int(Flag.SEEN)) != 0
    yield from _broken(connection, "unread_is_not_seen", placement.c.id, placement.c.unread == seen)
    nowhere = and_(placement.c.srv_uid.is_not(None), placement.c.srv_folder_id.is_(None))
    yield from _broken(connection, "uid_without_folder", placement.c.id, nowhere)
    bodiless = and_(letter.c.body_state == "full", ~exists().where(raw.c.letter_id == letter.c.id))
    yield from _broken(connection, "body_without_bytes", letter.c.id, bodiless)
    claim = or_(outbox.c.claimed_by == "", outbox.c.claim_until.is_(None))
    unclaimed = and_(outbox.c.status == "sending", claim)
    yield from _broken(connection, "sending_without_claim", outbox.c.id, unclaimed)
    yield from _broken(connection, "outbox_status", outbox.c.id, outbox.c.status.not_in(OUTBOX_STATES))
    unsigned = and_(reminder.c.fired_at.is_not(None), reminder.c.fired_by == "")
    yield from _broken(connection, "fired_by_nobody", reminder.c.id, unsigned)
    other = select(state.c.scenario_id).where(state.c.id == interest.c.state_id).scalar_subquery()
    yield from _broken(connection, "state_of_other_scenario", interest.c.id, other != interest.c.scenario_id)


def _search(connection: Connection) -> Iterator[Problem]:
    for kind, ids in search.out_of_date(connection):
        yield Problem("search", f"{kind} {_some(ids)}", len(ids))


def _broken(
    connection: Connection, code: str, key: Column[int], wrong: ColumnElement[bool]
) -> Iterator[Problem]:
    count, first = connection.execute(select(func.count(), func.min(key)).where(wrong)).one()
    if count:
        yield Problem(code, f"{key.table.name} {first}", count)


def _some(ids: list[int]) -> str:
    return ", ".join(map(str, ids[:EXAMPLES])) + ("…" if len(ids) > EXAMPLES else "")
