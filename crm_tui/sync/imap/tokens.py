"""The words of IMAP (RFC 3501 §9): sets of UIDs, response tokens, and arguments that are safe to send."""

import re
from collections.abc import Iterable

from imapclient import imap_utf7

from crm_tui.domain.errors import Invalid, NetworkTrouble

LITERAL = re.compile(rb"~?\{(\d{1,12})\+?\}\r\n$")
_TOKEN = re.compile(
    rb"([()])"
    rb'|"((?:[^"\\]|\\.)*)"'
    rb'|([^\s()"\[\]]+(?:\[[^\]]*\](?:<\d+>)?)?)'
)
_ESCAPED = re.compile(rb"\\(.)")
_UNSAFE = re.compile(rb"[\r\n\x00]")
_DEEPEST = 50
_LARGEST_SET = 4_000_000


def compact(uids: Iterable[int]) -> bytes:
    """UIDs as the shortest sequence set: ``b"1:3,7,9:12"``."""
    parts: list[bytes] = []
    first = last = 0
    for uid in sorted(set(uids)):
        if first and uid == last + 1:
            last = uid
            continue
        if first:
            parts.append(_span(first, last))
        first = last = uid
    if first:
        parts.append(_span(first, last))
    return b",".join(parts)


def expand(sequence: bytes) -> list[int]:
    """The numbers of a sequence set sent by a server, refused when it names absurdly many."""
    numbers: list[int] = []
    for part in sequence.split(b","):
        low, colon, high = part.partition(b":")
        first = number(low)
        last = number(high) if colon else first
        if abs(last - first) + len(numbers) > _LARGEST_SET:
            raise NetworkTrouble("bad_response", what="set")
        numbers.extend(range(min(first, last), max(first, last) + 1))
    return numbers


def split_set(sequence: bytes, limit: int = 900) -> list[bytes]:
    """A sequence set cut into pieces of at most ``limit`` bytes: some servers refuse lines over 1,000."""
    pieces: list[bytes] = []
    piece = b""
    for part in sequence.split(b","):
        if piece and len(piece) + len(part) + 1 > limit:
            pieces.append(piece)
            piece = part
        else:
            piece = piece + b"," + part if piece else part
    if piece:
        pieces.append(piece)
    return pieces


def parse(parts: list[bytes]) -> list[object]:
    """A response (line, literal, line, …) as nested lists of bytes and None; numbers stay bytes."""
    root: list[object] = []
    stack = [root]
    for index, part in enumerate(parts):
        if index % 2:
            stack[-1].append(part)
            continue
        text = part[: part.rindex(b"{")] if index + 1 < len(parts) else part
        for match in _TOKEN.finditer(text):
            if match.lastindex == 3:
                word = match.group(3)
                stack[-1].append(None if word.upper() == b"NIL" else word)
            elif match.lastindex == 2:
                stack[-1].append(_ESCAPED.sub(rb"\1", match.group(2)))
            elif match.group(1) == b"(":
                inner: list[object] = []
                stack[-1].append(inner)
                stack.append(inner)
                if len(stack) > _DEEPEST:
                    raise NetworkTrouble("bad_response", what="nesting")
            elif len(stack) > 1:
                stack.pop()
    return root


def pairs(value: object) -> dict[bytes, object]:
    """``(KEY value KEY value)`` as a dictionary, keys in capitals."""
    if not isinstance(value, list):
        raise NetworkTrouble("bad_response", what="list")
    found: dict[bytes, object] = {}
    for key, item in zip(value[::2], value[1::2], strict=False):
        if isinstance(key, bytes):
            found[key.upper()] = item
    return found


def number(value: object) -> int:
    """A number of RFC 3501 or the 63-bit one of RFC 7162."""
    if isinstance(value, bytes) and value.isdigit() and len(value) <= 19:
        return int(value)
    raise NetworkTrouble("bad_response", what="number")


def words(value: object) -> list[bytes]:
    """The atoms of a parenthesised list."""
    return [item for item in value if isinstance(item, bytes)] if isinstance(value, list) else []


def check(argument: bytes) -> bytes:
    """The argument unchanged; one that could end the command line is refused.

    CR, LF or NUL in a value from a letter would start a second command (CVE-2025-15366, imapclient#657).
    """
    if _UNSAFE.search(argument):
        raise Invalid("unsafe_imap_argument")
    return argument


def mailbox(name: str) -> bytes:
    """A folder's name in modified UTF-7 (RFC 3501 §5.1.3), to be quoted where it is sent."""
    return bytes(imap_utf7.encode(name))


def decoded(raw: bytes) -> str:
    """A folder's name from the wire."""
    try:
        return str(imap_utf7.decode(raw))
    except (ValueError, LookupError) as error:
        raise NetworkTrouble("bad_response", what="folder name") from error


def quoted(argument: str | bytes) -> bytes:
    """A quoted string (RFC 3501 §4.3) of ASCII text; anything else is refused."""
    raw = argument.encode("ascii", "strict") if isinstance(argument, str) else argument
    return b'"' + check(raw).replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def _span(first: int, last: int) -> bytes:
    return b"%d" % first if first == last else b"%d:%d" % (first, last)
