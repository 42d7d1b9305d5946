"""The second walk over an HTML letter: paragraphs, lists, quotes, tables and numbered links as lines of text."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from rich.cells import cell_len

from crm_tui.domain.text import clean
from crm_tui.parsing.html_events import START, TEXT, Events

_SPACES = re.compile(r"[ \t\r\n\f]+")
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "dl", "figure", "pre"))
_BLOCKS_TAGS = (
    "div section article header footer main center address form fieldset dt dd ul ol li tr hr blockquote td th"
    " nav aside figcaption caption body"
)
_BLOCKS = _PARAGRAPHS | frozenset(_BLOCKS_TAGS.split())
_SCHEMES = ("http:", "https:", "mailto:", "tel:")
_QUOTE_LEVELS, _LIST_LEVELS, _WIDE_CELL, _MOST_LINKS = 9, 8, 40, 2000
_LOOKS_LIKE_HOST = re.compile(
    r"\s*(?:https?://)?(?:www\.)?((?:[\w-]{1,63}\.){1,8}[a-z]{2,24})(?=[/?#:\s]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link as numbered in the text; ``host`` is the one that is really called, in ASCII (xn--)."""

    number: int
    url: str
    host: str


def link(number: int, url: str) -> Link:
    """The link with its true host: what stands between the last ``@`` and the port or path."""
    url = clean(re.sub(r"\s+", "", url))[:2000]
    if url.lower().startswith("mailto:"):
        return Link(number, url, url[7:].partition("?")[0].rpartition("@")[2])
    try:
        host = urlsplit(url.replace("\\", "/")).hostname or ""
    except ValueError:
        return Link(number, url, "")
    if not host.isascii():
        try:
            host = host[:253].encode("idna").decode("ascii")
        except UnicodeError:
            host = clean(host)
    return Link(number, url, clean(host))


