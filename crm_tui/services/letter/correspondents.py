"""The correspondents of past letters, counted from the letters as they come, for the completion of addresses.

Nothing is done at arrival: when somebody begins to write, the letters since the last time are counted.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from crm_tui.domain import stems
from crm_tui.domain.identity import address
from crm_tui.domain.text import fold
from crm_tui.store.engine import Store
from crm_tui.store.queries import accounts
from crm_tui.store.tables import (
    Correspondent,
    CorrespondentWord,
    Folder,
    Letter,
    Placement,
    Setting,
    table_of,
)
from crm_tui.store.work import Work

_SEEN = "correspondents.seen"
_BATCH = 2000
_MOST_WORDS = 12


def refresh(store: Store) -> None:
    """Count the letters that came or were sent since the last time. In a thread: the first time takes seconds for
    100,000 letters, later ones milliseconds; other writers pass in between."""
    while _refresh_some(store):
        pass


def _refresh_some(store: Store) -> bool:
    letter = table_of(Letter)
    with store.read() as connection:
        seen = _seen(connection)
        newest = connection.scalar(select(letter.c.id).order_by(letter.c.id.desc()).limit(1)) or 0
    if newest <= seen:
        return False
    with store.facts("recipients.refresh") as work:
        seen = _seen(work.connection)
        rows = work.connection.execute(
            select(
                letter.c.id, letter.c.sender_name, letter.c.sender_address, letter.c.recipients, letter.c.date,
                letter.c.kind, letter.c.in_reply_to,
            )
            .where(letter.c.id > seen)
            .order_by(letter.c.id)
            .limit(_BATCH)
        ).all()  # fmt: skip
        if not rows:
            return False
        uncounted = _uncounted(work.connection, seen, rows[-1].id)
        _count(work, [row for row in rows if row.id not in uncounted])
        _set_seen(work, rows[-1].id)
    return True


def _uncounted(connection: Connection, after: int, last: int) -> set[int]:
    """Letters that nobody sent or nobody wanted: what lies in Drafts or Junk."""
    placement, folder = table_of(Placement), table_of(Folder)
    query = (
        select(placement.c.letter_id)
        .join(folder, folder.c.id == placement.c.folder_id)
        .where(
            placement.c.letter_id > after,
            placement.c.letter_id <= last,
            folder.c.role.in_(("drafts", "junk")),
        )
    )
    return set(connection.scalars(query))


@dataclass(slots=True)
class _Counted:
    name: str = ""
    received: int = 0
    sent: int = 0
    last_at: datetime | None = None

    def met(self, name: str, at: datetime) -> None:
        if self.last_at is None or at >= self.last_at:
            self.last_at = at
            self.name = name or self.name
        self.name = self.name or name


def _count(work: Work, rows: Sequence[Any]) -> None:
    own = accounts.own_addresses(work.connection)
    counted: dict[str, _Counted] = {}
    for row in rows:
        if address.normal(row.sender_address) in own:
            recipients = row.recipients or {}
            for name, where in (box for field in ("to", "cc", "bcc") for box in recipients.get(field) or ()):
                key = address.normal(where)
                if key not in own and address.is_valid(where):
                    one = counted.setdefault(key, _Counted())
                    one.sent += 1
                    one.met(name, row.date)
        elif _is_by_a_person(row) and _answers(row.sender_address):
            one = counted.setdefault(address.normal(row.sender_address), _Counted())
            one.received += 1
            one.met(row.sender_name, row.date)
    _store(work, counted)


def _is_by_a_person(row: Any) -> bool:
    # A newsletter answers nobody; who answers on a list may be written to.
    return row.kind in ("letter", "invitation") or (row.kind == "list" and bool(row.in_reply_to))


def _answers(where: str) -> bool:
    return address.is_valid(where) and not address.is_no_reply(where)


def _store(work: Work, counted: dict[str, _Counted]) -> None:
    table = table_of(Correspondent)
    keys = list(counted)
    known: dict[str, Any] = {}
    for start in range(0, len(keys), 500):
        query = select(table).where(table.c.address.in_(keys[start : start + 500]))
        known.update((row.address, row) for row in work.connection.execute(query))
    fresh = [
        {"address": key, "name": one.name, "received": one.received, "sent": one.sent, "last_at": one.last_at}
        for key, one in counted.items()
        if key not in known
    ]
    words: list[dict[str, Any]] = []
    if fresh:
        made = work.connection.execute(table.insert().returning(table.c.id, table.c.address), fresh)
        for row_id, key in made.all():
            words += _word_rows(row_id, counted[key].name, key)
    changed: list[dict[str, Any]] = []
    for key, row in known.items():
        one = counted[key]
        newer = one.last_at is not None and one.last_at >= row.last_at
        name = (one.name if newer else "") or row.name or one.name
        changed.append(
            {
                "of": row.id,
                "name": name,
                "received": row.received + one.received,
                "sent": row.sent + one.sent,
                "last_at": one.last_at if newer else row.last_at,
            }
        )
        if name != row.name:
            word = table_of(CorrespondentWord)
            work.connection.execute(word.delete().where(word.c.correspondent_id == row.id))
            words += _word_rows(row.id, name, key)
    if changed:
        work.connection.execute(table.update().where(table.c.id == bindparam("of")), changed)
    if words:
        work.connection.execute(table_of(CorrespondentWord).insert(), words)


def _word_rows(row_id: int, name: str, where: str) -> list[dict[str, Any]]:
    return [{"word": word, "correspondent_id": row_id} for word in _words(f"{name} {where}")]


def _words(text: str) -> list[str]:
    """The words of a name or address, and an address as a whole, as they are compared."""
    folded = fold(text)
    words = [*stems.words(folded), *(part for part in folded.split() if "@" in part)]
    return list(dict.fromkeys(word[:100] for word in words if word))[:_MOST_WORDS]


def _seen(connection: Connection) -> int:
    setting = table_of(Setting)
    value = connection.scalar(
        select(setting.c.value).where(setting.c.name == _SEEN, setting.c.user_id.is_(None))
    )
    return int(value or 0)


def _set_seen(work: Work, letter_id: int) -> None:
    row = work.find(Setting, name=_SEEN, user_id=None)
    if row is None:
        work.add(Setting(name=_SEEN, value=letter_id))
    else:
        work.change(row, value=letter_id)
