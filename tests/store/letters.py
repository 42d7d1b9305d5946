"""Letters put straight into a store, as a sync would leave them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.text import fold
from crm_tui.store.engine import Store
from crm_tui.store.tables import Folder, Letter, LetterText, MailAccount, Placement, table_of
from crm_tui.store.work import Actor

NOON = datetime(2026, 11, 19, 12, 0, tzinfo=UTC)
"""Date of the first letter; each next one is a day older."""


def account(store: Store, name: str = "work") -> int:
    """A mail account that is never connected to."""
    with store.work(Actor.program("test"), "account.add") as work:
        row = MailAccount(name=name, address=f"{name}@example.org", imap_host="localhost", imap_user=name)
        return work.add(row).key


def folder(
    store: Store, account_id: int, name: str = "INBOX", role: str = "inbox", *, hidden: bool = False
) -> int:
    """A folder that the server knows."""
    with store.work(Actor.program("test"), "folder.add") as work:
        row = Folder(account_id=account_id, name=name, srv_name=name, role=role, hidden=hidden, uidvalidity=1)
        return work.add(row).key


def letter(
    store: Store,
    folder_ids: int | Iterable[int],
    subject: str,
    text: str | None = "",
    *,
    sender: tuple[str, str] = ("Aigul Sadykova", "aigul@example.com"),
    to: str = "me@example.org",
    days_ago: float = 0,
    flags: int = 0,
    has_attachments: bool = False,
) -> list[int]:
    """Ids of the placements of a new letter, one a folder."""
    folders = [folder_ids] if isinstance(folder_ids, int) else list(folder_ids)
    date = NOON - timedelta(days=days_ago)
    with store.arrivals("test") as work:
        row = work.add(
            Letter(
                identity=f"{subject}/{date}/{text}",
                size=1000,
                subject=subject,
                sender_name=sender[0],
                sender_address=sender[1],
                recipients={"to": [["", to]]},
                date=date,
                has_attachments=has_attachments,
            )
        )
        if text is not None:
            work.connection.execute(insert(table_of(LetterText)).values(letter_id=row.key, text=text))
        return [
            work.add(
                Placement(
                    letter_id=row.key,
                    folder_id=folder_id,
                    flags=int(flags),
                    unread=not flags & Flag.SEEN,
                    date_key=int(date.timestamp()),
                    sender_key=fold(sender[0]),
                    subject_key=fold(subject),
                )
            ).key
            for folder_id in folders
        ]
