"""Row 22: a damaged store is noticed, restore is offered, nothing more is written, no traceback."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from crm_tui.domain.errors import StoreDamaged
from crm_tui.store import health
from crm_tui.store.backup import daily, restore
from crm_tui.store.engine import Store
from crm_tui.store.tables import Task, User
from crm_tui.store.work import Actor
from tests.stores import lay

ME = Actor("me", 1)
NOW = datetime(2026, 11, 19, tzinfo=UTC)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store with some rows in it, and a backup of this day."""
    path = lay(tmp_path_factory.mktemp("sound") / "crm.db")
    store = Store(path)
    with store.work(ME, "fill") as work:
        work.add(User(login="me", name="Me"))
        for number in range(300):
            work.add(
                Task(
                    title=f"Task {number}",
                    title_fold="",
                    notes="note " * 40,
                    assignee_id=1,
                    created_at=work.now,
                    changed_at=work.now,
                )
            )
    store.close()
    daily(path, NOW)
    return path


def _copy(sound: Path, folder: Path) -> Path:
    shutil.copytree(sound.parent, folder)
    return folder / "crm.db"


def _use(path: Path) -> None:
    """Open it, read all of it, write a little."""
    store = Store(path)
    try:
        with store.read() as connection:
            for table in ("user", "task", "journal_row", "record_fts"):
                connection.execute(text(f"SELECT * FROM {table}")).fetchall()
        with store.work(ME, "task.add") as work:
            work.add(Task(title="x", title_fold="", assignee_id=1, created_at=work.now, changed_at=work.now))
    finally:
        store.close()


@pytest.mark.parametrize("seed", range(40))
def test_assurance_22_flipped_bytes_are_noticed_or_harmless(sound: Path, tmp_path: Path, seed: int) -> None:
    """Use ends in StoreDamaged with the backups, or goes well (a changed letter of a text cannot be noticed);
    a file that was cut off is always noticed."""
    chance = random.Random(seed)
    path = _copy(sound, tmp_path / "store")
    data = bytearray(path.read_bytes())
    if seed % 4 == 3:
        del data[chance.randrange(1, len(data)) :]
    else:
        for _ in range(chance.choice([1, 3, 20])):
            start = chance.randrange(len(data) - 64)
            data[start : start + 64] = chance.randbytes(64)
    path.write_bytes(data)
    problems = health.check(path)
    damage = _damage(path)
    if damage is not None:
        assert damage.code == "store_corrupt"
        assert damage.facts["backups"] == [str(path.parent / "backups" / "crm-2026-11-19.db")]
    cut_off = seed % 4 == 3
    assert problems or damage or not cut_off


def _damage(path: Path) -> StoreDamaged | None:
    try:
        _use(path)
    except StoreDamaged as error:
        return error
    return None


@pytest.mark.parametrize("size", [0, 1, 99, 100, 511])
def test_assurance_22_an_emptied_store_is_not_taken_for_a_new_one(
    sound: Path, tmp_path: Path, size: int
) -> None:
    path = _copy(sound, tmp_path / "store")
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(StoreDamaged) as caught:
        Store(path)
    assert caught.value.facts["backups"]
    assert path.stat().st_size == size


def test_assurance_22_a_file_that_is_no_database(sound: Path, tmp_path: Path) -> None:
    path = _copy(sound, tmp_path / "store")
    path.write_bytes(b"precious notes " * 1000)
    with pytest.raises(StoreDamaged) as caught:
        Store(path)
    assert caught.value.code == "store_corrupt"
    assert path.read_bytes() == b"precious notes " * 1000


def test_assurance_22_a_lost_wal_is_no_traceback(sound: Path, tmp_path: Path) -> None:
    path = _copy(sound, tmp_path / "store")
    store = Store(path)
    with store.work(ME, "task.add") as work:
        work.add(
            Task(title="in the WAL", title_fold="", assignee_id=1, created_at=work.now, changed_at=work.now)
        )
    other = tmp_path / "other"
    other.mkdir()
    shutil.copyfile(path, other / "crm.db")  # of this process only the copy is opened from here on
    _use(other / "crm.db")
    assert health.check(other / "crm.db") == []


def test_assurance_22_after_damage_nothing_is_written_and_the_restore_works(
    sound: Path, tmp_path: Path
) -> None:
    path = _copy(sound, tmp_path / "store")
    data = bytearray(path.read_bytes())
    for start in range(4096, len(data), 4096):
        if b"note note" in data[start : start + 4096]:
            data[start : start + 32] = b"\xff" * 32
    path.write_bytes(data)
    with pytest.raises(StoreDamaged):
        _use(path)
    store = Store(path)
    with pytest.raises(StoreDamaged), store.read() as connection:
        connection.execute(text("SELECT * FROM task")).fetchall()
    assert store.fault is not None
    before = path.read_bytes()
    for unit in (store.work(ME, "x"), store.arrivals("x"), store.facts("x")):
        with pytest.raises(StoreDamaged), unit:
            pass
    store.close()
    assert path.read_bytes() == before
    aside = restore(Path(store.fault.facts["backups"][0]), path, NOW)
    assert aside is not None
    assert aside.read_bytes() == before
    _use(path)
    assert health.check(path) == []
