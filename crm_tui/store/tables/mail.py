"""Mail: accounts, folders, letter content stored once, and where it lies."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Column, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field

from crm_tui.store.tables.base import AUTOINCREMENT, Fact, Json, Record, Row, partial_index


class MailAccount(Record, table=True):
    """A mailbox on a server and how to reach it. Never holds a password."""

    __tablename__: ClassVar[str] = "mail_account"

    name: str = Field(unique=True)
    address: str
    sender_name: str = ""
    enabled: bool = True
    kind: str = "imap"
    imap_host: str
    imap_port: int = 993
    imap_security: str = "tls"
    """``tls``, ``starttls`` or ``none`` (loopback only)."""
    imap_user: str
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: str = "tls"
    smtp_user: str = ""
    ca_file: str = ""
    """A certificate authority of the account's own; empty for the system's."""
    password_source: str = "ask"
    """``command``, ``keyring``, ``vault`` or ``ask``."""
    password_command: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """Argument list whose first output line is the password."""
    move_accepted: bool = False
    """Move a letter accepted as an inquiry to the folder with the role ``processed``."""
    decline_needs_reason: bool = False
    owner_id: int | None = Field(default=None, foreign_key="user.id")
    shared: bool = False
    """A group mailbox: several people work in it and see who has taken which letter."""
    auth: str = "password"
    """``password`` or ``oauth``."""
    oauth: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """Provider, client id and scopes; or ``{"token_command": [...]}``. Tokens are never here."""
    sync_folders: bool = True
    """Folders are made, renamed and deleted both ways (MAIL-07); never for POP3 (MAIL-09)."""
    folder_prefix: str | None = None
    """What the names of the user's own folders begin with, such as ``INBOX.`` (RFC 2342); None: not asked yet."""
    keep_on_server_days: int | None = None
    """POP3: None leaves letters on the server, 0 deletes them once they are here, N after N days."""
    sent_copy: str = "append"
    """Who files a sent letter in Sent: ``append`` (we do), ``server`` (it does by itself) or ``none``."""
    size_limit: int = 0
    """Octets above which a body is fetched only when asked for; 0 for no limit."""
    age_limit_days: int = 0
    """Days after which bodies are fetched only when asked for; 0 for no limit."""
    smtp_size: int = 0
    """Octets of a letter that its SMTP server takes (RFC 1870), 0 where it has not said."""
    signature: str = ""
    """Markdown, without the ``-- `` line (MAIL-35)."""
    signature_above_quote: bool = False
    capabilities: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    pass_no: int = 0
    last_complete_pass: int = 0
    last_success_at: datetime | None = None
    last_error_at: datetime | None = None
    last_error: str = ""
    """Code of the last fault, empty after a success."""


class Folder(Record, table=True):
    """A mailbox folder."""

    __tablename__: ClassVar[str] = "folder"
    __table_args__ = (
        partial_index(
            "uq_folder_account_id_srv_name",
            "account_id",
            "srv_name",
            where="srv_name IS NOT NULL",
            unique=True,
        ),
        AUTOINCREMENT,
    )

    account_id: int = Field(foreign_key="mail_account.id", index=True)
    name: str
    """Decoded name with the hierarchy delimiter, fit to show."""
    srv_name: str | None = None
    """Name as the server knows it (decoded from modified UTF-7); None until it exists there."""
    delimiter: str = "/"
    role: str = ""
    """``inbox``, ``sent``, ``drafts``, ``trash``, ``junk``, ``archive``, ``processed`` or empty (RFC 6154)."""
    subscribed: bool = True
    selectable: bool = True
    hidden: bool = False
    sync_mode: str = "full"
    """``none``, ``headers`` or ``full``."""
    uidvalidity: int | None = None
    uidnext: int = 1
    modseq: int = 0
    srv_count: int = 0
    permanent_keywords: bool = True
    mailbox_id: str = ""
    """OBJECTID of the folder (RFC 8474), by which a rename on the server is known."""
    subscribe_intent: bool | None = None
    """A subscription asked for by the user and not yet told to the server."""
    age_limit_days: int | None = None
    """Like the account's, for this folder; None takes the account's."""
    last_success_at: datetime | None = None
    intent: str | None = None
    """``create``, ``rename`` or ``delete``, not yet done on the server."""
    error: str = ""


class Letter(Fact, table=True):
    """The content of a letter, stored once however many folders it lies in."""

    __tablename__: ClassVar[str] = "letter"
    __table_args__ = (
        UniqueConstraint("identity", "size"),
        Index(None, "message_id"),
        Index(None, "thread_key"),
        Index(None, "sender_address"),
        Index(None, "size", "date"),
        partial_index("ix_letter_with_files", "date", where="has_attachments"),
        partial_index("ix_letter_body_missing", "size", where="body_state = 'none'"),
        AUTOINCREMENT,
    )

    identity: str
    """``parsing.letter.identity`` of the header block."""
    size: int
    """RFC822.SIZE in octets."""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    """Message-IDs, separated by spaces."""
    thread_key: str = ""
    subject: str = ""
    sender_name: str = ""
    sender_address: str = ""
    """Case-folded."""
    recipients: Any = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    """``{"to": [[name, address], …], "cc": …, "reply_to": …}``."""
    date: datetime
    """Date header, or the server's INTERNALDATE where the header is unusable."""
    kind: str = "letter"
    """``letter``, ``bounce``, ``auto_reply``, ``invitation``, ``list``, ``unreadable``."""
    snippet: str = ""
    has_attachments: bool = False
    list_unsubscribe: str = ""
    """List-Unsubscribe as it came, cleaned (RFC 2369); with ``one_click`` per RFC 8058."""
    one_click: bool = False
    list_id: str = ""
    """Identifier of the mailing list, without its description and brackets (RFC 2919)."""
    gm_msgid: int | None = Field(default=None, index=True)
    """Gmail's X-GM-MSGID: one letter under several labels is one content."""
    body_state: str = "none"
    """``none``, ``full``, ``unfetchable``, or ``erased`` with the data of a person: not fetched again."""


