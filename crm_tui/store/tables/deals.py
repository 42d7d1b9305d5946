"""What an Interest holds beside its state: lines, receipts, people, checklist; and the moves of interactions.

Not read at the start of the program: see ``store.tables.found``.
"""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Record


class Product(Record, table=True):
    """Goods or a service that we sell."""

    __tablename__: ClassVar[str] = "product"

    code: str = ""
    name: str
    name_fold: str = Field(index=True)
    unit: str = ""
    price_minor: int | None = None
    """Price of one unit in minor units of ``currency``."""
    currency: str = "KZT"
    archived: bool = False


class InterestLine(Record, table=True):
    """A product line of an Interest (ELMA-14)."""

    __tablename__: ClassVar[str] = "interest_line"

    interest_id: int = Field(foreign_key="interest.id", index=True)
    product_id: int | None = Field(default=None, foreign_key="product.id")
    name: str
    quantity_milli: int = 1000
    """Thousandths of a unit."""
    unit: str = ""
    price_minor: int = 0
    """Price of one unit in minor units of the Interest's currency."""
    discount_percent: int = 0
    position: int = 0


class Receipt(Record, table=True):
    """Money that an Interest is to bring, and brought (ELMA-14)."""

    __tablename__: ClassVar[str] = "receipt"

    interest_id: int = Field(foreign_key="interest.id", index=True)
    due_on: date = Field(index=True)
    amount_minor: int
    """In minor units of the Interest's currency."""
    received_on: date | None = None
    notes: str = ""


class InterestContact(Record, table=True):
    """A contact person takes part in an Interest, beside the one it carries (IDX-06)."""

    __tablename__: ClassVar[str] = "interest_contact"
    __table_args__ = (UniqueConstraint("interest_id", "contact_id"), AUTOINCREMENT)

    interest_id: int = Field(foreign_key="interest.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)
    role: str = ""


class ChecklistItem(Record, table=True):
    """Something to be checked off while an Interest stands in a state (IDX-34)."""

    __tablename__: ClassVar[str] = "checklist_item"

    state_id: int = Field(foreign_key="state.id", index=True)
    text: str
    required: bool = False
    """The Interest does not leave the state forward before it is checked."""
    field: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What is to be filled in, one of ``checklists.FIELDS``: then the item is checked by itself. Empty: a
    person checks it off."""
    position: int = 0
    archived: bool = False


class ChecklistMark(Record, table=True):
    """An item of the checklist is checked off in an Interest."""

    __tablename__: ClassVar[str] = "checklist_mark"
    __table_args__ = (UniqueConstraint("interest_id", "item_id"), AUTOINCREMENT)

    interest_id: int = Field(foreign_key="interest.id")
    item_id: int = Field(foreign_key="checklist_item.id", index=True)
    user_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime


class InteractionContact(Record, table=True):
    """A contact person takes part in an interaction, beside the one it names (C77-11)."""

    __tablename__: ClassVar[str] = "interaction_contact"
    __table_args__ = (UniqueConstraint("interaction_id", "contact_id"), AUTOINCREMENT)

    interaction_id: int = Field(foreign_key="interaction.id")
    contact_id: int = Field(foreign_key="contact.id", index=True)


class InteractionMove(Fact, table=True):
    """A planned interaction was put off, and why (L-06)."""

    __tablename__: ClassVar[str] = "interaction_move"

    interaction_id: int = Field(foreign_key="interaction.id", index=True)
    from_at: datetime
    to_at: datetime
    reason: str = ""
    actor: str
    at: datetime
