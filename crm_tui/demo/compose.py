"""Letters of the demo as RFC 5322 bytes, made by hand: a million of them must take minutes, not hours."""

import base64
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

Header = tuple[str, str]
_WORD_OCTETS = 42


@dataclass(frozen=True, slots=True)
class File:
    """An attachment."""

    name: str
    content_type: str
    data: bytes


def encoded(text: str) -> str:
    """Header text; RFC 2047 words where it is not ASCII, cut between characters."""
    if text.isascii():
        return text
    words, piece = [], b""
    for char in text:
        octets = char.encode()
        if len(piece) + len(octets) > _WORD_OCTETS:
            words.append(piece)
            piece = b""
        piece += octets
    words.append(piece)
    return "\r\n ".join(f"=?utf-8?B?{base64.b64encode(word).decode()}?=" for word in words)


def mailbox(name: str, address: str) -> str:
    """``Name <address>`` for a header."""
    if not name:
        return address
    shown = encoded(name)
    return f"{shown} <{address}>" if shown != name else f'"{name}" <{address}>'


def head(sender: str, recipient: str, subject: str, date: datetime, message_id: str) -> list[Header]:
    """The headers that every letter has."""
    return [
        ("From", sender),
        ("To", recipient),
        ("Subject", encoded(subject)),
        ("Date", format_datetime(date)),
        ("Message-ID", f"<{message_id}>"),
        ("MIME-Version", "1.0"),
    ]


def answering(headers: list[Header], references: Sequence[str]) -> list[Header]:
    """The headers of an answer to the last of ``references`` (RFC 5322 3.6.4)."""
    if not references:
        return headers
    chain = "\r\n ".join(f"<{each}>" for each in references[-8:])
    return [*headers, ("In-Reply-To", f"<{references[-1]}>"), ("References", chain)]


def plain(headers: list[Header], text: str) -> bytes:
    """A letter of plain text."""
    return _block([*headers, *_text_headers("plain")], _crlf(text))


def mixed(
    headers: list[Header], text: str, files: Iterable[File], html: str = "", calendar: str = ""
) -> bytes:
    """A letter with alternatives and attachments."""
    bodies = [_block(_text_headers("plain"), _crlf(text))]
    if html:
        bodies.append(_block(_base64_headers("text/html; charset=utf-8"), _base64(html.encode())))
    if calendar:
        kind = 'text/calendar; charset=utf-8; method=REQUEST; name="invite.ics"'
        bodies.append(_block(_base64_headers(kind), _base64(calendar.encode())))
    attached = [_file(file) for file in files]
    if not attached:
        return multipart(headers, "alternative", bodies)
    first = bodies[0] if len(bodies) == 1 else multipart([], "alternative", bodies)
    return multipart(headers, "mixed", [first, *attached])


def bounce(headers: list[Header], text: str, recipient: str, original_head: bytes) -> bytes:
    """A multipart/report of a failed delivery (RFC 3464)."""
    status = (
        "Reporting-MTA: dns; mail.jelken.example\n\n"
        f"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such mailbox here\n"
    )
    bodies = [
        _block(_text_headers("plain"), _crlf(text)),
        _block([("Content-Type", "message/delivery-status")], _crlf(status)),
        _block([("Content-Type", "text/rfc822-headers")], original_head),
    ]
    return multipart(headers, "report; report-type=delivery-status", bodies)


def multipart(headers: list[Header], kind: str, bodies: Sequence[bytes]) -> bytes:
    """A multipart entity of ready parts."""
    boundary = f"=_jelken_{len(bodies)}_{kind.partition(';')[0]}"
    subtype, _, parameters = kind.partition(";")
    value = f'multipart/{subtype}; boundary="{boundary}"' + (f";{parameters}" if parameters else "")
    line = b"--" + boundary.encode()
    content = b"".join(line + b"\r\n" + body + b"\r\n" for body in bodies) + line + b"--\r\n"
    return _block([*headers, ("Content-Type", value)], content)


def _text_headers(subtype: str) -> list[Header]:
    return [("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "8bit")]


def _base64_headers(content_type: str) -> list[Header]:
    return [("Content-Type", content_type), ("Content-Transfer-Encoding", "base64")]


def _file(file: File) -> bytes:
    from urllib.parse import quote

    name = f'filename="{file.name}"' if file.name.isascii() else f"filename*=utf-8''{quote(file.name)}"
    disposition = ("Content-Disposition", f"attachment; {name}")
    return _block([*_base64_headers(file.content_type), disposition], _base64(file.data))


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()


def _block(headers: Iterable[Header], content: bytes) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n" + content


def wrapped(text: str, width: int = 76) -> str:
    """Paragraphs wrapped for a letter; lines that begin with ``>`` or a space stay as they are."""
    lines = []
    for line in text.split("\n"):
        keep = len(line) <= width or line[:1] in (">", " ")
        lines += (
            [line] if keep else textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False)
        )
    return "\n".join(lines)


def quoted(text: str) -> str:
    """The text as the tail of an answer."""
    return "\n".join(
        f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in text.split("\n")
    )
