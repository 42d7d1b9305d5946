"""The tables. One module a subject; importing this package registers them all."""

from crm_tui.store.tables.base import metadata, table_of
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
    Tomb,
)
from crm_tui.store.tables.outgoing import Draft, Outbox
from crm_tui.store.tables.people import Contact, ContactInfo, Customer, Lead, User
from crm_tui.store.tables.system import Change, JournalEntry, JournalRow, SessionState, Setting
from crm_tui.store.tables.work import Inquiry, LetterLink, Task

__all__ = [
    "Attachment",
    "Change",
    "Contact",
    "ContactInfo",
    "Customer",
    "Draft",
    "Event",
    "Folder",
    "Inquiry",
    "Interaction",
    "Interest",
    "JournalEntry",
    "JournalRow",
    "Lead",
    "Letter",
    "LetterLink",
    "LetterRaw",
    "LetterText",
    "MailAccount",
    "Notification",
    "Outbox",
    "Placement",
    "Reminder",
    "Scenario",
    "SessionState",
    "Setting",
    "State",
    "StateChange",
    "Task",
    "Tomb",
    "User",
    "metadata",
    "table_of",
]
