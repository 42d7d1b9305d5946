"""Who may be there already (IDX-10), and who is there twice (IDX-12).

Asked while a record is being entered, before an import, when a letter or call comes in, and over the whole base. It
only tells, with the reasons; a person decides.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_tui.domain.errors import Invalid, NotFound
from crm_tui.domain.identity import name_key
from crm_tui.domain.identity.duplicate_search import Among, Pair, base_of, pairs
from crm_tui.domain.identity.likeness import Base, Known, compared
from crm_tui.services.party import contact_info
from crm_tui.services.party.contact_info import Info
from crm_tui.store.queries import parties
from crm_tui.store.queries.parties import KINDS, PartyRow
from crm_tui.store.tables import table_of
from crm_tui.store.tables.upkeep import NotDuplicate
from crm_tui.store.work import Work

WORTH_TELLING = 30
"""Per cent from which somebody alike is told of while a record is being entered."""
_BEGINNING = 3
"""Letters by which a word that may be misspelt is looked for."""
_SAME_INFO = {"same_email": 100, "same_tax_number": 100, "same_phone": 90}
"""Per cent that such a reason makes at the least: whoever has it must be looked at, whatever the name."""


@dataclass(frozen=True, slots=True)
class Alike:
    """Somebody in the base who may be the one that is meant."""

    kind: str
    """``customer``, ``contact`` or ``lead``."""
    id: int
    name: str
    percent: int
    reasons: tuple[str, ...]
    """See `domain.identity.likeness.Likeness`."""


def alike(
    connection: Connection,
    *,
    name: str = "",
    infos: Iterable[Info] = (),
    tax_number: str = "",
    city: str = "",
    kinds: Sequence[str] = KINDS,
    leave_out: tuple[str, int] | None = None,
    limit: int = 8,
) -> list[Alike]:
    """Who may be the one of this name, these addresses and numbers; the likeliest first.

    What is not (yet) an address or number counts for nothing. ``leave_out``: the record that is being changed.
    """
    return _like(connection, known_of(name, infos, tax_number, city), kinds, leave_out, limit)


def like_record(connection: Connection, kind: str, record_id: int, limit: int = 8) -> list[Alike]:
    """Who of the same kind may be the one that a record is (L-16), the likeliest first; nobody who was said to be
    another. Raises NotFound for a record that is not there, or in the trash."""
    row = next(parties.rows(connection, kind, {record_id}), None)
    if row is None:
        raise NotFound("no_such_record", kind=kind, id=record_id)
    two = _said_to_be_two(connection, kind)
    found = _like(connection, _known(row), (kind,), (kind, record_id), limit + len(two))
    others = [one for one in found if (min(record_id, one.id), max(record_id, one.id)) not in two]
    return others[:limit]


def _like(
    connection: Connection,
    known: Known,
    kinds: Sequence[str],
    leave_out: tuple[str, int] | None,
    limit: int,
) -> list[Alike]:
    found: list[Alike] = []
    for kind in kinds:
        ids = (
            parties.with_infos(connection, kind, known.infos)
            | parties.with_tax_number(connection, kind, known.tax_number)
            | parties.with_words(connection, kind, known.words, _BEGINNING)
        )
        if leave_out is not None and leave_out[0] == kind:
            ids.discard(leave_out[1])
        found += _judged(connection, kind, known, ids) if ids else []
    return sorted(found, key=lambda one: (-one.percent, KINDS.index(one.kind), one.id))[:limit]


def known_of(name: str, infos: Iterable[Info] = (), tax_number: str = "", city: str = "") -> Known:
    """What is compared of somebody of whom this is known."""
    return Known(name_key.words(name), frozenset(_compared(infos)), tax_number, _place(city))


def everybody(connection: Connection, kind: str) -> tuple[Among, dict[int, str]]:
    """All customers, contact persons or leads, to look many others up among them, and their names. Leads that became
    customers are left out. Takes seconds for a hundred thousand, and their size in memory."""
    converted: set[int] = set()
    if kind == "lead":
        lead = parties.table(kind)
        converted = set(connection.scalars(select(lead.c.id).where(lead.c.status == "converted")))
    rows = [row for row in parties.rows(connection, kind) if row.id not in converted]
    return Among({row.id: _known(row) for row in rows}), {row.id: row.name for row in rows}


def search(connection: Connection, kind: str) -> list[Pair]:
    """Pairs of customers, contact persons or leads that may be one, the likeliest first.

    Pairs of which somebody said that they are two are left out. Takes seconds over a hundred thousand.
    """
    said = _said_to_be_two(connection, kind)
    records = {row.id: _known(row) for row in parties.rows(connection, kind)}
    found = [pair for pair in pairs(records) if (pair.one, pair.other) not in said]
    return sorted(found, key=lambda pair: (-pair.likeness.percent, pair.one, pair.other))


def _said_to_be_two(connection: Connection, kind: str) -> set[tuple[int, int]]:
    two = table_of(NotDuplicate)
    rows = connection.execute(select(two.c.one_id, two.c.other_id).where(two.c.kind == kind))
    return {(row.one_id, row.other_id) for row in rows}


def are_two(work: Work, kind: str, one_id: int, other_id: int) -> None:
    """Note that two records that look alike are two, so that they are not told of again.

    Raises Invalid for a record and itself.
    """
    if one_id == other_id:
        raise Invalid("one_record_twice", kind=kind)
    one_id, other_id = sorted((one_id, other_id))
    if not work.all(NotDuplicate, kind=kind, one_id=one_id, other_id=other_id):
        work.add(
            NotDuplicate(kind=kind, one_id=one_id, other_id=other_id, user_id=work.actor.user_id, at=work.now)
        )


def _judged(connection: Connection, kind: str, known: Known, ids: set[int]) -> list[Alike]:
    rows = {row.id: row for row in parties.rows(connection, kind, ids)}
    among = base_of({key: _known(row) for key, row in rows.items()})
    base = Base(
        parties.count(connection, kind),
        {word: parties.count_with_word(connection, kind, word) for word in known.words},
        among.names,
        among.infos,
        among.cities,
    )
    found = []
    for key, row in rows.items():
        likeness = compared(known, _known(row), base)
        percent = max([likeness.percent, *(_SAME_INFO.get(reason, 0) for reason in likeness.reasons)])
        if percent >= WORTH_TELLING:
            found.append(Alike(kind, key, row.name, percent, likeness.reasons))
    return found


def _compared(infos: Iterable[Info]) -> Iterable[str]:
    for kind, value in infos:
        try:
            known_kind, _value, normal = contact_info.understood(kind, value)
        except Invalid:
            continue
        if known_kind == "email" or known_kind in contact_info.NUMBERS:
            yield parties.compared_info(known_kind, normal)


def _known(row: PartyRow) -> Known:
    return Known(name_key.words(row.name), row.infos, row.tax_number, _place(row.city))


def _place(city: str) -> str:
    return " ".join(name_key.words(city))
