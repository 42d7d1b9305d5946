"""Tasks, and what was decided about letters."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Record, reference_index


class Task(Record, table=True):
    """Something a person has to do."""

    __tablename__: ClassVar[str] = "task"
    __table_args__ = (
        Index(None, "assignee_id", "status", "due_at"),
        reference_index("task", "contact_id"),
        reference_index("task", "lead_id"),
        AUTOINCREMENT,
    )

    title: str
    title_fold: str
    kind: str = "personal"
    """``personal``, ``assignment`` or ``process``."""
    status: str = "open"
    """``open``, ``done`` or ``cancelled``."""
    priority: int = 0
    """-1 low, 0 normal, 1 high."""
    due_at: datetime | None = None
    """Instant (UTC); for a task of a whole day the end of that day in the assignee's zone."""
    due_all_day: bool = False
    notes: str = ""
    result: str = ""
    assignee_id: int = Field(foreign_key="user.id")
    author_id: int | None = Field(default=None, foreign_key="user.id")
    stands_for_id: int | None = Field(default=None, foreign_key="user.id")
    """Who is absent: the assignee stands in, and the task goes back when the absence ends (IDX-45)."""
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    lead_id: int | None = Field(default=None, foreign_key="lead.id")
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    done_at: datetime | None = None
    created_at: datetime
    changed_at: datetime


class Inquiry(Record, table=True):
    """What was decided about a letter as an inquiry. A letter without a row is not decided yet."""

    __tablename__: ClassVar[str] = "inquiry"

    letter_id: int = Field(foreign_key="letter.id", unique=True)
    status: str
    """``accepted`` or ``declined``."""
    reason: str = ""
    purpose: str = ""
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    decided_by: int | None = Field(default=None, foreign_key="user.id")
    decided_at: datetime


class LetterLink(Record, table=True):
    """A letter belongs to an Interest, customer or lead."""

    __tablename__: ClassVar[str] = "letter_link"
    __table_args__ = (
        UniqueConstraint("letter_id", "kind", "record_id"),
        Index(None, "kind", "record_id"),
        AUTOINCREMENT,
    )

    letter_id: int = Field(foreign_key="letter.id")
    kind: str
    """``interest``, ``customer`` or ``lead``."""
    record_id: int
