"""Interests (deals), their scenarios and states, and the interactions within them."""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record, reference_index


class Scenario(Record, table=True):
    """An ordered set of states that an Interest goes through."""

    __tablename__: ClassVar[str] = "scenario"

    code: str = Field(unique=True)
    name: str
    position: int = 0


class State(Record, table=True):
    """A state of a scenario."""

    __tablename__: ClassVar[str] = "state"
    __table_args__ = (UniqueConstraint("scenario_id", "code"), AUTOINCREMENT)

    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    code: str
    name: str
    position: int
    outcome: str = "open"
    """``open``, ``won`` or ``lost``: the last two close the Interest."""
    probability: int | None = None
    """Per cent of Interests in this state that are won, as far as the company thinks."""
    rot_days: int | None = None
    """An Interest that stands here longer without a touch is shown as rotting (L-04)."""
    instruction: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """What is to be done in this state, for whoever works in it (CORP-52)."""


class Interest(Record, table=True):
    """What a customer wants from us: the hub that letters, calls, tasks and events hang on."""

    __tablename__: ClassVar[str] = "interest"
    __table_args__ = (
        Index(None, "state_id", "changed_at"),
        Index(None, "owner_id", "changed_at"),
        Index(None, "id", "state_id", unique=True),  # what a process that holds the state refers to
        AUTOINCREMENT,
    )

    name: str
    name_fold: str = Field(index=True)
    scenario_id: int = Field(foreign_key="scenario.id", index=True)
    state_id: int = Field(foreign_key="state.id")
    lead_id: int | None = Field(default=None, foreign_key="lead.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id", index=True)
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    amount_minor: int | None = None
    """Amount in minor units of ``currency``."""
    currency: str = "KZT"
    source: str = ""
    purpose: str = ""
    close_reason: str = ""
    expected_close: date | None = None
    next_contact_at: datetime | None = Field(default=None, index=True)
    """The "date X": when we promised to be in touch again (UTC)."""
    state_since: datetime
    closed_at: datetime | None = None
    probability: int | None = None
    """Per cent; None for that of the state."""
    short_status: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """How it stands in a few words, asked for at each move (ELMA-15)."""
    terms: str = Field(default="", sa_column_kwargs={"server_default": ""})
    """Terms of the deal (ELMA-13)."""
    custom: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False, server_default="{}"))
    """Values of the company's own fields by their code."""
    trashed_at: datetime | None = None
    """When it was put into the trash; such a record stands in no list."""
    created_at: datetime
    changed_at: datetime


class StateChange(Fact, table=True):
    """One move of an Interest from state to state, with the comment asked for (ELMA-15)."""

    __tablename__: ClassVar[str] = "state_change"

    interest_id: int = Field(foreign_key="interest.id", index=True)
    from_state_id: int | None = Field(default=None, foreign_key="state.id")
    to_state_id: int = Field(foreign_key="state.id")
    comment: str = ""
    short_status: str = Field(default="", sa_column_kwargs={"server_default": ""})
    actor: str
    at: datetime


class Interaction(Record, table=True):
    """A call, meeting, letter or message with the customer, planned or held."""

    __tablename__: ClassVar[str] = "interaction"
    __table_args__ = (
        Index(None, "status", "starts_at"),
        reference_index("interaction", "contact_id"),
        reference_index("interaction", "previous_id"),
        AUTOINCREMENT,
    )

    kind: str
    """``call``, ``meeting``, ``conference``, ``letter`` or ``message``."""
    direction: str = "out"
    """``in`` or ``out``."""
    status: str = "planned"
    """``planned``, ``held`` or ``cancelled``; ``missed``: a call that nobody took (ELP-02)."""
    subject: str = ""
    result: str = ""
    phone: str = ""
    starts_at: datetime
    ends_at: datetime | None = None
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    contact_id: int | None = Field(default=None, foreign_key="contact.id")
    lead_id: int | None = Field(default=None, foreign_key="lead.id", index=True)
    letter_id: int | None = Field(default=None, foreign_key="letter.id")
    previous_id: int | None = Field(default=None, foreign_key="interaction.id")
    """The interaction whose "date X" planned this one (C77-15)."""
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often it was tried without reaching anybody (L-06)."""
    remind_minutes: int | None = None
    """Minutes before the start to remind of it; None for the user's habit (C77-16)."""
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    created_at: datetime
    changed_at: datetime
