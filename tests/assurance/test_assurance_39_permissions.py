"""Row 39: the store is its owner's alone, whatever the umask, and a link leads nowhere."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crm_tui.domain.errors import StoreDamaged
from crm_tui.store.backup import daily
from crm_tui.store.engine import Store
from crm_tui.store.tables import User
from crm_tui.store.work import Actor


@pytest.fixture(params=[0o000, 0o022, 0o077])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("umask")
def test_assurance_39_new_files_are_0600_and_new_folders_0700(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "crm.db"
    store = Store(path)
    with store.work(Actor("me", 1), "user.add") as work:
        work.add(User(login="me", name="Me"))
    daily(path, datetime(2026, 11, 19, tzinfo=UTC))
    found = {one for one in path.parent.rglob("*") if one.is_file()}
    assert {one.name for one in found} >= {"crm.db", "crm.db-wal", "crm.db.lock", "crm.db.ballast"}
    assert {one.name: oct(_mode(one)) for one in found} == {one.name: "0o600" for one in found}
    folders = [tmp_path / "a", tmp_path / "a" / "b", path.parent / "backups"]
    assert [oct(_mode(one)) for one in folders] == ["0o700"] * 3


def test_assurance_39_a_wide_folder_and_file_are_tightened(tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    folder.mkdir()
    folder.chmod(0o777)
    path = folder / "crm.db"
    path.touch()
    path.chmod(0o666)
    Store(path).close()
    assert oct(_mode(folder)) == "0o755"
    assert oct(_mode(path)) == "0o600"


def test_assurance_39_a_folder_shared_by_everybody_is_left_alone(tmp_path: Path) -> None:
    shared = tmp_path / "tmp"
    shared.mkdir()
    shared.chmod(0o1777)
    Store(shared / "crm.db").close()
    assert oct(_mode(shared)) == "0o1777"


def test_assurance_39_a_link_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.touch()
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "crm.db").symlink_to(target)
    with pytest.raises(StoreDamaged) as caught:
        Store(folder / "crm.db")
    assert caught.value.code == "store_is_symlink"
    assert target.stat().st_size == 0


def test_assurance_39_a_link_in_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_text("precious")
    folder = tmp_path / "store"
    folder.mkdir()
    (folder / "crm.db.lock").symlink_to(target)
    with pytest.raises(OSError, match="symbolic"):
        Store(folder / "crm.db")
    assert target.read_text() == "precious"
