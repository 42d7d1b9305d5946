"""What an IMAP server answered, as plain data."""

import re
from dataclasses import dataclass, field

from crm_tui.sync.imap import tokens

_CODE = re.compile(rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ) (\d{1,19})\]", re.IGNORECASE)
_PERMANENT = re.compile(rb"\* OK \[PERMANENTFLAGS \(([^)]*)\)\]", re.IGNORECASE)
_MAILBOX_ID = re.compile(rb"\* OK \[MAILBOXID \(([A-Za-z0-9_-]{1,255})\)\]", re.IGNORECASE)
_EXISTS = re.compile(rb"\* (\d{1,10}) EXISTS", re.IGNORECASE)
_FETCH = re.compile(rb"\* \d{1,10} FETCH ", re.IGNORECASE)
_ITEM = rb'(?:FLAGS \(([^()"{\[\]]*)\)|([A-EG-Z][A-Z0-9.-]*) (?:"([^"\\]*)"|([^\s()"{\[\]]+))) '
_ITEMS = re.compile(_ITEM)
_USUAL = re.compile(rb"\* \d{1,10} FETCH \(((?:%s)*)BODY\[[^\]]*\] \{\d{1,12}\}\r\n" % _ITEM)
"""A letter, or its header, behind flat items: what a first sync reads by the ten thousand."""
_VANISHED = re.compile(rb"\* VANISHED (?:\(EARLIER\) )?([\d:,]+)", re.IGNORECASE)


@dataclass(frozen=True)
class Status:
    """What a server tells of a folder without opening it (RFC 3501 §6.3.10, RFC 7162 §3.1.7)."""

    messages: int
    uidnext: int
    uidvalidity: int
    unseen: int = 0
    modseq: int = 0


@dataclass(frozen=True)
class ListedFolder:
    """A folder as LIST tells it: ``raw_name`` as on the wire, ``name`` decoded from modified UTF-7."""

    raw_name: bytes
    name: str
    attributes: frozenset[str]
    delimiter: str
    subscribed: bool
    status: Status | None


@dataclass
class Selected:
    """What SELECT answered, with the QRESYNC part: changed flags by UID, and UIDs that vanished."""

    exists: int = 0
    uidvalidity: int = 0
    uidnext: int = 0
    modseq: int = 0
    read_only: bool = False
    mailbox_id: str = ""
    """OBJECTID of the folder (RFC 8474), empty where the server gives none."""
    changed: dict[int, list[bytes]] = field(default_factory=dict)
    vanished: list[int] = field(default_factory=list)
    resynced: bool = False
    """Whether ``changed`` and ``vanished`` tell all that happened since the state that was asked about."""
    permanent: frozenset[bytes] | None = None
    """PERMANENTFLAGS, in small letters; None where the server does not limit them."""

    @property
    def keeps_any(self) -> bool:
        """Whether the folder keeps every keyword (RFC 9051 section 7.1)."""
        return self.permanent is None or b"\\*" in self.permanent

    def keeps(self, keyword: str) -> bool:
        """Whether the folder keeps this keyword."""
        return self.keeps_any or keyword.lower().encode() in (self.permanent or ())


def fetched(parts: list[bytes]) -> dict[bytes, object] | None:
    """A FETCH response as {ITEM: value}, UID always a number; None for any other response.

    A body's key loses what the server echoes in brackets: ``BODY[HEADER.FIELDS (…)]`` is ``BODY``.
    """
    if not _FETCH.match(parts[0]):
        return None
    found = _usual(parts)
    if found is None:
        response = tokens.parse(parts)
        found = tokens.pairs(response[3] if len(response) > 3 else None)
    if b"UID" not in found:
        return None
    found[b"UID"] = tokens.number(found[b"UID"])
    return {(b"BODY" if key.startswith(b"BODY[") else key): value for key, value in found.items()}


