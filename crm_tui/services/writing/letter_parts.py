"""The body of a letter of ours as MIME parts: text, Markdown as text and HTML, pictures in it, files beside it.

The lines of each part's header are written here: the library's folding of parameters and its re-encoding of
``message/rfc822`` are not to be relied on with foreign names and letters (assurance 1.4).
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from crm_tui.domain.text import clean, file_name

MOST_LINE = 998
"""RFC 5322 section 2.1.1."""
_PIECE = 60
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}", re.IGNORECASE)
_METHOD = re.compile(rb"^METHOD:([A-Z]{1,20})\r?$", re.MULTILINE)
_CONTENT_ID = re.compile(r"[\w.+@-]{1,200}", re.ASCII)
_PICTURE = re.compile(r"!\[(?P<name>[^\]\n]{0,200})\]\(cid:[^)\s]{1,200}\)")
_HTML = '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{body}</body></html>\n'


@dataclass(frozen=True, slots=True)
class File:
    """A file or picture of a letter."""

    name: str
    content_type: str
    data: bytes
    inline: bool = False
    """A picture in the text, where ``cid:`` and its ``content_id`` stand for it."""
    content_id: str = ""


def content(body: str, form: str, files: Sequence[File]) -> bytes:
    """Header lines and content of a letter's body, all ASCII, CR LF, no line beyond 998.

    ``form`` is ``plain`` or ``markdown``. A picture that the text does not name is a file like the others.
    """
    text = clean(body, multiline=True).rstrip() + "\n"
    pictures = [one for one in files if form == "markdown" and _is_in(text, one)]
    others = [one for one in files if one not in pictures]
    if form == "markdown":
        plain = _PICTURE.sub(lambda found: f"[image: {found['name'] or '…'}]", text)
        part = _several("alternative", [_text(plain, "plain"), _related(_text(html(text), "html"), pictures)])
    else:
        part = _text(text, "plain")
    if others:
        part = _several("mixed", [part, *(_file(one, "attachment") for one in others)])
    return b"MIME-Version: 1.0\r\n" + part


def html(markdown: str) -> str:
    """The Markdown as an HTML page; what is HTML in it stays text, and no link runs a script."""
    from markdown_it import MarkdownIt  # 15 ms, and only for letters in Markdown

    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"])
    # A line of hyphens below a line of text is a headline in Markdown: a signature is laid out by itself.
    before, mark, signature = markdown.partition("\n-- \n")
    body = reader.render(before)
    if mark:
        body += "<div>-- <br>\n" + reader.render(signature) + "</div>\n"
    return _HTML.format(body=body)


def _is_in(text: str, one: File) -> bool:
    return one.inline and bool(_CONTENT_ID.fullmatch(one.content_id)) and f"(cid:{one.content_id})" in text


def _text(text: str, subtype: str) -> bytes:
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message.set_content(text, subtype=subtype)
    del message["MIME-Version"]
    return message.as_bytes()


def _related(part: bytes, pictures: Sequence[File]) -> bytes:
    return _several("related", [part, *(_file(one, "inline") for one in pictures)]) if pictures else part


def _several(subtype: str, parts: Sequence[bytes]) -> bytes:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    boundary = f"=_{digest.hexdigest()[:40]}"  # of the content: the same letter is the same bytes
    head = f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n\r\n'.encode("ascii")
    mark = f"--{boundary}".encode("ascii")
    ended = (part if part.endswith(b"\r\n") else part + b"\r\n" for part in parts)
    return head + b"".join(mark + b"\r\n" + part + b"\r\n" for part in ended) + mark + b"--\r\n"


def _file(one: File, disposition: str) -> bytes:
    kind, encoding, data = _encoded(one)
    name = file_name(clean(one.name))
    head = [
        f"Content-Type: {kind}{_parameter('name', name)}",
        f"Content-Transfer-Encoding: {encoding}",
        f"Content-Disposition: {disposition}{_parameter('filename', name)}",
    ]
    if disposition == "inline":
        head.append(f"Content-ID: <{one.content_id}>")
    return "".join(f"{line}\r\n" for line in head).encode("ascii") + b"\r\n" + data


def _encoded(one: File) -> tuple[str, str, bytes]:
    """Content-Type, Content-Transfer-Encoding and bytes of a file."""
    kind = one.content_type.lower() if _TYPE.fullmatch(one.content_type) else "application/octet-stream"
    if kind == "message/rfc822":
        # RFC 2046 section 5.2.1 allows no encoding of it: a letter that is not seven bits goes as a plain file.
        letter = re.sub(rb"\r\n|\r|\n", b"\r\n", one.data)
        if letter.isascii() and b"\0" not in letter and max(map(len, letter.split(b"\r\n"))) <= MOST_LINE:
            return kind, "7bit", letter
        kind = "application/octet-stream"
    elif kind.startswith(("multipart/", "message/")):
        kind = "application/octet-stream"
    elif kind == "text/calendar" and (method := _METHOD.search(one.data)):
        kind += f"; method={method[1].decode('ascii')}; charset=utf-8"  # RFC 6047 section 2.4
    return kind, "base64", base64.encodebytes(one.data).replace(b"\n", b"\r\n")


def _parameter(name: str, value: str) -> str:
    """A parameter in ASCII, or in the pieces of RFC 2231 where the name is not plain."""
    if value.isascii() and len(value) <= _PIECE:
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f';\r\n {name}="{escaped}"'
    pieces = ["utf-8''"]
    for sign in value:  # no sign is divided: some programs decode each piece by itself
        encoded = quote(sign, safe="")
        if len(pieces[-1]) + len(encoded) > _PIECE:
            pieces.append("")
        pieces[-1] += encoded
    if len(pieces) == 1:
        return f";\r\n {name}*={pieces[0]}"
    return "".join(f";\r\n {name}*{number}*={piece}" for number, piece in enumerate(pieces))
