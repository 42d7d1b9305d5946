"""The corpora of ``../shared/corpora``: real letters, calendars and attacks, never copied from there."""

import fcntl
import os
import shutil
import tarfile
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def archives() -> Path:
    """The folder of ``NAME.tar.xz``: ``CRM_CORPORA``, else ``shared/corpora`` beside the checkout."""
    return Path(os.environ.get("CRM_CORPORA") or ROOT.parent / "shared" / "corpora")


def folder(name: str) -> Path:
    """The unpacked corpus ``name`` (``mail``, ``mail_bulk``, ``attacks``, …).

    Unpacked once a machine into the system's temporary folder, whole or not at all, whatever number of test
    workers ask at the same time. Skips the asking test where the archive is absent.
    """
    archive = archives() / f"{name}.tar.xz"
    if not archive.is_file():
        pytest.skip(f"corpus {archive} is absent (set CRM_CORPORA to the folder of the archives)")
    stat = archive.stat()
    cache = Path(tempfile.gettempdir()) / f"crm-corpora-{os.getuid()}"
    cache.mkdir(mode=0o700, exist_ok=True)
    if cache.stat().st_uid != os.getuid():
        pytest.fail(f"{cache} belongs to somebody else")
    ready = cache / f"{name}-{stat.st_size}-{stat.st_mtime_ns}"
    if not ready.is_dir():
        with (cache / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not ready.is_dir():
                _unpack(archive, ready)
    return ready / name


def _unpack(archive: Path, ready: Path) -> None:
    draft = Path(tempfile.mkdtemp(prefix="unpacking-", dir=ready.parent))
    try:
        with tarfile.open(archive) as tar:
            # Python 3.11.2, of Debian 12, has no filters yet.
            if hasattr(tarfile, "data_filter"):
                tar.extractall(draft, filter="data")
            else:
                tar.extractall(draft)
        draft.rename(ready)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
