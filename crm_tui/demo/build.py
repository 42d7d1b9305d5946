"""Making the demo: a folder of its own with the mail server's mail and the store, never the real store.

``prepare`` is idempotent: a demo that stands is left alone unless another language or size is asked for.
"""

import json
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_tui.demo import letters, talks
from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.people import SERVICE_ADDRESS
from crm_tui.demo.server import certificate, process
from crm_tui.demo.server.delivery import ANSWER_SECONDS
from crm_tui.demo.server.records import Person
from crm_tui.demo.server.serve import HOST, MAIL_FILE, Ports
from crm_tui.demo.server.storage import Storage
from crm_tui.demo.talks import Company
from crm_tui.domain.clock import Clock, utc_now
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.store.engine import Store
from crm_tui.store.tables import Letter, MailAccount, table_of
from crm_tui.store.work import Actor, Work

VERSION = 2
"""Raise it when a demo made before must be made anew."""
DEFAULT_SIZE = 3000
SMALLEST_SIZE = 600
"""Fewer letters cannot carry the demo's Interests."""
LARGEST_SIZE = 1_000_000
MANY = 20_000
"""From this size on the letters are parsed by processes of their own."""
STAMP = "demo.json"
SERVER_FOLDER = "mail-server"
PASSWORD_FILE = "password"

Report = Callable[[int, int], None]
"""Told how many letters are in, of how many."""


@dataclass(frozen=True, slots=True)
class DemoInfo:
    """A demo that stands. Use it with ``CRM_HOME`` set to ``home``."""

    home: Path
    language: str
    size: int
    made: bool
    """Whether it was made just now."""

    @property
    def server_folder(self) -> Path:
        return self.home / SERVER_FOLDER

    @property
    def database(self) -> Path:
        """Where ``paths.database()`` is when ``CRM_HOME`` is ``home``."""
        return self.home / "data" / "crm.db"


def prepare(
    home: Path,
    language: str | None = None,
    size: int | None = None,
    reset: bool = False,
    *,
    clock: Clock = utc_now,
    report: Report = lambda done, size: None,
) -> DemoInfo:
    """The demo in the folder ``home``, made when it is not there, or when another one is asked for.

    Without ``language`` and ``size``: those of the demo that stands, else English and 3,000 letters. Raises Invalid
    for a size that no demo has, Refused for a folder that holds something that is no demo, or a demo in use.
    """
    standing = _standing(home)
    wanted = DemoInfo(
        home,
        language or (standing.language if standing else "en"),
        size or (standing.size if standing else DEFAULT_SIZE),
        made=True,
    )
    if standing and not reset and (standing.language, standing.size) == (wanted.language, wanted.size):
        return standing
    if wanted.language not in LANGUAGES or not SMALLEST_SIZE <= wanted.size <= LARGEST_SIZE:
        raise Invalid(
            "demo_out_of_range",
            language=wanted.language,
            size=wanted.size,
            smallest=SMALLEST_SIZE,
            largest=LARGEST_SIZE,
        )
    _clear(home)
    _make(wanted, clock, report)
    (home / STAMP).write_text(
        json.dumps({"version": VERSION, "language": wanted.language, "size": wanted.size}), "utf-8"
    )
    return wanted


@contextmanager
def opened(info: DemoInfo, answer_seconds: float = ANSWER_SECONDS) -> Iterator[Ports]:
    """The demo's mail server runs, and the demo's accounts know its ports, while the block lasts.

    Somebody whom nobody knows has just written: the first sync brings the letter.
    """
    _newcomer(info, utc_now)
    with process.running(info.server_folder, answer_seconds) as ports:
        with closing(Store(info.database)) as store:
            _connect(store, info, ports)
        yield ports