class LetterRaw(Row, table=True):
    """The raw RFC 5322 bytes."""

    __tablename__: ClassVar[str] = "letter_raw"

    letter_id: int = Field(primary_key=True, foreign_key="letter.id")
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class LetterText(Row, table=True):
    """The text laid out for reading and search."""

    __tablename__: ClassVar[str] = "letter_text"

    letter_id: int = Field(primary_key=True, foreign_key="letter.id")
    text: str


class ThreadId(Row, table=True):
    """An identifier that letters name, of themselves or of those they answer, and the thread that it leads to.

    The last one of a chain leads to itself: that is the ``thread_key`` of all letters of the thread. It is kept for
    letters that are not here, too: two answers to a lost letter belong together.
    """

    __tablename__: ClassVar[str] = "thread_id"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    message_id: str = Field(primary_key=True)
    leads_to: str


class Attachment(Fact, table=True):
    """A file in a letter; its bytes are cut from the raw letter when wanted."""

    __tablename__: ClassVar[str] = "attachment"

    letter_id: int = Field(foreign_key="letter.id", index=True)
    part: str
    name: str
    content_type: str
    size: int
    inline: bool = False


PENDING = text(
    "placement.deleted OR placement.folder_id <> placement.srv_folder_id"
    " OR placement.flags <> placement.srv_flags OR placement.keywords <> placement.srv_keywords"
)
"""The words of the index ``ix_placement_pending``: said otherwise, every letter would be looked at."""


class Placement(Record, table=True):
    """Where a letter lies: the desired place and flags beside the server's last known ones (sync.md 4.1)."""

    __tablename__: ClassVar[str] = "placement"
    __table_args__ = (
        partial_index(
            "uq_placement_srv_folder_id_srv_uid",
            "srv_folder_id",
            "srv_uid",
            where="srv_uid IS NOT NULL",
            unique=True,
        ),
        Index("ix_placement_by_date", "folder_id", "deleted", "date_key", "id"),
        Index("ix_placement_by_sender", "folder_id", "deleted", "sender_key", "date_key", "id"),
        Index("ix_placement_by_subject", "folder_id", "deleted", "subject_key", "date_key", "id"),
        partial_index("ix_placement_unread", "folder_id", "date_key", "id", where="unread AND NOT deleted"),
        partial_index(
            "ix_placement_important", "folder_id", "date_key", "id", where="flags & 4 AND NOT deleted"
        ),
        Index("ix_placement_letter_id", "letter_id"),
        partial_index("ix_placement_limbo", "limbo", where="limbo > 0"),
        partial_index("ix_placement_fresh", "folder_id", where="srv_uid IS NULL"),
        partial_index("ix_placement_intent", "intent", where="intent IS NOT NULL"),
        partial_index(
            "ix_placement_pending",
            "srv_folder_id",
            where="deleted OR folder_id <> srv_folder_id OR flags <> srv_flags OR keywords <> srv_keywords",
        ),
        AUTOINCREMENT,
    )

    letter_id: int = Field(foreign_key="letter.id")
    folder_id: int = Field(foreign_key="folder.id")
    """Desired folder."""
    flags: int = Field(default=0, sa_column_kwargs={"info": {"bits": True}})
    """Desired flags, bits of ``flags.Flag``: an undo brings back the bits it is about, not the others."""
    unread: bool = True
    """Kept equal to "flags lack SEEN", for its index."""
    keywords: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    """Desired keywords, sorted: equal ones are equal as text, which the index of what is pending looks at."""
    deleted: bool = False
    """Desired: gone from the server."""
    date_key: int
    """Seconds since 1970 of the letter's date: what the list is sorted by."""
    sender_key: str = ""
    subject_key: str = ""
    srv_folder_id: int | None = Field(default=None, foreign_key="folder.id")
    srv_uid: int | None = None
    srv_flags: int = 0
    srv_keywords: Any = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    modseq: int = 0
    internaldate: datetime | None = None
    flags_inflight: int = 0
    """Bits of a STORE that the server has not answered yet."""
    keywords_inflight: Any = Field(default=None, sa_column=Column(Json, nullable=True))
    """Likewise the keywords."""
    intent: str | None = None
    """``move`` or ``append`` begun and not yet known to be done; ``raced`` and ``rival`` until a pull is complete."""
    intent_folder_id: int | None = Field(default=None, foreign_key="folder.id")
    intent_uidnext: int | None = None
    intent_uidvalidity: int | None = None
    limbo: int = 0
    """Number of the pass in which it vanished from its place; 0 while it has one."""
    born: int = 0
    """Number of the pass in which it was first seen or adopted."""
    tries: int = 0
    """Times that its body was asked for in vain."""
    error: str = ""
    """What the server said to what is desired; empty once it follows."""
    rules_wait: bool = False
    """Processing rules stopped at one that needs the body: they go on when it is here."""
