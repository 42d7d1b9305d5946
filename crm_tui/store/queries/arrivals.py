"""What came since a person asked for mail."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from crm_tui.store.tables import Folder, Letter, Placement, table_of

_LETTER, _PLACEMENT, _FOLDER = table_of(Letter), table_of(Placement), table_of(Folder)
NO_NEWS = ("sent", "drafts", "junk", "trash")
"""Roles of folders in which a letter is no new letter."""


def newest_letter(connection: Connection) -> int:
    """Id of the letter that came last; 0 where there is none."""
    return int(connection.scalar(select(func.max(_LETTER.c.id))) or 0)


def letters_since(connection: Connection, newest: int, account_ids: Sequence[int]) -> int:
    """How many letters came into these accounts after the one with this id, but into Sent, Drafts, Junk and Trash."""
    query = (
        select(func.count(_LETTER.c.id.distinct()))
        .join(_PLACEMENT, _PLACEMENT.c.letter_id == _LETTER.c.id)
        .join(_FOLDER, _FOLDER.c.id == _PLACEMENT.c.folder_id)
        .where(_LETTER.c.id > newest, _FOLDER.c.account_id.in_(account_ids))
        .where(_FOLDER.c.role.not_in(NO_NEWS))
    )
    return int(connection.scalar(query) or 0)
