"""Letters on their way out: drafts and the outbox."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record, Row, partial_index


class Draft(Record, table=True):
    """A letter being written."""

    __tablename__: ClassVar[str] = "draft"

    account_id: int | None = Field(default=None, foreign_key="mail_account.id")
    fields: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """``{"to": "…", "cc": "…", "bcc": "…", "subject": "…"}`` as typed."""
    body: str = ""
    format: str = "plain"
    """``plain``, or ``markdown``: sent as plain text and HTML (MAIL-33)."""
    reply_to_letter_id: int | None = Field(default=None, foreign_key="letter.id")
    forward_letter_id: int | None = Field(default=None, foreign_key="letter.id")
    interest_id: int | None = Field(default=None, foreign_key="interest.id")
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    """Who writes it; drafts of one user are not shown to another."""
    send_at: datetime | None = None
    """Chosen time of sending, None for at once."""
    message_id: str = ""
    """Message-ID of the copy in the server's Drafts, empty before there is one."""
    placement_id: int | None = None
    """The copy in the server's Drafts; no foreign key, for the sync removes what is gone from the server."""
    copied_at: datetime | None = None
    """When that copy was made of the draft, None before there is one."""
    created_at: datetime
    changed_at: datetime


class DraftFile(Record, table=True):
    """A file or picture attached to a draft; its bytes are copied in, so that it cannot vanish before sending."""

    __tablename__: ClassVar[str] = "draft_file"

    draft_id: int = Field(foreign_key="draft.id", index=True)
    name: str
    content_type: str
    data: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    size: int
    inline: bool = False
    content_id: str = ""
    """Of a picture in the text, as its ``cid:`` link says it."""


class Outbox(Record, table=True):
    """A letter to send: its bytes are built once and never change (sync.md section 5)."""

    __tablename__: ClassVar[str] = "outbox"
    __table_args__ = (
        Index(None, "status", "next_try_at"),
        Index(None, "letter_id"),
        partial_index("ix_outbox_automatic", "sent_at", where="automatic"),
        AUTOINCREMENT,
    )

    account_id: int = Field(foreign_key="mail_account.id")
    message_id: str = Field(unique=True)
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    envelope_from: str
    recipients: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Addresses still to be served."""
    results: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """Address → ``[code, text]`` of the server's answer."""
    status: str = "queued"
    """``queued``, ``sending``, ``sent``, ``deferred``, ``failed``, ``uncertain`` or ``cancelled``."""
    phase: str = ""
    """While sending: ``connect``, ``envelope`` or ``data``."""
    dedupe_key: str | None = Field(default=None, unique=True)
    """For automatic letters: process instance, step entry and address."""
    automatic: bool = False
    attempts: int = 0
    """Tries that a server answered; an uncertain letter's are the times it was looked for."""
    resent: bool = False
    """An automatic letter that was uncertain was sent a second time, with the same Message-ID: never a third."""
    next_try_at: datetime
    claimed_by: str = ""
    claim_until: datetime | None = None
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    author_id: int | None = Field(default=None, foreign_key="user.id")
    not_before: datetime | None = None
    """Chosen time of sending; ``next_try_at`` is when the sender looks at it."""
    draft: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """What the letter was made of, so that a stopped one can be edited again."""
    created_at: datetime
    sent_at: datetime | None = None


class Correspondent(Fact, table=True):
    """Somebody who wrote to us or whom we wrote to, by the letters: for the completion of addresses (MAIL-28)."""

    __tablename__: ClassVar[str] = "correspondent"

    address: str = Field(unique=True)
    """In its normal form."""
    name: str = ""
    received: int = 0
    """Letters from it."""
    sent: int = 0
    """Letters of ours to it."""
    last_at: datetime


class CorrespondentWord(Row, table=True):
    """A word of a correspondent's name or address, folded: what is typed is the beginning of some."""

    __tablename__: ClassVar[str] = "correspondent_word"

    word: str = Field(primary_key=True)
    correspondent_id: int = Field(primary_key=True, foreign_key="correspondent.id", index=True)
