"""Settings, sessions, the journal and the change feed's rows."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record


class Setting(Record, table=True):
    """A setting kept in the store: of one user, or of all when ``user_id`` is None."""

    __tablename__: ClassVar[str] = "setting"
    __table_args__ = (UniqueConstraint("user_id", "name"), AUTOINCREMENT)

    user_id: int | None = Field(default=None, foreign_key="user.id")
    name: str
    value: Any = Field(default=None, sa_column=Column(Json, nullable=True))


class SessionState(Fact, table=True):
    """What a lost line must not lose: cursor, filter, half-filled forms, by user and place."""

    __tablename__: ClassVar[str] = "session_state"
    __table_args__ = (UniqueConstraint("user_id", "place"), AUTOINCREMENT)

    user_id: int = Field(foreign_key="user.id")
    place: str
    value: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    at: datetime


class JournalEntry(Fact, table=True):
    """One unit of work: who did what, when."""

    __tablename__: ClassVar[str] = "journal_entry"
    __table_args__ = (Index(None, "user_id", "id"), AUTOINCREMENT)

    at: datetime
    actor: str
    user_id: int | None = None
    command: str
    undoable: bool = True
    undoes: int | None = Field(default=None, foreign_key="journal_entry.id", unique=True)
    """The entry that this one takes back; an undo of an undo is a redo."""


class JournalRow(Fact, table=True):
    """One row as it was and as it became; None for "was not there"."""

    __tablename__: ClassVar[str] = "journal_row"
    __table_args__ = (
        Index(None, "entry_id"),
        Index(None, "table_name", "row_id"),
        AUTOINCREMENT,
    )

    entry_id: int = Field(foreign_key="journal_entry.id")
    table_name: str
    row_id: int
    before: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    after: Any = Field(default=None, sa_column=Column(Json, nullable=True))


class Change(Fact, table=True):
    """What a commit touched, for the other processes at the same store; old rows are cut off."""

    __tablename__: ClassVar[str] = "change"

    origin: str
    topics: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
