"""The commands about mailboxes: LIST, STATUS, CREATE and their kin, and APPEND (RFC 3501, 5258, 5819, 6154)."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Protocol

from crm_tui.demo.server.records import Mailbox
from crm_tui.demo.server.selected import Selected, status_values
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.server.wire import BadCommand, Refusal, Token, items, quoted, text
from crm_tui.domain.clock import Clock

Handler = Callable[[list[Token]], Awaitable[bytes]]


class Client(Protocol):
    """What these commands need of the connection they come from."""

    storage: Storage
    clock: Clock
    condstore: bool
    selected: Selected | None

    def say(self, *lines: bytes) -> None: ...

    def name(self) -> str: ...

    def mailbox(self, name: str) -> Mailbox: ...

    def leave(self) -> None: ...


class Mailboxes:
    """Carries them out for one client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.handlers: dict[str, Handler] = {
            "LIST": self._list,
            "LSUB": self._lsub,
            "STATUS": self._status,
            "CREATE": self._create,
            "DELETE": self._delete,
            "RENAME": self._rename,
            "SUBSCRIBE": self._subscribe,
            "UNSUBSCRIBE": self._unsubscribe,
            "APPEND": self._append,
        }

    async def _list(self, args: list[Token]) -> bytes:
        choose = [text(item).upper() for item in items(args.pop(0))] if isinstance(args[0], list) else []
        patterns = [text(args[0]) + text(pattern) for pattern in items(args[1])]
        options = items(args[3]) if len(args) > 3 and text(args[2]).upper() == "RETURN" else []
        words = [text(item).upper() if isinstance(item, bytes) else "" for item in options]
        if patterns == [""]:
            self._client.say(b'* LIST (\\Noselect) "/" ""')
            return b""
        boxes = self._client.storage.mailboxes(self._client.name())
        for box in boxes:
            wanted = any(_matches(pattern, box.name) for pattern in patterns)
            if not wanted or ("SUBSCRIBED" in choose and not box.subscribed):
                continue
            if "SPECIAL-USE" in choose and not box.special:
                continue
            flags = _list_flags(box, boxes, "SUBSCRIBED" in words or "SUBSCRIBED" in choose)
            self._client.say(b'* LIST (%s) "/" %s' % (flags, quoted(box.name)))
            if "STATUS" in words:
                self._say_status(box, options[words.index("STATUS") + 1])
        return b""

    async def _lsub(self, args: list[Token]) -> bytes:
        pattern = text(args[0]) + text(args[1])
        boxes = self._client.storage.mailboxes(self._client.name())
        for box in boxes:
            if box.subscribed and _matches(pattern, box.name):
                self._client.say(b'* LSUB (%s) "/" %s' % (_list_flags(box, boxes, False), quoted(box.name)))
        return b""

    def _say_status(self, box: Mailbox, wanted: Token) -> None:
        names = [text(item).upper() for item in items(wanted)]
        self._client.condstore |= "HIGHESTMODSEQ" in names
        values = status_values(self._client.storage, box, names)
        self._client.say(b"* STATUS %s (%s)" % (quoted(box.name), values.encode()))

    async def _status(self, args: list[Token]) -> bytes:
        self._say_status(self._client.mailbox(text(args[0])), args[1])
        return b""

    async def _create(self, args: list[Token]) -> bytes:
        name = text(args[0]).rstrip("/")
        if self._client.storage.mailbox(self._client.name(), name):
            raise Refusal("[ALREADYEXISTS] there is one")
        self._client.storage.create(self._client.name(), name, int(self._client.clock().timestamp()))
        return b""

    async def _delete(self, args: list[Token]) -> bytes:
        box = self._client.mailbox(text(args[0]))
        if box.name == "INBOX":
            raise Refusal("[CANNOT] INBOX stays")
        if self._client.selected is not None and self._client.selected.mailbox.id == box.id:
            self._client.leave()
        self._client.storage.delete(box)
        return b""

    async def _rename(self, args: list[Token]) -> bytes:
        box, name = self._client.mailbox(text(args[0])), text(args[1])
        if box.name == "INBOX" or self._client.storage.mailbox(self._client.name(), name):
            raise Refusal("[CANNOT] INBOX stays, and names are unique")
        self._client.storage.rename(self._client.name(), box.name, name)
        return b""

    async def _subscribe(self, args: list[Token]) -> bytes:
        self._client.storage.subscribe(self._client.mailbox(text(args[0])), True)
        return b""

    async def _unsubscribe(self, args: list[Token]) -> bytes:
        self._client.storage.subscribe(self._client.mailbox(text(args[0])), False)
        return b""

    async def _append(self, args: list[Token]) -> bytes:
        box = self._client.storage.mailbox(self._client.name(), text(args[0]))
        if box is None:
            raise Refusal("[TRYCREATE] no such mailbox")
        flags = [text(flag) for flag in args[1]] if isinstance(args[1], list) else []
        when, raw = self._client.clock(), args[-1]
        if isinstance(raw, list):
            raise BadCommand("letter expected")
        if len(args) > 2 and isinstance(args[-2], bytes):
            when = _internal_date(text(args[-2]))
        uid = self._client.storage.append(box.id, raw, flags, int(when.timestamp()))
        return b"[APPENDUID %d %d] done" % (box.uidvalidity, uid)


def _list_flags(box: Mailbox, boxes: list[Mailbox], subscribed: bool) -> bytes:
    has_children = any(other.name.startswith(box.name + "/") for other in boxes)
    flags = ["\\HasChildren" if has_children else "\\HasNoChildren"]
    flags += [box.special] if box.special else []
    flags += ["\\Subscribed"] if subscribed and box.subscribed else []
    return " ".join(flags).encode()


def _matches(pattern: str, name: str) -> bool:
    if pattern.upper() == "INBOX":
        return name == "INBOX"
    expression = re.escape(pattern).replace(r"\*", ".*").replace("%", "[^/]*")
    return re.fullmatch(expression, name) is not None


def _internal_date(value: str) -> datetime:
    """``17-Jul-1996 02:44:25 -0700`` (RFC 3501 date-time) as an instant."""
    try:
        return parsedate_to_datetime(value.strip().replace("-", " ", 2)).astimezone(UTC)
    except ValueError as error:
        raise BadCommand("date-time expected") from error