class Writer:
    """Lines of text out of events; lines are whole paragraphs, the reader breaks them to its width."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.links: dict[str, Link] = {}
        self._line: list[str] = []
        self._spaced = True
        self._blank = True
        self._quote = 0
        self._pre = 0
        self._lists: list[int | None] = []
        self._anchors: list[tuple[str, int, int]] = []
        self._said = 0
        # The bullet of an item stands alone so far: its first block goes on the same line.
        self._bullet = False

    def write(self, events: Events) -> None:
        """Lay everything out; read ``lines`` and ``links`` afterwards."""
        at = 0
        while at < len(events.all):
            kind, name, attributes = events.all[at]
            if kind == TEXT:
                self._text(name)
            elif kind == START and at in events.tables:
                at, rows = events.tables[at]
                self._table(rows)
            elif kind == START:
                self._start(name, attributes, events.lengths.get(at, 0))
            else:
                self._end(name)
            at += 1
        self._break()

    def _start(self, tag: str, attributes: dict[str, str | None], length: int) -> None:
        if tag == "br":
            self._break(always=True)
        elif tag == "hr":
            self._break()
            self._put("─" * 20)
        elif tag == "img":
            self._image(attributes)
        elif tag == "a":
            self._anchors.append((attributes.get("href") or "", len(self._line), self._said))
        elif tag in ("td", "th"):
            if length > _WIDE_CELL:
                self._break()
            elif self._line:
                self._text(" ")
                self._line.append(" ")
        elif tag in _PARAGRAPHS:
            self._paragraph()
            self._pre += tag == "pre"
        elif tag in ("ul", "ol"):
            self._break() if self._lists else self._paragraph()
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag == "blockquote":
            self._paragraph()
            self._quote += 1
            self._blank = True
        elif tag in _BLOCKS:
            self._break()

    def _end(self, tag: str) -> None:
        if tag == "a" and self._anchors:
            self._link(*self._anchors.pop())
        elif tag == "blockquote":
            self._break()
            while self.lines and self.lines[-1] and not self.lines[-1].strip("> "):
                self.lines.pop()
            self._quote -= 1
            self._blank = False
            self._paragraph()
        elif tag == "li":
            self._drop_bullet()
            self._break()
        elif tag in ("ul", "ol"):
            self._drop_bullet()
            self._break()
            self._lists.pop()
            if not self._lists:
                self._paragraph()
        elif tag in _PARAGRAPHS:
            self._paragraph()
            self._pre -= tag == "pre"
        elif tag in _BLOCKS and tag not in ("td", "th"):
            self._break()

    def _text(self, text: str) -> None:
        if self._pre:
            first, *rest = text.split("\n")
            self._line.append(first)
            for line in rest:
                self._break(always=True)
                self._line.append(line)
        else:
            text = _SPACES.sub(" ", text.replace("\xa0", " "))
            if self._spaced:
                text = text.lstrip(" ")
            if not text:
                return
            self._line.append(text)
            self._spaced = text.endswith(" ")
        self._bullet = False
        self._said += len(text)

    def _break(self, always: bool = False) -> None:
        """End the line; an empty one is written only where a ``br`` or a preformatted line asks for it."""
        if self._bullet and not always:
            return
        self._bullet = False
        line = "".join(self._line)
        line = line.rstrip() if self._pre or line.startswith("  ") else line.strip()
        self._line, self._spaced = [], True
        if line.strip():
            self._put(line)
        elif always:
            self._gap()

    def _put(self, line: str) -> None:
        self.lines.append("> " * min(self._quote, _QUOTE_LEVELS) + line)
        self._blank = False

    def _gap(self) -> None:
        if not self._blank:
            self.lines.append(("> " * min(self._quote, _QUOTE_LEVELS)).rstrip())
            self._blank = True

    def _paragraph(self) -> None:
        self._break()
        if not self._bullet:
            self._gap()

    def _item(self) -> None:
        self._drop_bullet()
        self._break()
        self._bullet = True
        if not self._lists:
            self._line.append("• ")
            return
        number = self._lists[-1]
        if number is not None:
            self._lists[-1] = number = number + 1
        indent = "  " * min(len(self._lists) - 1, _LIST_LEVELS)
        self._line.append(indent + ("• " if number is None else f"{number}. "))

    def _drop_bullet(self) -> None:
        if self._bullet:
            self._line, self._bullet = [], False

    def _image(self, attributes: dict[str, str | None]) -> None:
        alt = _SPACES.sub(" ", attributes.get("alt") or "").strip()
        tiny = any(
            (attributes.get(side) or "").strip().rstrip("px") in ("0", "1") for side in ("width", "height")
        )
        if alt and not tiny:
            self._text(f"[{alt[:200]}]")

    def _link(self, href: str, start: int, said: int) -> None:
        href = href.strip()
        if not href.lower().startswith(_SCHEMES) or self._said == said or len(self.links) >= _MOST_LINKS:
            return
        text = "".join(self._line[start:]).strip()
        if href.partition(":")[2].strip("/").lower() == text.partition("://")[2].strip("/").lower() and text:
            return
        if href.lower() == f"mailto:{text.lower()}":
            return
        target = self.links.setdefault(href, link(len(self.links) + 1, href))
        shown = _LOOKS_LIKE_HOST.match(text)
        if shown and target.host and not _same_site(shown[1].lower(), target.host):
            # The text names one host, the link goes to another: say where.
            self._line.append(f" [{target.number}: {target.host}]")
        else:
            self._line.append(f"[{target.number}]" if self._spaced else f" [{target.number}]")
        self._spaced = False

    def _table(self, rows: list[list[str]]) -> None:
        self._paragraph()
        columns = max(map(len, rows))
        widths = [max(cell_len(row[i]) if i < len(row) else 0 for row in rows) for i in range(columns)]
        for row in rows:
            cells = (cell + " " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False))
            self._put("  ".join(cells).rstrip())
        self._paragraph()


def _same_site(shown: str, host: str) -> bool:
    host = host.removeprefix("www.")
    return host == shown or host.endswith("." + shown) or shown.endswith("." + host)
