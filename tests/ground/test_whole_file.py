"""A file is written whole or not at all, and nobody but its owner reads it."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from crm_tui import whole_file
from crm_tui.screens.shell.command_line import History

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def full(*_given: object, **_named: object) -> None:
    raise FULL


@pytest.mark.parametrize("lasting", [True, False])
def test_the_new_file_takes_the_place_of_the_old_one_and_is_private(tmp_path: Path, *, lasting: bool) -> None:
    path = tmp_path / "цены.txt"
    path.write_text("old")
    path.chmod(0o644)
    before = sorted(tmp_path.iterdir())
    whole_file.write(path, "новое\r\n", lasting=lasting)
    assert path.read_bytes().decode() == "новое\r\n"
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "at", [(Path, "write_bytes"), (os, "fsync"), (Path, "replace")], ids=["writing", "keeping", "renaming"]
)
def test_on_a_full_disk_the_old_file_stays_and_no_half_of_the_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: tuple[object, str]
) -> None:
    path = tmp_path / "prices.txt"
    path.write_text("old")
    before = sorted(tmp_path.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(*at, full)
        with pytest.raises(OSError, match="No space left"):
            whole_file.write(path, "new")
    assert path.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == before


def test_an_error_of_whoever_writes_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail() -> None:
        with whole_file.whole(tmp_path / "prices.txt") as draft:
            draft.write_text("half")
            raise KeyError

    before = list(tmp_path.iterdir())
    with pytest.raises(KeyError):
        fail()
    assert list(tmp_path.iterdir()) == before


def test_the_draft_is_private_before_anything_is_in_it(tmp_path: Path) -> None:
    with whole_file.whole(tmp_path / "secret") as draft:
        assert whole_file.left_behind(tmp_path / "secret") == [draft]
        assert draft.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("make", [lambda _folder: None, lambda folder: folder.write_text("a file")])
def test_where_no_folder_is_the_error_names_the_file_that_was_asked_for(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    folder = tmp_path / "none"
    make(folder)
    with pytest.raises(OSError) as caught:
        whole_file.write(folder / "prices.txt", "new")
    assert caught.value.filename == str(folder / "prices.txt")


def test_a_file_system_that_cannot_sync_a_folder_takes_the_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_file, "sync_folder", full)
    whole_file.write(tmp_path / "prices.txt", "new")
    assert (tmp_path / "prices.txt").read_text() == "new"


def test_a_command_is_carried_out_though_its_line_cannot_be_kept(tmp_path: Path) -> None:
    history = History(tmp_path / "no folder" / "history")
    history.add("goto 2026-12-01")
    assert history.lines == ["goto 2026-12-01"]
