"""Cards for other programs' address books: vCard 3.0 (RFC 2426), which all of them read, and 4.0 (RFC 6350)."""

import re
from collections.abc import Mapping

from crm_tui.domain.identity.person_name import first_name

_OCTETS = 75
"""Of a line (RFC 2426 2.6), the white space of a continued one included."""
_ESCAPED = re.compile(r"[\\;,\n]")
_LIST = re.compile(r"\s*[,;\n]\s*")


def card(values: Mapping[str, str], version: str = "3.0") -> str:
    """One card from the columns of an export of customers, contact persons or leads."""
    firm = "kind" in values and "company" not in values
    name = values.get("name", "")
    lines = ["BEGIN:VCARD", f"VERSION:{version}", f"FN:{_escaped(name)}"]
    if firm:
        lines += ["N:;;;;", f"ORG:{_escaped(name)}"]
        lines.append("KIND:org" if version == "4.0" else "X-ABShowAs:COMPANY")
    else:
        lines.append(f"N:{_structured(name)}")
        if values.get("company"):
            lines.append(f"ORG:{_escaped(values['company'])}")
    for code, prop in (("role", "TITLE"), ("notes", "NOTE")):
        if values.get(code):
            lines.append(f"{prop}:{_escaped(values[code])}")
    for code, prop in (("email", "EMAIL"), ("phone", "TEL")):
        lines += [f"{prop}:{_escaped(one)}" for one in _LIST.split(values.get(code, "")) if one]
    lines += [f"URL:{_link(one)}" for one in values.get("web", "").split("\n") if one]
    lines += [f"IMPP:{_link(one)}" for one in values.get("messenger", "").split("\n") if one]
    lines += _addresses(values)
    if values.get("birthday"):
        lines.append(_birthday(values["birthday"], version))
    lines.append("END:VCARD")
    return "".join(_folded(line) + "\r\n" for line in lines)


def _addresses(values: Mapping[str, str]) -> list[str]:
    """Each line of the address is one; town, region and country are those of a firm."""
    place = [values.get(code, "") for code in ("city", "region", "country")]
    city, region, country = (_escaped(part) for part in place)
    streets = [line for line in values.get("address", "").split("\n") if line] or ([""] if any(place) else [])
    return [f"ADR:;;{_escaped(street)};{city};{region};;{country}" for street in streets]


def _structured(name: str) -> str:
    """The parts of N, as far as the name tells them: family names; given name; additional names; titles."""
    words = name.split()
    given = first_name(name)
    if given not in words or len(words) < 2:
        return f";{_escaped(name)};;;"
    at = words.index(given)
    if at == 0:
        return f"{_escaped(words[-1])};{_escaped(given)};{_escaped(' '.join(words[1:-1]))};;"
    return f"{_escaped(' '.join(words[:at]))};{_escaped(given)};{_escaped(' '.join(words[at + 1 :]))};;"


def _birthday(stored: str, version: str) -> str:
    """Version 4.0 writes a day without its year as ``--0412``; 3.0 has no such day: there it is Apple's way."""
    if not stored.startswith("--"):
        return f"BDAY:{stored}"
    if version == "4.0":
        return f"BDAY:--{stored[2:4]}{stored[5:7]}"
    return f"BDAY;X-APPLE-OMIT-YEAR=1604:1604{stored[1:]}"


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\\n" if found[0] == "\n" else "\\" + found[0], text)


def _link(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _folded(line: str) -> str:
    """The line in pieces of so many octets at most, no character cut in two."""
    pieces: list[str] = []
    piece, size = "", 0
    for c in line:
        width = len(c.encode("utf-8", "replace"))
        if size + width > _OCTETS:
            pieces.append(piece)
            piece, size = "", 1
        piece, size = piece + c, size + width
    return "\r\n ".join([*pieces, piece])
