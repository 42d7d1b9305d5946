"""What stands around customers: legal entities, relations, own fields, lists of words to choose from.

Not read at the start of the program: see ``store.tables.found``.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record


class LegalEntity(Record, table=True):
    """A firm as the law knows it: who signs, is invoiced and pays. A customer may act through several (IDX-14)."""

    __tablename__: ClassVar[str] = "legal_entity"
    __table_args__ = (Index(None, "country", "tax_number"), AUTOINCREMENT)

    name: str
    name_fold: str = Field(index=True)
    country: str = ""
    """ISO 3166-1 alpha-2, upper case."""
    tax_number: str = ""
    """INN, BIN, IIN, EDRPOU …: digits only."""
    registration_number: str = ""
    address: str = ""
    bank_details: str = ""
    notes: str = ""
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    trashed_at: datetime | None = None
    created_at: datetime
    changed_at: datetime


class CustomerEntity(Record, table=True):
    """A customer acts through a legal entity."""

    __tablename__: ClassVar[str] = "customer_entity"
    __table_args__ = (UniqueConstraint("customer_id", "entity_id"), AUTOINCREMENT)

    customer_id: int = Field(foreign_key="customer.id")
    entity_id: int = Field(foreign_key="legal_entity.id", index=True)


class Relation(Record, table=True):
    """One customer stands in a relation to another: holding, referral, partner (CORP-05)."""

    __tablename__: ClassVar[str] = "relation"
    __table_args__ = (UniqueConstraint("from_id", "to_id", "kind"), AUTOINCREMENT)

    from_id: int = Field(foreign_key="customer.id")
    """The one that owns, recommended, is the partner."""
    to_id: int = Field(foreign_key="customer.id", index=True)
    kind: str
    """``holding``, ``referral``, ``partner`` or a word of the company's own."""
    notes: str = ""


class CustomerStatusChange(Fact, table=True):
    """A customer's status became another one: the dynamics of the relationship (CORP-03)."""

    __tablename__: ClassVar[str] = "customer_status_change"

    customer_id: int = Field(foreign_key="customer.id", index=True)
    from_status: str
    to_status: str
    actor: str
    at: datetime


class CustomField(Record, table=True):
    """A field that the company added to a kind of record (ELMA-05). The values lie in ``custom`` of the record."""

    __tablename__: ClassVar[str] = "custom_field"
    __table_args__ = (UniqueConstraint("record_kind", "code"), AUTOINCREMENT)

    record_kind: str
    """``customer``, ``contact``, ``lead``, ``interest``, ``entity`` or ``document``."""
    code: str
    """Key in ``custom``, column name in import and export: ``[a-z][a-z0-9_]*``."""
    label: str
    type: str
    """``text``, ``long_text``, ``number``, ``money``, ``date``, ``yes_no``, ``choice`` or ``link``."""
    choices: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    need: str = ""
    """Empty, ``recommended`` or ``required``."""
    position: int = 0
    archived: bool = False
    """No longer asked for; what was entered is kept."""


class ListItem(Record, table=True):
    """A word that people choose from a list which the company keeps."""

    __tablename__: ClassVar[str] = "list_item"
    __table_args__ = (UniqueConstraint("list", "code"), AUTOINCREMENT)

    list: str
    """``lost_reason``, ``decline_reason``, ``move_reason``, ``source``, ``customer_kind``, ``customer_status`` …"""
    code: str
    name: str
    position: int = 0
    archived: bool = False


class Purpose(Record, table=True):
    """What somebody may want who writes or calls (KZ-01): the way of the inquiry depends on it."""

    __tablename__: ClassVar[str] = "purpose"

    code: str = Field(unique=True)
    name: str
    scenario_id: int | None = Field(default=None, foreign_key="scenario.id")
    """The scenario of the Interest that is made."""
    owner_rule: str = "me"
    """Who becomes its owner: ``me``, ``customer``, ``least_loaded`` or ``user:<id>``."""
    position: int = 0
    archived: bool = False


class Visit(Fact, table=True):
    """A user looked at a record: the list of those visited last."""

    __tablename__: ClassVar[str] = "visit"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "record_id"),
        Index(None, "user_id", "at"),
        AUTOINCREMENT,
    )

    user_id: int = Field(foreign_key="user.id")
    kind: str
    record_id: int
    at: datetime
