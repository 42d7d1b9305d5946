"""Which parts of a letter are read, which are kept aside, and the text to read."""

import re
from dataclasses import dataclass

from crm_tui.domain.text import clean, is_plain
from crm_tui.parsing import bodies
from crm_tui.parsing.html import lay_out
from crm_tui.parsing.html_writer import Link
from crm_tui.parsing.limits import Limits
from crm_tui.parsing.parameters import disposition
from crm_tui.parsing.parts import Part

# Marks of direction and joints of no width: harmless, many, and no loss to a reader.
_MARKS = re.compile("[\u200b\u200e\u200f\u061c\ufeff\u2060]")
_PLAIN = frozenset(("text/plain", "text/markdown", "text/enriched", "text/x-markdown", "text"))


@dataclass(slots=True)
class Reading:
    """What `read` found; ``laid_out`` tells that the text comes from the HTML, with its links numbered."""

    text: str
    html: str | None
    laid_out: bool
    links: tuple[Link, ...]
    remote_images: int
    kept_aside: list[Part]


def read(raw: bytes, root: Part, limits: Limits, problems: list[str]) -> Reading:
    """Choose the body as RFC 2046 (5.1.4) and a reader in a terminal would: plain text before HTML."""
    kept_aside: list[Part] = []
    leaves = _body(root, kept_aside) or _body_of_forwarded(kept_aside)
    plain: list[str] = []
    html: list[str] = []
    room = limits.text
    for part in leaves:
        text = bodies.text(raw, part, room if part.type != "text/html" else limits.html, problems)
        (html if part.type == "text/html" else plain).append(text)
        room = max(0, room - len(text)) if part.type != "text/html" else room
    written = "\n".join(plain)
    shown = written.replace("\r\n", "\n")
    if not is_plain(shown):
        shown = clean(_MARKS.sub("", written), multiline=True)
    source = "\n".join(html) if html else None
    if source is None or _stands_alone(shown, root):
        return Reading(shown, source, False, (), 0, kept_aside)
    page = lay_out(source, limits)
    problems.extend(page.problems)
    text = "\n\n".join(piece for piece in (shown.strip(), page.text) if piece)
    return Reading(text, source, True, page.links, page.remote_images, kept_aside)


def _stands_alone(plain: str, root: Part) -> bool:
    """Whether the plain text says what the HTML says: it is an alternative to it, and not empty."""
    return bool(plain.strip()) and any(part.type == "multipart/alternative" for part in root.walk())


def _body(part: Part, kept_aside: list[Part]) -> list[Part]:
    """The leaves to read below a part; the others are put aside. The depth is bounded by `Limits.depth`."""
    if part.children and part.type == "multipart/alternative":
        return _alternative([_body(child, kept_aside) for child in part.children])
    if part.children and part.type.startswith("multipart/"):
        return [leaf for child in part.children for leaf in _body(child, kept_aside)]
    if part.type in _PLAIN or part.type == "text/html":
        kind = disposition(part.first("content-disposition"))[0]
        if kind != "attachment" and not bodies.file_name(part):
            return [part]
    if part.end > part.start or bodies.file_name(part):
        kept_aside.append(part)
    return []


def _body_of_forwarded(kept_aside: list[Part]) -> list[Part]:
    """The body of the one letter within, where a letter says nothing itself."""
    within = [part for part in kept_aside if part.type == "message/rfc822" and part.children]
    return _body(within[0].children[0], []) if len(within) == 1 else []


def _alternative(versions: list[list[Part]]) -> list[Part]:
    """Of versions of one text, the first plain one that says anything and the last (richest) in HTML."""
    plain = [each for each in versions if any(p.type != "text/html" and p.end > p.start for p in each)]
    html = [each for each in versions if any(p.type == "text/html" for p in each)]
    chosen = plain[:1] + [each for each in html[-1:] if each not in plain[:1]]
    return [part for each in chosen for part in each]
