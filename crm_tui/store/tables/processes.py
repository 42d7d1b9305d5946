"""Route maps with their versions, running processes, triggers, working calendars.

Not read at the start of the program: see ``store.tables.found``.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Column, ForeignKeyConstraint, Index, UniqueConstraint
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record, partial_index


class RouteMap(Record, table=True):
    """A route map of the catalogue (RM-04). What it says is in its versions; what is still being written, in
    ``draft``."""

    __tablename__: ClassVar[str] = "route_map"

    code: str = Field(unique=True)
    """Stable name: nested points and files refer to it."""
    number: str = ""
    name: str
    kind: str
    """``object`` or ``independent`` (``domain.route.route_map.ProcessKind``), of the version in force."""
    object_kind: str = ""
    start_event: str = ""
    scenario_id: int | None = Field(default=None, foreign_key="scenario.id")
    status: str = Field(default="draft", index=True)
    """``draft``, ``in_force``, ``suspended`` or ``archived``. Only a map in force starts processes (RM-05)."""
    version_id: int | None = None
    """The version that new processes are pinned to (the versions refer to the map, so this is no foreign key)."""
    draft: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """The route as it is being written, as ``domain.route.route_json`` keeps it; None when nothing differs from the
    version."""
    shipped: bool = False
    changed_at: datetime


class RouteMapVersion(Fact, table=True):
    """A route that was put in force. It never changes: processes are pinned to it (C-15)."""

    __tablename__: ClassVar[str] = "route_map_version"
    __table_args__ = (UniqueConstraint("map_id", "number"), AUTOINCREMENT)

    map_id: int = Field(foreign_key="route_map.id")
    number: int
    route: Any = Field(sa_column=Column(Json, nullable=False))
    author_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime


class Process(Record, table=True):
    """A process: one run of a version of a map, bound to the card that it was started from."""

    __tablename__: ClassVar[str] = "process"
    __table_args__ = (
        Index(None, "object_kind", "object_id"),
        Index(None, "map_id", "status"),
        partial_index(
            "uq_process_controlling",
            "interest_id",
            where="controlling AND status IN ('running', 'stopped')",
            unique=True,
        ),
        # While a process holds the state of an Interest, nobody else writes it: not even by SQL (BP-05).
        ForeignKeyConstraint(
            ["interest_id", "held_state_id"],
            ["interest.id", "interest.state_id"],
            name="fk_process_held_state",
            deferrable=True,
            initially="DEFERRED",
        ),
        AUTOINCREMENT,
    )

    map_id: int = Field(foreign_key="route_map.id")
    version_id: int = Field(foreign_key="route_map_version.id", index=True)
    object_kind: str
    """``interest``, ``customer``, ``contact``, ``lead`` or ``document``."""
    object_id: int
    interest_id: int | None = Field(default=None, foreign_key="interest.id", index=True)
    """The Interest that it runs on, or whose process it is nested in."""
    controlling: bool = False
    held_state_id: int | None = None
    """The state that the Interest stands in while the process holds it; None when it does not hold it (any more)."""
    parent_id: int | None = Field(default=None, foreign_key="process.id", index=True)
    parent_token: int | None = None
    """The token of the parent that waits for this process to end."""
    status: str = "running"
    """``running``, ``completed``, ``terminated`` or ``stopped`` (``domain.route.process.Status``)."""
    successful: bool | None = None
    ended_point: str = ""
    reason: str = ""
    """Code of the list ``lost_reason``: why it failed or was ended early."""
    comment: str = ""
    last_token: int = 0
    last_event: int = 0
    """Number of the last ``ProcessEvent``."""
    started_by: int | None = Field(default=None, foreign_key="user.id")
    started_at: datetime
    ended_at: datetime | None = None


class ProcessToken(Record, table=True):
    """A token that waits at a point of its process, or waited there: one entry of a step (RM-11)."""

    __tablename__: ClassVar[str] = "process_token"
    __table_args__ = (
        UniqueConstraint("process_id", "token"),
        partial_index("ix_process_token_due", "due_at", where="left_at IS NULL AND due_at IS NOT NULL"),
        partial_index("ix_process_token_waiting", "process_id", where="left_at IS NULL"),
        Index(None, "map_id", "point", "left_at"),
        AUTOINCREMENT,
    )

    process_id: int = Field(foreign_key="process.id")
    map_id: int = Field(foreign_key="route_map.id")
    token: int
    """Its number in the process (``domain.route.process.Token.id``)."""
    point: str
    kind: str
    """``step``, ``nested``, ``timer``, ``action`` or ``join`` (``domain.route.route_map.PointKind``)."""
    flow: int = -1
    """Number of the flow that it came by."""
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    performer_id: int | None = Field(default=None, foreign_key="user.id", index=True)
    """Whose task it is, or was when it was completed."""
    entered_at: datetime
    due_at: datetime | None = None
    """When the step must be completed, or the timer's time comes (UTC). None where it has no deadline, and for a step
    of which it was already told that it is late: what is due is looked for here."""
    deadline_at: datetime | None = None
    """The deadline of the step, which stays after ``due_at`` was answered."""
    left_at: datetime | None = None
    outcome: str = ""
    """Code of the outcome it was completed with; ``!cancelled`` when it was taken away."""
    result: str = ""
    """What whoever completed it says came of it (BP-14)."""


class ProcessEvent(Fact, table=True):
    """What happened to a process, in its order: played again, these give where it stands."""

    __tablename__: ClassVar[str] = "process_event"
    __table_args__ = (UniqueConstraint("process_id", "number"), AUTOINCREMENT)

    process_id: int = Field(foreign_key="process.id")
    number: int
    kind: str
    """``started``, ``completed``, ``terminated`` (events of ``domain.route.process``) or ``migrated``."""
    token: int = 0
    facts: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """Outcome, flows chosen, reason, versions of a migration."""
    actor: str
    user_id: int | None = Field(default=None, foreign_key="user.id")
    at: datetime


class ProcessNotice(Fact, table=True):
    """A notification that a rule of a step made, or why it made none (RM-15); shown on the timeline."""

    __tablename__: ClassVar[str] = "process_notice"
    __table_args__ = (
        partial_index(
            "uq_process_notice_address",
            "process_id",
            "token",
            "event",
            "address",
            where="address != ''",
            unique=True,
        ),
        AUTOINCREMENT,
    )

    process_id: int = Field(foreign_key="process.id", index=True)
    token: int
    """The step entry."""
    event: str
    """``entering``, ``completing`` or ``overdue``."""
    action: str
    """``email`` or ``sms``."""
    address: str = ""
    """Where it goes; empty where there is no address."""
    target: str = ""
    """Name of the template."""
    step: str = ""
    """Name of the step as it was then."""
    reason: str = ""
    """Why it was not sent, as a code of ``process_notices``; empty when it was handed to the outbox."""
    detail: str = ""
    """Fields without a value, for instance."""
    outbox_id: int | None = Field(default=None, foreign_key="outbox.id", index=True)
    at: datetime


class TextMessage(Record, table=True):
    """A text message to a mobile phone that a rule of a step or a trigger wrote (RM-16): sent after its unit of work,
    by a program of the settings (``sms.command``)."""

    __tablename__: ClassVar[str] = "text_message"
    __table_args__ = (
        partial_index("ix_text_message_waiting", "next_try_at", where="status IN ('queued', 'sending')"),
        AUTOINCREMENT,
    )

    number: str
    """In E.164."""
    text: str
    dedupe_key: str = Field(unique=True)
    """As ``Outbox.dedupe_key``."""
    status: str = "queued"
    """``queued``, ``sending``, ``sent``, ``failed``, ``uncertain`` or ``cancelled``."""
    attempts: int = 0
    next_try_at: datetime
    """Of one that is being sent: when its sender is taken for dead."""
    error: str = ""
    """What the program said of its last failure."""
    user_id: int | None = Field(default=None, foreign_key="user.id")
    """Who is told when it cannot be sent."""
    object_kind: str
    object_id: int
    """The card that it is about."""
    process_id: int | None = Field(default=None, index=True)
    """The process whose rule wrote it; None of a trigger. No foreign key: an undo of the process leaves what has
    gone."""
    created_at: datetime
    sent_at: datetime | None = None


class Trigger(Record, table=True):
    """Event, condition and actions for what no process controls (BP-02, IDX-31)."""

    __tablename__: ClassVar[str] = "process_trigger"
    __table_args__ = (Index(None, "object_kind", "event"), AUTOINCREMENT)

    name: str
    object_kind: str = "interest"
    event: str
    """A code of ``services.process.triggers``."""
    scenario_id: int | None = Field(default=None, foreign_key="scenario.id")
    condition: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    actions: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    enabled: bool = True
    position: int = 0


class WorkCalendar(Record, table=True):
    """When work is done: the company's, a country's, or a person's own calendar (BP-15)."""

    __tablename__: ClassVar[str] = "work_calendar"

    name: str
    country: str = ""
    """ISO 3166-1 alpha-2 of the country whose holidays and moved working days it has; may be empty."""
    user_id: int | None = Field(default=None, foreign_key="user.id", unique=True)
    """Whose own calendar it is; None for the company's."""
    week: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """Weekday ("0" = Monday) → stretches of wall clock time, ``[["09:00", "13:00"], ["14:00", "18:00"]]``."""
    changed_at: datetime


class WorkCalendarDay(Record, table=True):
    """An exception of a calendar: a day off, a shortened or a moved working day."""

    __tablename__: ClassVar[str] = "work_calendar_day"
    __table_args__ = (UniqueConstraint("calendar_id", "day"), AUTOINCREMENT)

    calendar_id: int = Field(foreign_key="work_calendar.id")
    day: date
    hours: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Stretches of wall clock time; none for a day off."""
    name: str = ""
