"""Documents and the files of cards, with all their versions.

Not read at the start of the program: see ``store.tables.found``.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record, reference_index


class Document(Record, table=True):
    """A proposal, invoice, contract or other paper between us and a customer."""

    __tablename__: ClassVar[str] = "document"
    __table_args__ = (Index(None, "kind", "number"), reference_index("document", "contact_id"), AUTOINCREMENT)

    kind: str
    """``proposal``, ``invoice``, ``contract``, ``act``, ``letter`` or ``other``."""
    number: str = ""
    title: str
    title_fold: str = Field(index=True)
    status: str = "draft"
    """``draft``, ``sent``, ``agreed``, ``signed``, ``paid``, ``cancelled``."""
    issued_on: date | None = None
    valid_until: date | None = Field(default=None, index=True)
    """Last day of its term: a reminder comes before it (IDX-13)."""
    amount_minor: int | None = None
    currency: str = "KZT"
    notes: str = ""
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    entity_id: int | None = Field(default=None, foreign_key="legal_entity.id")
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    """The letter that it came or went with."""
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    trashed_at: datetime | None = None
    created_at: datetime
    changed_at: datetime


class CardFile(Record, table=True):
    """A file of a card (CORP-06): a name whose content has versions."""

    __tablename__: ClassVar[str] = "card_file"
    __table_args__ = (Index(None, "owner_kind", "owner_id"), AUTOINCREMENT)

    owner_kind: str
    """``customer``, ``contact``, ``lead``, ``interest``, ``interaction``, ``document`` or ``entity``."""
    owner_id: int
    name: str
    created_at: datetime


class FileVersion(Record, table=True):
    """The content of a file of a card at one time; the highest number is the present one."""

    __tablename__: ClassVar[str] = "file_version"
    __table_args__ = (UniqueConstraint("file_id", "number"), AUTOINCREMENT)

    file_id: int = Field(foreign_key="card_file.id")
    number: int
    content_id: int = Field(foreign_key="file_content.id", index=True)
    media_type: str = "application/octet-stream"
    user_id: int | None = Field(default=None, foreign_key="user.id")
    comment: str = ""
    at: datetime


class FileContent(Fact, table=True):
    """Bytes, stored once whoever refers to them."""

    __tablename__: ClassVar[str] = "file_content"

    sha256: str = Field(unique=True)
    """Hexadecimal, of the content as it is."""
    size: int
    """Bytes of the content as it is."""
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    """Compressed with zlib."""
