"""The items of FETCH: what each answers from a letter (RFC 3501 6.4.5)."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

from crm_tui.demo.server import structure
from crm_tui.demo.server.records import Message
from crm_tui.demo.server.wire import BadCommand, Token, text

_BODY = re.compile(rb"(BODY(?:\.PEEK)?)\[(.*)\](?:<(\d+)(?:\.(\d+))?>)?$", re.IGNORECASE | re.DOTALL)
_MACROS = {
    "FAST": ("FLAGS", "INTERNALDATE", "RFC822.SIZE"),
    "ALL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"),
    "FULL": ("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"),
}
_PLAIN = ("UID", "FLAGS", "INTERNALDATE", "RFC822.SIZE", "MODSEQ", "ENVELOPE", "BODY", "BODYSTRUCTURE")
_WHOLE = {"RFC822": "", "RFC822.HEADER": "HEADER", "RFC822.TEXT": "TEXT"}


@dataclass(frozen=True)
class Wanted:
    """One item; ``label`` is how the answer names it."""

    name: str
    label: bytes
    section: str | None = None
    first: int | None = None
    length: int | None = None
    sets_seen: bool = False

    @property
    def needs_raw(self) -> bool:
        return self.section is not None or self.name in ("ENVELOPE", "BODY", "BODYSTRUCTURE")

    def answer(self, letter: Message, raw: bytes) -> bytes:
        """``NAME value``."""
        if self.section is not None:
            data = structure.section(raw, self.section)
            if data is None:
                return self.label + b" NIL"
            if self.first is not None:
                end = None if self.length is None else self.first + self.length
                data = data[self.first : end]
            return b"%s {%d}\r\n%s" % (self.label, len(data), data)
        if self.name == "ENVELOPE":
            return b"ENVELOPE " + structure.envelope(raw)
        if self.name in ("BODY", "BODYSTRUCTURE"):
            return self.label + b" " + structure.body(raw, extended=self.name == "BODYSTRUCTURE")
        return self.label + b" " + _simple(self.name, letter).encode()


def _simple(name: str, letter: Message) -> str:
    if name == "UID":
        return str(letter.uid)
    if name == "FLAGS":
        return f"({' '.join(sorted(letter.flags))})"
    if name == "RFC822.SIZE":
        return str(letter.size)
    if name == "MODSEQ":
        return f"({letter.modseq})"
    return datetime.fromtimestamp(letter.date, UTC).strftime('"%d-%b-%Y %H:%M:%S +0000"')


class WantedItems(list[Wanted]):
    """The items of one FETCH, each once."""

    def add(self, item: Wanted) -> None:
        if all(known.label != item.label for known in self):
            self.append(item)


def wanted_items(given: list[Token], by_uid: bool) -> WantedItems:
    """What a FETCH asks for; UID FETCH always answers the UID too."""
    found = WantedItems()
    if by_uid:
        found.add(Wanted("UID", b"UID"))
    for token in given:
        raw = text(token).encode("utf-8", "surrogateescape")
        name = raw.decode("latin-1").upper()
        if name in _MACROS:
            for each in _MACROS[name]:
                found.add(Wanted(each, each.encode()))
        elif name in _PLAIN:
            found.add(Wanted(name, name.encode()))
        elif name in _WHOLE:
            found.add(Wanted(name, name.encode(), _WHOLE[name], sets_seen=name != "RFC822.HEADER"))
        else:
            found.add(_section(raw))
    return found


def _section(raw: bytes) -> Wanted:
    match = _BODY.match(raw)
    if not match:
        raise BadCommand("unknown item")
    section = match[2].decode("latin-1")
    first, length = (int(group) if group else None for group in match.group(3, 4))
    label = b"BODY[" + match[2] + b"]" + (b"<%d>" % first if first is not None else b"")
    return Wanted("SECTION", label, section, first, length, b"PEEK" not in match[1].upper())
