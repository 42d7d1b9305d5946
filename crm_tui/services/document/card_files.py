"""Files of any type attached to cards, with all their versions (CORP-06): the bytes are stored once."""

import hashlib
import mimetypes
import zlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from crm_tui.domain.errors import Invalid, NotFound, Refused
from crm_tui.domain.text import clean, file_name
from crm_tui.store.tables import User, table_of
from crm_tui.store.tables.papers import CardFile, FileContent, FileVersion
from crm_tui.store.work import Work

OWNERS = ("customer", "contact", "lead", "interest", "interaction", "document", "legal_entity")
LARGEST = 50 << 20
"""Bytes of the largest file that is taken into the store."""
AGAIN = "= "
"""Begins the comment of a version that was made the newest again; its number follows."""


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes as they are stored."""

    sha256: str
    size: int
    """Of the bytes themselves."""
    content: bytes


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of a card as it is now."""

    id: int
    name: str
    media_type: str
    size: int
    """Bytes."""
    versions: int
    at: datetime
    by: str
    """Name of the user who put the newest version here; may be empty."""


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a file."""

    id: int
    number: int
    size: int
    at: datetime
    by: str
    comment: str


def packed(content: bytes) -> Packed:
    """The bytes made smaller, which takes seconds for large ones: to be done before the store is held."""
    return Packed(hashlib.sha256(content).hexdigest(), len(content), zlib.compress(content))


def attach(
    work: Work, owner_kind: str, owner_id: int, name: str, content: bytes | Packed, *, comment: str = ""
) -> CardFile:
    """Attach a file to a card; one of that name gets a new version. A large content is better `packed` before.

    The same content again makes no version. Raises Invalid for a card that has no files, a file too large or empty.
    """
    if owner_kind not in OWNERS:
        raise Invalid("no_files_here", kind=owner_kind)
    content = packed(content) if isinstance(content, bytes) else content
    if not content.size:
        raise Invalid("file_empty", name=clean(name))
    if content.size > LARGEST:
        raise Invalid("file_too_large", name=clean(name), most=LARGEST >> 20)
    name = file_name(name)
    file = work.find(CardFile, owner_kind=owner_kind, owner_id=owner_id, name=name)
    if file is None:
        file = work.add(CardFile(owner_kind=owner_kind, owner_id=owner_id, name=name, created_at=work.now))
    _new_version(work, file, content, comment)
    return file


def attach_path(work: Work, owner_kind: str, owner_id: int, path: Path, *, comment: str = "") -> CardFile:
    """The same with a file on disk. Raises Refused when it cannot be read."""
    return attach(work, owner_kind, owner_id, path.name, read(path), comment=comment)


def read(path: Path) -> bytes:
    """The content of a file on disk. Raises Refused when it cannot be read, Invalid when it is too large."""
    try:
        if path.exists() and not path.is_file():  # a device may have no end
            raise Refused("store_not_a_file", path=str(path))
        if path.stat().st_size > LARGEST:
            raise Invalid("file_too_large", name=clean(path.name), most=LARGEST >> 20)
        return path.read_bytes()
    except OSError as error:
        raise Refused("cannot_read", path=str(path), reason=error.strerror or str(error)) from None


def rename(work: Work, file_id: int, name: str) -> None:
    """Another name. Raises Refused when a file of the card is called so."""
    file = work.get(CardFile, file_id)
    name = file_name(name)
    other = work.find(CardFile, owner_kind=file.owner_kind, owner_id=file.owner_id, name=name)
    if other is not None and other.key != file_id:
        raise Refused("file_name_taken", name=name)
    work.change(file, name=name)


def remove(work: Work, file_id: int) -> None:
    """Take the file and its versions away; an undo brings them back, for the bytes stay in the store."""
    for version in work.all(FileVersion, file_id=file_id):
        work.remove(version)
    work.remove(work.get(CardFile, file_id))


def revert(work: Work, version_id: int) -> None:
    """An old version becomes the newest again. Raises Refused when it is the newest."""
    version = work.get(FileVersion, version_id)
    file = work.get(CardFile, version.file_id)
    if version.number == _newest(work, file.key):
        raise Refused("version_is_newest", name=file.name)
    work.add(
        FileVersion(
            file_id=file.key,
            number=_newest(work, file.key) + 1,
            content_id=version.content_id,
            media_type=version.media_type,
            user_id=work.actor.user_id,
            comment=f"{AGAIN}{version.number}",
            at=work.now,
        )
    )


def of_card(connection: Connection, owner_kind: str, owner_id: int) -> list[FileRow]:
    """The files of a card by name."""
    file, version = table_of(CardFile), table_of(FileVersion)
    content, user = table_of(FileContent), table_of(User)
    newest = (
        select(version.c.file_id, func.max(version.c.number).label("number"))
        .group_by(version.c.file_id)
        .subquery()
    )
    query = (
        select(
            file.c.id,
            file.c.name,
            version.c.media_type,
            content.c.size,
            version.c.number,
            version.c.at,
            user.c.name.label("by"),
        )
        .join(newest, newest.c.file_id == file.c.id)
        .join(version, (version.c.file_id == file.c.id) & (version.c.number == newest.c.number))
        .join(content, content.c.id == version.c.content_id)
        .join(user, user.c.id == version.c.user_id, isouter=True)
        .where(file.c.owner_kind == owner_kind, file.c.owner_id == owner_id)
        .order_by(file.c.name, file.c.id)
    )
    return [
        FileRow(row.id, row.name, row.media_type, row.size, row.number, row.at, row.by or "")
        for row in connection.execute(query)
    ]


def versions(connection: Connection, file_id: int) -> list[VersionRow]:
    """The versions of a file, the newest first."""
    version, content, user = table_of(FileVersion), table_of(FileContent), table_of(User)
    query = (
        select(version, content.c.size, user.c.name.label("by"))
        .join(content, content.c.id == version.c.content_id)
        .join(user, user.c.id == version.c.user_id, isouter=True)
        .where(version.c.file_id == file_id)
        .order_by(version.c.number.desc())
    )
    return [
        VersionRow(row.id, row.number, row.size, row.at, row.by or "", row.comment)
        for row in connection.execute(query)
    ]


def content_of(connection: Connection, file_id: int, number: int | None = None) -> bytes:
    """The bytes of a version, by default the newest. Raises NotFound."""
    version, content = table_of(FileVersion), table_of(FileContent)
    query = (
        select(content.c.content)
        .join(version, version.c.content_id == content.c.id)
        .where(version.c.file_id == file_id)
        .order_by(version.c.number.desc())
        .limit(1)
    )
    if number is not None:
        query = query.where(version.c.number == number)
    packed = connection.execute(query).scalar_one_or_none()
    if packed is None:
        raise NotFound("no_such_record", kind="card_file", id=file_id)
    return zlib.decompress(packed)


def _new_version(work: Work, file: CardFile, content: Packed, comment: str) -> None:
    content_id = _stored(work, content)
    newest = _newest(work, file.key)
    if newest and work.all(FileVersion, file_id=file.key, number=newest)[0].content_id == content_id:
        return
    work.add(
        FileVersion(
            file_id=file.key,
            number=newest + 1,
            content_id=content_id,
            media_type=mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            user_id=work.actor.user_id,
            comment=clean(comment),
            at=work.now,
        )
    )


def _newest(work: Work, file_id: int) -> int:
    version = table_of(FileVersion)
    query = select(func.max(version.c.number)).where(version.c.file_id == file_id)
    return work.connection.execute(query).scalar_one() or 0


def _stored(work: Work, content: Packed) -> int:
    """The id of the stored bytes. Written past the journal: they are what they are, and may belong to many."""
    table = table_of(FileContent)
    query = select(table.c.id).where(table.c.sha256 == content.sha256)
    known = work.connection.execute(query).scalar_one_or_none()
    if known is not None:
        return int(known)
    values = {"sha256": content.sha256, "size": content.size, "content": content.content}
    key = work.connection.execute(table.insert().values(values)).inserted_primary_key
    assert key is not None
    return int(key[0])
