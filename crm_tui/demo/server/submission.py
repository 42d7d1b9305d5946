"""The demo's submission server: SMTP with AUTH over TLS (RFC 5321, 6409), for the demo's own users only."""

import asyncio
import base64
import binascii
import re
from collections.abc import Callable

from crm_tui.demo.server.storage import Storage

SIZE_LIMIT = 32 * 1024 * 1024
EXTENSIONS = ("demo.example", "PIPELINING", f"SIZE {SIZE_LIMIT}", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN")
_PATH = re.compile(r"(?:FROM|TO): ?<([^<>]*)>", re.IGNORECASE)

Deliver = Callable[[str, list[str], bytes], None]
"""Called with the sender's address, the recipients' addresses and the letter."""


class Submission:
    """Serves one SMTP client until it leaves."""

    def __init__(
        self,
        storage: Storage,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        deliver: Deliver,
    ) -> None:
        self.storage, self.reader, self.writer, self.deliver = storage, reader, writer, deliver
        self.user: str | None = None
        self.sender: str | None = None
        self.recipients: list[str] = []

    async def run(self) -> None:
        """Greet, then obey until QUIT or the end of the connection."""
        await self._say("220 demo.example ESMTP ready")
        try:
            while line := await self.reader.readline():
                word, _, rest = line.decode("utf-8", "replace").strip().partition(" ")
                await self._obey(word.upper(), rest)
                if word.upper() == "QUIT":
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError):
            pass
        finally:
            self.writer.close()

    async def _say(self, *lines: str) -> None:
        self.writer.write("".join(line + "\r\n" for line in lines).encode())
        await self.writer.drain()

    async def _obey(self, word: str, rest: str) -> None:
        if word == "EHLO":
            last = len(EXTENSIONS) - 1
            await self._say(*(f"250{' ' if n == last else '-'}{line}" for n, line in enumerate(EXTENSIONS)))
        elif word in ("HELO", "NOOP"):
            await self._say("250 ok")
        elif word == "RSET":
            self.sender, self.recipients = None, []
            await self._say("250 ok")
        elif word == "QUIT":
            await self._say("221 see you")
        elif word == "AUTH":
            await self._auth(rest)
        elif word not in ("MAIL", "RCPT", "DATA"):
            await self._say("502 5.5.1 unknown command")
        elif self.user is None:
            await self._say("530 5.7.0 log in first")
        elif word == "DATA":
            await self._data()
        else:
            await self._envelope(word, rest)

    async def _auth(self, rest: str) -> None:
        kind, _, given = rest.partition(" ")
        try:
            if kind.upper() == "PLAIN":
                answer = base64.b64decode(given or await self._ask(""), validate=True)
                _role, name, password = answer.decode().split("\0")
            elif kind.upper() == "LOGIN":
                name = base64.b64decode(given or await self._ask("VXNlcm5hbWU6"), validate=True).decode()
                password = base64.b64decode(await self._ask("UGFzc3dvcmQ6"), validate=True).decode()
            else:
                await self._say("504 5.5.4 PLAIN or LOGIN")
                return
        except (binascii.Error, ValueError):
            await self._say("501 5.5.2 SASL answer expected")
            return
        if self.storage.password_fits(name, password):
            self.user = name
            await self._say("235 2.7.0 welcome")
        else:
            await self._say("535 5.7.8 name or password is wrong")

    async def _ask(self, challenge: str) -> bytes:
        await self._say("334 " + challenge)
        return (await self.reader.readline()).strip()

    async def _envelope(self, word: str, rest: str) -> None:
        match = _PATH.match(rest)
        if not match:
            await self._say("501 5.5.4 address expected")
        elif word == "MAIL" and match[1].lower() != self.user:
            await self._say("553 5.7.1 that is not your address")
        elif word == "MAIL":
            self.sender, self.recipients = match[1].lower(), []
            await self._say("250 2.1.0 ok")
        elif self.sender is None:
            await self._say("503 5.5.1 MAIL first")
        elif "@" not in match[1]:
            await self._say("553 5.1.3 address expected")
        else:
            self.recipients.append(match[1].lower())
            await self._say("250 2.1.5 ok")

    async def _data(self) -> None:
        if self.sender is None or not self.recipients:
            await self._say("503 5.5.1 MAIL and RCPT first")
            return
        await self._say("354 end with a dot on a line of its own")
        lines: list[bytes] = []
        size = 0
        while (line := await self.reader.readline()) not in (b".\r\n", b".\n"):
            if not line:
                raise ConnectionError("gone in the middle of a letter")
            size += len(line)
            if size <= SIZE_LIMIT:
                lines.append(line[1:] if line.startswith(b".") else line)
        if size > SIZE_LIMIT:
            await self._say("552 5.3.4 too large")
        else:
            self.deliver(self.sender, self.recipients, b"".join(lines))
            await self._say("250 2.0.0 taken")
        self.sender, self.recipients = None, []
