"""The demo as a whole: made once, in a folder of its own, and what its server holds equals what the store holds."""

import argparse
import fcntl
import getpass
import shutil
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from crm_tui import i18n, paths
from crm_tui.cli import demo as cli_demo
from crm_tui.demo import build
from crm_tui.demo.agenda import OVERDUE
from crm_tui.demo.build import DemoInfo, opened, prepare
from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.server import process
from crm_tui.demo.talks import SALES
from crm_tui.domain.clock import utc_now
from crm_tui.domain.conditions.periods import Period
from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route.process_moves import replay
from crm_tui.services import users
from crm_tui.services.event import occurrences
from crm_tui.services.process import process_state
from crm_tui.services.route import route_catalogue
from crm_tui.services.route.route_catalogue import catalogue
from crm_tui.store.engine import Store
from crm_tui.store.queries import report_figures, today
from crm_tui.store.tables import (
    ContactInfo,
    Customer,
    Event,
    Folder,
    Inquiry,
    Interaction,
    Interest,
    Lead,
    Letter,
    LetterLink,
    MailAccount,
    Outbox,
    Placement,
    Reminder,
    State,
    StateChange,
    Task,
    table_of,
)
from crm_tui.store.tables.processes import Process, ProcessToken
from crm_tui.store.work import Actor
from crm_tui.sync.credentials import Credentials
from crm_tui.sync.engine import sync_account
from crm_tui.sync.outbox import send_due
from crm_tui.sync.vault import Vault
from tests.waiting import eventually

SIZE = 600


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> DemoInfo:
    return prepare(tmp_path_factory.mktemp("demo") / "home", "ru", SIZE)


@pytest.fixture
def mine(standing: DemoInfo, tmp_path: Path) -> DemoInfo:
    """A demo to change: a copy, and so one whose folder has moved."""
    shutil.copytree(standing.home, tmp_path / "moved")
    return replace(standing, home=tmp_path / "moved")


@pytest.fixture
def my_store(mine: DemoInfo) -> Iterator[Store]:
    with closing(Store(mine.database)) as store:
        yield store


@pytest.fixture
def store(standing: DemoInfo) -> Iterator[Store]:
    with closing(Store(standing.database)) as store:
        yield store


def count(store: Store, model: type) -> int:
    with store.read() as connection:
        return int(connection.execute(select(func.count()).select_from(table_of(model))).scalar_one())


def test_it_is_made_once_and_stands(standing: DemoInfo) -> None:
    written = standing.database.stat().st_mtime_ns
    again = prepare(standing.home)
    assert (again.language, again.size, again.made) == ("ru", SIZE, False)
    assert standing.database.stat().st_mtime_ns == written


