"""Records as rows of texts and numbers for files: what an import of the same file would read back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Table, select

from crm_tui.domain.conditions.condition_check import Context
from crm_tui.i18n import N_, _
from crm_tui.services.exchange.import_fields import OWN, RECORD_KIND
from crm_tui.services.record import lists
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Customer,
    Interest,
    Lead,
    Scenario,
    State,
    Task,
    User,
    table_of,
)
from crm_tui.store.work import Actor

KINDS = ("customers", "contacts", "leads", "interests", "tasks")
BATCH = 500
Value = str | int | Decimal | bool

_TABLES: Mapping[str, Table] = {
    "customers": table_of(Customer),
    "contacts": table_of(Contact),
    "leads": table_of(Lead),
    "interests": table_of(Interest),
    "tasks": table_of(Task),
}
_REACHABLE = ("email", "phone", "web", "messenger")
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "customers": (
        *("name", "kind", "status", "tax_number", "activity", "country", "region", "city", "address"),
        *_REACHABLE,
        *("birthday", "source", "touch_days", "notes", "owner"),
    ),
    "contacts": ("name", "company", "role", *_REACHABLE, "address", "birthday", "notes", "owner"),
    "leads": ("name", "company", "role", *_REACHABLE, "city", "source", "purpose", "notes", "owner"),
    "interests": (
        *("name", "customer", "contact", "scenario", "state", "amount", "currency", "probability", "created"),
        *("closed", "expected_close", "close_reason", "short_status", "terms", "purpose", "source", "owner"),
    ),
    "tasks": (
        "title",
        "status",
        "due",
        "priority",
        "owner",
        "interest",
        "customer",
        "notes",
        "result",
        "done",
    ),
}
_OF_TASKS = {
    "title": N_("Title"),
    "status": N_("Status"),
    "due": N_("Due"),
    "priority": N_("Priority"),
    "owner": N_("Assignee"),
    "interest": N_("Interest"),
    "customer": N_("Customer"),
    "notes": N_("Notes"),
    "result": N_("Result"),
    "done": N_("Done"),
}
_LISTS = {
    "kind": "customer_kind",
    "status": "customer_status",
    "source": "source",
    "close_reason": "lost_reason",
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export: its code, for programs, and its heading, for people."""

    code: str
    heading: str


def columns(connection: Connection, kind: str) -> list[Column]:
    """The columns of a kind, fields that the company added behind."""
    if kind == "tasks":
        return [Column(code, _(_OF_TASKS[code])) for code in _COLUMNS[kind]]
    from crm_tui.services.exchange import import_fields

    shown = {target.code: target.shown for target in import_fields.targets(connection, kind)}
    own = [code for code in shown if code.startswith(OWN)]
    return [Column(code, shown[code]) for code in (*_COLUMNS[kind], *own)]


def all_ids(connection: Connection, kind: str, words: str = "") -> list[int]:
    """Ids of the records that stand in lists, by id; with ``words`` those that have them in their name."""
    from crm_tui.domain.text import fold

    table = _TABLES[kind]
    query = select(table.c.id).order_by(table.c.id)
    if "trashed_at" in table.c:
        query = query.where(table.c.trashed_at.is_(None))
    folded = table.c.title_fold if kind == "tasks" else table.c.name_fold
    for word in fold(words).split():
        query = query.where(folded.contains(word, autoescape=True))
    return list(connection.scalars(query))


def ids_of_filter(connection: Connection, kind: str, name: str, actor: Actor, context: Context) -> list[int]:
    """Ids of the records that a saved filter finds, one's own, everybody's or a ready-made one. Raises NotFound."""
    from crm_tui.services.record import condition_subjects, saved_filters
    from crm_tui.store import record_conditions

    subject = condition_subjects.subject(connection, RECORD_KIND.get(kind, "task"))
    wanted = saved_filters.asked_for(connection, subject, actor, name)
    return record_conditions.ids(connection, wanted, subject, context)


