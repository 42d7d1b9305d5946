"""How much is kept here (headers, limits of size and age), bodies fetched when opened, progress, giving up a pass."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crm_tui.domain.errors import NetworkTrouble, NotFound
from crm_tui.services.account import accounts
from crm_tui.services.letter import folders
from crm_tui.store.tables import Folder
from crm_tui.sync import on_demand
from crm_tui.sync import scheduler as scheduling
from crm_tui.sync.imap.conversation import ServerRefused
from crm_tui.sync.imap.session import Session
from crm_tui.sync.on_demand import BodiesOnDemand
from crm_tui.sync.passing import Progress
from crm_tui.sync.push import to_send
from crm_tui.sync.scheduler import Scheduler
from tests.servers.dovecot import Dovecot
from tests.sync.world import FOLDER, LETTER, OtherSide, OurSide, letter
from tests.waiting import eventually


@pytest.fixture
def us(dovecot: Dovecot, tmp_path: Path) -> Iterator[OurSide]:
    found = OurSide(tmp_path / "crm.db", dovecot, dovecot.account("kept"))
    yield found
    found.close()


def user(us: OurSide) -> str:
    return us.account.imap_user


def seed(us: OurSide, *raws: bytes, folder: str = "INBOX") -> None:
    us.server.seed(user(us), folder, raws)


def dated(message_id: str, us: OurSide, *, days_ago: int) -> bytes:
    at = us.store.clock() - timedelta(days=days_ago)
    return f"Date: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n".encode() + letter(message_id)


def states(us: OurSide) -> dict[str, str]:
    with us.store.read() as connection:
        return {
            row[0]: row[1] for row in connection.execute(select(LETTER.c.message_id, LETTER.c.body_state))
        }


def letter_id(us: OurSide, message_id: str) -> int:
    with us.store.read() as connection:
        return connection.execute(select(LETTER.c.id).where(LETTER.c.message_id == message_id)).scalar_one()


def headers_only(us: OurSide, name: str = "INBOX") -> None:
    with us.work() as work:
        folders.set_sync_mode(work, [us.folders()[name]], "headers")


def test_bodies_beyond_the_accounts_limits_stay_on_the_server(us: OurSide) -> None:
    with us.work() as work:
        accounts.update(work, us.account.key, size_limit=5000, age_limit_days=30)
    seed(
        us,
        dated("<new@x>", us, days_ago=2),
        dated("<old@x>", us, days_ago=31),
        letter("<big@x>", body="x" * 5000),
    )
    us.sync()
    assert states(us) == {"new@x": "full", "old@x": "none", "big@x": "none"}
    with us.work() as work:
        folders.set_age_limit(work, [us.folders()["INBOX"]], 0)
    us.sync()
    assert states(us) == {"new@x": "full", "old@x": "full", "big@x": "none"}


def test_a_folder_kept_as_headers_gives_a_body_when_it_is_opened(us: OurSide) -> None:
    us.sync()
    headers_only(us)
    seed(us, letter("<a@x>", body="здравствуйте"), letter("<b@x>"))
    us.sync()
    assert states(us) == {"a@x": "none", "b@x": "none"}
    bodies = BodiesOnDemand(us.store, us.credentials)
    bodies.fetch(letter_id(us, "a@x"))
    assert states(us) == {"a@x": "full", "b@x": "none"}
    assert not us.sync().any()
    next(iter(bodies._sessions.values())).stop()  # the server has ended it meanwhile
    bodies.fetch(letter_id(us, "b@x"))
    assert states(us) == {"a@x": "full", "b@x": "full"}
    bodies.close()
    with pytest.raises(NetworkTrouble):
        BodiesOnDemand(us.store, us.credentials, _closed=True)._session(us.account.key)


def test_a_program_that_ends_does_not_wait_for_a_server_that_is_connected_to(
    us: OurSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    us.sync()
    headers_only(us)
    seed(us, letter("<a@x>"))
    us.sync()
    bodies = BodiesOnDemand(us.store, us.credentials)
    connecting, answered, told = threading.Event(), threading.Event(), []
    really = on_demand.log_in

    def slow(*arguments: Any) -> Session:
        connecting.set()
        answered.wait(60)
        return really(*arguments)

    def fetch() -> None:
        with pytest.raises(NetworkTrouble) as error:
            bodies.fetch(letter_id(us, "a@x"))
        told.append(error.value.code)

    monkeypatch.setattr(on_demand, "log_in", slow)
    monkeypatch.setattr(on_demand, "CLOSE_SECONDS", 0.01)
    thread = threading.Thread(target=fetch)
    thread.start()
    connecting.wait(60)
    bodies.close()
    assert thread.is_alive(), "it was not waited for"
    answered.set()
    thread.join()
    assert (told, bodies._sessions) == (["stopped"], {})


def test_a_body_that_cannot_be_fetched_says_why(us: OurSide) -> None:
    us.sync()
    headers_only(us)
    seed(us, letter("<a@x>"))
    us.sync()
    wanted = letter_id(us, "a@x")
    other = OtherSide(us.server, user(us))
    other.open("INBOX").expunge(b"1")
    other.close()
    bodies = BodiesOnDemand(us.store, us.credentials)
    with pytest.raises(NotFound) as gone:
        bodies.fetch(wanted)
    assert gone.value.code == "body_not_there"
    bodies.close()
    with us.work() as work:
        accounts.update(work, us.account.key, imap_port=1)
    offline = BodiesOnDemand(us.store, us.credentials)
    with pytest.raises(NetworkTrouble) as away:
        offline.fetch(wanted)
    assert away.value.code == "connection_failed"


def test_mail_37_each_folder_knows_when_it_was_last_looked_into(us: OurSide) -> None:
    us.sync()
    with us.store.facts("broken before") as work:
        row = work.get(Folder, us.folders()["Sent"])
        work.change(row, error="NO later")
    us.sync()
    with us.store.read() as connection:
        rows = connection.execute(select(FOLDER.c.last_success_at, FOLDER.c.error)).all()
    assert all(row.last_success_at is not None and row.error == "" for row in rows)


def test_progress_counts_letters_and_bodies_of_each_folder(us: OurSide) -> None:
    seed(us, *(letter(f"<{n}@x>") for n in range(5)))
    seed(us, *(letter(f"<sent{n}@x>") for n in range(3)), folder="Sent")
    told: list[Progress] = []
    us.sync(report=told.append)
    last = {(one.stage, one.folder): (one.done, one.total) for one in told if one.total}
    assert last == {
        ("headers", "INBOX"): (5, 5), ("headers", "Sent"): (3, 3),
        ("bodies", "INBOX"): (5, 5), ("bodies", "Sent"): (3, 3),
    }  # fmt: skip


def test_a_pass_is_given_up_and_goes_on_when_asked_again(
    us: OurSide, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The person cancels in the middle: at once, nothing is lost, and it does not begin again by itself."""
    seed(us, *(letter(f"<{n}@x>") for n in range(20)))
    reached, states_seen = threading.Event(), []
    really: Any = scheduling.sync_one

    def slow(*arguments: Any) -> Any:
        *first, report = arguments

        def held(progress: Progress) -> None:
            report(progress)
            if progress.stage == "bodies" and not reached.is_set():
                reached.set()
                first[3].stop.wait(60)

        return really(*first, held)

    monkeypatch.setattr(scheduling, "sync_one", slow)
    running = Scheduler(
        us.store, us.credentials, every_minutes=60, listener=lambda status: states_seen.append(status.state)
    )
    running.start()
    try:
        assert reached.wait(60)
        running.cancel([us.account.key])
        eventually(lambda: running.status()[0].state == "waiting", "the end of the pass")
        assert states_seen.count("syncing") >= 1
        assert "trouble" not in states_seen
        assert len(us.rows()) == 20
        assert us.bodies_missing() == 20
        assert us.stored_account(us.account.key).last_error == ""
        running.sync_now()
        eventually(lambda: us.bodies_missing() == 0, "the bodies")
    finally:
        running.stop()


def test_what_a_server_refuses_is_no_reason_for_another_pass_at_once(us: OurSide) -> None:
    us.sync()
    with us.work() as work:
        folders.create(work, us.account.key, "Work")
    us.put("Archive", letter("<mine@x>"))
    waits = to_send(us.store, us.account.key)

    def refused(session: Session, *arguments: Any) -> None:
        raise ServerRefused("server_refused", answer="NO [OVERQUOTA] full")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "create", refused)
        patch.setattr(Session, "append", refused)
        us.sync()
        assert to_send(us.store, us.account.key) == waits
    us.sync()
    assert to_send(us.store, us.account.key) == frozenset()
