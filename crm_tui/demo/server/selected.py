"""A selected mailbox: FETCH, STORE, SEARCH, COPY, MOVE, EXPUNGE, and word of what others changed.

``view`` is what the client believes: the UIDs by sequence number. It changes only when the client is told.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Protocol

from crm_tui.demo.server.fetch import Wanted, wanted_items
from crm_tui.demo.server.records import Mailbox, Message
from crm_tui.demo.server.search import Finder
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.server.wire import BadCommand, Refusal, Token, compact, items, number, ranges, text
from crm_tui.domain.clock import Clock

WINDOW = 200


class Client(Protocol):
    """What a selected mailbox needs of the connection it serves."""

    storage: Storage
    writer: asyncio.StreamWriter
    clock: Clock
    qresync: bool
    condstore: bool
    tag: bytes

    def say(self, *lines: bytes) -> None: ...


class Selected:
    """The mailbox a client works in."""

    def __init__(self, client: Client, mailbox: Mailbox, read_only: bool) -> None:
        self.client, self.storage, self.mailbox, self.read_only = client, client.storage, mailbox, read_only
        self.view = self.storage.uids(mailbox.id)
        self.seen_modseq = mailbox.modseq
        self.changed = asyncio.Event()
        self.leave = self.storage.listen(self._on_change)

    def _on_change(self, mailbox: int) -> None:
        if mailbox == self.mailbox.id:
            self.changed.set()

    async def carry_out(self, name: str, args: list[Token], by_uid: bool) -> bytes:
        """One command of the selected state."""
        if name == "FETCH":
            return await self._fetch(args, by_uid)
        if name == "STORE":
            return self._store(args, by_uid)
        if name == "SEARCH":
            return self._search(args, by_uid)
        if name in ("COPY", "MOVE"):
            return self._copy(args, by_uid, move=name == "MOVE")
        if name == "EXPUNGE":
            self._writable()
            among = set(self._pick(text(args[0]), by_uid=True)) if by_uid else None
            gone = self.storage.uids(self.mailbox.id, deleted=True)
            self.storage.expunge(self.mailbox.id, [uid for uid in gone if among is None or uid in among])
            return b""
        raise BadCommand("unknown command")

    def close(self) -> None:
        """CLOSE removes what is flagged \\Deleted without a word (RFC 3501 6.4.2)."""
        if not self.read_only:
            self.storage.expunge(self.mailbox.id, self.storage.uids(self.mailbox.id, deleted=True))

    def _writable(self) -> None:
        if self.read_only:
            raise Refusal("[READ-ONLY] the mailbox is opened with EXAMINE")

    def _pick(self, spec: str, by_uid: bool) -> list[int]:
        """UIDs of a sequence set, by what the client believes to be there."""
        view = self.view
        found: dict[int, None] = {}
        for low, high in ranges(spec, (view[-1] if view else 0) if by_uid else len(view)):
            first, end = (bisect_left(view, low), bisect_right(view, high)) if by_uid else (low - 1, high)
            found.update(dict.fromkeys(view[max(first, 0) : end]))
        return sorted(found)

    def _letters(self, uids: list[int]) -> Iterator[tuple[int, Message]]:
        """(sequence number, letter) of those that are still there, read in windows."""
        for start in range(0, len(uids), WINDOW):
            for letter in self.storage.messages(self.mailbox.id, uids[start : start + WINDOW]):
                yield bisect_left(self.view, letter.uid) + 1, letter

    # What others changed

    def tell_changes(self) -> None:
        """Send what this client has not heard: what vanished, how many there are, new flags."""
        self.changed.clear()
        _uidnext, modseq = self.storage.state(self.mailbox.id)
        if modseq == self.seen_modseq:
            return
        self._tell_gone(self.storage.vanished_since(self.mailbox.id, self.seen_modseq))
        changed = self.storage.changed_since(self.mailbox.id, self.seen_modseq)
        last = self.view[-1] if self.view else 0
        arrived = [uid for uid in changed if uid > last]
        if arrived:
            self.view += arrived
            self.client.say(b"* %d EXISTS" % len(self.view), b"* 0 RECENT")
        self.seen_modseq = modseq
        self.tell_flags([uid for uid in changed if uid <= last])

    def _tell_gone(self, gone: list[int]) -> None:
        known = [uid for uid in gone if self._position(uid) is not None]
        if known and self.client.qresync:
            self.client.say(b"* VANISHED " + compact(known).encode())
        for uid in known:
            position = bisect_left(self.view, uid)
            del self.view[position]
            if not self.client.qresync:
                self.client.say(b"* %d EXPUNGE" % (position + 1))

    def _position(self, uid: int) -> int | None:
        at = bisect_left(self.view, uid)
        return at if at < len(self.view) and self.view[at] == uid else None

    def tell_flags(self, uids: list[int]) -> None:
        """An untagged FETCH with UID, flags and mod-sequence of each letter."""
        for number_, letter in self._letters(uids):
            self.client.say(self._flag_line(number_, letter, True))

    def _flag_line(self, number_: int, letter: Message, with_flags: bool) -> bytes:
        line = f"* {number_} FETCH (UID {letter.uid}"
        if with_flags:
            line += f" FLAGS ({' '.join(sorted(letter.flags))})"
        if self.client.condstore:
            line += f" MODSEQ ({letter.modseq})"
        return (line + ")").encode()

    # FETCH, STORE, SEARCH, COPY

    async def _fetch(self, args: list[Token], by_uid: bool) -> bytes:
        wanted = wanted_items(items(args[1]), by_uid)
        since = self._fetch_modifiers(args[2:], by_uid)
        uids = self._pick(text(args[0]), by_uid)
        if since is not None:
            wanted.add(Wanted("MODSEQ", b"MODSEQ"))
            changed = set(self.storage.changed_since(self.mailbox.id, since))
            uids = [uid for uid in uids if uid in changed]
        self.client.condstore |= any(item.name == "MODSEQ" for item in wanted)
        marks = not self.read_only and any(item.sets_seen for item in wanted)
        needs_raw = any(item.needs_raw for item in wanted)
        for start in range(0, len(uids), WINDOW):
            for number_, letter in self._letters(uids[start : start + WINDOW]):
                if marks and "\\Seen" not in letter.flags:
                    letter = self._mark_seen(letter)
                raw = self.storage.raw(letter.content) if needs_raw else b""
                answers = [item.answer(letter, raw) for item in wanted]
                self.client.say(b"* %d FETCH (%s)" % (number_, b" ".join(answers)))
            await self.client.writer.drain()
        return b""

    def _fetch_modifiers(self, args: list[Token], by_uid: bool) -> int | None:
        if not args:
            return None
        words = [text(item).upper() for item in items(args[0])]
        if "CHANGEDSINCE" not in words:
            raise BadCommand("unknown modifier")
        since = number(words[words.index("CHANGEDSINCE") + 1].encode())
        if "VANISHED" in words:
            if not (by_uid and self.client.qresync):
                raise BadCommand("VANISHED needs QRESYNC and UID FETCH")
            if gone := self.storage.vanished_since(self.mailbox.id, since):
                self.client.say(b"* VANISHED (EARLIER) " + compact(gone).encode())
        return since

    def _mark_seen(self, letter: Message) -> Message:
        self.storage.set_flags(self.mailbox.id, {letter.uid: letter.flags | {"\\Seen"}})
        return self.storage.messages(self.mailbox.id, [letter.uid])[0]

    def _store(self, args: list[Token], by_uid: bool) -> bytes:
        self._writable()
        uids, rest, unchanged = self._pick(text(args[0]), by_uid), args[1:], None
        if isinstance(rest[0], list):
            unchanged, rest = number(rest[0][1]), rest[1:]
            self.client.condstore = True
        action = text(rest[0]).upper()
        given = frozenset(text(flag) for item in rest[1:] for flag in items(item))
        changes: dict[int, frozenset[str]] = {}
        failed: list[int] = []
        for number_, letter in self._letters(uids):
            if unchanged is not None and letter.modseq > unchanged:
                failed.append(letter.uid if by_uid else number_)
                continue
            flags = _changed(letter.flags, action, given)
            if flags != letter.flags:
                changes[letter.uid] = flags
        quiet_before = self.storage.state(self.mailbox.id)[1] == self.seen_modseq
        if changes:
            self.storage.set_flags(self.mailbox.id, changes)
        for number_, letter in self._letters(uids):
            if ".SILENT" not in action or self.client.condstore:
                self.client.say(self._flag_line(number_, letter, ".SILENT" not in action))
        if quiet_before:
            self.seen_modseq = self.storage.state(self.mailbox.id)[1]
        return b"[MODIFIED %s] some were changed meanwhile" % compact(failed).encode() if failed else b""

    def _search(self, args: list[Token], by_uid: bool) -> bytes:
        returns: list[str] | None = None
        if args and isinstance(args[0], bytes) and args[0].upper() == b"RETURN":
            returns, args = [text(item).upper() for item in items(args[1])] or ["ALL"], args[2:]
        finder = Finder(args, self._pick, self.storage.raw, self.client.clock)
        found = [(number_, letter) for number_, letter in self._letters(self.view) if finder.fits(letter)]
        numbers = [letter.uid if by_uid else number_ for number_, letter in found]
        if returns is None:
            self.client.say(" ".join(["* SEARCH", *map(str, numbers)]).encode())
            return b""
        line = f'* ESEARCH (TAG "{self.client.tag.decode()}")' + (" UID" if by_uid else "")
        if numbers:
            line += f" MIN {numbers[0]}" if "MIN" in returns else ""
            line += f" MAX {numbers[-1]}" if "MAX" in returns else ""
            line += f" ALL {compact(numbers)}" if "ALL" in returns else ""
        line += f" COUNT {len(numbers)}" if "COUNT" in returns else ""
        self.client.say(line.encode())
        return b""

    def _copy(self, args: list[Token], by_uid: bool, move: bool) -> bytes:
        if move:
            self._writable()
        target = self.storage.mailbox(self.mailbox.user, text(args[1]))
        if target is None:
            raise Refusal("[TRYCREATE] no such mailbox")
        pairs = self.storage.copy(self.mailbox.id, self._pick(text(args[0]), by_uid), target.id, move)
        if not pairs:
            return b""
        old, new = (compact(pair[side] for pair in pairs) for side in (0, 1))
        code = f"[COPYUID {target.uidvalidity} {old} {new}] done".encode()
        if move:
            self.client.say(b"* OK " + code)
            return b""
        return code


def _changed(flags: frozenset[str], action: str, given: frozenset[str]) -> frozenset[str]:
    if action.startswith("+"):
        return flags | given
    return flags - given if action.startswith("-") else given


def status_values(storage: Storage, box: Mailbox, names: list[str]) -> str:
    """``MESSAGES 3 UIDNEXT 4``: the values that STATUS asks for."""
    total, unseen = storage.counts(box.id)
    values = {
        "MESSAGES": total,
        "UNSEEN": unseen,
        "RECENT": 0,
        "UIDNEXT": box.uidnext,
        "UIDVALIDITY": box.uidvalidity,
        "HIGHESTMODSEQ": box.modseq,
    }
    try:
        return " ".join(f"{name} {values[name]}" for name in names)
    except KeyError as error:
        raise BadCommand("unknown status item") from error
