"""Header fields to plain data: who, when, which; nothing here raises.

The functions of ``email.utils`` are not asked for addresses: 100,000 of them took 28 s and 882 MB, nested
comments end in RecursionError, ``Message-ID: <`` in IndexError (assurance 1.3).
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import mktime_tz, parsedate_tz

from crm_tui.domain.text import clean
from crm_tui.parsing.charsets import guess
from crm_tui.parsing.words import decode_words, header_text

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|<([^<>]*)>?|([,;:(])|([^"<,;:(]+)|(.)', re.DOTALL)
_ID = re.compile(r"<([^<>]*)>")
_ISO = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)[T ](\d\d?):(\d\d)(?::(\d\d))?")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name for people and an address for machines; either may be empty in a broken letter."""

    name: str
    address: str


def line(value: bytes) -> str:
    """A field as one line, fit to show."""
    text = header_text(value)
    # A line break that was hidden in an encoded word would inject a field into a reply: it becomes a space.
    return clean(_SPACE.sub(" ", text).strip())


def mailboxes(values: list[bytes], most: int) -> tuple[Mailbox, ...]:
    """All addresses of a field, at most ``most``; members of groups are listed, group names are not."""
    found: list[Mailbox] = []
    for value in values:
        text = value.decode("ascii") if value.isascii() else guess(value)
        several = _mailboxes(text, most)
        if "=?" in text and not any(box.address for box in several):
            several = _mailboxes(decode_words(text), most)
        found.extend(several)
    return tuple(found[:most])


class _Open:
    """The mailbox being read."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment: list[str] = []
        self.angle: str | None = None
        self.quoted = False

    def box(self) -> Mailbox | None:
        text = "".join(self.words).strip()
        comment = _shown("".join(self.comment))
        if self.angle is not None:
            address = _address(self.angle)
            return Mailbox(_shown(text) or comment, address) if address or text else None
        if "@" in text and (not self.quoted or text.startswith('"')):
            return Mailbox(comment, _address(text))
        name = _shown(text) or comment
        return Mailbox(name, "") if name else None


def _mailboxes(text: str, most: int) -> list[Mailbox]:
    boxes: list[Mailbox] = []
    current = _Open()
    at = 0
    last_name = ""

    def finish() -> None:
        nonlocal current, last_name
        box, current = current.box(), _Open()
        if box is None:
            return
        if not box.address:
            last_name = f"{last_name}, {box.name}" if last_name else box.name
            return
        if last_name and box.name:
            # A comma in a name that should have been quoted: Ivanov, Pyotr <p@example.com>.
            box = Mailbox(f"{last_name}, {box.name}", box.address)
        last_name = ""
        boxes.append(box)

    while at < len(text) and len(boxes) < most:
        token = _TOKEN.match(text, at)
        assert token is not None  # the last branch matches anything
        at = token.end()
        quoted, angle, mark, words, other = token.groups()
        if quoted is not None:
            follows = text[at : at + 1]
            local = follows == "@"
            current.words.append(token[0] if local else re.sub(r"\\(.)", r"\1", quoted))
            current.quoted = current.quoted or not local
        elif angle is not None:
            if current.angle is None or not current.angle:
                current.angle = angle
        elif mark == "(":
            comment, at = _comment(text, at)
            current.comment.append(comment)
        elif mark == ",":
            finish()
        elif mark == ";":
            finish()
            last_name = ""
        elif mark == ":":
            if ";" in text[at:] and "@" not in "".join(current.words) and current.angle is None:
                current = _Open()
            else:
                current.words.append(":")
        elif other is not None:
            # A quotation mark without a partner: those after it mean nothing either.
            text = text[:at] + text[at:].replace('"', " ")
        else:
            current.words.append(words)
    if len(boxes) < most:
        finish()
    if last_name and not boxes:
        boxes.append(Mailbox(last_name, ""))
    return boxes


def _comment(text: str, at: int) -> tuple[str, int]:
    depth, start = 1, at
    for found in re.compile(r"\\.|[()]", re.DOTALL).finditer(text, at):
        if found[0] == "(":
            depth += 1
        elif found[0] == ")":
            depth -= 1
            if not depth:
                return text[start : found.start()], found.end()
    return text[start:], len(text)


def _shown(text: str) -> str:
    text = decode_words(text) if "=?" in text else text
    return clean(_SPACE.sub(" ", text).strip().strip("'\"").strip())


def _address(text: str) -> str:
    text = decode_words(text) if "=?" in text else text
    text = _SPACE.sub(" ", text).strip() if '"' in text else _SPACE.sub("", text)
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]
    return clean(text.removeprefix("mailto:"))


def instant(value: bytes) -> datetime | None:
    """The instant a Date field names, in UTC; None where it names none (RFC 5322 3.3, and ISO 8601)."""
    text = value[:200].decode("ascii", "replace").strip()
    try:
        broken_down = parsedate_tz(text)
        if broken_down is not None and broken_down[0] > 0:
            return datetime.fromtimestamp(mktime_tz(broken_down), UTC)
    except Exception:
        pass
    found = _ISO.search(text)
    try:
        return datetime(*(int(part or 0) for part in found.groups()), tzinfo=UTC) if found else None  # type: ignore[arg-type,misc]
    except (ValueError, OverflowError):
        return None


def message_id(value: bytes) -> str:
    """The identifier without its angle brackets; empty where there is none."""
    ids = message_ids(value)
    if ids:
        return ids[0]
    return clean(_SPACE.sub("", value.decode("utf-8", "replace")).strip("<>"))


def message_ids(value: bytes) -> tuple[str, ...]:
    """All identifiers of References or In-Reply-To, without angle brackets."""
    text = value.decode("utf-8", "replace")
    found = (clean(_SPACE.sub("", each)) for each in _ID.findall(text))
    return tuple(each for each in found if each)
