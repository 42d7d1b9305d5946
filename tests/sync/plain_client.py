"""The other device: a plain IMAPClient, which shares no code with our own side of the protocol."""

import socket
from contextlib import suppress
from dataclasses import dataclass

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from crm_tui.domain.letter.flags import NAMES


@dataclass(frozen=True, order=True)
class Place:
    """Where a copy of a letter lies on the server."""

    folder: str
    flags: int
    keywords: tuple[str, ...]
    uid: int


class PlainClient:
    """One connection of the other device."""

    def __init__(self, host: str, port: int, user: str, password: str) -> None:
        self.imap = IMAPClient(host, port=port, ssl=False)
        self.imap.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.imap.login(user, password)

    def folders(self) -> list[str]:
        """The folders that hold letters."""
        return sorted(
            name for flags, _, name in self.imap.list_folders()
            if not {b"\\noselect", b"\\nonexistent"} & {flag.lower() for flag in flags}
        )  # fmt: skip

    def state(self) -> dict[str, list[Place]]:
        """Message-ID → its places."""
        found: dict[str, list[Place]] = {}
        for folder in self.folders():
            self.imap.select_folder(folder, readonly=True)
            uids = self.imap.search("ALL")
            wanted = ["FLAGS", "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]
            for uid, data in (self.imap.fetch(uids, wanted) if uids else {}).items():
                key = data[b"BODY[HEADER.FIELDS (MESSAGE-ID)]"].decode().split("<", 1)[1].split(">", 1)[0]
                mask, words = _split(data[b"FLAGS"])
                found.setdefault(key, []).append(Place(folder, mask, words, uid))
        return {key: sorted(places) for key, places in found.items()}

    def append(self, folder: str, raw: bytes, flags: list[bytes]) -> None:
        """Put a letter into a folder."""
        self.imap.append(folder, raw, flags)

    def mark(self, place: Place, flag: bytes, on: bool) -> None:
        """Set or clear a flag or a keyword."""
        self.imap.select_folder(place.folder)
        (self.imap.add_flags if on else self.imap.remove_flags)([place.uid], [flag], silent=True)

    def copy(self, place: Place, folder: str) -> None:
        """Put a copy into another folder."""
        self.imap.select_folder(place.folder)
        self.imap.copy([place.uid], folder)

    def move(self, place: Place, folder: str) -> None:
        """Move it, in the way of an old client where the server has no MOVE."""
        self.imap.select_folder(place.folder)
        if self.imap.has_capability("MOVE"):
            self.imap.move([place.uid], folder)
        else:
            self.imap.copy([place.uid], folder)
            self._expunge(place.uid)

    def delete(self, place: Place) -> None:
        """Delete it for good."""
        self.imap.select_folder(place.folder)
        self._expunge(place.uid)

    def create(self, folder: str) -> None:
        """Make a folder and subscribe to it."""
        try:
            self.imap.create_folder(folder)
        except IMAPClientError as error:
            if "EXISTS" not in str(error).upper():
                raise
        self.imap.subscribe_folder(folder)

    def rename(self, folder: str, name: str) -> None:
        """Rename a folder; the subscription goes with it."""
        self.imap.select_folder("INBOX", readonly=True)
        self.imap.rename_folder(folder, name)
        self.imap.subscribe_folder(name)
        with suppress(IMAPClientError):  # some forget it by themselves
            self.imap.unsubscribe_folder(folder)

    def remove(self, folder: str) -> None:
        """Delete a folder with its letters."""
        self.imap.select_folder("INBOX", readonly=True)
        self.imap.unsubscribe_folder(folder)
        self.imap.delete_folder(folder)

    def close(self) -> None:
        """End the connection."""
        self.imap.shutdown()

    def _expunge(self, uid: int) -> None:
        self.imap.add_flags([uid], [b"\\Deleted"], silent=True)
        self.imap.expunge([uid] if self.imap.has_capability("UIDPLUS") else None)


def _split(flags: tuple[bytes, ...]) -> tuple[int, tuple[str, ...]]:
    named = {name.encode().lower(): int(bit) for bit, name in NAMES.items()}
    mask = sum({named.get(flag.lower(), 0) for flag in flags})
    return mask, tuple(sorted(flag.decode() for flag in flags if not flag.startswith(b"\\")))
