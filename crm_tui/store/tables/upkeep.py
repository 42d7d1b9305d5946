"""Keeping the base in order: absences, imports, answers about duplicates, kept results.

Not read at the start of the program: see ``store.tables.found``.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record


class Absence(Record, table=True):
    """A user is away; a deputy gets new tasks and reminders meanwhile (IDX-45)."""

    __tablename__: ClassVar[str] = "absence"
    __table_args__ = (Index(None, "user_id", "until_at"), AUTOINCREMENT)

    user_id: int = Field(foreign_key="user.id")
    deputy_id: int | None = Field(default=None, foreign_key="user.id")
    from_at: datetime
    until_at: datetime
    notes: str = ""


class ImportMap(Record, table=True):
    """Which column of a file goes to which field: kept before the run, so that a failure does not lose it."""

    __tablename__: ClassVar[str] = "import_map"
    __table_args__ = (UniqueConstraint("kind", "name"), AUTOINCREMENT)

    kind: str
    """``contacts``, ``customers``, ``leads`` or ``interests``."""
    name: str
    columns: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    settings: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """Charset, delimiter, what to do with duplicates …"""
    changed_at: datetime


class ImportRun(Fact, table=True):
    """An import that was carried out."""

    __tablename__: ClassVar[str] = "import_run"

    kind: str
    file_name: str
    counts: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    user_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime


class NotDuplicate(Record, table=True):
    """Somebody said that two records that look alike are two."""

    __tablename__: ClassVar[str] = "not_duplicate"
    __table_args__ = (UniqueConstraint("kind", "one_id", "other_id"), AUTOINCREMENT)

    kind: str
    one_id: int
    """The smaller id."""
    other_id: int
    user_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime


class Segment(Record, table=True):
    """A result kept under a name, to be used as a filter of another question (CORP-46)."""

    __tablename__: ClassVar[str] = "segment"

    kind: str
    name: str
    user_id: int | None = Field(default=None, foreign_key="user.id")
    made_at: datetime


class SegmentItem(Fact, table=True):
    """A record of a kept result."""

    __tablename__: ClassVar[str] = "segment_item"
    __table_args__ = (UniqueConstraint("segment_id", "record_id"), AUTOINCREMENT)

    segment_id: int = Field(foreign_key="segment.id")
    record_id: int
