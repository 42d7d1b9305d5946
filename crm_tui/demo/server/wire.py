"""IMAP on the wire: a command's tokens, sequence sets, and how strings are quoted (RFC 3501 9, RFC 9051)."""

import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

Token: TypeAlias = "bytes | list[Token]"

LITERAL = re.compile(rb"\{(\d+)(\+?)\}\r?\n$")
_PLACE = re.compile(rb"\x00(\d+)\x00")
_ATOM = re.compile(rb"[^\s()\"]+")


class BadCommand(Exception):
    """The client's line cannot be understood (answered with BAD)."""


class Refusal(Exception):
    """The command is understood and not carried out (answered with NO)."""


def tokens(parts: Sequence[bytes]) -> list[Token]:
    """Tokens of one command: ``parts`` alternates pieces of lines and the literals between them."""
    line = b""
    for number, part in enumerate(parts):
        line += b"\x00%d\x00" % number if number % 2 else LITERAL.sub(b"", part)
    stack: list[list[Token]] = [[]]
    at, line = 0, line.rstrip(b"\r\n")
    while at < len(line):
        char = line[at : at + 1]
        if char == b" ":
            at += 1
        elif char == b"(":
            stack.append([])
            at += 1
        elif char == b")":
            if len(stack) == 1:
                raise BadCommand("unexpected )")
            closed = stack.pop()
            stack[-1].append(closed)
            at += 1
        elif char == b'"':
            text, at = _quoted(line, at + 1)
            stack[-1].append(text)
        elif place := _PLACE.match(line, at):
            stack[-1].append(parts[int(place[1])])
            at = place.end()
        else:
            atom, at = _atom(line, at)
            stack[-1].append(atom)
    if len(stack) > 1:
        raise BadCommand("missing )")
    return stack[0]


def _quoted(line: bytes, at: int) -> tuple[bytes, int]:
    out = bytearray()
    while at < len(line):
        char = line[at]
        if char == 0x22:
            return bytes(out), at + 1
        if char == 0x5C:
            at += 1
        if at < len(line):
            out.append(line[at])
        at += 1
    raise BadCommand("unterminated string")


def _atom(line: bytes, at: int) -> tuple[bytes, int]:
    """An atom; one like ``BODY[HEADER.FIELDS (TO CC)]<0.100>`` holds spaces and brackets inside ``[]``."""
    found = _ATOM.match(line, at)
    if not found:
        raise BadCommand("unexpected byte")
    end = found.end()
    if b"[" in found[0] and b"]" not in found[0]:
        close = line.find(b"]", end)
        if close < 0:
            raise BadCommand("missing ]")
        tail = _ATOM.match(line, close + 1)
        end = tail.end() if tail else close + 1
    return line[at:end], end


def text(token: Token) -> str:
    """A token as text; Latin-1 keeps every byte."""
    if isinstance(token, list):
        raise BadCommand("unexpected list")
    return token.decode("utf-8", "surrogateescape")


def items(token: Token) -> list[Token]:
    """A list, or a single token as a list of one."""
    return token if isinstance(token, list) else [token]


def number(token: Token) -> int:
    """A number, or BAD."""
    try:
        return int(text(token))
    except ValueError as error:
        raise BadCommand("number expected") from error


def ranges(spec: str, top: int) -> list[tuple[int, int]]:
    """``1,3:5,9:*`` as inclusive ranges; ``*`` is ``top``."""
    found = []
    for piece in spec.split(","):
        ends = [top if end == "*" else int(end) if end.isdigit() else -1 for end in piece.split(":")]
        if len(ends) > 2 or min(ends) < 0:
            raise BadCommand("sequence set expected")
        found.append((min(ends), max(ends)))
    return found


def compact(numbers: Iterable[int]) -> str:
    """Numbers as a sequence set, runs joined: ``1:3,7``."""
    out: list[list[int]] = []
    for value in numbers:
        if out and value == out[-1][1] + 1:
            out[-1][1] = value
        else:
            out.append([value, value])
    return ",".join(str(low) if low == high else f"{low}:{high}" for low, high in out)


def quoted(value: str) -> bytes:
    """A quoted string; a name that a quoted string cannot hold does not reach the demo's mailboxes."""
    return b'"' + value.replace("\\", "\\\\").replace('"', '\\"').encode("utf-8", "surrogateescape") + b'"'


def nstring(value: bytes | None) -> bytes:
    """NIL, a quoted string, or a literal when the bytes ask for one."""
    if value is None:
        return b"NIL"
    if all(0x20 <= byte < 0x7F and byte not in (0x22, 0x5C) for byte in value):
        return b'"' + value + b'"'
    return b"{%d}\r\n" % len(value) + value
