"""Writing a user's Maildir past the server: many letters fast, and faults that no protocol offers."""

import os
from collections.abc import Iterable
from itertools import count
from pathlib import Path

from imapclient.imap_utf7 import encode as modified_utf7

FLAG_LETTERS = {"\\Draft": "D", "\\Flagged": "F", "\\Answered": "R", "\\Seen": "S", "\\Deleted": "T"}
FIRST_INSTANT = 1_700_000_000
"""INTERNALDATE of the first letter written, seconds since 1970; each next one is a second later."""
FIRST_NEW_UID = 1_000_001
"""UID of the first letter after ``forget_uids``: none of the old UIDs comes back."""

_numbers = count()


class Maildir:
    """A mail root in Dovecot's Maildir++ layout, of which ``owner`` (user and group id) owns every file."""

    def __init__(self, root: Path, owner: tuple[int, int]) -> None:
        self.root = root
        self.owner = owner

    def folder(self, name: str) -> Path:
        """Where the folder ``name`` (levels parted by ``/``) lies; it is made when missing."""
        encoded = modified_utf7(name.replace("/", ".")).decode("ascii")
        place = self.root if name.upper() == "INBOX" else self.root / f".{encoded}"
        for part in (self.root.parent, self.root, place, place / "cur", place / "new", place / "tmp"):
            if not part.exists():
                part.mkdir(mode=0o700)
                os.chown(part, *self.owner)
        if place != self.root and not (marker := place / "maildirfolder").exists():
            marker.touch()
            os.chown(marker, *self.owner)
        return place

    def seed(self, name: str, letters: Iterable[bytes], flags: Iterable[str] = ()) -> int:
        """Put letters with IMAP system ``flags`` into a folder and return how many.

        Their UIDs follow the order given: Dovecot numbers new files by the time in their names.
        """
        folder = self.folder(name)
        info = "".join(sorted(FLAG_LETTERS[flag] for flag in flags))
        written = 0
        for raw in letters:
            number = next(_numbers)
            instant = FIRST_INSTANT + number
            file = f"{instant}.M{number}P{os.getpid()}.seed,S={len(raw)}:2,{info}"
            path = folder / "tmp" / file
            path.write_bytes(raw)
            os.chown(path, *self.owner)
            os.utime(path, (instant, instant))
            path.rename(folder / "cur" / file)  # whole, for a session that looks at once
            written += 1
        return written

    def forget_uids(self, name: str) -> None:
        """Drop the folder's UID list and indexes, so that the server numbers its letters anew."""
        place = self.folder(name)
        for pattern in ("dovecot-uidlist*", "dovecot.index*"):
            for path in place.glob(pattern):
                path.unlink()
        # Dovecot makes a UIDVALIDITY of the seconds of the clock: within one second it would not change.
        number = int.from_bytes(os.urandom(3)) + 1
        path = place / "dovecot-uidlist"
        path.write_text(f"3 V{number} N{FIRST_NEW_UID} G{os.urandom(16).hex()}\n")
        os.chown(path, *self.owner)
