"""What a file in a letter holds, as text to read in the terminal (MAIL-24); bounded, whatever the file claims."""

import csv
import io
import struct
import zipfile
from collections.abc import Sequence

from rich.cells import cell_len

from crm_tui.domain.text import clean, shorten
from crm_tui.i18n import _, ngettext
from crm_tui.parsing.charsets import decode

MOST_BYTES = 512 * 1024
MOST_ROWS, MOST_CELLS, WIDEST_CELL = 500, 40, 40
MOST_NAMES = 500
MOST_DIRECTORY = 4 << 20
"""Octets at the end of an archive in which its list of files is looked for."""
_TEXTS = (
    "application/json", "application/xml", "application/javascript", "application/x-sh", "application/sql",
    "application/pgp-keys", "application/pgp-signature", "application/yaml", "application/toml",
    "message/rfc822", "message/delivery-status", "message/global", "message/disposition-notification",
)  # fmt: skip


def text_of(content: bytes, content_type: str, name: str = "") -> str | None:
    """The file as text, cleaned; None for a kind that only another program can show. Never raises."""
    kind = _kind(content_type, name)
    if kind in ("text/csv", "text/tab-separated-values"):
        return table(content, "\t" if kind.endswith("separated-values") else "")
    if kind.startswith("text/") or kind in _TEXTS or kind.endswith(("+xml", "+json")):
        text, _sure = decode(content[:MOST_BYTES], "utf-8")
        return clean(text, multiline=True)
    if kind.startswith("image/"):
        return picture(content)
    if content[:4] == b"PK\x03\x04":
        return names_in_archive(content)
    return None


def table(content: bytes, delimiter: str = "") -> str:
    """A file of separated values as columns; rows that cannot be read are left out."""
    text, _sure = decode(content[:MOST_BYTES], "utf-8")
    if not delimiter:
        first = text.partition("\n")[0]
        delimiter = max(",;\t|", key=first.count)
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text.replace("\0", "")), delimiter=delimiter)
    while len(rows) < MOST_ROWS:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            continue
        rows.append([shorten(clean(" ".join(cell.split())), WIDEST_CELL) for cell in row[:MOST_CELLS]])
    return "\n".join(_aligned(rows))


def picture(content: bytes) -> str:
    """Kind and size of a picture, from its first bytes."""
    found = _dimensions(content)
    if found is None:
        return _("A picture of a kind that is not known here.")
    kind, width, height = found
    return _("{kind} picture, {width} × {height} pixels").format(kind=kind, width=width, height=height)


def names_in_archive(content: bytes) -> str | None:
    """The files in a ZIP archive, of which none is unpacked; None where even their list is too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(content[-MOST_DIRECTORY:])) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return _("The archive is damaged.") if len(content) <= MOST_DIRECTORY else None
    lines = [ngettext("{n} file:", "{n} files:", len(files)).format(n=len(files)), ""]
    lines += [f"{one.file_size:>12}  {clean(one.filename)}" for one in files[:MOST_NAMES]]
    return "\n".join(lines + (["…"] if len(files) > MOST_NAMES else []))


def _kind(content_type: str, name: str) -> str:
    """The type; of a file sent as mere bytes, the one that its name tells."""
    if content_type not in ("application/octet-stream", "application/vnd.ms-excel", ""):
        return content_type
    extension = name.lower().rpartition(".")[2]
    told = {
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "ics": "text/calendar",
        "eml": "message/rfc822",
    }
    if extension in told:
        return told[extension]
    plain = ("txt", "md", "log", "ini", "json", "xml", "yaml", "yml", "toml", "sql", "vcf", "patch", "diff")
    return "text/plain" if extension in plain else content_type


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    columns = max(map(len, rows), default=0)
    widths = [max((cell_len(row[at]) for row in rows if at < len(row)), default=0) for at in range(columns)]
    return [
        "  ".join(cell + " " * (widths[at] - cell_len(cell)) for at, cell in enumerate(row)).rstrip()
        for row in rows
    ]


def _dimensions(content: bytes) -> tuple[str, int, int] | None:
    try:
        if content[:8] == b"\x89PNG\r\n\x1a\n":
            return "PNG", *struct.unpack(">II", content[16:24])
        if content[:6] in (b"GIF87a", b"GIF89a"):
            return "GIF", *struct.unpack("<HH", content[6:10])
        if content[:2] == b"BM":
            width, height = struct.unpack("<ii", content[18:26])
            return "BMP", width, abs(height)
        if content[:2] == b"\xff\xd8":
            return _jpeg(content)
    except struct.error:
        pass
    return None


def _jpeg(content: bytes) -> tuple[str, int, int] | None:
    """The size stands in the first frame header (ITU T.81, B.2.2); the segments before it are stepped over."""
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return "JPEG", width, height
        at += 2 + max(2, length)
    return None
