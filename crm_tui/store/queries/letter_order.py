"""The places of letters in the order of a column (MAIL-16): all of a folder, its first ones, or some that were found.

Some columns have an index and are simply read along it. The others part the letters into two: those with the
property come first when falling, those without when rising, and within each part the newest is first, but for those
that wait, where the oldest is.
"""

from array import array
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Join,
    Select,
    and_,
    exists,
    func,
    not_,
    select,
    type_coerce,
)

from crm_tui.domain.letter.flags import Flag
from crm_tui.store.queries.unread import UNREAD
from crm_tui.store.tables import Folder, Inquiry, Interest, Letter, LetterLink, Placement, User, table_of

placement, letter, folder, inquiry = (
    table_of(Placement),
    table_of(Letter),
    table_of(Folder),
    table_of(Inquiry),
)
link, interest, user = table_of(LetterLink), table_of(Interest), table_of(User)

INDEXED = {"date": "date_key", "sender": "sender_key", "subject": "subject_key"}
"""Columns with an index of their own, and what they are sorted by."""
COLUMNS = (*INDEXED, "size", "unread", "important", "files", "waiting", "interest", "owner")
"""All columns that letters can be sorted by."""
_BY_LETTER = ("size", "files")
"""Columns whose index is one of the letters, not of their places."""
_LARGE = 5000
"""Letters of a folder from which its first ones by such a column are looked for among all letters."""
_TOO_MANY_TO_SORT = 20_000
"""Letters of a folder from which SQLite does not sort them by size: it holds 70 bytes for each, and is no faster."""
_SIZE_STEP = 10
"""Sizes that differ in bits above this are laid apart from one another: steps of 1 KB."""
_WITHIN_STEP = (1 << _SIZE_STEP) - 1
_PLACE_BITS = 48
_PLACE = (1 << _PLACE_BITS) - 1
_BATCH = 500
_BARE: Any = Integer()
_HERE = ~placement.c.deleted
_NEWEST = (placement.c.date_key.desc(), placement.c.id.desc())
_IMPORTANT: ColumnElement[Any] = type_coerce(placement.c.flags.op("&")(4), _BARE).bool_op("AND")(
    not_(type_coerce(placement.c.deleted, _BARE))
)
_LINKED = (link.c.letter_id == placement.c.letter_id) & (link.c.kind == "interest")
_IS_LINKED = exists().where(_LINKED)
_IS_DECIDED = exists().where(inquiry.c.letter_id == placement.c.letter_id)
WAITS = and_(placement.c.flags.op("&")(int(Flag.ANSWERED)) == 0, ~_IS_DECIDED)
"""Neither answered nor accepted nor declined; a letter of a folder of our own letters never waits."""
OUTGOING = ("sent", "drafts", "trash", "junk")
"""Roles of the folders whose letters wait for nobody."""

Part = tuple[ColumnElement[bool], Sequence[ColumnElement[Any]]]
"""A condition, and the order of the letters for which it holds."""


def in_folder(
    connection: Connection, folder_id: int, column: str, *, descending: bool, limit: int | None = None
) -> "array[int]":
    """Ids of the places of a folder in the order of a column; only the first so many with a ``limit``."""
    if limit is None and column == "size" and _has(connection, folder_id, _TOO_MANY_TO_SORT):
        return _very_many_by_size(connection, folder_id, descending=descending)
    found: array[int] = array("q")
    along = limit is not None and column in _BY_LETTER and _has(connection, folder_id, _LARGE)
    for query in _queries(column, folder_id, descending=descending, along_letters=along):
        query = query if limit is None else query.limit(limit - len(found))
        found.extend(connection.execute(query).scalars())
        if limit is not None and len(found) >= limit:
            break
    return found


