"""The tree of parts of a letter (RFC 5322, RFC 2045, RFC 2046).

Not the parser of the standard library: that one recurses (2,000 nested parts end in RecursionError), takes
20 s over 200,000 empty parts and reads every parameter before anybody can bound it (assurance 1.3). This one
walks with a stack of its own, counts as it goes, and a part is a slice of the letter that was never copied.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from crm_tui.parsing.limits import DEFAULT, Limits
from crm_tui.parsing.parameters import content_type

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
# A line that can only be a field: junk above it did not end the headers.
_SURE_FIELD = re.compile(rb"\r?\n[A-Za-z][A-Za-z0-9-]*:[ \t\r\n]")
_END_OF_HEADERS = re.compile(rb"\n\r?\n")
_BLANK_LINE = re.compile(rb"\r?\n")
_LINE_BREAK = re.compile(rb"[\r\n]")
_AFTER_BOUNDARY = re.compile(rb"(--(?:[^\w\r\n-][^\r\n]*)?)?[ \t]*(?:\r?\n|\r|\Z)")
_CONTAINERS = ("multipart/", "message/")


@dataclass(slots=True)
class Part:
    """One part of a letter; ``path`` is its number as in IMAP (``1.2``), empty for the letter itself."""

    headers: dict[str, list[bytes]]
    start: int
    end: int
    path: str
    depth: int
    type: str = "text/plain"
    parameters: dict[str, str] = field(default_factory=dict)
    children: list["Part"] = field(default_factory=list)

    def first(self, name: str) -> bytes:
        """The raw value of the first field of that name (lower case), unfolded; empty where there is none."""
        values = self.headers.get(name)
        return values[0] if values else b""

    def walk(self) -> Iterator["Part"]:
        """This part and all below it, in the order of the letter."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def split(raw: bytes, limits: Limits = DEFAULT) -> tuple[Part, list[str]]:
    """The tree of parts, and the codes of what was wrong with it. Never raises, linear in the length."""
    problems: list[str] = []
    root = _part(raw, 0, len(raw), "", 0, limits, problems, "text/plain")
    waiting, count = [root], 1
    while waiting:
        part = waiting.pop()
        if not part.type.startswith(_CONTAINERS):
            continue
        if part.depth >= limits.depth:
            problems.append("too_deep")
            part.type = "application/octet-stream"
            continue
        part.children = _children(raw, part, limits, problems, limits.parts - count)
        count += len(part.children)
        waiting.extend(part.children)
    return root, list(dict.fromkeys(problems))


def _children(raw: bytes, part: Part, limits: Limits, problems: list[str], room: int) -> list[Part]:
    if part.type in ("message/rfc822", "message/global", "message/news"):
        if _encoded(part) or room <= 0:
            return []
        path = part.path + ".1" if part.path else "1"
        return [_part(raw, part.start, part.end, path, part.depth + 1, limits, problems, "text/plain")]
    if not part.type.startswith("multipart/"):
        return []
    boundary = part.parameters.get("boundary", "").rstrip()
    spans = _spans(raw, part, boundary, room, problems) if boundary else []
    if not spans:
        problems.append("no_boundary")
        part.type = "text/plain"
        return []
    inner = "message/rfc822" if part.type == "multipart/digest" else "text/plain"
    prefix = part.path + "." if part.path else ""
    return [
        _part(raw, start, end, f"{prefix}{number}", part.depth + 1, limits, problems, inner)
        for number, (start, end) in enumerate(spans, 1)
    ]


def _encoded(part: Part) -> bool:
    return part.first("content-transfer-encoding").strip().lower() in (b"base64", b"quoted-printable")


def _spans(raw: bytes, part: Part, boundary: str, room: int, problems: list[str]) -> list[tuple[int, int]]:
    """Where the parts between the boundary lines begin and end (RFC 2046, 5.1.1)."""
    mark = b"--" + boundary.encode("utf-8", "surrogateescape")
    spans: list[tuple[int, int]] = []
    begun = -1
    for at, end, last in _boundary_lines(raw, part, mark):
        if begun >= 0:
            spans.append((begun, _before_line_break(raw, begun, at)))
        begun = end
        if last:
            return spans
        if len(spans) >= room:
            problems.append("too_many_parts")
            return spans
    if begun >= 0:
        problems.append("unclosed_parts")
        spans.append((begun, part.end))
    return spans


def _boundary_lines(raw: bytes, part: Part, mark: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each boundary line begins, where what follows it begins, and whether it closes the parts.

    ``find`` and one pattern for all letters: a pattern of its own for every boundary costs a third of the parsing.
    """
    at = raw.find(mark, part.start, part.end)
    while at >= 0:
        begins_line = at == 0 or raw[at - 1] in b"\r\n"
        rest = _AFTER_BOUNDARY.match(raw, at + len(mark), part.end) if begins_line else None
        if rest:
            yield at, rest.end(), rest[1] is not None
            at = rest.end()
        else:
            line_break = _LINE_BREAK.search(raw, at, part.end)
            at = line_break.end() if line_break else part.end
        at = raw.find(mark, at, part.end)


def _before_line_break(raw: bytes, start: int, end: int) -> int:
    if end > start and raw[end - 1 : end] == b"\n":
        end -= 1
    if end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end


def _part(
    raw: bytes, start: int, end: int, path: str, depth: int, limits: Limits, problems: list[str], default: str
) -> Part:
    headers, body = headers_of(raw, start, end, limits, problems)
    part = Part(headers, body, end, path, depth)
    part.type, part.parameters = content_type(part.first("content-type"), default)
    return part


def headers_of(
    raw: bytes, start: int, end: int, limits: Limits, problems: list[str]
) -> tuple[dict[str, list[bytes]], int]:
    """The fields by lower-case name, unfolded, in the order they stand; and where the body begins."""
    while raw[start : start + 5] in (b"From ", b">From") and b"\n" in raw[start : start + 1000]:
        start = raw.index(b"\n", start) + 1
    blank = _BLANK_LINE.match(raw, start, end)
    if blank:
        return {}, blank.end()
    found = _END_OF_HEADERS.search(raw, start, end)
    block_end, body = (found.start() + 1, found.end()) if found else (end, end)
    if block_end - start > limits.headers:
        problems.append("headers_cut")
        block_end = start + limits.headers
    headers: dict[str, list[bytes]] = {}
    at = start
    while at < block_end:
        after = _end_of_field(raw, at, block_end)
        name = _FIELD.match(raw, at, after)
        if name is None:
            if not _SURE_FIELD.search(raw, at, block_end):
                problems.append("junk_in_headers")
                return headers, at if found is None or headers else body
            problems.append("junk_in_headers")
        else:
            value = raw[name.end() : after]
            if len(value) > limits.header:
                problems.append("header_cut")
                value = value[: limits.header]
            headers.setdefault(name[1].decode("ascii").lower(), []).append(_unfold(value))
        at = after
    return headers, body


def _end_of_field(raw: bytes, at: int, end: int) -> int:
    """After the line that begins at ``at`` and the folded lines (beginning with white space) that follow it."""
    while True:
        line_end = raw.find(b"\n", at, end)
        if line_end < 0 or line_end + 1 >= end:
            return end
        at = line_end + 1
        if raw[at] not in (0x20, 0x09):
            return at


def _unfold(value: bytes) -> bytes:
    value = value.strip(b" \t\r\n")
    return value.replace(b"\r", b"").replace(b"\n", b"") if b"\n" in value or b"\r" in value else value
