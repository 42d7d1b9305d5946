"""Sorting letters and lists: saved filters, processing rules, templates."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record


class SavedFilter(Record, table=True):
    """A condition kept under a name, or a folder of such (MAIL-45…48, ELMA-29)."""

    __tablename__: ClassVar[str] = "saved_filter"
    __table_args__ = (Index(None, "kind", "user_id"), AUTOINCREMENT)

    kind: str
    """What it filters: ``letter``, ``task``, ``interest``, ``customer`` …"""
    name: str
    user_id: int | None = Field(default=None, foreign_key="user.id")
    """Whose it is; None for everybody's."""
    parent_id: int | None = Field(default=None, foreign_key="saved_filter.id")
    condition: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """A tree of ``domain.conditions.condition``; None for a folder of filters."""
    look: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """How rows of a list look for which it holds (``services.record.row_looks``); None for a filter or a folder."""
    position: int = 0


class MailRule(Record, table=True):
    """A processing rule of a mailbox (MAIL-51, MAIL-52): the first rule whose condition holds acts."""

    __tablename__: ClassVar[str] = "mail_rule"
    __table_args__ = (Index(None, "account_id", "position"), AUTOINCREMENT)

    account_id: int = Field(foreign_key="mail_account.id")
    name: str
    position: int = 0
    enabled: bool = True
    condition: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    actions: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """``[{"do": "move", "folder_id": 3}, {"do": "mark", …}]``, carried out in this order."""


class LetterTemplate(Record, table=True):
    """A template of a letter (MAIL-34), or a saved reply found by its short code (IDX-23)."""

    __tablename__: ClassVar[str] = "letter_template"
    __table_args__ = (UniqueConstraint("short_code"), AUTOINCREMENT)

    name: str
    short_code: str | None = None
    subject: str = ""
    body: str = ""
    """Text in Markdown with placeholders, see ``domain.letter.template``."""
    user_id: int | None = Field(default=None, foreign_key="user.id")
    """Whose it is; None for everybody's."""
    created_at: datetime
    changed_at: datetime


class LetterClaim(Fact, table=True):
    """Somebody has the letter open or answers it, so that a colleague at the same mailbox sees it (story B8)."""

    __tablename__: ClassVar[str] = "letter_claim"
    __table_args__ = (UniqueConstraint("letter_id", "user_id"), AUTOINCREMENT)

    letter_id: int = Field(foreign_key="letter.id")
    user_id: int = Field(foreign_key="user.id")
    since: datetime
    until: datetime
    """The claim ends by itself then, whatever became of its session."""
    answering: bool = False
