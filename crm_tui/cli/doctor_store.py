"""Checks of the store and of its mail accounts; nothing is changed, and a store that is missing is not made."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crm_tui.cli.findings import FAIL, OK, WARN, Finding
from crm_tui.i18n import _

if TYPE_CHECKING:
    from crm_tui.store.tables import MailAccount

LARGE_WAL = 64 << 20
LITTLE_DISK, NO_DISK = 512 << 20, 32 << 20
BACKUP_AGE = timedelta(days=7)
SILENCE = timedelta(days=2)
"""An account without a successful pass for so long is worth a look."""


def findings(path: Path) -> Iterator[Finding]:
    """All checks of the store at ``path``."""
    from crm_tui.store import health

    facts = health.facts(path)
    yield _sqlite(facts)
    if path.parent.exists():
        yield _file_system(facts)
        yield _disk(facts)
    if not path.exists():
        yield Finding("store", OK, _("{path} is not there yet; the first start makes it").format(path=path))
        return
    yield Finding("store", OK, f"{path}, {facts['size'] / 1e6:.1f} MB")
    yield from _permissions(path)
    yield _wal(facts)
    yield _backup(path, facts)
    yield from _unkept(path)
    problems = health.check(path)
    for problem in problems:
        detail = f"{problem.code}: {problem.detail} ({problem.count})"
        yield Finding("store.integrity", FAIL, detail, _mend(problem.code, facts))
    if not problems:
        yield Finding("store.integrity", OK, _("sound"))
        yield Finding("store.schema", OK, str(facts["schema"]))
        yield from _accounts(path)


def _sqlite(facts: dict[str, Any]) -> Finding:
    shown = f"{facts['sqlite']} ({facts['sqlite_module']})"
    if facts["wal_reset_race"]:
        return Finding(
            "sqlite",
            OK,
            _("{version} can lose rows when several programs write; the write gate keeps them apart").format(
                version=shown
            ),
        )
    return Finding("sqlite", OK, shown)


def _file_system(facts: dict[str, Any]) -> Finding:
    kind = facts["file_system"] or _("unknown")
    if facts["journal_mode"] == "WAL":
        return Finding("store.file_system", OK, kind)
    return Finding(
        "store.file_system",
        WARN,
        _("{kind} is a network file system: slower, and safe for one machine only").format(kind=kind),
        _("Put the store on a local disk: CRM_HOME=DIR or --db FILE"),
    )


def _disk(facts: dict[str, Any]) -> Finding:
    free = facts["free_disk"]
    shown = _("{n} MB free").format(n=free >> 20)
    fix = _("Make room on the disk of the store.")
    if free < NO_DISK:
        return Finding("store.disk", FAIL, shown, fix)
    return Finding("store.disk", WARN, shown, fix) if free < LITTLE_DISK else Finding("store.disk", OK, shown)


def _permissions(path: Path) -> Iterator[Finding]:
    for one, wanted in ((path.parent, 0o700), (path, 0o600)):
        found = one.stat()
        mode = stat.S_IMODE(found.st_mode)
        shown = f"{one} {mode:o}"
        if mode & 0o077 and found.st_uid == os.getuid():
            yield Finding("store.permissions", WARN, shown, f"chmod {wanted:o} {one}")
        else:
            yield Finding("store.permissions", OK, shown)


def _wal(facts: dict[str, Any]) -> Finding:
    shown = f"{facts['wal_size'] / 1e6:.1f} MB"
    if facts["wal_size"] > LARGE_WAL:
        return Finding(
            "store.wal", WARN, shown, _("Some program has the store open and does not end: end it.")
        )
    return Finding("store.wal", OK, shown)


def _backup(path: Path, facts: dict[str, Any]) -> Finding:
    from crm_tui.domain.clock import utc_now

    newest = facts["newest_backup"]
    fix = "crm backup"
    if not newest:
        return Finding("store.backup", WARN, _("there is none"), fix)
    made = datetime.fromtimestamp(Path(newest).stat().st_mtime, UTC)
    return (
        Finding("store.backup", WARN, newest, fix)
        if utc_now() - made > BACKUP_AGE
        else Finding("store.backup", OK, newest)
    )


def _unkept(path: Path) -> Iterator[Finding]:
    """What somebody typed and the store did not take, which the next start could not bring in either."""
    from crm_tui.services import unkept

    for file in unkept.put_aside(path):
        fix = _("Read what was typed in it (JSON), then delete it.")
        yield Finding(
            "store.unkept", WARN, _("{path}: typed text that was not taken up").format(path=file), fix
        )


def _mend(code: str, facts: dict[str, Any]) -> str:
    if code == "file" and facts["newest_backup"]:
        return f"crm restore {facts['newest_backup']}"
    if code == "schema":
        return _("The next start brings it up to date, or update the program.")
    return _("Take a copy with crm backup, and tell the makers of the program.")


def _accounts(path: Path) -> Iterator[Finding]:
    from crm_tui.domain.errors import CrmError
    from crm_tui.services import messages
    from crm_tui.store.engine import Store
    from crm_tui.store.queries import accounts

    try:
        store = Store(path)
    except CrmError as error:
        yield Finding("store.open", FAIL, messages.of_error(error))
        return
    try:
        with store.read() as connection:
            found = accounts.in_use(connection)
        for account in found:
            yield _account(account, store.clock())
    finally:
        store.close()
    if not found:
        yield Finding("accounts", OK, _("there are none yet"), "crm account add NAME ADDRESS")


def _account(account: "MailAccount", now: datetime) -> Finding:
    from crm_tui.domain.errors import CrmError
    from crm_tui.services import messages

    name = f"account.{account.name}"
    last = account.last_success_at
    shown = _("last success {at}").format(at=f"{last:%Y-%m-%d %H:%M} UTC") if last else _("never synced")
    fix = f"crm account test '{account.name}'"
    if account.last_error:
        reason = messages.of_error(CrmError(account.last_error))
        return Finding(name, WARN, f"{reason} ({shown})", fix)
    if last is None or now - last > SILENCE:
        return Finding(name, WARN, shown, "crm sync --once")
    return Finding(name, OK, shown)
