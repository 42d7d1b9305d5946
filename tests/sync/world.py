"""Both sides of a mailbox: our store with an account, and another program at the same server."""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Row, insert, select

from crm_tui.domain.letter.flags import Flag
from crm_tui.parsing.letter import parse
from crm_tui.services.letter import folders
from crm_tui.store.engine import Store
from crm_tui.store.tables import Folder, Letter, LetterRaw, MailAccount, Placement, Tomb, table_of
from crm_tui.store.work import Actor, Work
from crm_tui.sync import plan
from crm_tui.sync.bodies import keep_body
from crm_tui.sync.content import body_of, letter_row, sort_keys
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import sync_account
from crm_tui.sync.imap import tokens
from crm_tui.sync.imap.connect import Server
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.responses import Selected, as_int
from crm_tui.sync.imap.session import Session
from crm_tui.sync.passing import Counts, Progress
from crm_tui.sync.vault import Vault
from tests.stores import lay

FOLDER, LETTER, RAW, PLACEMENT = (table_of(model) for model in (Folder, Letter, LetterRaw, Placement))
ME = Actor("test")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def letter(message_id: str, subject: str = "s", body: str = "x") -> bytes:
    """A small letter."""
    text = f"From: a@b.example\r\nTo: c@d.example\r\nMessage-ID: {message_id}\r\nSubject: {subject}\r\n\r\n{body}\r\n"
    return text.encode()


@contextmanager
def refusing(folder: bytes) -> Iterator[None]:
    """The server lets nobody into the folder for now."""
    really = Session.select

    def refused(session: Session, raw_name: bytes, **options: Any) -> Selected:
        if raw_name == folder:
            raise ServerRefused("server_refused", answer="NO [INUSE] later")
        return really(session, raw_name, **options)

    Session.select = refused  # type: ignore[method-assign]
    try:
        yield
    finally:
        Session.select = really  # type: ignore[method-assign]


class MailServer(Protocol):
    """What both sides need of a server."""

    host: str
    password: str

    @property
    def imap_port(self) -> int: ...

    def account(self, name: str = ...) -> str: ...


