"""Content lines of vCard: unfolded, decoded, split at the signs that are not escaped."""

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from crm_tui.domain.errors import Invalid
from crm_tui.parsing import charsets

_LONGEST = 2**16
"""Characters of a line, and of a property with all its lines, pictures left out."""
_HEAD = re.compile(r'(?:([\w-]+)\.)?([\w-]+)((?:;(?:[^":;]|"[^"]*")*)*):', re.ASCII)
_PARAMETER = re.compile(r';((?:[^";]|"[^"]*")*)')
_LARGE = frozenset({"PHOTO", "LOGO", "SOUND", "KEY", "X-MS-CARDPICTURE", "X-THUMBNAIL", "AGENT"})
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_CARET = {"^n": "\n", "^^": "^", "^'": '"'}


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its name in capitals, parameters by name, and the value with its escapes."""

    name: str
    parameters: dict[str, str]
    value: str


def short_lines(text: TextIO) -> Iterator[str]:
    """The lines of the file; of a longer one only its beginning."""
    cut = False
    while line := _line(text):
        if not cut:
            yield line
        cut = not line.endswith(("\n", "\r"))


def _line(text: TextIO) -> str:
    try:
        return text.readline(_LONGEST)
    except UnicodeError as error:  # UTF-16 and its kin know errors that cannot be replaced
        raise Invalid("import_unreadable", format=text.encoding) from error


def properties(lines: Iterable[str], charset: str) -> Iterator[Property]:
    """The properties of a card. ``charset``: that of lines whose characters are bytes; empty for text."""
    for line in _unfolded(lines):
        head = _HEAD.match(line)
        if head is None:
            continue
        name = head[2].upper()
        if name in _LARGE:
            continue
        parameters = dict(_parameter(found[1]) for found in _PARAMETER.finditer(head[3]))
        yield Property(name, parameters, _decoded(line[head.end() :], parameters, charset))


def _unfolded(lines: Iterable[str]) -> Iterator[str]:
    """A line that begins with white space goes on with the one before; so does one after ``=`` at the end of
    quoted-printable (vCard 2.1)."""
    pieces: list[str] = []
    soft = False
    for line in lines:
        line = line.rstrip("\r\n")
        if soft or (line[:1] in (" ", "\t") and pieces):
            if sum(map(len, pieces)) < _LONGEST:
                pieces.append(line if soft else line[1:])
        else:
            if pieces:
                yield "".join(pieces)
            pieces = [line]
        soft = line.endswith("=") and _is_quoted_printable(pieces[0])
        if soft:
            pieces[-1] = pieces[-1].removesuffix("=")
    if pieces:
        yield "".join(pieces)


def _is_quoted_printable(line: str) -> bool:
    return "QUOTED-PRINTABLE" in line.partition(":")[0].upper()


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:  # vCard 2.1: TEL;HOME;QUOTED-PRINTABLE
        return ("ENCODING" if name.strip().upper() == "QUOTED-PRINTABLE" else "TYPE"), name.strip()
    value = re.sub(r"\^[n^']", lambda found: _CARET[found[0]], value.strip().strip('"'))
    return name.strip().upper(), value


def _decoded(value: str, parameters: dict[str, str], charset: str) -> str:
    named = parameters.get("CHARSET", "")
    if parameters.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
        data = quopri.decodestring(value.encode("utf-8" if not charset else "latin-1", "replace"))
        return charsets.decode(data, named or charset or "utf-8")[0].replace("\r\n", "\n")
    if not charset:
        return value
    return charsets.decode(value.encode("latin-1"), named or charset)[0]


def plain(value: str) -> str:
    """The value without its escapes: ``\\n`` is a line end, ``\\,`` a comma."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def components(value: str) -> list[str]:
    """The parts of a structured value, without escapes of ``;``; those of ``items`` stay."""
    return [part.strip() for part in _split(value, ";")]


def items(value: str) -> list[str]:
    """The values of one component, without escapes."""
    return [plain(part).strip() for part in _split(value, ",") if part.strip()]


def _split(value: str, sign: str) -> list[str]:
    parts: list[str] = []
    part: list[str] = []
    escaped = False
    for c in value:
        if c == sign and not escaped:
            parts.append("".join(part))
            part = []
        else:
            part.append(c)
        escaped = c == "\\" and not escaped
    parts.append("".join(part))
    return parts
