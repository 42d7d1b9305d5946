"""Who changed what in a record (IDX-09, C-11): field by field from the journal, with the actor and the command.

The journal has every change since the record was made: by a person, a rule, an import or the sync. A value of then
can be put back.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.domain.conditions import record_fields
from crm_tui.domain.errors import Conflict, NotFound, Refused
from crm_tui.domain.text import fold
from crm_tui.store.images import Image, image_of
from crm_tui.store.tables import JournalEntry, JournalRow, StateChange, User, models, table_of
from crm_tui.store.work import Work

MADE, REMOVED, ERASED = "made", "removed", "erased"
_MOST = 500
"""Entries that are shown, the newest."""
_INFO_OWNERS = ("customer", "contact", "lead")
_HELD_ELSEWHERE = frozenset(
    {"state_id", "status", "merged_into_id", "trashed_at", "converted_at", "closed_at"}
)
"""Fields that are written by verbs of their own, with all that goes with it: those are taken back by undo."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a record as it was and became."""

    journal_row: int
    at: datetime
    actor: str
    """Name of the user, or of the part of the program."""
    command: str
    """Under which it stands in the journal."""
    field: str
    """Column; ``custom.<code>``; an address or number: ``info.<kind>``; `MADE`, `REMOVED` and
    `ERASED` (`services.privacy.personal_data`) for the whole."""
    before: Any = None
    after: Any = None


def of(connection: Connection, kind: str, record_id: int) -> list[Line]:
    """The history of a record, the newest first."""
    entry, row, user = table_of(JournalEntry), table_of(JournalRow), table_of(User)
    entries = (
        select(row.c.entry_id)
        .where(row.c.table_name == kind, row.c.row_id == record_id)
        .order_by(row.c.entry_id.desc())
        .limit(_MOST)
    )
    ids = list(connection.execute(entries).scalars())
    tables = {kind, "contact_info"} if kind in _INFO_OWNERS else {kind}
    query = (
        select(row, entry.c.at, entry.c.actor, entry.c.command, user.c.name)
        .join(entry, entry.c.id == row.c.entry_id)
        .join(user, user.c.id == entry.c.user_id, isouter=True)
        .where(row.c.entry_id.in_(ids), row.c.table_name.in_(tables))
        .order_by(row.c.entry_id.desc(), row.c.id)
    )
    lines: list[Line] = []
    rules = _rules(connection, record_id) if kind == "interest" else {}
    for each in connection.execute(query):
        if each.table_name == kind and each.row_id != record_id:
            continue
        if each.table_name == "contact_info" and not _belongs(each.before, each.after, kind, record_id):
            continue
        actor = each.name or each.actor
        fields = (
            _info(each.before, each.after)
            if each.table_name != kind
            else _fields(kind, each.before, each.after)
        )
        for name, was, became in fields:
            by = rules.get((each.at, became), actor) if name == "state_id" else actor
            lines.append(Line(each.id, each.at, by, each.command, name, was, became))
    return lines


def _rules(connection: Connection, interest_id: int) -> dict[tuple[datetime, int], str]:
    """When a process wrote which state of the Interest, and by which step: the rule is the actor, though a person
    completed the step (C-11)."""
    change = table_of(StateChange)
    query = select(change.c.at, change.c.to_state_id, change.c.actor).where(
        change.c.interest_id == interest_id, change.c.actor.startswith("rule:")
    )
    return {(row.at, row.to_state_id): row.actor for row in connection.execute(query)}


def put_back(work: Work, kind: str, record_id: int, line: Line) -> None:
    """Give a field the value again that it had before the change of this line.

    Raises Refused for what has a verb of its own or is no field of the record, or when that is in the trash, Conflict
    when the field holds this value already, NotFound when the record is gone.
    """
    name, _dot, code = line.field.partition(".")
    if name in _HELD_ELSEWHERE or (name != "custom" and name not in record_fields.FIELDS.get(kind, {})):
        raise Refused("history_not_put_back", field=line.field)
    image = image_of(work.connection, kind, record_id)
    if image is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    if image.get("trashed_at") is not None:
        raise Refused("in_the_trash", name=image.get("name") or image.get("title"))
    if name == "custom":
        custom = {**_custom(image), code: line.before}
        row = work.get(models()[kind], record_id)
        if not work.change(row, custom={key: value for key, value in custom.items() if value is not None}):
            raise Conflict("history_already_so", field=line.field)
        return
    now = {**image, name: line.before}
    if now == image:
        raise Conflict("history_already_so", field=line.field)
    folded = f"{name}_fold"
    if kind == "lead" and name in ("name", "company"):  # a lead is found by its firm too
        now["name_fold"] = fold(f"{now['name']} {now['company']}")
    elif folded in image:
        now[folded] = fold(str(line.before))
    now["version"] = image["version"] + 1
    work.restore(kind, {record_id: now}, {record_id: image})


def _fields(kind: str, before: Image | None, after: Image | None) -> Iterator[tuple[str, Any, Any]]:
    if before is None and after is None:
        yield ERASED, None, None
        return
    if before is None or after is None:
        yield (MADE if before is None else REMOVED), None, None
        return
    names = [name for name in after if name not in record_fields.DERIVED and before.get(name) != after[name]]
    for name in record_fields.in_order(kind, names):
        yield name, before.get(name), after[name]
    if before.get("custom") != after.get("custom"):
        then, now = _custom(before), _custom(after)
        for code in sorted({*then, *now}):
            if then.get(code) != now.get(code):
                yield f"custom.{code}", then.get(code), now.get(code)


def _info(before: Image | None, after: Image | None) -> Iterator[tuple[str, Any, Any]]:
    kind = (after or before or {}).get("kind", "")
    yield f"info.{kind}", before and before["value"], after and after["value"]


def _belongs(before: Image | None, after: Image | None, kind: str, record_id: int) -> bool:
    return any(
        image is not None and (image["owner_kind"], image["owner_id"]) == (kind, record_id)
        for image in (before, after)
    )


def _custom(image: Image) -> dict[str, Any]:
    value = json.loads(image.get("custom") or "{}")
    return value if isinstance(value, dict) else {}
