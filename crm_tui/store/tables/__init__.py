"""The tables. One module a subject.

Importing this package registers those that the first screen needs; the others are read from their own modules, since
each table costs the start some ten milliseconds.
"""

from importlib import import_module

from sqlalchemy import MetaData, Table

from crm_tui.store.tables.base import Fact, Record, known_table, known_tables, table_of
from crm_tui.store.tables.calendar import Event, Notification, Reminder
from crm_tui.store.tables.interests import Interaction, Interest, Scenario, State, StateChange
from crm_tui.store.tables.mail import (
    Attachment,
    Folder,
    Letter,
    LetterRaw,
    LetterText,
    MailAccount,
    Placement,
    ThreadId,
)
from crm_tui.store.tables.mail_servers import Bounce, PopMessage, Tomb
from crm_tui.store.tables.outgoing import Correspondent, CorrespondentWord, Draft, DraftFile, Outbox
from crm_tui.store.tables.people import Contact, ContactInfo, Customer, Lead, User
from crm_tui.store.tables.sorting import LetterClaim, LetterTemplate, MailRule, SavedFilter
from crm_tui.store.tables.system import Change, JournalEntry, JournalRow, SessionState, Setting
from crm_tui.store.tables.work import Inquiry, LetterLink, Task

_LATER = ("cards", "deals", "meetings", "papers", "processes", "upkeep")
"""Modules of tables that are read when they are needed."""

__all__ = [
    "Attachment",
    "Bounce",
    "Change",
    "Contact",
    "ContactInfo",
    "Correspondent",
    "CorrespondentWord",
    "Customer",
    "Draft",
    "DraftFile",
    "Event",
    "Folder",
    "Inquiry",
    "Interaction",
    "Interest",
    "JournalEntry",
    "JournalRow",
    "Lead",
    "Letter",
    "LetterClaim",
    "LetterLink",
    "LetterRaw",
    "LetterTemplate",
    "LetterText",
    "MailAccount",
    "MailRule",
    "Notification",
    "Outbox",
    "Placement",
    "PopMessage",
    "Reminder",
    "SavedFilter",
    "Scenario",
    "SessionState",
    "Setting",
    "State",
    "StateChange",
    "Task",
    "ThreadId",
    "Tomb",
    "User",
    "every_table",
    "found",
    "models",
    "table_of",
]


def every_table() -> MetaData:
    """All tables of the store."""
    for name in _LATER:
        import_module(f"{__name__}.{name}")
    return known_tables()


def found(name: str) -> Table:
    """The table of that name, wherever it is defined. Raises KeyError when there is none."""
    table = known_table(name)
    return every_table().tables[name] if table is None else table


def models() -> dict[str, type[Record] | type[Fact]]:
    """The class of the rows of every table, by its name."""
    every_table()
    kinds: tuple[type[Record] | type[Fact], ...] = (*Record.__subclasses__(), *Fact.__subclasses__())
    return {table_of(model).name: model for model in kinds}
