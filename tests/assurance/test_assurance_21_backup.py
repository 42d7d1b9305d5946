"""Row 21: a backup taken while others write is whole, and putting it back is a drill that works."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from crm_tui.domain.errors import NotFound, StoreBusy, StoreDamaged
from crm_tui.store import files, health
from crm_tui.store.backup import backup, daily, restore
from crm_tui.store.engine import Store
from crm_tui.store.tables import Task, User, table_of
from crm_tui.store.work import Actor
from tests.stores import START, TestClock, new_store

ME = Actor("me", 1)


def _add(store: Store, title: str) -> None:
    with store.work(ME, "task.add") as work:
        work.add(Task(title=title, title_fold="", assignee_id=1, created_at=work.now, changed_at=work.now))


def _titles(store: Store) -> list[str]:
    task = table_of(Task)
    with store.read() as connection:
        return list(
            connection.execute(task.select().with_only_columns(task.c.title).order_by(task.c.id)).scalars()
        )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = new_store(tmp_path / "store", TestClock())
    with store.work(ME, "user.add") as work:
        work.add(User(login="me", name="Me"))
    return store


def test_assurance_21_backup_under_load_then_restore(store: Store) -> None:
    stop = threading.Event()
    started = threading.Barrier(5)

    def write(number: int) -> None:
        _add(store, f"{number} first")
        started.wait(60)
        count = 0
        while not stop.is_set():
            count += 1
            _add(store, f"{number} {count}")

    writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    started.wait(60)
    before = len(_titles(store))
    copies = [backup(store.path, store.path.with_name(f"copy{number}.db")) for number in range(3)]
    stop.set()
    for writer in writers:
        writer.join()
    everything = _titles(store)
    store.close()
    for copy in copies:
        assert health.check(copy) == []
        assert not copy.with_name(copy.name + "-wal").exists()
    store.path.unlink()
    assert restore(copies[-1], store.path, START) is None
    again = Store(store.path, TestClock())
    restored = _titles(again)
    assert len(restored) >= before
    assert restored == everything[: len(restored)]
    _add(again, "after the restore")
    assert health.check(again.path) == []


def test_assurance_21_seven_days_are_kept(store: Store) -> None:
    for day in range(10):
        made = daily(store.path, START + timedelta(days=day))
        assert made == daily(store.path, START + timedelta(days=day, hours=5))
    kept = files.backups(store.path)
    assert [path.name for path in kept] == [f"crm-2026-11-{day}.db" for day in (28, 27, 26, 25, 24, 23, 22)]
    assert all(health.check(path) == [] for path in kept)


def test_assurance_21_a_damaged_backup_is_refused_and_changes_nothing(store: Store) -> None:
    copy = backup(store.path, store.path.with_name("copy.db"))
    data = bytearray(copy.read_bytes())
    data[4096:] = bytes(reversed(data[4096:]))
    copy.write_bytes(data)
    _add(store, "kept")
    store.close()
    with pytest.raises(StoreDamaged):
        restore(copy, store.path, START)
    with pytest.raises(NotFound):
        restore(copy.with_name("none.db"), store.path, START)
    assert _titles(Store(store.path)) == ["kept"]
    assert sorted(path.name for path in store.path.parent.glob("*.restored*")) == []


def test_assurance_21_no_restore_under_another_session(store: Store) -> None:
    import subprocess
    import sys

    copy = backup(store.path, store.path.with_name("copy.db"))
    store.close()
    program = (
        "import sys; from pathlib import Path; from crm_tui.store.engine import Store\n"
        "store = Store(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read(1)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(StoreBusy) as caught:
            restore(copy, store.path, START)
        assert caught.value.facts["pid"] == other.pid
        other.communicate(b"x", timeout=60)
    aside = restore(copy, store.path, START)
    assert aside is not None
    assert health.check(aside) == []
    assert health.check(store.path) == []
