"""Row 18: a full disk is a clear error, loses nothing acknowledged, and passes."""

import itertools
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm_tui.domain.errors import StoreBusy
from crm_tui.store import files, health
from crm_tui.store.engine import Store
from crm_tui.store.tables import Draft
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store

ME = Actor("me", 1)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True)
    if made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def _draft(store: Store, size: int = 100_000) -> None:
    with store.work(ME, "draft.keep") as work:
        work.add(Draft(body="x" * size, created_at=work.now, changed_at=work.now))


def _count(store: Store) -> int:
    with store.read() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM draft").scalar_one())


def test_assurance_18_a_full_disk_is_told_and_passes(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ROOM_FOR_BALLAST", 0)
    monkeypatch.setattr(files, "BALLAST_BYTES", 1 << 20)
    store = new_store(small_disk / "store", TestClock())
    assert files.ballast(store.path).stat().st_size == 1 << 20
    kept = 0

    def fill() -> None:
        nonlocal kept
        for _ in range(200):
            _draft(store)
            kept += 1

    with pytest.raises(StoreBusy) as caught:
        fill()
    assert caught.value.code == "disk_full"
    assert kept
    assert _count(store) == kept
    assert not files.ballast(store.path).exists(), "the ballast was not given up"
    _draft(store, 10)  # the last words fit into the room of the ballast
    assert _count(store) == kept + 1
    subprocess.run(["mount", "-o", "remount,size=40m", str(small_disk)], check=True)
    _draft(store)
    assert _count(store) == kept + 2
    assert store.fault is None
    assert health.check(store.path) == []


def test_assurance_18_a_store_opens_on_a_full_disk(small_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """At 0 bytes a WAL store cannot even be opened: the ballast makes room."""
    monkeypatch.setattr(files, "ROOM_FOR_BALLAST", 0)
    monkeypatch.setattr(files, "BALLAST_BYTES", 1 << 20)
    store = new_store(small_disk / "store", TestClock())
    _draft(store)
    store.close()
    with (
        (small_disk / "filler").open("wb", buffering=0) as filler,
        pytest.raises(OSError, match="space"),
    ):
        filler.writelines(itertools.repeat(b"\0" * 4096))
    again = Store(store.path)
    assert _count(again) == 1


def test_assurance_18_no_room_for_the_lock_file_is_a_full_disk_too(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "BALLAST_BYTES", 0)
    store = new_store(small_disk / "store", TestClock())
    store.path.with_name("crm.db.lock").unlink(missing_ok=True)
    with (
        (small_disk / "filler").open("wb", buffering=0) as filler,
        pytest.raises(OSError, match="space"),
    ):
        filler.writelines(itertools.repeat(b"\0" * 4096))
    with pytest.raises(StoreBusy) as caught:
        _draft(store, 1)
    assert caught.value.code == "disk_full"


def test_assurance_18_an_io_error_stops_all_writing(tmp_path: Path) -> None:
    """Under strace every sync fails with EIO from the 6th on; what was acknowledged is there afterwards."""
    if shutil.which("strace") is None:
        pytest.skip("strace is absent (apt-get install strace)")
    path = new_store(tmp_path / "store", TestClock()).path
    program = """
import sys
from pathlib import Path
from crm_tui.domain.errors import StoreDamaged
from crm_tui.store.engine import Store
from crm_tui.store.tables import Draft
from crm_tui.store.work import Actor
store = Store(Path(sys.argv[1]))
kept = 0
codes = []
for number in range(20):
    try:
        with store.work(Actor("me", 1), "draft.keep") as work:
            work.add(Draft(body="x", created_at=work.now, changed_at=work.now))
        kept += 1
    except StoreDamaged as error:
        codes.append(error.code)
print(kept, sorted(set(codes)), store.fault is not None, flush=True)
"""
    done = subprocess.run(
        [
            "strace",
            "-f",
            "-qq",
            "-o",
            "/dev/null",
            "-e",
            "inject=fdatasync:error=EIO:when=6+",
            sys.executable,
            "-c",
            program,
            str(path),
        ],
        capture_output=True,
        text=True,
        timeout=100,
    )
    assert "Traceback" not in done.stderr
    kept, rest = done.stdout.split(" ", 1)
    assert rest.strip() == "['store_io_error'] True"
    assert int(kept) < 20
    store = Store(path)
    assert _count(store) in (int(kept), int(kept) + 1)
    assert health.check(path) == []
