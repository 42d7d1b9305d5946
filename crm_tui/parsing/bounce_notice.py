"""A notice in prose that a letter was not delivered: whose address it blames, and for how long."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crm_tui.domain.text import clean
from crm_tui.parsing import bodies
from crm_tui.parsing.bounce_words import (
    ABOUT_RECIPIENT,
    ADDRESS,
    BLAMED,
    DAEMON,
    DELAYED,
    GIVEN_UP,
    REPLY,
    RETURNED,
    SAYS_SO,
    STATUS,
    STRUCTURED,
    SUBJECT,
    Bounce,
)
from crm_tui.parsing.parts import Part

_MOST_TEXT = 64 * 1024
_MOST_LINES = 2000
_LINES_BELOW = 12
_TO = re.compile(r"^(?:To|Cc|X-Envelope-To):[ \t]*(.*(?:\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says."""

    text: str
    """Up to where the returned letter begins."""
    all_text: str
    returned_to: tuple[str, ...]
    """Whom the returned letter was for."""
    own: frozenset[str]
    """Whom the notice itself is for: the sender of the letter."""
    listed: tuple[str, ...] = ()
    """Addresses that a header field names as failed."""
    certain: bool = False
    """Its subject, a code or a report says so: it is a bounce even if it blames nobody."""


def read(raw: bytes, root: Part, *, sure: bool) -> Notice | None:
    """The notice that the letter is, or None for any other letter. ``sure``: it has a report, so it is one."""
    if not sure and not _may_be(root):
        return None
    texts = list(_texts(raw, root))
    kept = [_above(text) for text in texts]
    text = "\n".join(kept)
    notice = Notice(
        text=text,
        all_text="\n".join(texts),
        returned_to=tuple(dict.fromkeys(_returned_to(raw, root, texts, kept))),
        own=frozenset(each.lower() for each in _addresses(root, "to")),
        listed=tuple(_addresses(root, "x-failed-recipients")),
        certain=sure or bool(SUBJECT.search(_subject(root)) or _coded(text)),
    )
    return notice if sure or _is_notice(root, notice) else None


def blamed(notice: Notice) -> list[Bounce]:
    """The addresses that the notice blames, each with the code that stands nearest below it.

    One that blames nobody is about the recipient of the letter that it returns, where there was but one.
    """
    lines = notice.text.split("\n")
    found: dict[str, tuple[str, int]] = {}
    for number, line in enumerate(lines[:_MOST_LINES]):
        if BLAMED.match(line) or ABOUT_RECIPIENT.search(line):
            for address in ADDRESS.findall(line[:1000]):
                found.setdefault(address.rstrip(".").lower(), (address.rstrip("."), number))
    chosen = _chosen(notice, found)
    whole = _verdict(notice.text)
    bounces: list[Bounce] = []
    for address, number in chosen:
        near = "\n".join(line[:1000] for line in lines[number : number + _LINES_BELOW])
        code, permanent = _coded(near) or whole
        bounces.append(Bounce(clean(address), permanent, code))
    return bounces


def _chosen(notice: Notice, found: dict[str, tuple[str, int]]) -> list[tuple[str, int]]:
    """Those of the addresses found that are really blamed."""
    if notice.listed:
        return [found.get(address.lower(), (address, 0)) for address in notice.listed]
    was_for = {address.lower() for address in notice.returned_to}
    others = {
        key: place
        for key, place in found.items()
        if key in was_for or not DAEMON.search(key.partition("@")[0])
    }
    if len(others) > 1:
        others = {key: place for key, place in others.items() if key not in notice.own} or others
    if not others and notice.certain and len(notice.returned_to) == 1:
        return [(notice.returned_to[0], 0)]
    return list(others.values())


def _may_be(root: Part) -> bool:
    """What ``_is_notice`` needs at least: nearly every letter is told from its headers, without its texts."""
    return bool(
        root.first("x-failed-recipients")
        or _from_daemon(root)
        or SUBJECT.search(_subject(root))
        or _returns(root)
    )


