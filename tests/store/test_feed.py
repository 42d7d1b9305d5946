"""The change feed: every thread and every process hears what a commit touched."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from crm_tui.store import feed, work
from crm_tui.store.engine import Store
from crm_tui.store.tables import Task, User
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

ME = Actor("me", 1)
WRITER = """
import sys
from pathlib import Path
from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor
store = Store(Path(sys.argv[1]))
with store.work(Actor("other"), "user.add") as work:
    print(work.add(User(login="other", name="Other")).key)
"""


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "store", TestClock())


def _user(store: Store, login: str) -> int:
    with store.work(ME, "user.add") as work:
        return work.add(User(login=login, name=login)).key


def test_a_commit_is_heard_at_once_and_once(store: Store) -> None:
    heard: list[feed.Topics] = []
    forget = store.feed.subscribe(lambda: heard.append(store.feed.drain()))
    user = _user(store, "a")
    assert heard == [{"user": {user}}]
    assert not store.feed.poll()
    forget()
    _user(store, "b")
    assert len(heard) == 1


def test_a_failed_unit_is_not_heard(store: Store) -> None:
    with pytest.raises(IntegrityError), store.work(ME, "user.add") as work:
        assert [work.add(User(login="a", name="a")) for _ in range(2)]
    assert store.feed.drain() == {}


def test_another_process_is_heard(store: Store) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(store.path)], capture_output=True, text=True, timeout=60
    )
    assert store.feed.drain() == {}
    assert store.feed.poll()
    assert store.feed.drain() == {"user": {int(done.stdout)}}
    assert not store.feed.poll()


def test_more_changes_than_are_kept_mean_everything(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "KEPT_CHANGES", 10)
    other = Store(store.path)
    for number in range(120):
        _user(other, str(number))
    assert store.feed.poll()
    assert feed.EVERYTHING in store.feed.drain()


def test_any_row_stays_any_row_when_merged(store: Store) -> None:
    store.feed.publish({"task": set()})
    store.feed.publish({"task": {5}})
    assert store.feed.drain() == {"task": set()}
    store.feed.publish({"task": {5}})
    store.feed.publish({"task": set(), "user": {1}})
    assert store.feed.drain() == {"task": set(), "user": {1}}


def test_a_touch_of_nothing_says_nothing(store: Store) -> None:
    with store.arrivals("nothing") as unit:
        unit.touch(Task, [])
    assert store.feed.drain() == {}


def test_many_rows_reach_other_processes_as_any_row(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MANY_IDS", 2)
    other = Store(store.path)
    with other.arrivals("many") as unit:
        unit.touch(Task, [1, 2, 3])
    assert store.feed.poll()
    assert store.feed.drain() == {"task": set()}
