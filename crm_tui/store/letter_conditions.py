"""Letters that a condition finds, and letters as records for conditions: the subject ``condition_fields.LETTER``."""

from array import array
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    exists,
    func,
    literal,
    select,
)

from crm_tui.domain.conditions.condition import Condition
from crm_tui.domain.conditions.condition_check import Context, Record
from crm_tui.domain.conditions.condition_fields import LETTER
from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import clean
from crm_tui.store import search
from crm_tui.store.conditions import Seconds, Sources, Test, Texts, Words, clause, texts_in
from crm_tui.store.json_text import any_json_text
from crm_tui.store.queries.letter_order import INDEXED, in_order
from crm_tui.store.tables import (
    Folder,
    Inquiry,
    Letter,
    LetterLink,
    LetterText,
    MailAccount,
    Placement,
    User,
    table_of,
)

letter, placement, folder = table_of(Letter), table_of(Placement), table_of(Folder)
account, inquiry, text_of = table_of(MailAccount), table_of(Inquiry), table_of(LetterText)
link, user = table_of(LetterLink), table_of(User)

_BATCH = 500
_OWNER = func.coalesce(inquiry.c.decided_by, account.c.owner_id)
_LINKED = exists().where(link.c.letter_id == letter.c.id, link.c.kind == "interest")
_TEXT = select(text_of.c.text).where(text_of.c.letter_id == letter.c.id).scalar_subquery()
_SIZE = letter.c.size / 1024.0


def _recipients(*fields: str) -> Texts:
    def any_of(test: Test) -> ColumnElement[bool]:
        return any_json_text(letter.c.recipients, fields, test)

    return Texts(any_of)


def _has_flag(flag: Flag) -> ColumnElement[bool]:
    return placement.c.flags.bitwise_and(int(flag)) != 0


def _with_words(stems: list[str]) -> ColumnElement[bool]:
    return letter.c.id.in_(search.letters_with(stems))


SOURCES: Sources = {
    "sender": texts_in(letter.c.sender_name, letter.c.sender_address),
    "recipient": _recipients("to", "cc", "bcc"),
    "to": _recipients("to"),
    "cc": _recipients("cc"),
    "subject": letter.c.subject,
    "text": Words(_TEXT, _with_words),
    "list_id": letter.c.list_id,
    "date": Seconds(placement.c.date_key),
    "size": _SIZE,
    "unread": placement.c.unread,
    "important": _has_flag(Flag.FLAGGED),
    "answered": _has_flag(Flag.ANSWERED),
    "files": letter.c.has_attachments,
    "linked": _LINKED,
    "decision": inquiry.c.status,
    "kind": letter.c.kind,
    "keyword": Texts(lambda test: any_json_text(placement.c.keywords, ("",), test)),
    "owner": _OWNER,
    "folder": placement.c.folder_id,
    "account": folder.c.account_id,
}
"""Where each field is in ``_joined``."""


def found(
    connection: Connection,
    condition: Condition,
    context: Context,
    *,
    folder_ids: Sequence[int] | None = None,
    column: str = "date",
    descending: bool = True,
) -> "array[int]":
    """Ids of the placements that the condition holds for, in the order of a column of the list of letters.

    In these folders, or in all that are shown. Reads every letter there that has to be read: for a thread.
    """
    if column not in INDEXED:
        newest = found(connection, condition, context, folder_ids=folder_ids)
        return in_order(connection, newest, column, descending=descending)
    order = list(dict.fromkeys((placement.c[INDEXED[column]], placement.c.date_key, placement.c.id)))
    query = _within(select(placement.c.id), condition, context, folder_ids).order_by(
        *(key.desc() if descending else key for key in order)
    )
    return array("q", connection.execute(query).scalars())


def first_that_holds(wanted: Sequence[Condition], context: Context) -> Select[Any]:
    """For the placements ``ids``, a parameter: the id, and the place of the first condition that holds, or None."""
    tests = ((clause(one, LETTER, SOURCES, context), literal(place)) for place, one in enumerate(wanted))
    query = _joined(select(placement.c.id, case(*tests)))
    return query.where(placement.c.id.in_(bindparam("ids", expanding=True)))


