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
    ThreadId,
)
from crm_tui.store.tables.mail_servers import Bounce, PopMessage, Tomb
from crm_tui.store.tables.outgoing import Correspondent, CorrespondentWord, Draft, DraftFile, Outbox
from crm_tui.store.tables.people import Contact, ContactInfo, Customer, Lead, User
from crm_tui.store.tables.sorting import LetterClaim, LetterTemplate, MailRule, SavedFilter
from crm_tui.store.tables.system import Change, JournalEntry, JournalRow, SessionState, Setting
from crm_tui.store.tables.work import Inquiry, LetterLink, Task

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
    "metadata",
    "table_of",
]
