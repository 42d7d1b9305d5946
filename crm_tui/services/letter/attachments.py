"""Files in letters: read, and saved inside the folder asked for, never over a file that is there."""

import os
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import select

from crm_tui.domain.errors import NotFound, Refused
from crm_tui.domain.text import file_name
from crm_tui.store.engine import Store
from crm_tui.store.tables import Attachment, Letter, LetterRaw, table_of

MOST_NAMESAKES = 1000


def save(store: Store, letter_id: int, folder: Path, parts: Sequence[str] | None = None) -> list[Path]:
    """Write the attachments of a letter (or those of ``parts``) into the folder; answers the files.

    Files are readable by their owner alone and get another name when theirs is taken. Raises NotFound when the
    letter has no such attachment or its body is not here yet, Refused when the folder cannot be written.
    """
    from crm_tui.parsing.letter import (
        attachment_bytes,
    )  # the whole parser: not for every start of the program

    attachment = table_of(Attachment)
    with store.read() as connection:
        rows = connection.execute(
            select(attachment.c.part, attachment.c.name).where(attachment.c.letter_id == letter_id)
        ).all()
    wanted = [row for row in rows if parts is None or row.part in parts]
    if not wanted:
        raise NotFound("no_attachments", letter=letter_id)
    body = raw(store, letter_id)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return [_write(folder, file_name(row.name), attachment_bytes(body, row.part)) for row in wanted]
    except OSError as error:
        raise Refused("cannot_write", path=str(folder), reason=error.strerror or str(error)) from error


def content(store: Store, letter_id: int, part: str) -> bytes:
    """The bytes of one attachment. Raises NotFound when the letter has no such part or its body is not here yet."""
    from crm_tui.parsing.letter import attachment_bytes

    return attachment_bytes(raw(store, letter_id), part)


def raw(store: Store, letter_id: int) -> bytes:
    """The whole letter as it was sent (RFC 5322). Raises NotFound when its body is not here yet."""
    table = table_of(LetterRaw)
    with store.read() as connection:
        found: bytes | None = connection.execute(
            select(table.c.raw).where(table.c.letter_id == letter_id)
        ).scalar_one_or_none()
    if found is None:
        raise NotFound("body_not_here", letter=letter_id)
    return found


def save_letter(store: Store, letter_id: int, folder: Path) -> Path:
    """Write the whole letter into the folder, named after its subject. Raises NotFound and Refused as ``save``."""
    table = table_of(Letter)
    with store.read() as connection:
        subject = connection.scalar(select(table.c.subject).where(table.c.id == letter_id)) or "letter"
    whole = raw(store, letter_id)
    return save_content(folder, f"{subject[:100]}.eml".replace("/", "-"), whole)


def save_content(folder: Path, name: str, content: bytes) -> Path:
    """Write a file into the folder as ``save`` does. Raises Refused when the folder cannot be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return _write(folder, file_name(name), content)
    except OSError as error:
        raise Refused("cannot_write", path=str(folder), reason=error.strerror or str(error)) from error


def _write(folder: Path, name: str, content: bytes) -> Path:
    stem, suffix = os.path.splitext(name)
    for number in range(1, MOST_NAMESAKES):
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        except FileExistsError:
            continue
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        return path
    raise Refused("too_many_namesakes", name=name)
