"""The records of the demo's mail storage, and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass

SPECIAL_MAILBOXES = (
    ("INBOX", ""),
    ("Drafts", "\\Drafts"),
    ("Sent", "\\Sent"),
    ("Trash", "\\Trash"),
    ("Junk", "\\Junk"),
    ("Archive", "\\Archive"),
)

SCHEMA = """
CREATE TABLE IF NOT EXISTS user (name TEXT PRIMARY KEY, password TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS person (
    address TEXT PRIMARY KEY, name TEXT NOT NULL, language TEXT NOT NULL, company TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mailbox (
    id INTEGER PRIMARY KEY, user TEXT NOT NULL, name TEXT NOT NULL, special TEXT NOT NULL DEFAULT '',
    subscribed INTEGER NOT NULL DEFAULT 1, uidvalidity INTEGER NOT NULL,
    uidnext INTEGER NOT NULL DEFAULT 1, modseq INTEGER NOT NULL DEFAULT 1, UNIQUE (user, name));
CREATE TABLE IF NOT EXISTS content (id INTEGER PRIMARY KEY, raw BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS message (
    mailbox INTEGER NOT NULL, uid INTEGER NOT NULL, flags TEXT NOT NULL, date INTEGER NOT NULL,
    size INTEGER NOT NULL, modseq INTEGER NOT NULL, content INTEGER NOT NULL,
    PRIMARY KEY (mailbox, uid)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS message_modseq ON message (mailbox, modseq);
CREATE INDEX IF NOT EXISTS message_unseen ON message (mailbox) WHERE instr(flags, '\\Seen') = 0;
CREATE INDEX IF NOT EXISTS message_deleted ON message (mailbox) WHERE instr(flags, '\\Deleted') > 0;
CREATE TABLE IF NOT EXISTS vanished (
    mailbox INTEGER NOT NULL, modseq INTEGER NOT NULL, uid INTEGER NOT NULL,
    PRIMARY KEY (mailbox, modseq, uid)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox as it stands now; ``name`` is the name on the wire."""

    id: int
    user: str
    name: str
    special: str
    subscribed: bool
    uidvalidity: int
    uidnext: int
    modseq: int


@dataclass(frozen=True, slots=True)
class Message:
    """A letter in a mailbox; ``date`` is the internal date in seconds of Unix time."""

    uid: int
    flags: frozenset[str]
    date: int
    size: int
    modseq: int
    content: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody outside the company who answers letters."""

    address: str
    name: str
    language: str
    company: str


Letter = tuple[str, bytes, Sequence[str], int]
"""Mailbox name on the wire, raw bytes, flags, internal date in seconds of Unix time."""
