"""An office for a day: a mail server, a post office, a store, and the real program at a desk in it.

The program is composed as ``crm`` composes it, with its sync and its clock ticks; only the clock is ours. A story
presses keys, and waits for what can be seen on the screen, on the server or in the store.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlmodel import SQLModel
from textual.pilot import Pilot

from crm_tui import config
from crm_tui.app import CrmApp
from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.interest import scenarios
from crm_tui.store.engine import Store
from crm_tui.store.tables import MailAccount
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.vault import Vault
from crm_tui.workstation import open_ports
from tests.screens.keyboard import screen_text
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_sink import SmtpSink
from tests.stores import START, TestClock, new_store
from tests.stories.layouts import typed
from tests.sync.world import OtherSide
from tests.waiting import settled

Row = TypeVar("Row", bound=SQLModel)

ZONE = "Asia/Almaty"
UNHURRIED = "[ui]\nread_after_seconds = 0\n"
"""A letter counts as read when it is opened: otherwise it would by the seconds that a busy machine takes."""
FOLDERS = ("INBOX", "Processed", "Sent", "Trash", "Archive")
NAMES = {" ": "space", "\n": "enter", ":": "colon", ".": "full_stop", ",": "comma", "-": "minus", "+": "plus"}


class Seat(NamedTuple):
    """A window and a keyboard."""

    size: tuple[int, int]
    layout: str


class Office:
    """One person's store, account and servers; ``at_desk`` opens the program, as often as the story wants."""

    def __init__(self, folder: Path, server: Dovecot, sink: SmtpSink, now: datetime = START) -> None:
        self.path = folder / "office" / "crm.db"
        self.server, self.sink = server, sink
        self.clock = TestClock(now)
        self.user = server.account("olena")
        self.elsewhere = OtherSide(server, self.user)
        store = new_store(self.path.parent, self.clock)
        user = users.current(store, zone=ZONE)
        self.actor = users.actor_of(user)
        with store.work(self.actor, "account.add") as work:
            scenarios.ensure_shipped(work)
            account = accounts.add(
                work, "office", f"{self.user}@office.example", sender_name="Olena",
                imap_host="localhost", imap_port=server.imap_port, imap_security="none", imap_user=self.user,
                smtp_host="localhost", smtp_port=sink.port, smtp_security="none", smtp_user="",
                move_accepted=True,
            )  # fmt: skip
        self.account_id = account.key
        store.close()

    def close(self) -> None:
        """Leave the server."""
        self.elsewhere.close()

    @asynccontextmanager
    async def at_desk(
        self, size: tuple[int, int] = (80, 24), layout: str = "latin", settings: str = UNHURRIED
    ) -> AsyncIterator["Desk"]:
        """The program running for the person at this keyboard."""
        file = config.config_file()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(settings, "utf-8")
        secrets = Credentials(Vault(self.path.with_name("vault")), None, lambda _name: self.server.password)
        app = CrmApp(open_ports(self.path, credentials=secrets, clock=self.clock), config.load(file, {}))
        async with app.run_test(size=size) as pilot:
            yield Desk(self, app, pilot, layout)

    def deliver(self, subject: str, text: str, sender: str = "Olga Kim <olga@newco.example>") -> None:
        """A letter from outside arrives in the inbox on the server."""
        letter = EmailMessage()
        letter["From"] = sender
        letter["To"] = f"{self.user}@office.example"
        letter["Subject"] = subject
        letter["Date"] = format_datetime(self.clock.now)
        letter["Message-ID"] = f"<{subject.split()[0].lower()}.{self.clock.now:%H%M%S}@newco.example>"
        letter.set_content(text)
        self.elsewhere.append("INBOX", letter.as_bytes().replace(b"\n", b"\r\n"))

    def on_server(self) -> dict[str, list[tuple[str, int]]]:
        """Message-ID → [(folder, flags)] as any other program sees it."""
        there = [folder for folder in FOLDERS if self._exists(folder)]
        return {key: [place[:2] for place in places] for key, places in self.elsewhere.state(*there).items()}

    def store(self) -> Store:
        """The store, while nobody is at the desk."""
        return Store(self.path, self.clock)

    def _exists(self, folder: str) -> bool:
        return any(one.raw_name == folder.encode() for one in self.elsewhere.session.list_folders())


class Desk:
    """The person in front of the running program: keys by their Latin print, text as it is typed."""

    def __init__(self, office: Office, app: CrmApp, pilot: Pilot[int], layout: str) -> None:
        self.office, self.app, self.pilot, self.layout = office, app, pilot, layout

    async def press(self, *keys: str) -> None:
        """Strike keys, named by what a Latin keyboard has printed on them, on the keyboard that is there.

        What opened by itself takes none of before it was painted: whoever saw it is that far.
        """
        await self.pilot.pause()
        for key in keys:
            await self.pilot.press(typed(key, self.layout))

    async def write(self, text: str) -> None:
        """Type a text into whatever has the focus."""
        await self.pilot.press(*(NAMES.get(character, character) for character in text))

    @property
    def screen(self) -> str:
        """What stands on the screen, line by line."""
        return screen_text(self.app)

    async def sees(self, *texts: str) -> str:
        """Wait until all the texts stand on the screen."""
        missing = list(texts)

        def there() -> bool:
            shown = self.screen
            missing[:] = [text for text in texts if text not in shown]
            return not missing

        try:
            await settled(self.pilot, there)
        except AssertionError:
            raise AssertionError(f"{missing} never stood on the screen:\n{self.screen}") from None
        return self.screen

    async def is_rid_of(self, text: str) -> str:
        """Wait until the text stands on the screen no more."""
        try:
            await settled(self.pilot, lambda: text not in self.screen)
        except AssertionError:
            raise AssertionError(f"{text} stays on the screen:\n{self.screen}") from None
        return self.screen

    async def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait until something is so, whoever does it."""
        try:
            return await settled(self.pilot, condition, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.screen}") from None

    async def mail_is_quiet(self) -> None:
        """Wait until the sync listens: what was on the server is here, and what was here is there."""
        await self.until(lambda: [one.state for one in self.mail_states()] == ["listening"], "IDLE")

    def mail_states(self) -> Any:
        """The states of the accounts."""
        assert self.app.ports.sync is not None
        return self.app.ports.sync.states()

    def rows(self, model: type[Row], **where: Any) -> list[Row]:
        """Rows of the store as they are now."""
        with self.app.ports.store.facts("look") as work:
            return work.all(model, **where)

    def row(self, model: type[Row], **where: Any) -> Row:
        """The one row of the store."""
        (found,) = self.rows(model, **where)
        return found

    async def later(self, **by: float) -> datetime:
        """The clock goes on; within a second the program looks at it by itself."""
        return self.office.clock.move(**by)

    def account(self) -> MailAccount:
        """The account as stored."""
        return self.row(MailAccount, id=self.office.account_id)
