"""Corpora are unpacked once, whole, and missed with a reason."""

import tarfile
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests import corpora


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A corpus ``little`` of one file."""
    (tmp_path / "little").mkdir()
    (tmp_path / "little" / "one.eml").write_bytes(b"Subject: one\r\n\r\n")
    path = tmp_path / "little.tar.xz"
    with tarfile.open(path, "w:xz") as tar:
        tar.add(tmp_path / "little", "little")
    (tmp_path / "cache").mkdir()
    monkeypatch.setenv("CRM_CORPORA", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "cache"))
    return path


def test_a_corpus_is_unpacked_once_for_all_who_ask(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unpack, unpacked = corpora._unpack, []

    def counted(source: Path, ready: Path) -> None:
        unpacked.append(source)
        unpack(source, ready)

    monkeypatch.setattr(corpora, "_unpack", counted)
    with ThreadPoolExecutor(8) as pool:
        places = set(pool.map(corpora.folder, ["little"] * 8))
    (place,) = places
    assert (place / "one.eml").is_file()
    assert unpacked == [archive]


def test_an_absent_corpus_skips_with_the_reason(archive: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match=r"absent\.tar\.xz is absent"):
        corpora.folder("absent")
