"""What is remembered of mail servers: letters that POP3 has, delivery reports, places that must be emptied."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact


class PopMessage(Fact, table=True):
    """A letter that a POP3 server has or had, by its unique id (RFC 1939 section 7)."""

    __tablename__: ClassVar[str] = "pop_message"
    __table_args__ = (UniqueConstraint("account_id", "uidl"), AUTOINCREMENT)

    account_id: int = Field(foreign_key="mail_account.id")
    uidl: str
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    """None for one that the server refuses to give."""
    fetched_at: datetime
    """When it was given, or refused last."""
    gone: bool = False
    """Deleted on the server."""
    tries: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Times that the server refused to give it."""


class Bounce(Fact, table=True):
    """A delivery report about a letter of ours (RFC 3464), one row an address."""

    __tablename__: ClassVar[str] = "bounce"
    __table_args__ = (UniqueConstraint("letter_id", "address"), Index(None, "outbox_id"), AUTOINCREMENT)

    letter_id: int = Field(foreign_key="letter.id")
    """The report."""
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id")
    """The letter it is about, when it is known."""
    address: str
    permanent: bool
    status: str = ""
    """Enhanced status code (RFC 3463)."""
    diagnostic: str = ""


class Tomb(Fact, table=True):
    """A server place that must be emptied: the source of a copy that stands for a move (sync.md 4.3)."""

    __tablename__: ClassVar[str] = "tomb"
    __table_args__ = (UniqueConstraint("folder_id", "uid"), AUTOINCREMENT)

    folder_id: int = Field(foreign_key="folder.id")
    uidvalidity: int
    uid: int
