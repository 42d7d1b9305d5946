"""The body of a part: bytes out of their transfer encoding, text out of its character set."""

import binascii
import re
from string import ascii_letters, digits

from crm_tui.parsing.charsets import decode
from crm_tui.parsing.parameters import disposition
from crm_tui.parsing.parts import Part
from crm_tui.parsing.words import unbase64

_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_NOT_BASE64 = bytes(sorted(set(range(256)) - set((ascii_letters + digits).encode() + b"+/")))


def content(raw: bytes, part: Part, most: int | None = None) -> bytes:
    """The bytes of the part out of their transfer encoding, at most about ``most``. Never raises."""
    encoding = part.first("content-transfer-encoding").strip().lower()
    body = raw[part.start : part.end]
    if encoding == b"base64":
        return unbase64(body if most is None else body[: most * 3 // 2]) or b""
    if encoding == b"quoted-printable":
        return binascii.a2b_qp(body if most is None else body[: most * 3])
    return body if most is None else body[: most + 1]


def size(raw: bytes, part: Part) -> int:
    """The length of the decoded part in bytes, for base64 told from the number of its characters."""
    encoding = part.first("content-transfer-encoding").strip().lower()
    if encoding == b"base64":
        body = raw[part.start : part.end].translate(None, _NOT_BASE64)
        return len(body) * 3 // 4
    if encoding == b"quoted-printable":
        return len(content(raw, part))
    return part.end - part.start


def file_name(part: Part) -> str:
    """The name the sender gave the part, as it stands: not yet fit to show nor to name a file with."""
    name = disposition(part.first("content-disposition"))[1].get("filename", "")
    return name or part.parameters.get("name", "")


def text(raw: bytes, part: Part, most: int, problems: list[str]) -> str:
    """The text of a text part, ``most`` characters at most."""
    data = content(raw, part, most * 4)
    charset = part.parameters.get("charset", "")
    if not charset and part.type == "text/html":
        named = _META_CHARSET.search(data[:2048])
        charset = named[1].decode("ascii") if named else ""
    words, sure = decode(data, charset)
    if not sure and not data.isascii():
        problems.append("charset_guessed")
    if len(words) > most:
        problems.append("text_cut")
        words = words[:most]
    if part.type == "text/plain" and part.parameters.get("format", "").lower() == "flowed":
        return unflow(words, part.parameters.get("delsp", "").lower() == "yes")
    return words


def unflow(words: str, delsp: bool) -> str:
    """Lines that the sender's program broke, joined again (RFC 3676).

    Quoted lines stay as they are, so that the level of every line remains to be seen.
    """
    paragraphs: list[list[str]] = []
    joins = False
    for line in words.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        line = line[1:] if line.startswith(" ") else line
        follows = joins and not quoted and line != "-- "
        joins = line.endswith(" ") and line != "-- " and not quoted
        piece = line[:-1] if joins and delsp else line
        if follows:
            paragraphs[-1].append(piece)
        else:
            paragraphs.append([piece])
    return "\n".join("".join(pieces) for pieces in paragraphs)
