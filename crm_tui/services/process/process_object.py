"""What a process or a trigger is about: a card, and whom and what it belongs to."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, select

from crm_tui.domain.errors import Invalid, NotFound
from crm_tui.domain.text import clean
from crm_tui.domain.wall import zone_of
from crm_tui.store.tables import Interest, User, found, table_of

KINDS = ("interest", "customer", "contact", "lead", "document")
"""The kinds of cards, each named as its table."""
TALK = "interaction"
"""A call or meeting: a trigger may be about one, a process may not."""
_NAMED_BY = {"document": "title", TALK: "subject"}
"""What is no card of its own right: which column says what it is called."""
_BATCH = 500
_user = table_of(User)
_ZONE = select(_user.c.zone).where(_user.c.id == bindparam("of"))


@dataclass(frozen=True, slots=True)
class About:
    """A card, and what is known of it without another look."""

    kind: str
    id: int
    name: str
    owner_id: int | None = None
    interest_id: int | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    lead_id: int | None = None


def about(connection: Connection, kind: str, record_id: int, interest_id: int | None = None) -> About:
    """The card; ``interest_id`` is that of the Interest where the card is not one itself but belongs to it.

    Raises Invalid (``no_such_card_kind``), NotFound.
    """
    if kind == TALK:
        raise Invalid("no_such_card_kind", kind=kind)
    card = abouts(connection, kind, [record_id], interest_id).get(record_id)
    if card is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    return card


def abouts(
    connection: Connection, kind: str, record_ids: Sequence[int], interest_id: int | None = None
) -> dict[int, About]:
    """Those of these cards that are there, read together. Raises Invalid (``no_such_card_kind``)."""
    if kind not in (*KINDS, TALK):
        raise Invalid("no_such_card_kind", kind=clean(kind))
    cards: dict[int, About] = {}
    for start in range(0, len(record_ids), _BATCH):
        batch = list(record_ids[start : start + _BATCH])
        for row in connection.execute(_those(kind), {"ids": batch}):
            cards[row.id] = _about(connection, kind, dict(row._mapping), interest_id)
    return cards


@functools.cache
def _those(kind: str) -> Select[Any]:
    """The cards with these ids. Made once: making a statement costs more than asking it."""
    table = found(kind)
    return select(table).where(table.c.id.in_(bindparam("ids", expanding=True)))


def _about(connection: Connection, kind: str, values: Mapping[str, Any], interest_id: int | None) -> About:
    record_id: int = values["id"]
    belongs = {
        column: values.get(column) for column in ("interest_id", "customer_id", "contact_id", "lead_id")
    }
    if interest_id is not None:
        belongs["interest_id"] = interest_id
    if kind in _NAMED_BY:
        belongs = _within(connection, belongs)
    else:
        belongs[f"{kind}_id"] = record_id
    name = values[_NAMED_BY.get(kind, "name")]
    return About(kind, record_id, clean(name), values.get("owner_id"), **belongs)


def _within(connection: Connection, belongs: dict[str, int | None]) -> dict[str, int | None]:
    """Whom a document or a call is for, where it does not say: whom its Interest is for."""
    interest = table_of(Interest)
    row = connection.execute(select(interest).where(interest.c.id == belongs["interest_id"])).one_or_none()
    if row is None:
        return belongs
    whose = {column: row._mapping[column] for column in ("customer_id", "contact_id", "lead_id")}
    return {column: whose.get(column) if value is None else value for column, value in belongs.items()}


def in_use(table: Table) -> list[ColumnElement[bool]]:
    """What says of the rows of a table that they do not lie in the trash; a call never does."""
    return [table.c.trashed_at.is_(None)] if "trashed_at" in table.c else []


def zone_of_user(connection: Connection, user_id: int | None) -> tzinfo:
    """The zone in which the user lives; UTC for nobody."""
    return zone_of(connection.scalar(_ZONE, {"of": user_id}) or "UTC")