def count(
    connection: Connection,
    condition: Condition,
    context: Context,
    folder_ids: Sequence[int] | None = None,
) -> tuple[int, int]:
    """How many placements in these folders, or in all that are shown, the condition holds for, and how many there
    are."""
    if folder_ids is None:
        folder_ids = list(connection.scalars(select(folder.c.id).where(~folder.c.hidden)))
    matching = connection.execute(_within(select(func.count()), condition, context, folder_ids)).scalar_one()
    where = placement.c.folder_id.in_(folder_ids), ~placement.c.deleted
    return matching, connection.execute(
        select(func.count()).select_from(placement).where(*where)
    ).scalar_one()


def records(
    connection: Connection, placement_ids: Sequence[int], *, with_text: bool = False
) -> dict[int, Record]:
    """Letters at these places as records, with their texts only where those are wanted."""
    columns = [
        placement.c.id, placement.c.folder_id, placement.c.flags, placement.c.unread, placement.c.keywords,
        letter.c.sender_name, letter.c.sender_address, letter.c.recipients, letter.c.subject, letter.c.list_id,
        letter.c.date, letter.c.has_attachments, letter.c.kind, folder.c.account_id, inquiry.c.status,
        _SIZE.label("size"), _OWNER.label("owner"), _LINKED.label("linked"),
    ]  # fmt: skip
    if with_text:
        columns.append(_TEXT.label("text"))
    made: dict[int, Record] = {}
    for start in range(0, len(placement_ids), _BATCH):
        query = _joined(select(*columns)).where(placement.c.id.in_(placement_ids[start : start + _BATCH]))
        made |= {row.id: _record(row, with_text=with_text) for row in connection.execute(query)}
    return made


def choices(connection: Connection, of: str) -> list[tuple[int, str]]:
    """Records that a reference to ``user``, ``folder`` or ``account`` can point to: id, and name fit to show."""
    if of != "folder":
        table = {"user": user, "account": account}[of]
        query = select(table.c.id, table.c.name).order_by(table.c.name)
        return [(row.id, clean(row.name)) for row in connection.execute(query)]
    query = (
        select(folder.c.id, folder.c.name, account.c.name.label("account"))
        .join(account, account.c.id == folder.c.account_id)
        .where(folder.c.selectable, ~folder.c.hidden)
        .order_by(account.c.name, folder.c.name)
    )
    return [(row.id, clean(f"{row.account}: {row.name}")) for row in connection.execute(query)]


def _within(
    query: Select[Any], condition: Condition, context: Context, folder_ids: Sequence[int] | None
) -> Select[Any]:
    query = _joined(query).where(~placement.c.deleted, clause(condition, LETTER, SOURCES, context))
    return query.where(~folder.c.hidden if folder_ids is None else placement.c.folder_id.in_(folder_ids))


def _joined(query: Select[Any]) -> Select[Any]:
    return query.select_from(
        placement.join(letter, letter.c.id == placement.c.letter_id)
        .join(folder, folder.c.id == placement.c.folder_id)
        .join(account, account.c.id == folder.c.account_id)
        .outerjoin(inquiry, inquiry.c.letter_id == letter.c.id)
    )


def _record(row: Any, *, with_text: bool) -> Record:
    boxes = row.recipients if isinstance(row.recipients, dict) else {}
    to, cc, bcc = ([part for box in boxes.get(name) or () for part in box] for name in ("to", "cc", "bcc"))
    return {
        "sender": (row.sender_name, row.sender_address),
        "recipient": (*to, *cc, *bcc),
        "to": to,
        "cc": cc,
        "subject": row.subject,
        "text": row.text if with_text else None,
        "list_id": row.list_id,
        "date": row.date,
        "size": row.size,
        "unread": row.unread,
        "important": bool(row.flags & Flag.FLAGGED),
        "answered": bool(row.flags & Flag.ANSWERED),
        "files": row.has_attachments,
        "linked": bool(row.linked),
        "decision": row.status,
        "kind": row.kind,
        "keyword": row.keywords or (),
        "owner": row.owner,
        "folder": row.folder_id,
        "account": row.account_id,
    }
