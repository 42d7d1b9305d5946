"""Files and pictures of a draft: their bytes are copied in, so that none can vanish before the letter is sent."""

import mimetypes
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, file_name
from crm_tui.services.writing.letter_parts import File
from crm_tui.store.tables import Draft, DraftFile, MailAccount, table_of
from crm_tui.store.work import Work

MOST_LETTER = 50_000_000
"""Octets of a letter where its server has not said what it takes (RFC 1870)."""
_ENCODED = 78 / 57
"""What base64 with its line ends makes of a file (RFC 2045 section 6.8)."""
_HEADERS = 4096

TABLE = table_of(DraftFile)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a draft, without its bytes."""

    id: int
    name: str
    content_type: str
    size: int
    inline: bool
    content_id: str


def attach(
    work: Work, draft_id: int, name: str, data: bytes, content_type: str = "", *, inline: bool = False
) -> DraftFile:
    """Attach a file, or (``inline``) a picture that the text shows.

    Raises Invalid (``letter_too_big_to_send``) beyond what the account's server takes, Invalid (``not_a_picture``)
    and NotFound.
    """
    draft = work.get(Draft, draft_id)
    name = file_name(clean(name))
    kind = content_type or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if inline and not kind.startswith("image/"):
        raise Invalid("not_a_picture", name=name)
    most = limit(work.connection, draft.account_id)
    if (size_of(work.connection, draft_id) + len(data)) * _ENCODED + _HEADERS > most:
        raise Invalid("letter_too_big_to_send", name=name, most=round(most / 1_000_000, 1))
    work.change(draft, changed_at=work.now)
    return add(
        work, draft_id, File(name, kind, data, inline, f"{secrets.token_hex(8)}@crm" if inline else "")
    )


def attach_path(work: Work, draft_id: int, path: Path, *, inline: bool = False) -> DraftFile:
    """Attach the file at ``path``, as it is now. Raises like `attach`, and Refused (``cannot_read``)."""
    try:
        if not path.is_file():
            raise Refused("cannot_read", path=str(path), reason="not a file")
        most = limit(work.connection, work.get(Draft, draft_id).account_id)
        if path.stat().st_size > most:
            raise Invalid("letter_too_big_to_send", name=path.name, most=round(most / 1_000_000, 1))
        data = path.read_bytes()
    except OSError as error:
        raise Refused("cannot_read", path=str(path), reason=error.strerror or str(error)) from error
    return attach(work, draft_id, path.name, data, inline=inline)


def add(work: Work, draft_id: int, file: File) -> DraftFile:
    """Put a file that is known to fit into a draft."""
    return work.add(
        DraftFile(
            draft_id=draft_id,
            name=file.name,
            content_type=file.content_type,
            data=file.data,
            size=len(file.data),
            inline=file.inline,
            content_id=file.content_id,
        )
    )


def detach(work: Work, file_id: int) -> None:
    """Take a file off its draft."""
    draft_id = work.connection.scalar(select(TABLE.c.draft_id).where(TABLE.c.id == file_id))
    if draft_id is not None:
        work.remove_many(DraftFile, [file_id])
        work.change(work.get(Draft, draft_id), changed_at=work.now)


def files(connection: Connection, draft_id: int) -> list[FileRow]:
    """The files of a draft, in the order in which they were attached."""
    query = select(
        TABLE.c.id, TABLE.c.name, TABLE.c.content_type, TABLE.c.size, TABLE.c.inline, TABLE.c.content_id
    )
    return [
        FileRow(*row)
        for row in connection.execute(query.where(TABLE.c.draft_id == draft_id).order_by(TABLE.c.id))
    ]


def contents(connection: Connection, draft_id: int) -> list[File]:
    """The files of a draft with their bytes."""
    query = select(TABLE.c.name, TABLE.c.content_type, TABLE.c.data, TABLE.c.inline, TABLE.c.content_id)
    return [
        File(*row)
        for row in connection.execute(query.where(TABLE.c.draft_id == draft_id).order_by(TABLE.c.id))
    ]


def marks(connection: Connection, draft_id: int) -> tuple[tuple[int, str, int], ...]:
    """What the files of a draft are told apart by: id, name and size of each."""
    query = select(TABLE.c.id, TABLE.c.name, TABLE.c.size).where(TABLE.c.draft_id == draft_id)
    return tuple((key, name, size) for key, name, size in connection.execute(query.order_by(TABLE.c.id)))


def size_of(connection: Connection, draft_id: int) -> int:
    """Octets of all files of a draft."""
    query = select(func.coalesce(func.sum(TABLE.c.size), 0)).where(TABLE.c.draft_id == draft_id)
    return int(connection.execute(query).scalar_one())


def limit(connection: Connection, account_id: int | None) -> int:
    """Octets that a letter of the account may have: what its server said when it last took one."""
    account = table_of(MailAccount)
    return connection.scalar(select(account.c.smtp_size).where(account.c.id == account_id)) or MOST_LETTER


def picture_mark(row: FileRow | DraftFile) -> str:
    """What stands in the text of a letter in Markdown where the picture is shown."""
    name = "".join(" " if sign in "[]\n" else sign for sign in row.name)
    return f"![{name}](cid:{row.content_id})"
