"""The store's file on disk: readable by its owner alone, on a file system that WAL can trust, with room to spare."""

import os
import stat
from pathlib import Path

from crm_tui.domain.errors import StoreDamaged

NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "afs", "ceph", "glusterfs")
BALLAST_BYTES = 16 << 20
"""Size of a file that is given up when the disk is full, so that the last words can still be written."""
ROOM_FOR_BALLAST = 256 << 20
"""Free bytes from which on the ballast is kept."""
SMALLEST = 512
"""Bytes of the smallest page of SQLite."""


def secure(path: Path) -> None:
    """Make the folder private and the file 0600 (its WAL inherits that).

    Raises StoreDamaged when the path is a symlink: a link planted in the folder must not lead us elsewhere.
    """
    private_folder(path.parent)
    if path.is_symlink():
        raise StoreDamaged("store_is_symlink", path=str(path))
    if path.exists():
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoreDamaged("store_not_a_file", path=str(path))
        if stat.S_IMODE(path.stat().st_mode) != 0o600:
            path.chmod(0o600)
        return
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


def was_emptied(path: Path) -> bool:
    """Whether a store that was in use is now (almost) empty: SQLite would take it for a new one and throw its
    WAL away. Every other damage SQLite tells itself.

    Asks for the size only: to open the file and close it again would drop SQLite's locks (assurance finding 14).
    """
    size = _size(path)
    if size == 0:
        return bool(left_open(path) or ballast(path).exists() or backups(path))
    return size < SMALLEST


def left_open(path: Path) -> bool:
    """Whether the last process at the store did not close it, or one is at it now."""
    return _size(_beside(path, "-wal")) > 0 or _size(_beside(path, "-journal")) > 0


def ballast(path: Path) -> Path:
    """Where the ballast of the store lies."""
    return _beside(path, ".ballast")


def keep_ballast(path: Path) -> None:
    """Put the ballast down where the disk has room for it."""
    kept = ballast(path)
    if kept.exists() or free_bytes(path) < ROOM_FOR_BALLAST:
        return
    descriptor = os.open(kept, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    try:
        os.posix_fallocate(descriptor, 0, BALLAST_BYTES)
    except OSError:
        kept.unlink(missing_ok=True)
    finally:
        os.close(descriptor)


def drop_ballast(path: Path) -> bool:
    """Give the ballast up; whether there was one."""
    try:
        ballast(path).unlink()
    except OSError:
        return False
    return True


def free_bytes(path: Path) -> int:
    """Free bytes for us on the disk of the store."""
    try:
        found = os.statvfs(path.parent)
    except OSError:
        return 0
    return found.f_bavail * found.f_frsize


def backups(path: Path) -> list[Path]:
    """The daily backups of the store, newest first."""
    return sorted(path.parent.joinpath("backups").glob(f"{path.stem}-????-??-??.db"), reverse=True)


def wal_bytes(path: Path) -> int:
    """Size of the write-ahead log."""
    return _size(_beside(path, "-wal"))


def journal_mode(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """``WAL``, or ``DELETE`` where shared memory between processes cannot be relied on (assurance row 56)."""
    kind = file_system(path, mounts)
    return "DELETE" if kind.split(".")[0] in NETWORK_FILE_SYSTEMS else "WAL"


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Kind of the file system that ``path`` lies on; empty when the system does not tell."""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    target = str(path.resolve())
    best, kind = -1, ""
    for line in lines:
        parts = line.split()
        if len(parts) < 3:
            continue
        point = parts[1].replace("\\040", " ")
        inside = target == point or target.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), parts[2]
    return kind


def private_folder(folder: Path) -> None:
    """Make the folder and the missing ones above it, 0700.

    A folder that was there keeps its mode but for the right of others to write, which is taken away; one that
    everybody shares (sticky, as ``/tmp``) or that is not ours is left alone.
    """
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        # One of two processes that start together makes it; both may use it.
        one.mkdir(mode=0o700, exist_ok=True)
    found = folder.stat()
    shared = found.st_mode & stat.S_ISVTX or found.st_uid != os.getuid()
    if found.st_mode & 0o022 and not shared:
        folder.chmod(stat.S_IMODE(found.st_mode) & ~0o022)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
