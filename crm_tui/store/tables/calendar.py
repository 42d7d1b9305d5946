"""Events, the ledger of reminders, notifications."""

from datetime import datetime
from typing import Any, ClassVar

from pydantic import NaiveDatetime
from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Json, Record


class Event(Record, table=True):
    """A calendar event (RFC 5545 VEVENT), kept by wall clock and zone.

    A changed single occurrence of a series is a row of its own with ``series_id`` and ``recurrence_id``.
    """

    __tablename__: ClassVar[str] = "event"

    uid: str = Field(index=True)
    summary: str
    location: str = ""
    description: str = ""
    dtstart: NaiveDatetime = Field(index=True)
    """Wall clock time in ``zone``."""
    dtend: NaiveDatetime
    zone: str
    """IANA zone of both times."""
    all_day: bool = False
    rrule: str = ""
    """RFC 5545 RECUR value without the ``RRULE:``; empty for a single event."""
    exdates: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Wall times (ISO 8601, no offset) at which the series does not happen."""
    series_id: int | None = Field(default=None, foreign_key="event.id", index=True)
    recurrence_id: NaiveDatetime | None = None
    """Wall time of the occurrence that this row replaces."""
    starts_at: datetime = Field(index=True)
    """First start as an instant: for queries by window."""
    until_at: datetime | None = Field(default=None, index=True)
    """Instant after which nothing of it happens; None for an endless series."""
    reminder_minutes: int | None = 15
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    interaction_id: int | None = Field(default=None, foreign_key="interaction.id", index=True)
    created_at: datetime
    changed_at: datetime
    sequence: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """Revision that an invitation told (RFC 5545 section 3.8.7.4)."""
    stamped_at: datetime | None = None
    """When the organiser wrote that invitation (DTSTAMP)."""


class Reminder(Record, table=True):
    """The ledger of due times: one row for each (user, subject, occurrence)."""

    __tablename__: ClassVar[str] = "reminder"
    __table_args__ = (
        UniqueConstraint("user_id", "subject_kind", "subject_id", "occurrence"),
        Index(None, "acknowledged_at", "fired_at", "due_at"),
        AUTOINCREMENT,
    )

    user_id: int = Field(foreign_key="user.id")
    subject_kind: str
    """``task``, ``event``, ``interaction``, ``interest``."""
    subject_id: int
    occurrence: str = ""
    """For a recurring subject the wall time of the occurrence, else empty."""
    text: str
    due_at: datetime
    subject_at: datetime | None = None
    """When the subject itself is due or starts."""
    fired_at: datetime | None = None
    fired_by: str = ""
    """Token of the session that claimed it."""
    seen_at: datetime | None = None
    acknowledged_at: datetime | None = None
    snoozes: int = 0


class Notification(Record, table=True):
    """Something a person is told once: new letters, a failed job, a bounce."""

    __tablename__: ClassVar[str] = "notification"
    __table_args__ = (Index(None, "user_id", "seen_at", "at"), AUTOINCREMENT)

    user_id: int = Field(foreign_key="user.id")
    code: str
    facts: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    subject_kind: str = ""
    subject_id: int | None = None
    at: datetime
    seen_at: datetime | None = None
    """When it was told; a program that runs does so at once."""
    read_at: datetime | None = None
    """When its user looked at what it is about, or put it away."""
