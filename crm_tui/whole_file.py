"""A file of the person's written whole or not at all: whatever fails, what was there stays as it was."""

import contextlib
import glob
import os
from collections.abc import Iterator
from pathlib import Path

_DRAFT = ".new"


@contextlib.contextmanager
def whole(path: Path, *, lasting: bool = True) -> Iterator[Path]:
    """A draft beside ``path``, for its owner alone, that takes its place when the block ends without an error.

    ``lasting``: it must outlive a power cut from then on, which a slow disk makes one wait for. Raises OSError, with
    the name of ``path`` where no file can be made there.
    """
    import tempfile  # not read at the start

    try:
        descriptor, name = tempfile.mkstemp(_DRAFT, f"{path.name}.", path.parent)  # 0600
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    os.close(descriptor)
    draft = Path(name)
    try:
        yield draft
        if lasting:
            with draft.open("rb") as written:
                os.fsync(written.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if lasting:
        with contextlib.suppress(OSError):  # the file is there; not every file system can do more
            sync_folder(path.parent)


def write(path: Path, text: str, *, lasting: bool = True) -> None:
    """Put the text, as UTF-8 with its line ends as they are, into the file; else as ``whole``."""
    with whole(path, lasting=lasting) as draft:
        draft.write_bytes(text.encode())


def left_behind(path: Path) -> list[Path]:
    """Drafts of the file that a program which was killed could not take away."""
    return sorted(path.parent.glob(f"{glob.escape(path.name)}.*{_DRAFT}"))


def sync_folder(folder: Path) -> None:
    """Make the names in the folder outlive a power cut. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