def _usual(parts: list[bytes]) -> dict[bytes, object] | None:
    """The items of a response of the usual form, as the general way would tell them, in a quarter of its time."""
    usual = _USUAL.fullmatch(parts[0]) if len(parts) == 3 and parts[2] == b")\r\n" else None
    if usual is None or b"NIL" in usual[1].upper():
        return None
    found: dict[bytes, object] = {}
    for flags, name, quoted, atom in _ITEMS.findall(usual[1]):
        if name:
            found[name] = atom or quoted
        else:
            found[b"FLAGS"] = flags.split()
    found[b"BODY["] = parts[1]
    return found


def read_select(answer: list[list[bytes]], tagged: bytes) -> Selected:
    """The responses of SELECT or EXAMINE (RFC 3501 §6.3.1, RFC 7162 §3.2.5)."""
    selected = Selected(read_only=b"READ-ONLY" in tagged.upper())
    for parts in answer:
        line = parts[0]
        if found := fetched(parts):
            if b"FLAGS" in found:
                selected.changed[as_int(found[b"UID"])] = tokens.words(found[b"FLAGS"])
        elif match := _VANISHED.match(line):
            selected.vanished += tokens.expand(match.group(1))
        elif match := _EXISTS.match(line):
            selected.exists = int(match.group(1))
        elif match := _PERMANENT.match(line):
            selected.permanent = frozenset(match.group(1).lower().split())
        elif match := _MAILBOX_ID.match(line):
            selected.mailbox_id = match.group(1).decode()
        elif match := _CODE.match(line):
            code, value = match.group(1).upper(), int(match.group(2))
            if code == b"UIDVALIDITY":
                selected.uidvalidity = value
            elif code == b"UIDNEXT":
                selected.uidnext = value
            else:
                selected.modseq = value
    return selected


class Listing:
    """The responses of LIST, LSUB and STATUS put together."""

    def __init__(self) -> None:
        self.subscribed: set[bytes] = set()
        self.statuses: dict[bytes, Status] = {}
        self._listed: dict[bytes, tuple[frozenset[str], str]] = {}

    def read(self, answer: list[list[bytes]]) -> None:
        """Take the responses of one command."""
        for parts in answer:
            response = tokens.parse(parts)
            kind = response[1] if len(response) > 3 else None
            if kind == b"STATUS" and isinstance(response[2], bytes):
                self.statuses[response[2]] = _status(tokens.pairs(response[3]))
            elif kind in (b"LIST", b"LSUB") and len(response) > 4 and isinstance(response[4], bytes):
                self._read_name(kind == b"LIST", response[2], response[3], response[4])

    def selectable(self) -> list[bytes]:
        """Names of the folders that can hold letters."""
        return [raw for raw, (attributes, _) in self._listed.items() if can_select(attributes)]

    def folders(self) -> list[ListedFolder]:
        """What was listed, in the server's order."""
        return [
            ListedFolder(
                raw,
                tokens.decoded(raw),
                attributes,
                delimiter,
                raw in self.subscribed,
                self.statuses.get(raw),
            )
            for raw, (attributes, delimiter) in self._listed.items()
        ]

    def _read_name(self, listed: bool, attributes: object, delimiter: object, raw: bytes) -> None:
        named = frozenset(word.decode("ascii", "replace").lower() for word in tokens.words(attributes))
        if not listed or "\\subscribed" in named:
            self.subscribed.add(raw)
        if listed:
            text = delimiter.decode("ascii", "replace") if isinstance(delimiter, bytes) else ""
            self._listed[raw] = (named, text)


def can_select(attributes: frozenset[str]) -> bool:
    """Whether a folder with these attributes holds letters."""
    return not attributes & {"\\noselect", "\\nonexistent"}


def as_int(value: object) -> int:
    """A number that ``fetched`` has made already, or still the server's digits."""
    return value if isinstance(value, int) else tokens.number(value)


def _status(items: dict[bytes, object]) -> Status:
    def item(name: bytes) -> int:
        return tokens.number(items[name]) if name in items else 0

    return Status(
        item(b"MESSAGES"), item(b"UIDNEXT"), item(b"UIDVALIDITY"), item(b"UNSEEN"), item(b"HIGHESTMODSEQ")
    )
