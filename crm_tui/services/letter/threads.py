"""Which thread an arriving letter belongs to, also where the letter it answers comes later or never (MAIL-49)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from crm_tui.store.tables import Letter, ThreadId, table_of
from crm_tui.store.work import Work

_BATCH = 500
_LETTER, _NAME = table_of(Letter), table_of(ThreadId)


def join(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Set ``thread_key`` in these rows of ``letter``, which are about to be inserted.

    Letters belong together when a chain of identifiers joins them: their own, and all that their References and
    In-Reply-To name. A letter that joins two threads makes one of them, and the letters there already follow.
    """
    named = [_names(row) for row in rows]
    leads = _known(work, {name for names in named for name in names})
    known = set(leads)
    merged: dict[str, str] = {}
    for names in named:
        roots = list(dict.fromkeys(_root(leads, leads.setdefault(name, name)) for name in names))
        for other in roots[1:]:
            leads[other] = roots[0]
            if other in known:
                merged[other] = roots[0]
    for row, names in zip(rows, named, strict=True):
        row["thread_key"] = _root(leads, names[0])
    fresh = [{"message_id": name, "leads_to": _root(leads, name)} for name in leads if name not in known]
    if fresh:
        work.connection.execute(insert(_NAME), fresh)
    _follow(work, {old: _root(leads, new) for old, new in merged.items()})


def _names(row: dict[str, Any]) -> list[str]:
    """The identifiers of a letter's thread, the oldest first; of a letter that has none, what it is known by here."""
    names = [*row["references"].split(), row["in_reply_to"], row["message_id"]]
    return list(dict.fromkeys(name for name in names if name)) or [row["identity"]]


def _known(work: Work, names: Iterable[str]) -> dict[str, str]:
    """Name → what it leads to, for all of these that are in the store and all that they lead to."""
    found: dict[str, str] = {}
    wanted = set(names)
    while wanted:
        batch = sorted(wanted)[:_BATCH]
        rows = work.connection.execute(select(_NAME).where(_NAME.c.message_id.in_(batch)))
        found.update((row.message_id, row.leads_to) for row in rows)
        wanted -= set(batch)
        wanted |= {found[name] for name in batch if name in found} - found.keys()
    return found


def _root(leads: dict[str, str], name: str) -> str:
    while (onward := leads.get(name, name)) != name:
        name = onward
    return name


def _follow(work: Work, merged: dict[str, str]) -> None:
    if not merged:
        return
    pairs = [{"old": old, "new": new} for old, new in merged.items()]
    work.connection.execute(
        update(_NAME).where(_NAME.c.message_id == bindparam("old")).values(leads_to=bindparam("new")), pairs
    )
    moved = work.connection.scalars(select(_LETTER.c.id).where(_LETTER.c.thread_key.in_(merged)))
    work.touch(Letter, list(moved))
    work.connection.execute(
        update(_LETTER).where(_LETTER.c.thread_key == bindparam("old")).values(thread_key=bindparam("new")),
        pairs,
    )