def _standing(home: Path) -> DemoInfo | None:
    try:
        stamp = json.loads((home / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    if stamp.get("version") != VERSION:
        return None
    return DemoInfo(home, stamp["language"], stamp["size"], made=False)


def _clear(home: Path) -> None:
    """An empty folder for the demo; what lies there is removed only when it is a demo, whole or half made."""
    if home.exists() and any(home.iterdir()):
        if not (home / STAMP).exists():
            raise Refused("not_a_demo", folder=str(home))
        if process.is_running(home / SERVER_FOLDER):
            raise Refused("demo_is_open")
        shutil.rmtree(home)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / STAMP).write_text("{}", "utf-8")


def _make(info: DemoInfo, clock: Clock, report: Report) -> None:
    from crm_tui.demo import interests, load, records
    from crm_tui.services.interest import scenarios

    report(0, info.size)
    company = talks.plan(info.language, info.size, clock())
    info.server_folder.mkdir(mode=0o700)
    info.database.parent.mkdir(mode=0o700)
    certificate.ensure(info.server_folder, clock())
    password = secrets.token_urlsafe(18)
    secret = info.server_folder / PASSWORD_FILE
    secret.touch(mode=0o600)
    secret.write_text(password + "\n", "utf-8")
    with (
        closing(Storage(info.server_folder / MAIL_FILE)) as storage,
        closing(Store(info.database, clock)) as store,
    ):
        _fill_server(storage, company, password)
        actor = Actor.program("demo")
        with store.work(actor, "demo.people", undoable=False) as work:
            scenarios.ensure_shipped(work)
            known = records.fill(work, company)
            accounts = _accounts(work, info, company, known.user.key)
        workers = (os.cpu_count() or 1) if info.size >= MANY else 0
        written = letters.letters(company)
        load.load(store, storage, accounts, written, lambda done: report(done, info.size), workers)
        with store.work(actor, "demo.year", undoable=False) as work:
            interests.Year(work, company, known, _letter_ids(work)).write()
            _maps(work, info.language)


def _fill_server(storage: Storage, company: Company, password: str) -> None:
    uidvalidity = int(company.now.timestamp())
    for user in (company.user.address, SERVICE_ADDRESS):
        storage.add_user(user, password, uidvalidity)
    outside = [human for firm in company.firms for human in firm.people]
    storage.add_people(
        Person(human.address, human.name, human.language, human.company)
        for human in [*outside, *company.colleagues[1:]]
    )


def _accounts(work: Work, info: DemoInfo, company: Company, owner: int) -> dict[str, MailAccount]:
    """The user's own mailbox and the one of the service desk; the ports come when the server runs."""
    from crm_tui.services.account import accounts

    shared = {
        "imap_host": HOST,
        "smtp_host": HOST,
        "password_source": "command",
        **_secrets(info),
        "move_accepted": True,
        "owner_id": owner,
    }
    user = company.user
    mine = accounts.add(work, user.name, user.address, sender_name=user.name, **shared)
    desk = accounts.add(
        work,
        user.company.split()[-1],
        SERVICE_ADDRESS,
        sender_name=user.company,
        decline_needs_reason=True,
        **shared,
    )
    return {user.address: mine, SERVICE_ADDRESS: desk}


def _secrets(info: DemoInfo) -> dict[str, Any]:
    """How an account of the demo knows its server, and where its password comes from."""
    secret = str(info.server_folder / PASSWORD_FILE)
    return {
        "ca_file": str(info.server_folder / certificate.AUTHORITY),
        "password_command": [
            sys.executable,
            "-IS",
            "-c",
            "import sys; print(open(sys.argv[1]).read())",
            secret,
        ],
    }


def _maps(work: Work, language: str) -> None:
    """The company has learnt from its year: from now on sales go by the map."""
    from crm_tui import i18n
    from crm_tui.services.route import route_maps, shipped_maps

    shipped_maps.ensure(work, i18n.texts_in(language))
    route_maps.enforce(work, route_maps.by_code(work.connection, "sale_quick").id)


def _letter_ids(work: Work) -> dict[tuple[int, int], int]:
    """(talk, step) → id, of the letters that the records of the year point to."""
    from sqlalchemy import select

    letter = table_of(Letter)
    rows = work.connection.execute(select(letter.c.id, letter.c.message_id))
    places = ((letters.place_of(row.message_id), row.id) for row in rows)
    return {place: letter_id for place, letter_id in places if place is not None}


def _connect(store: Store, info: DemoInfo, ports: Ports) -> None:
    """Tell the accounts of the demo where its server listens now."""
    with store.work(Actor.program("demo"), "demo.ports", undoable=False) as work:
        for account in work.all(MailAccount, imap_host=HOST, enabled=True):
            work.change(account, imap_port=ports.imap, smtp_port=ports.smtp, **_secrets(info))


def _newcomer(info: DemoInfo, clock: Clock) -> None:
    company = talks.plan(info.language, 0, clock())
    with closing(Storage(info.server_folder / MAIL_FILE)) as storage:
        count = int(storage.setting("newcomers") or 0)
        talk = talks.newcomer(company, count)
        inbox = storage.mailbox(company.user.address, "INBOX")
        assert inbox is not None, "INBOX is never deleted"
        storage.append(inbox.id, letters.Writer(company).letter(talk, 0), (), talk.times[0])
        storage.set_setting("newcomers", str(count + 1))