def rows(connection: Connection, kind: str, ids: Sequence[int], zone: tzinfo) -> Iterator[dict[str, Value]]:
    """The records of these ids in their order, by codes of columns; ``id`` too. ``zone``: in which times are told."""
    names = _Names(connection)
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        table = _TABLES[kind]
        found = {row.id: row for row in connection.execute(select(table).where(table.c.id.in_(batch)))}
        infos = _infos(connection, RECORD_KIND.get(kind, ""), batch)
        for key in batch:
            if key in found:
                row = found[key]
                values = _task(names, row, zone) if kind == "tasks" else _record(names, kind, row, zone)
                yield {"id": key, **values, **infos.get(key, {})}


class _Names:
    """Names of what records point at, asked once each."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[tuple[str, int], str] = {}
        self._words: dict[str, dict[str, str]] = {}

    def of(self, table: Table, key: int | None) -> str:
        """The name of the row."""
        if key is None:
            return ""
        if (table.name, key) not in self._known:
            if len(self._known) > 20_000:
                self._known.clear()
            name = self._connection.scalar(select(table.c.name).where(table.c.id == key))
            self._known[table.name, key] = str(name or "")
        return self._known[table.name, key]

    def word(self, list_name: str, code: str) -> str:
        """The name of a word of a list."""
        if list_name not in self._words:
            self._words[list_name] = lists.names(self._connection, list_name)
        return self._words[list_name].get(code, code)


def _record(names: _Names, kind: str, row: Any, zone: tzinfo) -> dict[str, Value]:
    values: dict[str, Value] = {}
    stored = row._mapping
    for code in _COLUMNS[kind]:
        if code in _REACHABLE:
            values[code] = ""
        elif code in stored:
            values[code] = _value(stored[code])
            if code in _LISTS and values[code]:
                values[code] = names.word(_LISTS[code], str(values[code]))
    values["owner"] = names.of(table_of(User), stored["owner_id"])
    if kind == "contacts":
        values["company"] = names.of(table_of(Customer), stored["customer_id"])
    if kind == "interests":
        values |= _interest(names, stored, zone)
    own = stored["custom"] or {}
    return values | {OWN + code: _value(value) for code, value in own.items()}


def _interest(names: _Names, stored: Mapping[str, Any], zone: tzinfo) -> dict[str, Value]:
    minor = stored["amount_minor"]
    return {
        "customer": names.of(table_of(Customer), stored["customer_id"]),
        "contact": names.of(table_of(Contact), stored["contact_id"]),
        "scenario": _(names.of(table_of(Scenario), stored["scenario_id"])),
        "state": _(names.of(table_of(State), stored["state_id"])),
        "amount": "" if minor is None else Decimal(minor) / 100,
        "created": stored["created_at"].astimezone(zone).date().isoformat(),
        "closed": stored["closed_at"].astimezone(zone).date().isoformat() if stored["closed_at"] else "",
    }


def _task(names: _Names, row: Any, zone: tzinfo) -> dict[str, Value]:
    due = row.due_at.astimezone(zone) if row.due_at else None
    return {
        "title": row.title,
        "status": row.status,
        "due": "" if due is None else (due.date().isoformat() if row.due_all_day else due.isoformat()),
        "priority": row.priority,
        "owner": names.of(table_of(User), row.assignee_id),
        "interest": names.of(table_of(Interest), row.interest_id),
        "customer": names.of(table_of(Customer), row.customer_id),
        "notes": row.notes,
        "result": row.result,
        "done": row.done_at.astimezone(zone).isoformat() if row.done_at else "",
    }


def _value(value: Any) -> Value:
    if value is None:
        return ""
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool) else str(value)


def _infos(connection: Connection, owner_kind: str, ids: Sequence[int]) -> dict[int, dict[str, Value]]:
    info = table_of(ContactInfo)
    query = (
        select(info.c.owner_id, info.c.kind, info.c.value)
        .where(info.c.owner_kind == owner_kind, info.c.owner_id.in_(ids))
        .order_by(info.c.id)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for owner_id, kind, value in connection.execute(query):
        code = "phone" if kind == "mobile" else kind
        found.setdefault(owner_id, {}).setdefault(code, []).append(value)
    return {
        owner: {
            code: (", " if code in ("email", "phone") else "\n").join(values)
            for code, values in codes.items()
        }
        for owner, codes in found.items()
    }
