"""How rows of a list look: a condition, the mark that a row bears for which it holds, and a style (CORP-07).

A look is a saved condition (``saved_filter``) with ``look`` filled. The first that holds for a row is put on it,
one's own before everybody's. What a row says it says by its mark; the style only adds to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from crm_tui.domain.conditions import condition, condition_words
from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context
from crm_tui.domain.conditions.condition_fields import LETTER, Subject
from crm_tui.domain.errors import CrmError, Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _
from crm_tui.services import users
from crm_tui.services.record.saved_filters import SHARED_RIGHT, looks_kept
from crm_tui.store.tables import SavedFilter, table_of
from crm_tui.store.work import Work

MARKS: Mapping[str, str] = {
    "star": "*",
    "hash": "#",
    "question": "?",
    "equals": "=",
    "at": "@",
    "percent": "%",
    "vip": N_("VIP"),
    "key": N_("KEY"),
    "hot": N_("HOT"),
    "new": N_("NEW"),
    "wait": N_("WAIT"),
    "risk": N_("RISK"),
    "debt": N_("DEBT"),
    "old": N_("OLD"),
}
"""What a row can bear: signs that no other sign of a list is, and that every terminal has, and short words."""
STYLES: Mapping[str, str] = {
    "plain": N_("plain"),
    "bold": N_("bold"),
    "accent": N_("accent"),
    "warning": N_("warning"),
    "muted": N_("muted"),
}
"""Words of the theme."""
MOST = 20
"""Looks of a list that one person makes, and that everybody has: each is asked for with every page of rows."""


@dataclass(frozen=True, slots=True)
class Look:
    """What a row looks like for which a condition holds."""

    condition: Condition
    mark: str
    """Of ``MARKS``."""
    style: str = "plain"
    """Of ``STYLES``."""
    enabled: bool = True

    @property
    def text(self) -> str:
        """The mark as it is drawn."""
        return _(MARKS[self.mark])


@dataclass(frozen=True, slots=True)
class LookRow:
    """A look as it is kept."""

    id: int
    shared: bool
    """Everybody's."""
    mark: str
    style: str
    enabled: bool
    condition: Condition | None
    """None when it asks for what this program does not know: it is put on no row."""


def rows(connection: Connection, subject: Subject, user_id: int | None) -> list[LookRow]:
    """The looks of a list in the order in which they are tried."""
    table = table_of(SavedFilter)
    found = connection.execute(
        looks_kept(subject.id, user_id).order_by(table.c.user_id.is_(None), table.c.position, table.c.id)
    )
    return [
        LookRow(
            row.id,
            row.user_id is None,
            str(row.look.get("mark", "")),
            str(row.look.get("style", "")),
            bool(row.look.get("on")),
            _condition(row.condition, subject),
        )
        for row in found
    ]


def in_force(kept: Iterable[LookRow]) -> tuple[Look, ...]:
    """Those that are put on rows."""
    return tuple(
        Look(one.condition, one.mark, one.style)
        for one in kept
        if one.enabled and one.condition is not None and one.mark in MARKS and one.style in STYLES
    )


def add(work: Work, subject: Subject, wanted: Look, *, shared: bool = False) -> SavedFilter:
    """A new look behind the others.

    Raises Invalid (``look_without_mark``, ``look_of_everything``, ``no_such_style``) and Refused
    (``too_many_looks``, ``filter_shared_right``).
    """
    user_id = _owner(work, shared=shared)
    others = work.all(SavedFilter, kind=subject.id, user_id=user_id)
    places = [one.position for one in others if one.look is not None]
    if len(places) >= MOST:
        raise Refused("too_many_looks", most=MOST)
    return work.add(
        SavedFilter(
            kind=subject.id,
            name="",
            user_id=user_id,
            condition=_asked(wanted.condition, subject),
            look=_as_json(wanted),
            position=max(places, default=-1) + 1,
        )
    )


def change(work: Work, look_id: int, subject: Subject, wanted: Look) -> None:
    """Another condition, mark or style, or on and off. Raises as ``add``, NotFound, and Refused for another's."""
    work.change(_mine(work, look_id), condition=_asked(wanted.condition, subject), look=_as_json(wanted))


