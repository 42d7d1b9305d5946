"""HTML letters as text to read in a terminal. Nothing a letter points at is ever fetched.

Parsing is lexbor's (selectolax), the layout is ours: no library for it is right for mail (design, libraries
3.1: padding of layout tables, hidden previews shown, empty text for deep nesting).
"""

import html
import re
from dataclasses import dataclass

from crm_tui.domain.text import clean
from crm_tui.parsing.html_events import visible, walk
from crm_tui.parsing.html_writer import Link, Writer
from crm_tui.parsing.limits import DEFAULT, Limits

# Deeper than any letter, and still quick: lexbor is quadratic in the depth.
_DEEPEST = 500
_MOST_NODES = 200_000
_TAG = re.compile(r"<(?:!--|(/?)([a-zA-Z][a-zA-Z0-9:]*))")
# The attributes of a tag as lexbor tells them apart; it is quadratic in their number.
_ATTRIBUTES = re.compile(
    r"(?:[\s/]++|=|[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+){0,800}+", re.DOTALL
)
_NEVER_DEEP_TAGS = (
    "br hr img input meta link base col area wbr param source embed track"
    " p li tr td th dt dd option tbody thead tfoot a"
)
_NEVER_DEEP = frozenset(_NEVER_DEEP_TAGS.split())
_SILENT = re.compile(r"<(script|style|head|title)\b|</(script|style|head|title)\b", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:br|/p|/div|/li|/tr|/h[1-6]|p|div|li|tr|h[1-6]|ul|ol|table|hr)\b[^<>]*>?", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<[/!?a-zA-Z][^<>]*>?")


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML letter laid out: lines of whole paragraphs (quotes begin with ``> ``), links by number."""

    text: str
    links: tuple[Link, ...]
    remote_images: int
    problems: tuple[str, ...]


def lay_out(source: str, limits: Limits = DEFAULT) -> Page:
    """Lay an HTML letter out as text. Linear in time, never raises; what was cut is in ``problems``."""
    problems: list[str] = []
    if len(source) > limits.html:
        source = source[: limits.html]
        problems.append("html_cut")
    source = source.replace("\x00", "")
    source, fit = _measured(source)
    if not fit:
        return Page(_flat(source, limits), (), 0, (*problems, "html_too_deep"))
    try:
        return _laid_out(source, limits, problems)
    except Exception:
        # A letter must be readable even where lexbor or we are wrong about it.
        return Page(_flat(source, limits), (), 0, (*problems, "html_unreadable"))


def _laid_out(source: str, limits: Limits, problems: list[str]) -> Page:
    from selectolax.lexbor import LexborHTMLParser

    # Lone surrogates cannot be handed to lexbor, which takes UTF-8.
    tree = LexborHTMLParser(source.encode("utf-8", "replace").decode("utf-8"))
    root = tree.body or tree.root
    if root is None:
        return Page("", (), 0, tuple(problems))
    events = walk(root, _MOST_NODES, limits.text)
    if events.cut:
        problems.append("html_cut")
    writer = Writer()
    writer.write(events)
    text = clean("\n".join(line.rstrip() for line in writer.lines).strip("\n"), multiline=True)
    return Page(text, tuple(writer.links.values()), events.remote_images, tuple(problems))


def _measured(source: str) -> tuple[str, bool]:
    """The source without its comments, and whether lexbor can take it: told without a parser, in one pass.

    Unfit are elements nested too deep, and a tag of hundreds of attributes.
    """
    kept: list[str] = []
    depth = at = copied = 0
    while (found := _TAG.search(source, at)) is not None:
        at = found.end()
        if found[2] is None:
            end = source.find("-->", found.start() + 2)
            kept.append(source[copied : found.start()])
            copied = at = len(source) if end < 0 else end + 3
            continue
        attributes = _ATTRIBUTES.match(source, at)
        at = attributes.end() if attributes else at
        unfit = at < len(source) and source[at] != ">"
        if found[2].lower() not in _NEVER_DEEP:
            depth = max(0, depth - 1) if found[1] else depth + 1
        if unfit or depth > _DEEPEST:
            return source, False
    kept.append(source[copied:])
    return "".join(kept), True


def _flat(source: str, limits: Limits) -> str:
    """The bare words, when the structure is not worth or not safe to look at."""
    text = _ANY_TAG.sub("", _BREAK.sub("\n", _without_silent(source)))
    lines = (" ".join(line.split()) for line in visible(html.unescape(text)).split("\n"))
    return clean("\n".join(line for line in lines if line)[: limits.text], multiline=True)


def _without_silent(source: str) -> str:
    kept: list[str] = []
    at, silent = 0, ""
    for found in _SILENT.finditer(source):
        if found[1] and not silent:
            kept.append(source[at : found.start()])
            silent = found[1].lower()
        elif found[2] and found[2].lower() == silent:
            at, silent = found.start(), ""
    if not silent:
        kept.append(source[at:])
    return "".join(kept)
