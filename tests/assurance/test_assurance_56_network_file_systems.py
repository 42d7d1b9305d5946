"""Row 56: WAL needs memory shared between processes, which a network file system does not give."""

from pathlib import Path

import pytest

from crm_tui.store import files
from crm_tui.store.work import Actor
from tests.stores import TestClock, new_store


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("nfs4", "DELETE"),
        ("cifs", "DELETE"),
        ("9p", "DELETE"),
        ("fuse.sshfs", "DELETE"),
        ("ext4", "WAL"),
        ("tmpfs", "WAL"),
    ],
)
def test_assurance_56_no_wal_on_a_network_file_system(tmp_path: Path, kind: str, mode: str) -> None:
    mounts = tmp_path / "mounts"
    shared = tmp_path / "shared folder"
    shared.mkdir()
    escaped = str(shared).replace(" ", "\\040")
    mounts.write_text(f"/dev/a / ext4 rw 0 0\nserver:/x {escaped} {kind} rw 0 0\n")
    assert files.journal_mode(shared / "crm.db", mounts) == mode
    assert files.journal_mode(tmp_path / "crm.db", mounts) == "WAL"


def test_assurance_56_the_store_works_without_wal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "journal_mode", lambda path: "DELETE")
    store = new_store(tmp_path / "store", TestClock())
    from crm_tui.store.tables import User

    with store.work(Actor("me", 1), "user.add") as work:
        work.add(User(login="me", name="Me"))
    with store.read() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "delete"
        assert connection.exec_driver_sql("SELECT count(*) FROM user").scalar_one() == 1
    assert not store.path.with_name("crm.db-wal").exists()
