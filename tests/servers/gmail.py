"""The demo's own server with Gmail's ways: folders are labels over one letter, "All Mail" has every letter.

What Google documents (https://developers.google.com/workspace/gmail/imap/imap-extensions), and no more: flags
belong to the letter, COPY adds a label, EXPUNGE and MOVE take one away, a MOVE to Trash takes all; no QRESYNC.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from crm_tui.demo.server import fetch
from crm_tui.demo.server import session as sessions
from crm_tui.demo.server.records import Message
from crm_tui.demo.server.session import Session
from crm_tui.demo.server.storage import Storage, _flag_text
from crm_tui.demo.server.wire import Token, text
from crm_tui.domain.clock import utc_now
from tests.servers.dovecot import PASSWORD
from tests.servers.own import OwnServer

ALL_MAIL = "[Gmail]/All Mail"
SPECIAL = (
    ("INBOX", ""), (ALL_MAIL, "\\All"), ("[Gmail]/Sent Mail", "\\Sent"), ("[Gmail]/Drafts", "\\Drafts"),
    ("[Gmail]/Trash", "\\Trash"), ("[Gmail]/Spam", "\\Junk"), ("[Gmail]/Starred", "\\Flagged"),
)  # fmt: skip
CAPABILITIES = (
    b"IMAP4rev1 UNSELECT IDLE NAMESPACE ID CHILDREN X-GM-EXT-1 UIDPLUS ENABLE MOVE CONDSTORE ESEARCH UTF8=ACCEPT"
    b" LIST-EXTENDED LIST-STATUS LITERAL- SPECIAL-USE"
)


class Labels(Storage):
    """Letters of one user under their labels; a letter is its content."""

    def add_user(self, name: str, password: str, uidvalidity: int) -> None:
        super().add_user(name, password, uidvalidity)
        with self._change():
            self._db.execute("DELETE FROM mailbox WHERE user = ?", (name,))
            self._db.executemany(
                "INSERT INTO mailbox (user, name, special, uidvalidity) VALUES (?, ?, ?, ?)",
                [(name, box, special, uidvalidity) for box, special in SPECIAL],
            )

    def append(self, mailbox: int, raw: bytes, flags: Iterable[str], date: int) -> int:
        uid = super().append(mailbox, raw, flags, date)
        (letter,) = self.messages(mailbox, [uid])
        with self._change(mailbox):
            self._label(self._id(mailbox, ALL_MAIL), letter)
        return uid

    def copy(self, source: int, uids: Sequence[int], target: int, move: bool) -> list[tuple[int, int]]:
        pairs = []
        with self._change(source, target):
            for letter in self.messages(source, uids):
                if move and target == self._id(source, "[Gmail]/Trash"):
                    for box, uid in self._places(letter.content):
                        self._remove(box, [uid])
                pairs.append((letter.uid, self._label(target, letter)))
                if move and source != self._id(source, ALL_MAIL):
                    self._remove(source, [letter.uid])
                self._touch_all_mail(source, letter.content)
        return pairs

    def expunge(self, mailbox: int, uids: Sequence[int]) -> None:
        letters = self.messages(mailbox, uids)
        super().expunge(mailbox, uids)
        with self._change(mailbox):
            for letter in letters:
                self._touch_all_mail(mailbox, letter.content)
                for box, uid in self._places(letter.content):
                    self._flag(box, uid, letter.flags - {"\\Deleted"})

    def set_flags(self, mailbox: int, changes: dict[int, frozenset[str]]) -> int:
        with self._change(mailbox):
            for letter in self.messages(mailbox, list(changes)):
                for box, uid in self._places(letter.content):
                    wanted = changes[letter.uid]
                    self._flag(box, uid, wanted if box == mailbox else wanted - {"\\Deleted"})
        return self.state(mailbox)[1]

    def archived(self, mailbox: int) -> list[int]:
        """UIDs of "All Mail" that lie under no other label."""
        return [
            uid
            for uid in self.uids(mailbox)
            if len(self._places(self.messages(mailbox, [uid])[0].content)) == 1
        ]

    def _label(self, mailbox: int, letter: Message) -> int:
        for box, uid in self._places(letter.content):
            if box == mailbox:
                return uid
        return self._place(mailbox, letter.content, letter.size, letter.flags, letter.date)

    def _places(self, content: int) -> list[tuple[int, int]]:
        rows = self._db.execute("SELECT mailbox, uid FROM message WHERE content = ?", (content,))
        return [(row[0], row[1]) for row in rows]

    def _touch_all_mail(self, mailbox: int, content: int) -> None:
        everything = self._id(mailbox, ALL_MAIL)
        for box, uid in self._places(content):
            if box == everything:
                self._flag(box, uid, self.messages(box, [uid])[0].flags)

    def _flag(self, mailbox: int, uid: int, flags: frozenset[str]) -> None:
        self._db.execute(
            "UPDATE message SET flags = ?, modseq = ? WHERE mailbox = ? AND uid = ?",
            (_flag_text(flags), self._bump(mailbox), mailbox, uid),
        )

    def _id(self, mailbox: int, name: str) -> int:
        query = "SELECT id FROM mailbox WHERE name = ? AND user = (SELECT user FROM mailbox WHERE id = ?)"
        return int(self._db.execute(query, (name, mailbox)).fetchone()[0])


class GmailSession(Session):
    """A connection that knows Gmail's search."""

    async def _carry_out(self, name: str, args: list[Token]) -> bytes:
        if name == "UID" and text(args[0]).upper() == "SEARCH" and text(args[1]).upper() == "X-GM-RAW":
            assert self.selected is not None
            assert isinstance(self.storage, Labels)
            found = self.storage.archived(self.selected.mailbox.id)
            self.say(" ".join(["* SEARCH", *map(str, found)]).encode())
            return b""
        return await super()._carry_out(name, args)


class Gmail(OwnServer):
    """Serves one kind of mailbox: Gmail's."""

    async def _listen(self) -> None:
        await super()._listen()
        self._storage.close()
        self._storage = Labels(":memory:")

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        task.add_done_callback(self._clients.discard)
        await GmailSession(self._storage, reader, writer, utc_now).run()


@contextmanager
def gmail() -> Iterator[Gmail]:
    """A server that calls itself Gmail, in this process."""
    before = sessions.CAPABILITIES, fetch._PLAIN, fetch._simple

    def simple(name: str, letter: Message) -> str:
        return str(10**18 + letter.content) if name == "X-GM-MSGID" else before[2](name, letter)

    sessions.CAPABILITIES, fetch._PLAIN, fetch._simple = CAPABILITIES, (*before[1], "X-GM-MSGID"), simple
    try:
        with Gmail() as server:
            assert server.password == PASSWORD
            yield server
    finally:
        sessions.CAPABILITIES, fetch._PLAIN, fetch._simple = before
