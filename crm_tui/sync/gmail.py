"""Gmail's IMAP (X-GM-EXT-1): its folders are labels, and one letter lies in many of them.

https://developers.google.com/workspace/gmail/imap/imap-extensions. To expunge a letter in a label takes the label
from it; "All Mail" has every letter, so of it only the archive is shown: letters that lie nowhere else.
"""

from collections.abc import Container
from typing import Any

from sqlalchemy import select

from crm_tui.store.tables import Letter, table_of
from crm_tui.store.work import Work
from crm_tui.sync.imap.responses import ListedFolder
from crm_tui.sync.imap.session import Session

LETTER = table_of(Letter)
EXTENSION = "X-GM-EXT-1"
MSGID = b"X-GM-MSGID"
ALL_MAIL = "\\all"
_ARCHIVED = "has:nouserlabels -in:inbox -in:sent -in:drafts -in:spam -in:trash"


def speaks(session: Session) -> bool:
    """Whether the server is Gmail."""
    return session.has(EXTENSION)


def is_all_mail(session: Session, folder: ListedFolder) -> bool:
    """Whether the folder holds every letter, whatever other folders it lies in."""
    return speaks(session) and ALL_MAIL in folder.attributes


def archived(session: Session) -> set[int]:
    """UIDs of the open "All Mail" that lie in no other folder."""
    return session.search(b"X-GM-RAW", _ARCHIVED)


def attributes(session: Session, folder: ListedFolder) -> frozenset[str]:
    """SPECIAL-USE of the folder, where "All Mail" is the archive."""
    if is_all_mail(session, folder):
        return (folder.attributes - {ALL_MAIL}) | {"\\archive"}
    return folder.attributes


def same_letters(
    work: Work, wanted: dict[tuple[str, int], dict[str, Any]], found: Container[tuple[str, int]]
) -> dict[tuple[str, int], int]:
    """Letters not found that Gmail says are here under another label, were their headers ever so different."""
    asked = {row["gm_msgid"]: key for key, row in wanted.items() if key not in found and row["gm_msgid"]}
    if not asked:
        return {}
    query = select(LETTER.c.id, LETTER.c.gm_msgid, LETTER.c.message_id).where(LETTER.c.gm_msgid.in_(asked))
    return {
        asked[row.gm_msgid]: int(row.id)
        for row in work.connection.execute(query)
        if row.message_id == wanted[asked[row.gm_msgid]]["message_id"]
    }
