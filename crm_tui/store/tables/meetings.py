"""What is kept of meetings that are in the calendar no more."""

from datetime import datetime
from typing import ClassVar

from pydantic import NaiveDatetime
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Record


class CancelledMeeting(Record, table=True):
    """The organiser cancelled a meeting, or one of a series: letters written before that bring it back no more."""

    __tablename__: ClassVar[str] = "cancelled_meeting"
    __table_args__ = (AUTOINCREMENT,)

    uid: str = Field(index=True)
    owner_id: int = Field(foreign_key="user.id")
    """In whose calendar."""
    occurrence: NaiveDatetime | None = None
    """Which one of a series, by the wall clock of ``zone``; None for the whole meeting."""
    zone: str
    sequence: int
    """Revision that the cancellation told (RFC 5545 section 3.8.7.4)."""
    stamped_at: datetime | None = None
    """When the organiser wrote it (DTSTAMP)."""
