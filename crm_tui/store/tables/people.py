"""Users, customers, contact persons, leads, and how to reach them."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import Index
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Record


class User(Record, table=True):
    """A person who works with this program."""

    __tablename__: ClassVar[str] = "user"

    login: str = Field(unique=True)
    name: str
    email: str = ""
    language: str = "en"
    zone: str = "UTC"
    """IANA time zone of the person's wall clock."""


class Customer(Record, table=True):
    """A firm or person we do business with."""

    __tablename__: ClassVar[str] = "customer"

    name: str
    name_fold: str = Field(index=True)
    city: str = ""
    notes: str = ""
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    created_at: datetime
    changed_at: datetime


class Contact(Record, table=True):
    """A contact person, usually of a customer."""

    __tablename__: ClassVar[str] = "contact"

    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    name: str
    name_fold: str = Field(index=True)
    role: str = ""
    notes: str = ""
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    created_at: datetime
    changed_at: datetime


class Lead(Record, table=True):
    """A potential customer: somebody who asked and is not yet a customer."""

    __tablename__: ClassVar[str] = "lead"

    name: str
    name_fold: str = Field(index=True)
    company: str = ""
    source: str = ""
    status: str = Field(default="open", index=True)
    """``open``, ``converted`` or ``lost``."""
    notes: str = ""
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    created_at: datetime
    changed_at: datetime


class ContactInfo(Record, table=True):
    """One address, number or link of a customer, contact person or lead."""

    __tablename__: ClassVar[str] = "contact_info"
    __table_args__ = (
        Index(None, "kind", "normal"),
        Index(None, "owner_kind", "owner_id"),
        AUTOINCREMENT,
    )

    owner_kind: str
    """``customer``, ``contact`` or ``lead``."""
    owner_id: int
    kind: str
    """``email``, ``phone``, ``mobile``, ``web`` or ``messenger``."""
    value: str
    """As typed."""
    normal: str
    """E.164 for numbers, case-folded for addresses: what is compared."""
    for_mailing: bool = False