def in_order(
    connection: Connection, placement_ids: Sequence[int], column: str, *, descending: bool
) -> "array[int]":
    """These places in the order of a column."""
    keyed: list[tuple[Any, ...]] = []
    for start in range(0, len(placement_ids), _BATCH):
        batch = placement_ids[start : start + _BATCH]
        keyed += _keyed(connection, column, batch)
    if column in INDEXED or column == "size":
        keyed.sort(reverse=descending)
    elif column in _NAMED:
        keyed.sort(key=_age, reverse=True)
        keyed.sort(key=lambda row: row[0] or "", reverse=descending)
        keyed.sort(key=lambda row: row[0] is None)
    else:
        having, lacking = ([row for row in keyed if bool(row[0]) is has] for has in (True, False))
        having.sort(key=_age, reverse=column != "waiting")
        lacking.sort(key=_age, reverse=True)
        keyed = having + lacking if descending else lacking + having
    return array("q", [row[-1] for row in keyed])


def _age(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return row[1:]


def _has(connection: Connection, folder_id: int, count: int) -> bool:
    """Whether a folder has more than so many letters."""
    some = select(placement.c.id).where(placement.c.folder_id == folder_id, _HERE)
    return connection.scalar(some.order_by(placement.c.date_key).offset(count).limit(1)) is not None


def _very_many_by_size(connection: Connection, folder_id: int, *, descending: bool) -> "array[int]":
    """The places of a folder by size and date, with 16 to 24 bytes for each: read by date, they are laid on heaps of
    nearly the same size, and each heap on heaps of the same."""
    by_date = (
        select(placement.c.id, letter.c.size)
        .join(letter, letter.c.id == placement.c.letter_id)
        .where(placement.c.folder_id == folder_id, _HERE)
        .order_by(placement.c.date_key, placement.c.id)
    )
    heaps: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
    for place, size in connection.execute(by_date):
        heaps[size >> _SIZE_STEP].append((size & _WITHIN_STEP) << _PLACE_BITS | place)
    found: array[int] = array("q")
    for step in sorted(heaps):
        same: defaultdict[int, array[int]] = defaultdict(lambda: array("q"))
        for one in heaps.pop(step):
            same[one >> _PLACE_BITS].append(one & _PLACE)
        for size in sorted(same):
            found.extend(same.pop(size))
    if descending:
        found.reverse()
    return found


def _queries(column: str, folder_id: int, *, descending: bool, along_letters: bool) -> list[Select[Any]]:
    where = placement.c.folder_id == folder_id
    if column in INDEXED:
        keys = [placement.c[INDEXED[column]], placement.c.date_key, placement.c.id][column == "date" :]
        order = [key.desc() if descending else key for key in keys]
        return [select(placement.c.id).where(where, _HERE).order_by(*order)]
    if column == "size":
        keys = [letter.c.size, letter.c.date, placement.c.id]
        order = [key.desc() if descending else key for key in keys]
        joined, inside = _letters_and_places(folder_id, along_letters=along_letters)
        return [select(placement.c.id).select_from(joined).where(inside, _HERE).order_by(*order)]
    if column in _NAMED:
        return _by_name(column, where, descending=descending)
    if column == "files":
        parts = [
            _with_files(*_letters_and_places(folder_id, along_letters=along_letters)),
            _without_files(where),
        ]
    else:
        parts = [query(where) for query in _PARTS[column]]
    return parts if descending else parts[::-1]


def _letters_and_places(folder_id: int, *, along_letters: bool) -> tuple[Join, ColumnElement[bool]]:
    """Both tables joined, and the condition of the folder.

    With ``along_letters`` SQLite has to read an index of the letters from its end and to find the places of each by
    the letter's id: the sums leave it no other way. Left to itself it may go through the whole folder for each
    letter, 6 s for a folder of 20,000.
    """
    letter_id: ColumnElement[Any] = letter.c.id
    folder_of: ColumnElement[Any] = placement.c.folder_id
    if along_letters:
        letter_id, folder_of = letter_id + 0, folder_of + 0
    return letter.join(placement, placement.c.letter_id == letter_id), folder_of == folder_id


def _unread(where: ColumnElement[bool]) -> Select[Any]:
    return select(placement.c.id).where(where, UNREAD).order_by(*_NEWEST)


def _read(where: ColumnElement[bool]) -> Select[Any]:
    return select(placement.c.id).where(where, _HERE, ~placement.c.unread).order_by(*_NEWEST)


def _important(where: ColumnElement[bool]) -> Select[Any]:
    return select(placement.c.id).where(where, _IMPORTANT).order_by(*_NEWEST)


def _unimportant(where: ColumnElement[bool]) -> Select[Any]:
    return select(placement.c.id).where(where, _HERE, placement.c.flags.op("&")(4) == 0).order_by(*_NEWEST)


def _with_files(joined: Join, where: ColumnElement[bool]) -> Select[Any]:
    return (
        select(placement.c.id)
        .select_from(joined)
        .where(letter.c.has_attachments.bool_op("AND")(where), _HERE)
        .order_by(letter.c.date.desc(), placement.c.id.desc())
    )


def _without_files(where: ColumnElement[bool]) -> Select[Any]:
    joined = placement.join(letter, placement.c.letter_id == letter.c.id)
    return (
        select(placement.c.id)
        .select_from(joined)
        .where(where, _HERE, ~letter.c.has_attachments)
        .order_by(*_NEWEST)
    )


def _waiting(where: ColumnElement[bool]) -> Select[Any]:
    oldest = (placement.c.date_key, placement.c.id)
    return select(placement.c.id).where(where, _HERE, WAITS).order_by(*oldest)


def _not_waiting(where: ColumnElement[bool]) -> Select[Any]:
    return select(placement.c.id).where(where, _HERE, ~WAITS).order_by(*_NEWEST)


_PARTS: dict[str, tuple[Callable[[ColumnElement[bool]], Select[Any]], ...]] = {
    "unread": (_unread, _read),
    "important": (_important, _unimportant),
    "waiting": (_waiting, _not_waiting),
}
"""Those with the property, and those without it."""
_NAMED = {"interest": interest.c.name_fold, "owner": user.c.name}


def _by_name(column: str, where: ColumnElement[bool], *, descending: bool) -> list[Select[Any]]:
    """Letters of an Interest by its name or that of its owner, then those of none, whichever way it is sorted."""
    name = func.min(_NAMED[column])
    joined = link.join(interest, interest.c.id == link.c.record_id).join(
        placement, placement.c.letter_id == link.c.letter_id
    )
    if column == "owner":
        joined = joined.outerjoin(user, user.c.id == interest.c.owner_id)
    linked = (
        select(placement.c.id)
        .select_from(joined)
        .where(link.c.kind == "interest", where, _HERE)
        .group_by(placement.c.id)
        .order_by(name.desc() if descending else name, *_NEWEST)
    )
    return [linked, select(placement.c.id).where(where, _HERE, ~_IS_LINKED).order_by(*_NEWEST)]


def _keyed(connection: Connection, column: str, batch: Sequence[int]) -> list[tuple[Any, ...]]:
    """What to sort these places by, their date and their id."""
    if column in INDEXED:
        key: ColumnElement[Any] = placement.c[INDEXED[column]]
    elif column in _NAMED:
        joined = link.join(interest, interest.c.id == link.c.record_id).outerjoin(
            user, user.c.id == interest.c.owner_id
        )
        named = select(func.min(_NAMED[column])).select_from(joined).where(_LINKED)
        key = named.correlate(placement).scalar_subquery()
    else:
        key = {
            "size": letter.c.size,
            "unread": placement.c.unread,
            "important": placement.c.flags.op("&")(4),
            "files": letter.c.has_attachments,
            "waiting": WAITS,
        }[column]
    query = (
        select(key.label("sorted_by"), placement.c.date_key, placement.c.id)
        .join(letter, letter.c.id == placement.c.letter_id)
        .where(placement.c.id.in_(batch))
    )
    return [tuple(row) for row in connection.execute(query)]
