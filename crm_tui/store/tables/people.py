"""Users, customers, contact persons, leads, and how to reach them."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Json, Record, partial_index, reference_index


def _text(default: str = "") -> Any:
    return Field(default=default, sa_column_kwargs={"server_default": default})


class User(Record, table=True):
    """A person who works with this program."""

    __tablename__: ClassVar[str] = "user"

    login: str = Field(unique=True)
    name: str
    email: str = ""
    language: str = "en"
    zone: str = "UTC"
    """IANA time zone of the person's wall clock."""
    head_id: int | None = Field(default=None, foreign_key="user.id")
    """Whom the user answers to."""
    active: bool = Field(default=True, sa_column_kwargs={"server_default": "1"})
    rights: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]"))
    """Codes of what this user may do beyond everyday work: ``admin``, ``edit_shared_filters`` …"""
    roles: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False, server_default="[]"))
    """Codes of what this user is to route maps: ``manager``, ``lawyer`` … (BP-13). Words of the company."""


class Customer(Record, table=True):
    """A firm or person we do business with."""

    __tablename__: ClassVar[str] = "customer"
    __table_args__ = (
        partial_index("ix_customer_listed", "name_fold", where="trashed_at IS NULL"),
        partial_index("ix_customer_in_touch", "owner_id", where="touch_days IS NOT NULL"),
        reference_index("customer", "merged_into_id"),
        AUTOINCREMENT,
    )

    name: str
    name_fold: str = Field(index=True)
    city: str = ""
    notes: str = ""
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    kind: str = _text("customer")
    """A code of the list ``customer_kind``: ``customer``, ``partner``, ``potential`` … (ELMA-04)."""
    status: str = _text()
    """A code of the list ``customer_status``; its history is ``CustomerStatusChange`` (CORP-03)."""
    is_person: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    country: str = _text()
    """ISO 3166-1 alpha-2, upper case."""
    region: str = _text()
    address: str = _text()
    activity: str = _text()
    source: str = _text()
    tax_number: str = Field(default="", sa_column_kwargs={"server_default": ""}, index=True)
    """Digits only; that of its legal entity, when it has but one."""
    birthday: str = _text()
    """ISO 8601, ``--MM-DD`` where the year is not known (RFC 6350); of a customer that is a person."""
    touch_days: int | None = None
    """We mean to be in touch every so many days, counted from the last touch (L-27)."""
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    """Values of the company's own fields by their code."""
    merged_into_id: int | None = Field(default=None, foreign_key="customer.id")
    """The record that took its place when the two were found to be one."""
    trashed_at: datetime | None = None
    """When it was put into the trash, or merged; such a record stands in no list."""
    created_at: datetime
    changed_at: datetime


class Contact(Record, table=True):
    """A contact person, usually of a customer."""

    __tablename__: ClassVar[str] = "contact"
    __table_args__ = (reference_index("contact", "merged_into_id"), AUTOINCREMENT)

    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    name: str
    name_fold: str = Field(index=True)
    role: str = ""
    notes: str = ""
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    is_key: bool = Field(default=False, sa_column_kwargs={"server_default": "0"})
    """A key person of the customer (IDX-06)."""
    influence: str = _text()
    """``decides``, ``influences``, ``uses``, ``opposes`` or empty."""
    birthday: str = _text()
    """ISO 8601, ``--MM-DD`` where the year is not known (RFC 6350)."""
    address: str = _text()
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    """Values of the company's own fields by their code."""
    merged_into_id: int | None = Field(default=None, foreign_key="contact.id")
    """The record that took its place when the two were found to be one."""
    trashed_at: datetime | None = None
    """When it was put into the trash, or merged; such a record stands in no list."""
    created_at: datetime
    changed_at: datetime


class Lead(Record, table=True):
    """A potential customer: somebody who asked and is not yet a customer."""

    __tablename__: ClassVar[str] = "lead"
    __table_args__ = (
        reference_index("lead", "customer_id"),
        reference_index("lead", "contact_id"),
        reference_index("lead", "merged_into_id"),
        AUTOINCREMENT,
    )

    name: str
    name_fold: str = Field(index=True)
    company: str = ""
    source: str = ""
    status: str = Field(default="open", index=True)
    """``open``, ``converted`` or ``lost``."""
    notes: str = ""
    customer_id: int | None = Field(default=None, foreign_key="customer.id")
    owner_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    """The contact person that it became."""
    converted_at: datetime | None = None
    purpose: str = _text()
    close_reason: str = _text()
    city: str = _text()
    role: str = _text()
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    """Values of the company's own fields by their code."""
    merged_into_id: int | None = Field(default=None, foreign_key="lead.id")
    """The record that took its place when the two were found to be one."""
    trashed_at: datetime | None = None
    """When it was put into the trash, or merged; such a record stands in no list."""
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