class OurSide:
    """A store with one account, synced when told. ``store`` may be opened anew, as after a crash."""

    def __init__(self, path: Path, server: "MailServer", user: str, *, port: int | None = None) -> None:
        self.path = path
        self.server = server
        self.store = Store(lay(path))
        account = MailAccount(
            name=user, address=f"{user}@example.org", imap_host="localhost", imap_port=port or server.imap_port,
            imap_security="none", imap_user=user,
        )  # fmt: skip
        with self.store.work(ME, "account.add") as work:
            self.account = work.add(account)
        self.credentials = Credentials(
            Vault(path.with_name("vault.json")), None, lambda name: server.password
        )

    def sync(
        self, stop: threading.Event | None = None, report: Callable[[Progress], None] = lambda progress: None
    ) -> Counts:
        """One pass."""
        return sync_account(self.store, self.account, self.credentials, stop=stop, report=report)

    def through(self, port: int) -> None:
        """Connect by another port from now on."""
        self.account.imap_port = port

    def add_account(self, name: str, port: int) -> int:
        """One more account, at a server on this port of loopback."""
        account = MailAccount(
            name=name, address=f"{name}@example.org", imap_host="localhost", imap_port=port, imap_security="none",
            imap_user=name,
        )  # fmt: skip
        with self.store.work(ME, "account.add") as work:
            return work.add(account).key

    def stored_account(self, account_id: int) -> MailAccount:
        """The account as stored now."""
        with self.work() as work:
            return work.get(MailAccount, account_id)

    def folders(self) -> dict[str, int]:
        """Folder ids by the server's name."""
        with self.store.read() as connection:
            return {row.srv_name: row.id for row in connection.execute(select(FOLDER))}

    def rows(self, *, deleted: bool = False) -> list[Row[Any]]:
        """Every placement (the deleted ones too), with its letter's Message-ID and its desired folder's name."""
        query = (
            select(PLACEMENT, LETTER.c.message_id, FOLDER.c.srv_name)
            .join(LETTER, LETTER.c.id == PLACEMENT.c.letter_id)
            .join(FOLDER, FOLDER.c.id == PLACEMENT.c.folder_id)
            .where(~PLACEMENT.c.deleted | deleted)
            .order_by(PLACEMENT.c.id)
        )
        with self.store.read() as connection:
            return list(connection.execute(query))

    def tombs(self) -> set[tuple[int, int]]:
        """(Folder id, UID) of what a move left behind and is to be deleted."""
        with self.store.read() as connection:
            return {(row.folder_id, row.uid) for row in connection.execute(select(table_of(Tomb)))}

    def bodies_missing(self) -> int:
        """How many letters have no body here."""
        with self.store.read() as connection:
            return len(connection.execute(select(LETTER.c.id).where(LETTER.c.body_state != "full")).all())

    def state(self) -> dict[str, list[tuple[str, int]]]:
        """Message-ID → [(folder, flags)] as desired here."""
        found: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for row in self.rows():
            found[row.message_id].append((row.srv_name, row.flags))
        return {key: sorted(places) for key, places in found.items()}

    def places(self) -> dict[str, list[tuple[str, int, tuple[str, ...]]]]:
        """Message-ID → [(folder, flags, keywords)] as desired here; a folder by the name wanted for it."""
        found: dict[str, list[tuple[str, int, tuple[str, ...]]]] = defaultdict(list)
        names = {row.id: row.name for row in self._folder_rows()}
        for row in self.rows():
            found[row.message_id].append((names[row.folder_id], row.flags, tuple(row.keywords)))
        return {key: sorted(each) for key, each in found.items()}

    def shown_folders(self) -> set[str]:
        """Names of the folders that a person sees."""
        return {row.name for row in self._folder_rows() if row.selectable and not row.hidden}

    def _folder_rows(self) -> list[Row[Any]]:
        with self.store.read() as connection:
            return list(connection.execute(select(FOLDER)))

    def _shown(self, name: str) -> int:
        return next(row.id for row in self._folder_rows() if row.name == name and not row.hidden)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """A person's change."""
        with self.store.work(ME, "test") as work:
            yield work

    def set_flags(self, placement_id: int, flags: int) -> None:
        """What marking a letter does."""
        self._change(placement_id, flags=flags, unread=not flags & Flag.SEEN)

    def set_keywords(self, placement_id: int, words: list[str]) -> None:
        """What marking a letter with a keyword does."""
        self._change(placement_id, keywords=words)

    def move(self, placement_id: int, folder: str) -> None:
        """What moving a letter does."""
        self._change(placement_id, folder_id=self._shown(folder))

    def copy(self, placement_id: int, folder: str) -> bool:
        """What copying a letter does; False where its body is not here yet."""
        with self.work() as work:
            row = work.get(Placement, placement_id)
            if work.find(LetterRaw, letter_id=row.letter_id) is None:
                return False
            work.add(
                Placement(letter_id=row.letter_id, folder_id=self._shown(folder), flags=row.flags, unread=row.unread,
                          date_key=row.date_key, sender_key=row.sender_key, subject_key=row.subject_key)
            )  # fmt: skip
        return True

    def create_folder(self, name: str) -> None:
        """What making a folder does; ``name`` is its whole path."""
        above, _, leaf = name.rpartition("/")
        with self.work() as work:
            folders.create(work, self.account.key, leaf, parent_id=self._shown(above) if above else None)

    def rename_folder(self, name: str, path: str) -> None:
        """What renaming a folder, and moving it elsewhere, does."""
        above, _, leaf = path.rpartition("/")
        with self.work() as work:
            key = self._shown(name)
            if above != name.rpartition("/")[0]:
                folders.move(work, key, self._shown(above) if above else None)
            folders.rename(work, key, leaf)

    def delete_folder(self, name: str) -> None:
        """What deleting a folder does: its letters go to the trash."""
        with self.work() as work:
            folders.delete(work, self._shown(name), agreed=True)

    def delete(self, placement_id: int) -> None:
        """What deleting a letter for good does."""
        self._change(placement_id, deleted=True)

    def put(self, folder: str, raw: bytes, flags: int = 0) -> int:
        """What filing a letter of our own does: it has no place on the server yet."""
        with self.work() as work:
            row = letter_row(raw, len(raw), work.now)
            letter_id = work.connection.execute(insert(LETTER).values(row)).inserted_primary_key[0]
            keep_body(work, letter_id, body_of(raw, parse))
            placed = work.add(
                Placement(letter_id=letter_id, folder_id=self._shown(folder), flags=flags,
                          unread=not flags & Flag.SEEN, **sort_keys(row))
            )  # fmt: skip
        return placed.key

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    def reopen(self) -> None:
        """As after a crash: what was not committed is gone."""
        self.store.close()
        self.store = Store(self.path)

    def _change(self, placement_id: int, **values: Any) -> None:
        with self.work() as work:
            work.change(work.get(Placement, placement_id), **values)


class OtherSide:
    """Another program at the same mailbox."""

    def __init__(self, server: MailServer, user: str, *, host: str = "localhost") -> None:
        self.session = Session(Server(host, server.imap_port, "none"))
        self.session.login(user, server.password)

    def make(self, *folders: str) -> None:
        """Create folders and subscribe to them."""
        for name in folders:
            self.session.create(tokens.mailbox(name))
            self.session.subscribe(tokens.mailbox(name))

    def state(self, *folders: str) -> dict[str, list[tuple[str, int, int]]]:
        """Message-ID → [(folder, flags, UID)] on the server."""
        found: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        for name in folders:
            self.session.select(tokens.mailbox(name), write=False)
            items = b"(UID FLAGS BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
            for each in self.session.fetch(b"1:*", items):
                block = each.get(b"BODY")
                if isinstance(block, bytes) and b"FLAGS" in each:
                    flags = plan.bits(tokens.words(each[b"FLAGS"]))
                    key = letter_row(block, 0, _SOME_DAY)["message_id"]
                    found[key].append((name, flags, as_int(each[b"UID"])))
        return {key: sorted(places) for key, places in found.items()}

    def open(self, folder: str) -> "Session":
        """The session with the folder open for writing."""
        self.session.select(tokens.mailbox(folder))
        return self.session

    def append(self, folder: str, raw: bytes, flags: list[bytes] | None = None) -> None:
        """Put a letter into a folder."""
        self.session.append(tokens.mailbox(folder), raw, flags or [])

    def close(self) -> None:
        """Log out."""
        self.session.close()