def enable(work: Work, look_id: int, *, on: bool) -> None:
    """Put it on rows, or let it rest. Raises NotFound, Refused."""
    row = _mine(work, look_id)
    work.change(row, look=row.look | {"on": on})


def share(work: Work, look_id: int, *, shared: bool) -> None:
    """Everybody's, or one's own; it stands last there. Raises NotFound, Refused."""
    row = _mine(work, look_id)
    user_id = _owner(work, shared=shared)
    others = work.all(SavedFilter, kind=row.kind, user_id=user_id)
    places = [one.position for one in others if one.look is not None]
    work.change(row, user_id=user_id, position=max(places, default=-1) + 1)


def move(work: Work, look_id: int, by: int) -> None:
    """Try it so many places later, earlier where ``by`` is negative, among those of the same owner.

    Raises NotFound, Refused.
    """
    row = _mine(work, look_id)
    beside = [
        one for one in work.all(SavedFilter, kind=row.kind, user_id=row.user_id) if one.look is not None
    ]
    beside.sort(key=lambda one: (one.position, one.key))
    place = next(number for number, one in enumerate(beside) if one.key == row.key)
    one = beside.pop(place)
    beside.insert(min(max(place + by, 0), len(beside)), one)
    for number, one in enumerate(beside):
        if one.position != number:
            work.change(one, position=number)


def remove(work: Work, look_id: int) -> None:
    """Take it away. Raises NotFound, Refused."""
    work.remove(_mine(work, look_id))


def trial(connection: Connection, subject: Subject, wanted: Condition, context: Context) -> tuple[int, int]:
    """For how many records a condition holds now, and of how many: nothing is written."""
    if subject.id == LETTER.id:
        from crm_tui.store import letter_conditions

        return letter_conditions.count(connection, wanted, context)
    from crm_tui.store import record_conditions
    from crm_tui.store.record_sources import record_table

    table = record_table(subject.id)
    total = select(func.count()).select_from(table)
    if "trashed_at" in table.c:
        total = total.where(table.c.trashed_at.is_(None))
    found = record_conditions.ids(connection, wanted, subject, context)
    return len(found), connection.execute(total).scalar_one()


@dataclass(frozen=True, slots=True)
class Put:
    """Looks made ready to be put on page after page of rows."""

    looks: Sequence[Look]
    query: Select[Any]

    @classmethod
    def ready(cls, looks: Sequence[Look], subject: Subject, context: Context) -> "Put":
        """Asked as it is at the time of the context."""
        wanted = [one.condition for one in looks]
        if subject.id == LETTER.id:
            from crm_tui.store import letter_conditions

            return cls(looks, letter_conditions.first_that_holds(wanted, context))
        from crm_tui.store import record_conditions

        return cls(looks, record_conditions.first_that_holds(wanted, subject, context))

    def on(self, connection: Connection, ids: Sequence[int]) -> dict[int, Look]:
        """Record → the first look whose condition holds for it."""
        found = connection.execute(self.query, {"ids": list(ids)})
        return {key: self.looks[place] for key, place in found if place is not None}


def _condition(kept: object, subject: Subject) -> Condition | None:
    try:
        return condition.parsed(kept, subject)
    except CrmError:  # made by a newer version of the program, or a field of it is gone
        return None


def _asked(wanted: Condition, subject: Subject) -> Any:
    if condition_words.is_empty(wanted):
        raise Invalid("look_of_everything")
    data = condition.as_json(wanted)
    condition.parsed(data, subject)
    return data


def _as_json(wanted: Look) -> dict[str, Any]:
    if wanted.mark not in MARKS:
        raise Invalid("look_without_mark")
    if wanted.style not in STYLES:
        raise Invalid("no_such_style", name=clean(wanted.style))
    return {"mark": wanted.mark, "style": wanted.style, "on": wanted.enabled}


def _owner(work: Work, *, shared: bool) -> int | None:
    if shared and not users.may(work.connection, work.actor.user_id, SHARED_RIGHT):
        raise Refused("filter_shared_right")
    return None if shared else work.actor.user_id


def _mine(work: Work, look_id: int) -> SavedFilter:
    row = work.get(SavedFilter, look_id)
    if row.user_id is None:
        _owner(work, shared=True)
    elif row.user_id != work.actor.user_id:
        raise Refused("filter_of_another")
    return row
