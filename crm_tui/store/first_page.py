"""The newest letters of a folder, read before anything heavy is loaded: for the picture shown while a start lasts.

Plain SQL and no ORM, whose loading takes longer than the rest of a start. A test holds it to what the list shows.
"""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.store import driver, files

_USER = "SELECT id, zone FROM user WHERE login = ? OR (SELECT count(*) FROM user) = 1 LIMIT 1"
_STATE = "SELECT value FROM session_state WHERE user_id = ? AND place = ?"
_FOLDER = """
SELECT folder.id, role FROM folder JOIN mail_account ON mail_account.id = account_id
WHERE (folder.id = ? OR role = 'inbox') AND enabled AND NOT hidden AND selectable
ORDER BY folder.id = ? DESC, mail_account.name, account_id LIMIT 1
"""
_NEWEST = """
SELECT placement.id, coalesce(nullif(sender_name, ''), sender_address), subject, date_key, recipients
FROM placement JOIN letter ON letter.id = letter_id WHERE folder_id = ? AND deleted = 0
ORDER BY date_key DESC, placement.id DESC LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class FirstRow:
    """A letter: id of its place, and what a list says of it. ``date`` is in seconds since 1970, UTC."""

    id: int
    sender: str
    subject: str
    date: int
    recipients: str


@dataclass(frozen=True, slots=True)
class FirstPage:
    """What the last session left: the mode, the state of the Mail screen, role and letters of its folder."""

    mode: str
    zone: str
    state: dict[str, Any]
    role: str
    rows: tuple[FirstRow, ...]


def read(path: Path, login: str, limit: int) -> FirstPage | None:
    """The first page for the person with this login, or None where it cannot be read just like that.

    Nothing is written, and no file is made beside the store: a store at rest is read as it lies.
    """
    if not path.exists():
        return None
    with contextlib.suppress(driver.dbapi.Error, ValueError), _opened(path) as connection:
        user = connection.execute(_USER, (login,)).fetchone()
        if user is None:
            return None
        kept = [_state(connection, user[0], place) for place in ("app", "MailScreen")]
        wanted = kept[1].get("folder")
        folder, role = connection.execute(_FOLDER, (wanted, wanted)).fetchone() or (None, "")
        rows = tuple(
            FirstRow(key, sender, subject, date, _people(recipients))
            for key, sender, subject, date, recipients in connection.execute(_NEWEST, (folder, limit))
        )
        return FirstPage(str(kept[0].get("mode") or ""), user[1], kept[1], role, rows)
    return None


def _people(recipients: str | None) -> str:
    found = json.loads(recipients or "{}")
    people = found.get("to") if isinstance(found, dict) else None
    return ", ".join(name or address for name, address in people or ())


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Any]:
    rest = "" if files.left_open(path) else "&immutable=1"
    connection = driver.dbapi.connect(f"{path.resolve().as_uri()}?mode=ro{rest}", uri=True, timeout=0.05)
    try:
        yield connection
    finally:
        connection.close()


def _state(connection: Any, user_id: int, place: str) -> dict[str, Any]:
    found = connection.execute(_STATE, (user_id, place)).fetchone()
    value = json.loads(found[0]) if found and found[0] else None
    return value if isinstance(value, dict) else {}