def test_it_lies_where_the_program_looks_for_it(standing: DemoInfo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_HOME", str(standing.home))
    assert paths.database() == standing.database


@pytest.fixture
def hollow(monkeypatch: pytest.MonkeyPatch) -> None:
    """A demo is made in no time, and is empty."""

    def make(info: DemoInfo, *_rest: object) -> None:
        info.server_folder.mkdir()

    monkeypatch.setattr(build, "_make", make)


@pytest.mark.usefixtures("hollow")
def test_another_language_makes_another_and_only_a_demo_is_ever_cleared(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    assert prepare(home, "en").made
    assert not prepare(home).made
    assert prepare(home, "kk").made
    assert prepare(home, size=5000).made
    assert prepare(home, reset=True).made
    with (home / "mail-server" / process.LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # as the mail server of an open demo holds it
        with pytest.raises(Refused, match="demo_is_open"):
            prepare(home, reset=True)
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "crm.db").write_text("precious", "utf-8")
    with pytest.raises(Refused, match="not_a_demo"):
        prepare(tmp_path / "real", reset=True)
    assert (tmp_path / "real" / "crm.db").read_text("utf-8") == "precious"
    for size in (10, 2_000_000):
        with pytest.raises(Invalid, match="demo_out_of_range"):
            prepare(home, size=size)
    assert prepare(home) == DemoInfo(home, "kk", 5000, made=False)


@pytest.mark.usefixtures("hollow")
def test_a_demo_that_was_only_half_made_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(info: DemoInfo, *_rest: object) -> None:
        info.server_folder.mkdir()
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(build, "_make", broken)
        with pytest.raises(KeyboardInterrupt):
            prepare(tmp_path / "demo", "en")
    assert prepare(tmp_path / "demo", "en").made


def test_the_company_is_there(store: Store) -> None:
    user = users.current(store)
    assert (user.login, user.name, user.zone) == (getpass.getuser(), "Ирина Соколова", "Asia/Almaty")
    known = sum(len(texts.firms) - 2 for texts in LANGUAGES.values())
    assert count(store, Customer) == known
    assert count(store, Interest) == 120
    assert count(store, Lead) >= 8
    assert count(store, Letter) == count(store, Placement) == SIZE
    with store.read() as connection:
        info = table_of(ContactInfo)
        numbers = connection.execute(select(info.c.normal).where(info.c.kind == "mobile")).scalars().all()
        mails = select(info.c.for_mailing).where(info.c.kind == "email")
        written_to = connection.execute(mails).scalars().all()
    assert all(number.startswith("+") and 11 <= len(number) <= 13 for number in numbers)
    assert written_to
    assert all(written_to), "an automatic letter would reach nobody"


def test_rm_04_sales_go_by_the_shipped_map_in_the_language_of_the_company(store: Store) -> None:
    from crm_tui.services.route import route_maps

    with store.read() as connection:
        rows = route_maps.catalogue(connection)
        route = route_maps.of_map(connection, route_maps.by_code(connection, "sale_quick").id)
    assert [row.code for row in rows if row.status == route_maps.IN_FORCE] == ["sale_quick"]
    assert len(rows) > 5
    assert route is not None
    assert route.by_id["won"].name == i18n.texts_in("ru")("Sold")


def test_something_is_overdue_something_is_due_and_a_reminder_comes_up_soon(store: Store) -> None:
    now = utc_now()
    with store.read() as connection:
        task, reminder, event = table_of(Task), table_of(Reminder), table_of(Event)
        due = connection.execute(select(task.c.due_at).where(task.c.status == "open")).scalars().all()
        rules = connection.execute(select(event.c.rrule).where(event.c.rrule != "")).scalars().all()
        coming = connection.execute(select(func.min(reminder.c.due_at))).scalar_one()
        coming_up = occurrences.between(connection, now, now + timedelta(hours=5))
    assert sum(each < now for each in due) >= OVERDUE
    assert sum(now < each < now + timedelta(days=7) for each in due) >= 10
    assert len(rules) == 4
    assert len(coming_up) >= 2
    assert now - timedelta(minutes=10) < coming < now + timedelta(minutes=10)


def test_a_meeting_stands_in_the_calendar_once(store: Store) -> None:
    now = utc_now()
    with store.read() as connection:
        interaction = table_of(Interaction)
        calls = {
            (row.interest_id, row.starts_at)
            for row in connection.execute(select(interaction).where(interaction.c.status == "planned"))
        }
        events = occurrences.between(connection, now, now + timedelta(days=14))
    meetings = {(one.interest_id, one.starts_at) for one in events if one.interest_id is not None}
    assert calls
    assert meetings
    assert not calls & meetings


def test_every_interest_has_its_history_its_letters_and_an_accepted_inquiry(store: Store) -> None:
    with store.read() as connection:
        interest, link, inquiry = table_of(Interest), table_of(LetterLink), table_of(Inquiry)
        change = table_of(StateChange)
        ids = set(connection.execute(select(interest.c.id)).scalars())
        linked = connection.execute(select(link.c.record_id).where(link.c.kind == "interest")).scalars()
        accepted = connection.execute(select(inquiry.c.interest_id).where(inquiry.c.status == "accepted"))
        last = {
            row.interest_id: row.to_state_id
            for row in connection.execute(select(change).order_by(change.c.id))
        }
        states = {
            row.id: row.state_id for row in connection.execute(select(interest.c.id, interest.c.state_id))
        }
        state = table_of(State)
        said = select(state.c.code, change.c.comment).join(state, state.c.id == change.c.to_state_id)
        for code, comment in connection.execute(said.where(change.c.comment != "")):
            assert code in ("lost", "refused") or comment == LANGUAGES["ru"].comments[code]
        party = select(func.count()).where(interest.c.customer_id.is_(None), interest.c.lead_id.is_(None))
        assert connection.execute(party.select_from(interest)).scalar_one() == 0
        assert set(linked) == ids
        assert set(accepted.scalars()) == ids
        now = utc_now()
        done = report_figures.doings(connection, Period(now - timedelta(days=366), now))
        assert max(len(one.letters) for one in done) > len(ids), "what was answered is counted in the reports"
        waiting, _newest = today.inquiries(connection, 5)
        assert 5 < waiting < 40, "somebody has worked here: Today begins with what is new"
        assert last == states


def test_the_real_sync_finds_the_store_as_it_would_have_left_it(mine: DemoInfo, my_store: Store) -> None:
    """Only the letter of the newcomer is new; the second pass finds nothing at all."""
    placement, folder = table_of(Placement), table_of(Folder)
    before = count(my_store, Letter)
    with opened(mine):
        with my_store.read() as connection:
            accounts = [
                MailAccount(**row._mapping) for row in connection.execute(select(table_of(MailAccount)))
            ]
        credentials = Credentials(vault=Vault(mine.home / "vault.json"), keyring=None)
        first = [sync_account(my_store, account, credentials) for account in accounts]
        second = [sync_account(my_store, account, credentials) for account in accounts]
    assert sum(counts.new for counts in first) == 1
    assert all(counts.changed == counts.gone == counts.pushed == 0 for counts in first)
    assert not any(counts.any() for counts in second)
    assert count(my_store, Letter) == before + 1
    with my_store.read() as connection:
        roles = set(connection.execute(select(folder.c.role)).scalars())
        unread = select(func.count()).select_from(placement).where(placement.c.unread)
        assert connection.execute(unread).scalar_one() > 10
    assert {"inbox", "sent", "drafts", "trash", "junk", "archive", "processed"} <= roles


def test_a_letter_sent_from_the_store_is_answered_by_the_customer_in_its_thread(
    mine: DemoInfo, my_store: Store
) -> None:
    credentials = Credentials(vault=Vault(mine.home / "vault.json"), keyring=None)
    letter, info = table_of(Letter), table_of(ContactInfo)
    with opened(mine, answer_seconds=0.0):
        with my_store.work(Actor.program("test"), "test.send") as work:
            account = work.all(MailAccount)[0]
            person = work.connection.execute(
                select(info.c.value).where(info.c.kind == "email").limit(1)
            ).scalar_one()
            raw = (
                f"From: {account.address}\r\nTo: {person}\r\nSubject: Hello\r\n"
                f"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nMessage-ID: <asked@jelken.example>\r\n\r\nHow are you?\r\n"
            ).encode()
            work.add(
                Outbox(
                    account_id=account.key,
                    message_id="asked@jelken.example",
                    raw=raw,
                    envelope_from=account.address,
                    recipients=[person],
                    next_try_at=work.now,
                    created_at=work.now,
                )
            )
        assert set(send_due(my_store, credentials).values()) == {None}

        def answered() -> list[str]:
            sync_account(my_store, account, credentials)
            with my_store.read() as connection:
                answers = select(letter.c.sender_address).where(letter.c.in_reply_to.contains("asked@jelken"))
                return list(connection.execute(answers).scalars())

        assert eventually(answered) == [person]


def test_secrets_are_for_their_owner_alone(standing: DemoInfo) -> None:
    for name in ("password", "server.pem"):
        assert stat.S_IMODE((standing.server_folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(standing.server_folder.stat().st_mode) == 0o700


@pytest.mark.usefixtures("hollow")
def test_crm_demo_no_ui_prepares_and_tells_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CRM_HOME", str(tmp_path))
    parser = argparse.ArgumentParser()
    cli_demo.add_arguments(parser)
    assert cli_demo.run(parser.parse_args(["--no-ui", "--lang", "uk", "--size", "700"])) == 0
    told = capsys.readouterr()
    assert told.out == f"{tmp_path / 'data' / 'demo'}\n"
    assert told.err == ""
    assert build.prepare(cli_demo.folder()).language == "uk"
    assert not paths.database().exists()


@pytest.mark.parametrize(("asked", "spoken"), [("", "ru"), ("kk", "kk")])
def test_crm_demo_opens_the_workstation_on_the_demo_while_its_server_runs(
    mine: DemoInfo, monkeypatch: pytest.MonkeyPatch, asked: str, spoken: str
) -> None:
    import socket

    from crm_tui.cli import tui
    from crm_tui.demo.server.serve import read_ports

    seen: list[Path] = []

    def workstation() -> int:
        seen.append(paths.database())
        with closing(Store(paths.database())) as store, store.facts("look") as work:
            ports = {(account.imap_port, account.smtp_port) for account in work.all(MailAccount)}
        known = read_ports(mine.server_folder)
        assert known is not None
        assert ports == {(known.imap, known.smtp)}
        socket.create_connection(("127.0.0.1", known.imap), 5).close()
        return 7

    monkeypatch.setenv("CRM_HOME", "before")
    monkeypatch.setenv("CRM_LANG", asked)
    monkeypatch.setattr(cli_demo, "folder", lambda: mine.home)
    monkeypatch.setattr(tui, "run", workstation)
    arguments = argparse.Namespace(lang=None, size=None, reset=False, no_ui=False)
    assert cli_demo.run(arguments) == 7
    assert seen == [mine.database]
    assert i18n.activate() == spoken


def test_bp_01_rm_05_the_sales_go_by_the_map_in_force(standing: DemoInfo, store: Store) -> None:
    """Rows and log of every process say the same; whatever stands open holds the state of its Interest."""
    state, interest = table_of(State), table_of(Interest)
    with store.read() as connection:
        (shown,) = [one for one in catalogue(connection) if one.status == "in_force"]
        codes = dict(connection.execute(select(state.c.id, state.c.code)).all())
        stands = {row.id: codes[row.state_id] for row in connection.execute(select(interest))}
    assert shown.code == "sale_quick"
    with store.facts("look") as work:
        found = work.all(Process)
        for process in found:
            route = route_catalogue.route(work.connection, process.version_id)
            played = replay(route, process_state.events_of(work.connection, process.key))
            assert played == process_state.instance_of(work.connection, process)
            points = [token.point for token in played.tokens]
            assert points == ([stands[process.object_id]] if process.status == "running" else [])
            assert (process.held_state_id is not None) == (process.status == "running")
        waiting = work.all(ProcessToken, left_at=None)
        assert {work.get(Task, row.task_id or 0).status for row in waiting} == {"open"}
    assert {stands[process.object_id] for process in found} == {*SALES}
