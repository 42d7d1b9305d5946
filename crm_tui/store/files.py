"""The store's file on disk: readable by its owner alone, and on a file system that WAL can trust."""

import os
import stat
from pathlib import Path

from crm_tui.domain.errors import StoreDamaged

NETWORK_FILE_SYSTEMS = ("nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse", "afs", "ceph", "glusterfs")


def secure(path: Path) -> None:
    """Make the folder 0700 and the file 0600 (its WAL inherits that).

    Raises StoreDamaged when the path is a symlink: a link planted in the folder must not lead us elsewhere.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if stat.S_IMODE(path.parent.stat().st_mode) & 0o022:
        path.parent.chmod(0o700)
    if path.is_symlink():
        raise StoreDamaged("store_is_symlink", path=str(path))
    if path.exists():
        if not stat.S_ISREG(path.stat().st_mode):
            raise StoreDamaged("store_not_a_file", path=str(path))
        path.chmod(0o600)
        return
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))


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