def _from_daemon(root: Part) -> bool:
    # A list sends in the name of its bounce address (Sender) whatever its people write.
    senders = ("from",) if "list-post" in root.headers else ("from", "sender")
    sender = b" ".join(value for name in senders for value in root.headers.get(name, []))
    return bool(DAEMON.search(sender.decode("utf-8", "replace")[:500]))


def _returns(root: Part) -> bool:
    """Whether it holds a letter, or the headers of one."""
    return any(part.type in ("message/rfc822", "text/rfc822-headers") for part in root.walk())


def _is_notice(root: Part, notice: Notice) -> bool:
    if notice.listed:
        return True
    subject = _subject(root)
    path = root.first("return-path").strip()
    nobody = path == b"<>" or path.upper().startswith(b"<MAILER-DAEMON")
    daemon = _from_daemon(root)
    coded = bool(STRUCTURED.search(notice.text) and _coded(notice.text))
    if subject.lower().startswith(("re:", "fwd:", "fw:")):
        return daemon and coded
    if daemon or (nobody and SUBJECT.search(subject)):
        return True
    returns = _returns(root)
    if returns and (STRUCTURED.search(notice.text) or (nobody and SAYS_SO.search(notice.text))):
        return True
    return bool(SUBJECT.search(subject) and coded and (returns or notice.text != notice.all_text))


def _subject(root: Part) -> str:
    return root.first("subject").decode("utf-8", "replace")[:500]


def _texts(raw: bytes, root: Part) -> Iterator[str]:
    """The texts of the letter's own parts."""
    if not root.children:
        parts = [root]
    else:
        parts = [part for part in root.children if not part.type.startswith("message/")]
        parts += [leaf for part in parts for leaf in part.children]
    for part in parts:
        if part.children or not part.type.startswith("text/") or part.type == "text/rfc822-headers":
            continue
        text = bodies.text(raw, part, _MOST_TEXT, [])
        if part.type == "text/html":
            text = re.sub(r"<[^<>@]{0,500}>", "\n", text)
        yield text.replace("\r\n", "\n")


def _above(text: str) -> str:
    """The text up to where the returned letter begins."""
    for returned in RETURNED.finditer(text):
        if returned.start() > 40:
            return text[: returned.start()]
    return text


def _returned_to(raw: bytes, root: Part, texts: list[str], kept: list[str]) -> Iterator[str]:
    """The recipients of the letter that came back: as a part, as its headers, or below a line in the text."""
    for part in root.walk():
        if part.type == "message/rfc822":
            for inner in part.children:
                yield from _addresses(inner, "to")
                yield from _addresses(inner, "cc")
        elif part.type == "text/rfc822-headers":
            yield from _named(bodies.content(raw, part, _MOST_TEXT).decode("utf-8", "replace"))
    for text, above in zip(texts, kept, strict=True):
        yield from _named(text[len(above) :])


def _named(head: str) -> Iterator[str]:
    for found in _TO.finditer(head.replace("\r\n", "\n")):
        yield from ADDRESS.findall(found[1][:2000])


def _addresses(part: Part, name: str) -> list[str]:
    text = b" ".join(part.headers.get(name, [])).decode("utf-8", "replace")
    return ADDRESS.findall(text[:10_000])


def _coded(text: str) -> tuple[str, bool] | None:
    """Status and permanence by the first code in the text; None where it has none."""
    status = STATUS.search(text)
    if status and status[1][0] in "45":
        return status[1], status[1].startswith("5")
    reply = REPLY.search(text)
    return ("", reply[1].startswith("5")) if reply else None


def _verdict(text: str) -> tuple[str, bool]:
    """As `_coded`, by the words where there is no code."""
    delayed = DELAYED.search(text) and (not GIVEN_UP.search(text) or DELAYED.search(text[:600]))
    return _coded(text) or ("", not delayed)
