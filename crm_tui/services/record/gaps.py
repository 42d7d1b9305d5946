"""What is missing in cards (IDX-08): fields that settings or an administrator ask for, and that are empty."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from crm_tui.config import Config
from crm_tui.config.card_fields import CUSTOM
from crm_tui.domain import completeness
from crm_tui.domain.completeness import RECOMMENDED, REQUIRED, Completeness
from crm_tui.domain.conditions import record_fields
from crm_tui.i18n import N_, _
from crm_tui.services.party.contact_info import NUMBERS
from crm_tui.services.record import custom_fields
from crm_tui.store.tables import ContactInfo, found, table_of

COLUMNS: dict[str, tuple[str, ...]] = {
    "customer": ("customer_id",),
    "party": ("customer_id", "lead_id"),
    "person": ("contact_id",),
    "amount": ("amount_minor",),
    "close": ("expected_close",),
    "next": ("next_contact_at",),
    "owner": ("owner_id",),
}
"""Field of a form → the columns it fills, one of which is enough; of others the column is called as the field."""
INFOS = {
    "email": ("email",), "phone": tuple(NUMBERS), "web": ("web", "messenger"), "mailing": ("email",),
}  # fmt: skip
_LABELS = {
    "email": N_("E-mail"),
    "phone": N_("Phone"),
    "web": N_("Web, messenger"),
    "mailing": N_("E-mail for mailing"),
    "party": N_("Customer or lead"),
}


@dataclass(frozen=True, slots=True)
class Gappy:
    """A record with gaps."""

    id: int
    name: str
    owner: str
    found: Completeness


def needs(connection: Connection, config: Config, kind: str) -> dict[str, str]:
    """Field → ``required`` or ``recommended``: out of the settings, then what an administrator asked for."""
    asked = dict.fromkeys(getattr(config.recommended, kind).split(), RECOMMENDED)
    asked |= dict.fromkeys(getattr(config.required, kind).split(), REQUIRED)
    own = custom_fields.of_kind(connection, kind)
    known = {f"{CUSTOM}{field.code}" for field in own}
    asked = {name: need for name, need in asked.items() if not name.startswith(CUSTOM) or name in known}
    for field in own:
        if field.need:
            asked.setdefault(f"{CUSTOM}{field.code}", field.need)
    return asked


def labels(connection: Connection, kind: str, names: Sequence[str]) -> list[str]:
    """What the fields are called."""
    own = {f"{CUSTOM}{one.code}": one.label for one in custom_fields.of_kind(connection, kind)}
    return [own.get(name) or _(_source_label(kind, name)) for name in names]


def of_record(connection: Connection, config: Config, kind: str, record_id: int) -> Completeness:
    """How far one record is filled in."""
    asked = needs(connection, config, kind)
    rows = _read(connection, kind, asked, [record_id])
    return rows[0].found if rows else completeness.of({}, ())


def of_kind(connection: Connection, config: Config, kind: str) -> list[Gappy]:
    """The records of a kind that have gaps, those with most of them first. None of them is in the trash."""
    asked = needs(connection, config, kind)
    rows = [one for one in _read(connection, kind, asked, None) if one.found.gaps] if asked else []
    return sorted(rows, key=lambda one: (one.found.percent, one.name.casefold(), one.id))


def _read(
    connection: Connection, kind: str, asked: Mapping[str, str], ids: Sequence[int] | None
) -> list[Gappy]:
    table, user = found(kind), found("user")
    wanted = {name: COLUMNS.get(name, (name,)) for name in asked if not _is_beside(name)}
    name = table.c["title" if "title" in table.c else "name"]
    columns = dict.fromkeys(column for many in wanted.values() for column in many)
    query = select(
        table.c.id,
        name.label("_name"),
        user.c.name.label("_owner"),
        table.c.custom.label("_custom"),
        *(table.c[column] for column in columns),
    ).join(user, user.c.id == table.c.owner_id, isouter=True)
    query = query.where(table.c.trashed_at.is_(None)) if ids is None else query.where(table.c.id.in_(ids))
    reached = {name: _reached(connection, kind, name, ids) for name in asked if name in INFOS}
    rows = []
    for row in connection.execute(query):
        values = row._mapping
        there = {one for one, many in wanted.items() if any(values[key] not in (None, "") for key in many)}
        there |= {one for one, owners in reached.items() if row.id in owners}
        there |= {CUSTOM + code for code, value in (row._custom or {}).items() if value not in (None, "")}
        rows.append(Gappy(row.id, row._name, row._owner or "", completeness.of(asked, there)))
    return rows


def _reached(connection: Connection, kind: str, name: str, ids: Sequence[int] | None) -> set[Any]:
    info = table_of(ContactInfo)
    query = select(info.c.owner_id).where(info.c.owner_kind == kind, info.c.kind.in_(INFOS[name]))
    if name == "mailing":
        query = query.where(info.c.for_mailing)
    if ids is not None:
        query = query.where(info.c.owner_id.in_(ids))
    return set(connection.scalars(query))


def _is_beside(name: str) -> bool:
    return name in INFOS or name.startswith(CUSTOM)


def _source_label(kind: str, name: str) -> str:
    return _LABELS.get(name) or record_fields.label(kind, COLUMNS.get(name, (name,))[0])
