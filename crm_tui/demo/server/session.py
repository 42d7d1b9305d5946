"""One IMAP connection: reading commands, logging in, mailboxes (RFC 3501, 5258, 5819, 6154, 7162)."""

import asyncio
from typing import Any

from crm_tui.demo.server.mailboxes import Handler, Mailboxes
from crm_tui.demo.server.records import Mailbox
from crm_tui.demo.server.selected import Selected
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.server.wire import (
    LITERAL,
    BadCommand,
    Refusal,
    Token,
    compact,
    items,
    number,
    text,
    tokens,
)
from crm_tui.domain.clock import Clock

CAPABILITIES = (
    b"IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN ID ENABLE NAMESPACE UNSELECT CHILDREN SPECIAL-USE LIST-EXTENDED"
    b" LIST-STATUS UIDPLUS MOVE IDLE CONDSTORE QRESYNC ESEARCH WITHIN"
)
LITERAL_LIMIT = 64 * 1024 * 1024
SYSTEM_FLAGS = b"\\Answered \\Flagged \\Deleted \\Seen \\Draft"


class Session:
    """Serves one client until it leaves."""

    def __init__(
        self, storage: Storage, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, clock: Clock
    ) -> None:
        self.storage, self.reader, self.writer, self.clock = storage, reader, writer, clock
        self.user: str | None = None
        self.selected: Selected | None = None
        self.qresync = self.condstore = False
        self.tag = b"*"
        self.handlers: dict[str, Handler] = {
            "CAPABILITY": self._capability,
            "NOOP": self._noop,
            "CHECK": self._noop,
            "ID": self._id,
            "LOGIN": self._login,
            "AUTHENTICATE": self._authenticate,
            "ENABLE": self._enable,
            "NAMESPACE": self._namespace,
            "SELECT": self._select,
            "EXAMINE": self._examine,
            "IDLE": self._idle,
            **Mailboxes(self).handlers,
        }

    async def run(self) -> None:
        """Greet, then obey until LOGOUT or the end of the connection."""
        self.say(b"* OK [CAPABILITY " + CAPABILITIES + b"] demo mail server ready")
        try:
            while parts := await self._command():
                if not await self._obey(parts):
                    break
                await self.writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            self.leave()
            self.writer.close()

    def say(self, *lines: bytes) -> None:
        """Send lines; drained after the command, and between the windows of a long FETCH."""
        self.writer.write(b"".join(line + b"\r\n" for line in lines))

    async def _command(self) -> list[bytes]:
        """A command's line with its literals in between; empty at the end of the connection."""
        parts = [await self.reader.readline()]
        while found := LITERAL.search(parts[-1]):
            size = int(found[1])
            if size > LITERAL_LIMIT:
                return []
            if not found[2]:
                self.say(b"+ go ahead")
                await self.writer.drain()
            parts += [await self.reader.readexactly(size), await self.reader.readline()]
        return parts if parts[0] else []

    async def _obey(self, parts: list[bytes]) -> bool:
        tag = b"*"
        try:
            args = tokens(parts)
            if len(args) < 2:
                raise BadCommand("tag and command expected")
            self.tag = tag = text(args[0]).encode("utf-8", "surrogateescape")
            name = text(args[1]).upper()
            if name == "LOGOUT":
                self.say(b"* BYE see you", tag + b" OK done")
                await self.writer.drain()
                return False
            answer = await self._carry_out(name, args[2:])
            self.say(tag + b" OK " + (answer or b"done"))
        except Refusal as refusal:
            self.say(tag + b" NO " + str(refusal).encode())
        except (BadCommand, IndexError, ValueError) as trouble:
            self.say(tag + b" BAD " + (str(trouble).encode("ascii", "replace") or b"arguments missing"))
        return True

    async def _carry_out(self, name: str, args: list[Token]) -> bytes:
        by_uid = name == "UID"
        if by_uid:
            name, args = text(args[0]).upper(), args[1:]
        if not by_uid and name in self.handlers:
            answer = await self.handlers[name](args)
        elif self.selected is None:
            raise BadCommand("unknown command, or no mailbox selected")
        elif name in ("CLOSE", "UNSELECT") and not by_uid:
            if name == "CLOSE":
                self.selected.close()
            self.leave()
            return b""
        else:
            answer = await self.selected.carry_out(name, args, by_uid)
        if self.selected is not None and (by_uid or name not in ("FETCH", "STORE", "SEARCH", "SELECT")):
            self.selected.tell_changes()
        return answer

    def leave(self) -> None:
        """Leave the selected mailbox, if any."""
        if self.selected is not None:
            self.selected.leave()
            self.selected = None

    # Any state

    async def _capability(self, args: list[Token]) -> bytes:
        self.say(b"* CAPABILITY " + CAPABILITIES)
        return b""

    async def _noop(self, args: list[Token]) -> bytes:
        return b""

    async def _id(self, args: list[Token]) -> bytes:
        self.say(b'* ID ("name" "crm_tui demo")')
        return b""

    async def _login(self, args: list[Token]) -> bytes:
        return self._let_in(text(args[0]), text(args[1]))

    async def _authenticate(self, args: list[Token]) -> bytes:
        import base64
        import binascii

        if text(args[0]).upper() != "PLAIN":
            raise Refusal("[CANNOT] only PLAIN")
        if len(args) > 1:
            given = text(args[1]).encode()
        else:
            self.say(b"+ ")
            await self.writer.drain()
            given = await self.reader.readline()
        try:
            _role, name, password = base64.b64decode(given.strip(), validate=True).decode().split("\0")
        except (binascii.Error, ValueError) as error:
            raise BadCommand("SASL answer expected") from error
        return self._let_in(name, password)

    def _let_in(self, name: str, password: str) -> bytes:
        if not self.storage.password_fits(name, password):
            raise Refusal("[AUTHENTICATIONFAILED] name or password is wrong")
        self.user = name
        return b"[CAPABILITY " + CAPABILITIES + b"] welcome"

    # Logged in

    def name(self) -> str:
        """The user's name; BAD before a login."""
        if self.user is None:
            raise BadCommand("log in first")
        return self.user

    def mailbox(self, name: str) -> Mailbox:
        """The user's mailbox with this name on the wire; NO when there is none."""
        found = self.storage.mailbox(self.name(), name)
        if found is None:
            raise Refusal("[NONEXISTENT] no such mailbox")
        return found

    async def _enable(self, args: list[Token]) -> bytes:
        wanted = {text(arg).upper() for arg in args} & {"CONDSTORE", "QRESYNC"}
        self.name()
        self.qresync |= "QRESYNC" in wanted
        self.condstore |= bool(wanted)
        self.say(" ".join(["* ENABLED", *sorted(wanted)]).encode())
        return b""

    async def _namespace(self, args: list[Token]) -> bytes:
        self.say(b'* NAMESPACE (("" "/")) NIL NIL')
        return b""

    async def _select(self, args: list[Token]) -> bytes:
        return self._open(args, read_only=False)

    async def _examine(self, args: list[Token]) -> bytes:
        return self._open(args, read_only=True)

    def _open(self, args: list[Token], read_only: bool) -> bytes:
        if self.selected is not None and self.qresync:
            self.say(b"* OK [CLOSED] the mailbox before is closed")
        self.leave()
        box = self.mailbox(text(args[0]))
        options = items(args[1]) if len(args) > 1 else []
        words = [text(item).upper() if isinstance(item, bytes) else "" for item in options]
        self.condstore |= "CONDSTORE" in words
        if "QRESYNC" in words and not self.qresync:
            raise BadCommand("enable QRESYNC first")
        self.selected = selected = Selected(self, box, read_only)
        self.say(
            b"* FLAGS (" + SYSTEM_FLAGS + b")",
            b"* OK [PERMANENTFLAGS (" + SYSTEM_FLAGS + b" \\*)] any keyword",
            b"* %d EXISTS" % len(selected.view),
            b"* 0 RECENT",
            b"* OK [UIDVALIDITY %d] ok" % box.uidvalidity,
            b"* OK [UIDNEXT %d] ok" % box.uidnext,
            b"* OK [HIGHESTMODSEQ %d] ok" % box.modseq,
        )
        if "QRESYNC" in words:
            known = items(options[words.index("QRESYNC") + 1])
            if number(known[0]) == box.uidvalidity:
                since = number(known[1])
                if gone := self.storage.vanished_since(box.id, since):
                    self.say(b"* VANISHED (EARLIER) " + compact(gone).encode())
                selected.tell_flags(self.storage.changed_since(box.id, since))
        return b"[READ-ONLY] ok" if read_only else b"[READ-WRITE] ok"

    async def _idle(self, args: list[Token]) -> bytes:
        """RFC 2177: tell of changes at once, until the client says DONE."""
        self.name()
        self.say(b"+ idling")
        await self.writer.drain()
        done = asyncio.ensure_future(self.reader.readline())
        try:
            while not done.done():
                waits: set[asyncio.Future[Any]] = {done}
                if self.selected is not None:
                    waits.add(asyncio.ensure_future(self.selected.changed.wait()))
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
                for wait in waits - {done}:
                    wait.cancel()
                if self.selected is not None and not done.done():
                    self.selected.tell_changes()
                    await self.writer.drain()
        finally:
            done.cancel()
        return b""
