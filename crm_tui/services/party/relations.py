"""Verbs of relations between customers: holding, referral, partner (CORP-05)."""

from sqlalchemy import select

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.store.tables import Customer, table_of
from crm_tui.store.tables.cards import Relation
from crm_tui.store.work import Work

MUTUAL = frozenset({"partner"})
"""Kinds that say the same from both sides."""


def add(work: Work, from_id: int, to_id: int, kind: str, notes: str = "") -> Relation:
    """``from_id`` owns, has recommended, is the partner of ``to_id``; ``kind`` is a code of ``relation_kind``.

    Raises Refused for a customer related to itself, a relation that is there, and a holding that would own itself.
    """
    work.get(Customer, from_id)
    other = work.get(Customer, to_id)
    if from_id == to_id:
        raise Refused("related_to_itself", name=other.name)
    there = work.find(Relation, from_id=from_id, to_id=to_id, kind=kind)
    if there is None and kind in MUTUAL:
        there = work.find(Relation, from_id=to_id, to_id=from_id, kind=kind)
    if there is not None:
        raise Refused("relation_is_there", name=other.name)
    if kind == "holding" and from_id in _below(work, to_id):
        raise Refused("holding_owns_itself", name=other.name)
    return work.add(Relation(from_id=from_id, to_id=to_id, kind=kind, notes=clean(notes).strip()))


def remove(work: Work, relation_id: int) -> None:
    """The two are not related so any more. Raises NotFound."""
    work.remove(work.get(Relation, relation_id))


def _below(work: Work, customer_id: int) -> set[int]:
    """What a holding owns, at any depth."""
    relation = table_of(Relation)
    found: set[int] = set()
    level = [customer_id]
    while level:
        owned = work.connection.scalars(
            select(relation.c.to_id).where(relation.c.kind == "holding", relation.c.from_id.in_(level))
        )
        level = [one for one in owned if one not in found]
        found.update(level)
    return found
