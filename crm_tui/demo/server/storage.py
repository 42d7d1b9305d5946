"""What the demo's mail server keeps: users, mailboxes and letters, in one SQLite file of its own.

A demo that stands keeps its mail. Mailbox names are kept as they travel (modified UTF-7, RFC 3501 5.1.3).
Mod-sequences count per mailbox (RFC 7162); what vanished is remembered, so that QRESYNC can tell.
"""

import contextlib
import hmac
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from crm_tui.demo.server.records import SCHEMA, SPECIAL_MAILBOXES, Letter, Mailbox, Message, Person


class Storage:
    """The mail of every user of the demo server; used by one thread of one process."""

    def __init__(self, file: Path | str) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + SCHEMA)
        self._listeners: set[Callable[[int], None]] = set()

    def close(self) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _change(self, *mailboxes: int) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")
        for listener in list(self._listeners):
            for mailbox in mailboxes:
                listener(mailbox)

    def listen(self, listener: Callable[[int], None]) -> Callable[[], None]:
        """Call ``listener`` with the id of each mailbox that changes; the answer ends that."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    # Users, people and settings

    def add_user(self, name: str, password: str, uidvalidity: int) -> None:
        """Make a user with the usual mailboxes; for one that is there, set the password."""
        with self._change():
            self._db.execute(
                "INSERT OR REPLACE INTO user VALUES (?, ?)",
                (name, password),
            )
            self._db.executemany(
                "INSERT OR IGNORE INTO mailbox (user, name, special, uidvalidity) VALUES (?, ?, ?, ?)",
                [(name, mailbox, special, uidvalidity) for mailbox, special in SPECIAL_MAILBOXES],
            )

    def users(self) -> list[str]:
        return [row[0] for row in self._db.execute("SELECT name FROM user ORDER BY name")]

    def password_fits(self, name: str, password: str) -> bool:
        row = self._db.execute("SELECT password FROM user WHERE name = ?", (name,)).fetchone()
        return row is not None and hmac.compare_digest(row[0].encode(), password.encode())

    def add_people(self, people: Iterable[Person]) -> None:
        with self._change():
            self._db.executemany(
                "INSERT OR REPLACE INTO person VALUES (?, ?, ?, ?)",
                [(p.address.lower(), p.name, p.language, p.company) for p in people],
            )

    def person(self, address: str) -> Person | None:
        row = self._db.execute("SELECT * FROM person WHERE address = ?", (address.lower(),)).fetchone()
        return Person(*row) if row else None

    def setting(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
        return row[0] if row else None

    def set_setting(self, name: str, value: str) -> None:
        with self._change():
            self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    # Mailboxes

    def mailboxes(self, user: str) -> list[Mailbox]:
        rows = self._db.execute("SELECT * FROM mailbox WHERE user = ? ORDER BY name", (user,))
        return [_mailbox(row) for row in rows]

    def mailbox(self, user: str, name: str) -> Mailbox | None:
        name = "INBOX" if name.upper() == "INBOX" else name
        row = self._db.execute("SELECT * FROM mailbox WHERE user = ? AND name = ?", (user, name)).fetchone()
        return _mailbox(row) if row else None

    def create(self, user: str, name: str, uidvalidity: int) -> None:
        with self._change():
            newest = self._db.execute("SELECT max(uidvalidity) FROM mailbox").fetchone()[0] or 0
            self._db.execute(
                "INSERT INTO mailbox (user, name, uidvalidity) VALUES (?, ?, ?)",
                (user, name, max(uidvalidity, newest + 1)),
            )

    def delete(self, mailbox: Mailbox) -> None:
        with self._change(mailbox.id):
            self._db.execute("DELETE FROM message WHERE mailbox = ?", (mailbox.id,))
            self._db.execute("DELETE FROM vanished WHERE mailbox = ?", (mailbox.id,))
            self._db.execute("DELETE FROM mailbox WHERE id = ?", (mailbox.id,))

    def rename(self, user: str, old: str, new: str) -> None:
        """Rename a mailbox and all below it; UIDs and mod-sequences stay."""
        with self._change():
            self._db.execute(
                "UPDATE mailbox SET name = ? || substr(name, ?) WHERE user = ? AND (name = ? OR name GLOB ?)",
                (new, len(old) + 1, user, old, _glob_literal(old) + "/*"),
            )

    def subscribe(self, mailbox: Mailbox, on: bool) -> None:
        with self._change():
            self._db.execute("UPDATE mailbox SET subscribed = ? WHERE id = ?", (on, mailbox.id))

    def counts(self, mailbox: int) -> tuple[int, int]:
        """How many letters, and how many of them unseen."""
        total = self._db.execute("SELECT count(*) FROM message WHERE mailbox = ?", (mailbox,)).fetchone()[0]
        unseen = self._db.execute(
            "SELECT count(*) FROM message WHERE mailbox = ? AND instr(flags, '\\Seen') = 0", (mailbox,)
        ).fetchone()[0]
        return total, unseen

    def state(self, mailbox: int) -> tuple[int, int]:
        """UIDNEXT and HIGHESTMODSEQ now; (0, 0) for a mailbox that is gone."""
        row = self._db.execute("SELECT uidnext, modseq FROM mailbox WHERE id = ?", (mailbox,)).fetchone()
        return (row[0], row[1]) if row else (0, 0)

    # Letters

    def uids(self, mailbox: int, deleted: bool = False) -> list[int]:
        """UIDs in order; only those flagged \\Deleted when asked so."""
        only = "AND instr(flags, '\\Deleted') > 0" if deleted else ""
        rows = self._db.execute(f"SELECT uid FROM message WHERE mailbox = ? {only} ORDER BY uid", (mailbox,))
        return [row[0] for row in rows]

    def messages(self, mailbox: int, uids: Sequence[int]) -> list[Message]:
        """The letters with these UIDs that are still there, by UID; give at most some hundreds."""
        marks = ",".join("?" * len(uids))
        rows = self._db.execute(
            "SELECT uid, flags, date, size, modseq, content FROM message"
            f" WHERE mailbox = ? AND uid IN ({marks}) ORDER BY uid",
            (mailbox, *uids),
        )
        return [Message(row[0], frozenset(row[1].split()), *row[2:]) for row in rows]

    def changed_since(self, mailbox: int, modseq: int) -> list[int]:
        rows = self._db.execute(
            "SELECT uid FROM message WHERE mailbox = ? AND modseq > ? ORDER BY uid", (mailbox, modseq)
        )
        return [row[0] for row in rows]

    def vanished_since(self, mailbox: int, modseq: int) -> list[int]:
        rows = self._db.execute(
            "SELECT uid FROM vanished WHERE mailbox = ? AND modseq > ? ORDER BY uid", (mailbox, modseq)
        )
        return [row[0] for row in rows]

    def raw(self, content: int) -> bytes:
        row = self._db.execute("SELECT raw FROM content WHERE id = ?", (content,)).fetchone()
        return bytes(row[0])

    def append(self, mailbox: int, raw: bytes, flags: Iterable[str], date: int) -> int:
        """Add a letter; the answer is its UID."""
        with self._change(mailbox):
            content = self._db.execute("INSERT INTO content (raw) VALUES (?)", (raw,)).lastrowid or 0
            return self._place(mailbox, content, len(raw), flags, date)

    def load(self, user: str, letters: Iterable[Letter], uidvalidity: int) -> list[int]:
        """The fast way in: many letters in one transaction, mailboxes made as they come; their UIDs."""
        known = {box.name: [box.id, box.uidnext, box.modseq] for box in self.mailboxes(user)}
        uids = []
        with self._change():
            content = self._db.execute("SELECT coalesce(max(id), 0) FROM content").fetchone()[0]
            for name, raw, flags, date in letters:
                box = known.get(name)
                if box is None:
                    made = self._db.execute(
                        "INSERT INTO mailbox (user, name, uidvalidity) VALUES (?, ?, ?)",
                        (user, name, uidvalidity),
                    )
                    box = known[name] = [made.lastrowid or 0, 1, 1]
                content += 1
                box[2] += 1
                uids.append(box[1])
                self._db.execute("INSERT INTO content VALUES (?, ?)", (content, raw))
                self._db.execute(
                    "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (box[0], box[1], _flag_text(flags), date, len(raw), box[2], content),
                )
                box[1] += 1
            self._db.executemany(
                "UPDATE mailbox SET uidnext = ?, modseq = ? WHERE id = ?",
                [(uidnext, modseq, key) for key, uidnext, modseq in known.values()],
            )
        return uids

    def set_flags(self, mailbox: int, changes: dict[int, frozenset[str]]) -> int:
        """Set the flags of letters; the answer is the mod-sequence they share now."""
        with self._change(mailbox):
            modseq = self._bump(mailbox)
            self._db.executemany(
                "UPDATE message SET flags = ?, modseq = ? WHERE mailbox = ? AND uid = ?",
                [(_flag_text(flags), modseq, mailbox, uid) for uid, flags in changes.items()],
            )
        return modseq

    def copy(self, source: int, uids: Sequence[int], target: int, move: bool) -> list[tuple[int, int]]:
        """Copy or move letters; (old UID, new UID) of each that was there."""
        pairs = []
        with self._change(source, target):
            for start in range(0, len(uids), 500):
                for letter in self.messages(source, uids[start : start + 500]):
                    new = self._place(target, letter.content, letter.size, letter.flags, letter.date)
                    pairs.append((letter.uid, new))
            if move and pairs:
                self._remove(source, [old for old, _new in pairs])
        return pairs

    def expunge(self, mailbox: int, uids: Sequence[int]) -> None:
        if uids:
            with self._change(mailbox):
                self._remove(mailbox, uids)

    def _place(self, mailbox: int, content: int, size: int, flags: Iterable[str], date: int) -> int:
        modseq = self._bump(mailbox)
        uid = int(self._db.execute("SELECT uidnext FROM mailbox WHERE id = ?", (mailbox,)).fetchone()[0])
        self._db.execute("UPDATE mailbox SET uidnext = uidnext + 1 WHERE id = ?", (mailbox,))
        self._db.execute(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?)",
            (mailbox, uid, _flag_text(flags), date, size, modseq, content),
        )
        return uid

    def _remove(self, mailbox: int, uids: Sequence[int]) -> None:
        modseq = self._bump(mailbox)
        self._db.executemany(
            "DELETE FROM message WHERE mailbox = ? AND uid = ?", [(mailbox, uid) for uid in uids]
        )
        self._db.executemany(
            "INSERT OR IGNORE INTO vanished VALUES (?, ?, ?)", [(mailbox, modseq, uid) for uid in uids]
        )

    def _bump(self, mailbox: int) -> int:
        self._db.execute("UPDATE mailbox SET modseq = modseq + 1 WHERE id = ?", (mailbox,))
        return int(self._db.execute("SELECT modseq FROM mailbox WHERE id = ?", (mailbox,)).fetchone()[0])


def _mailbox(row: tuple[int, str, str, str, int, int, int, int]) -> Mailbox:
    return Mailbox(row[0], row[1], row[2], row[3], bool(row[4]), *row[5:])


def _flag_text(flags: Iterable[str]) -> str:
    return " ".join(sorted(flags))


def _glob_literal(text: str) -> str:
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)
