"""Sections, ENVELOPE and BODYSTRUCTURE of a letter (RFC 3501 6.4.5, 7.4.2)."""

import re
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import getaddresses

from crm_tui.demo.server.wire import BadCommand, nstring

_PART = re.compile(r"((?:\d+\.)*\d+)?\.?(HEADER\.FIELDS(?:\.NOT)?|HEADER|TEXT|MIME)?(?: ?\((.*)\))?$")


def section(raw: bytes, name: str) -> bytes | None:
    """The bytes of ``BODY[name]``; None for a part that is not there."""
    match = _PART.match(name.upper())
    if not match:
        raise BadCommand("unknown section")
    path, kind, fields = match.groups()
    data: bytes | None = raw
    if path:
        data = _part(raw, [int(step) for step in path.split(".")], whole=kind == "MIME")
        if data is None or kind is None:
            return data
    head, body = _split(data or b"")
    if kind in ("HEADER", "MIME"):
        return head
    if kind == "TEXT":
        return body
    if kind and fields is not None:
        return _fields(head, set(fields.replace('"', "").split()), keep=kind == "HEADER.FIELDS")
    return data


def _split(raw: bytes) -> tuple[bytes, bytes]:
    if raw.startswith(b"\r\n"):
        return b"\r\n", raw[2:]
    head, found, body = raw.partition(b"\r\n\r\n")
    return (head + found, body) if found else (raw, b"")


def _fields(head: bytes, names: set[str], keep: bool) -> bytes:
    out, taking = [], False
    for line in head.split(b"\r\n"):
        if not line:
            break
        if line[:1] not in (b" ", b"\t"):
            known = line.partition(b":")[0].decode("latin-1").strip().upper() in names
            taking = known == keep
        if taking:
            out.append(line + b"\r\n")
    return b"".join(out) + b"\r\n"


def _part(raw: bytes, path: list[int], whole: bool) -> bytes | None:
    """The body of a part by its path; with its MIME header when ``whole``."""
    for depth, step in enumerate(path):
        boundary = _parse(raw, headers_only=True).get_boundary()
        if boundary is None:
            if step != 1 or depth < len(path) - 1:
                return None
            return raw if whole else _split(raw)[1]
        parts = re.split(rb"(?:^|\r\n)--" + re.escape(boundary.encode()) + rb"(?:--)?[ \t]*(?:\r\n|$)", raw)
        if not 1 <= step <= len(parts) - 2:
            return None
        raw = parts[step]
        if _parse(raw, headers_only=True).get_content_type() == "message/rfc822" and depth < len(path) - 1:
            raw = _split(raw)[1]
    return raw if whole else _split(raw)[1]


def _parse(raw: bytes, headers_only: bool = False) -> Message:
    return BytesParser(policy=policy.compat32).parsebytes(raw, headersonly=headers_only)


def envelope(raw: bytes) -> bytes:
    """The ENVELOPE list."""
    letter = _parse(raw, headers_only=True)
    senders = _addresses(letter, "from")
    parts = [
        nstring(_header(letter, "date")),
        nstring(_header(letter, "subject")),
        senders,
        senders if letter["sender"] is None else _addresses(letter, "sender"),
        senders if letter["reply-to"] is None else _addresses(letter, "reply-to"),
        *(_addresses(letter, name) for name in ("to", "cc", "bcc")),
        nstring(_header(letter, "in-reply-to")),
        nstring(_header(letter, "message-id")),
    ]
    return b"(" + b" ".join(parts) + b")"


def _header(letter: Message, name: str) -> bytes | None:
    value = letter[name]
    if value is None:
        return None
    return re.sub(r"\r?\n", "", str(value)).strip().encode("utf-8", "surrogateescape")


def _addresses(letter: Message, name: str) -> bytes:
    value = _header(letter, name)
    if not value:
        return b"NIL"
    out = []
    for shown, address in getaddresses([value.decode("utf-8", "surrogateescape")]):
        local, _, host = address.rpartition("@")
        fields = (shown.encode("utf-8", "surrogateescape") or None, None, local.encode(), host.encode())
        out.append(b"(" + b" ".join(nstring(field) for field in fields) + b")")
    return b"(" + b"".join(out) + b")" if out else b"NIL"


def body(raw: bytes, extended: bool) -> bytes:
    """The BODY or, when ``extended``, BODYSTRUCTURE list."""
    return _structure(_parse(raw), extended)


def _structure(part: Message, extended: bool) -> bytes:
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        children = b"".join(_structure(child, extended) for child in _children(part))
        tail = b" " + nstring(part.get_content_subtype().upper().encode())
        if extended:
            tail += b" " + _parameters(part, "content-type") + b" NIL NIL NIL"
        return b"(" + children + tail + b")"
    return _leaf(part, extended)


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _leaf(part: Message, extended: bool) -> bytes:
    children = _children(part)
    content = (
        children[0].as_bytes(policy=policy.compat32.clone(linesep="\r\n")) if children else _payload(part)
    )
    main, sub = part.get_content_maintype(), part.get_content_subtype()
    encoding = _header(part, "content-transfer-encoding") or b"7BIT"
    fields = [
        nstring(main.upper().encode()),
        nstring(sub.upper().encode()),
        _parameters(part, "content-type"),
        nstring(_header(part, "content-id")),
        nstring(_header(part, "content-description")),
        nstring(encoding.upper()),
        b"%d" % len(content),
    ]
    if children:
        fields += [envelope(content), _structure(children[0], extended), b"%d" % content.count(b"\n")]
    elif main == "text":
        fields.append(b"%d" % content.count(b"\n"))
    if extended:
        fields += [b"NIL", _disposition(part), b"NIL", b"NIL"]
    return b"(" + b" ".join(fields) + b")"


def _payload(part: Message) -> bytes:
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""


def _parameters(part: Message, header: str) -> bytes:
    pairs = (part.get_params(header=header) or [])[1:]
    if not pairs:
        return b"NIL"
    flat = [nstring(str(piece).encode("utf-8", "surrogateescape")) for pair in pairs for piece in pair]
    return b"(" + b" ".join(flat) + b")"


def _disposition(part: Message) -> bytes:
    kind = part.get_content_disposition()
    if kind is None:
        return b"NIL"
    return b"(" + nstring(kind.upper().encode()) + b" " + _parameters(part, "content-disposition") + b")"
