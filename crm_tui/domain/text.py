"""Foreign text made fit to show, to compare and to name a file with.

Every string that we did not write (a header, a file or folder name, a server's message) passes `clean` on
its way to the screen: Textual and Rich let escape sequences through (assurance 1.1).
"""

import re
import unicodedata

_FORBIDDEN = (
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 and C1 without tab and line feed, DEL
    "\u2028\u2029"  # line and paragraph separators
    "\u200b\ufeff"  # zero-width space, byte order mark
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"  # bidirectional controls
    "\u206a-\u206f\ufff9-\ufffb"  # deprecated format controls, interlinear annotation
    "\U000e0000-\U000e007f"  # tag characters: text that only a machine reads
    "\ud800-\udfff"  # lone surrogates cannot be encoded
)
_FORBIDDEN_IN_LINES = re.compile(f"[{_FORBIDDEN}]")
_FORBIDDEN_IN_LINE = re.compile(f"[{_FORBIDDEN}\n]")

# Soft hyphens and joiners are kept on screen, but nobody types them into a search.
_UNTYPED = re.compile("[\u00ad\u034f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")

_ONE_CELL_EACH = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f]*")
"""Latin and Cyrillic; most texts are of nothing else."""

_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\.|$)", re.IGNORECASE)
_FILE_NAME_BYTES = 200
_EXTENSION_BYTES = 20


def clean(s: str, multiline: bool = False) -> str:
    """The text with every character that could steer a terminal or hide something made visible.

    One forbidden character becomes one visible one (ESC ``␛``, others ``�``), so widths measured afterwards
    are true. Joiners and variation selectors of emoji stay. In one line a tab becomes a space and a line feed
    is forbidden; in several lines both stay, and CR LF or a bare CR is a line feed. Never raises.
    """
    if s.isprintable():
        return s
    if multiline:
        s = s.replace("\r\n", "\n").replace("\r", "\n") if "\r" in s else s
        if is_plain(s):
            return s
        return _FORBIDDEN_IN_LINES.sub(_visible, s)
    return _FORBIDDEN_IN_LINE.sub(_visible, s.replace("\t", " "))


def _visible(match: re.Match[str]) -> str:
    return "␛" if match[0] == "\x1b" else "�"


def is_plain(s: str) -> bool:
    """Whether there is nothing invisible in a text but spaces, tabs and line feeds.

    It spares most texts a search for characters that make trouble, which takes ten times as long.
    """
    return s.replace("\n", " ").replace("\t", " ").isprintable()


def fold(s: str) -> str:
    """The form of a text under which it is searched, compared and sorted.

    Compatibility characters, letter case, ё and е, invisible characters and the amount of white space make no
    difference. The result can always be encoded in UTF-8.
    """
    if not s.isascii():
        if "\u034f" in s or not is_plain(s):  # of what nobody types only one character is printable
            s = _UNTYPED.sub("", s)
        s = unicodedata.normalize("NFKC", s).casefold()
        s = unicodedata.normalize("NFKC", s).replace("ё", "е")
    else:
        s = s.lower()
    return " ".join(s.split())


def folded(s: str | None) -> str:
    """``fold`` of a text or of none, without NUL, at which a database may take a text to end."""
    return fold((s or "").replace("\0", " "))


def shorten(s: str, width: int) -> str:
    """The text cut to at most ``width`` terminal cells, with ``…`` where something was cut off."""
    if width <= 0:
        return ""
    if _ONE_CELL_EACH.fullmatch(s):
        return s if len(s) <= width else s[: width - 1] + "…"
    from rich.cells import cell_len

    if cell_len(s) <= width:
        return s
    # The widths of prefixes grow, so the cut is found by halving; a mark that joins its letter stays with it.
    fits, too_long = 0, len(s)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if cell_len(s[:middle]) <= width - 1:
            fits = middle
        else:
            too_long = middle
    return s[:fits].rstrip("\u200d") + "…"


def file_name(s: str) -> str:
    """A safe name for a file, made from the name that a letter gives its attachment (assurance 1.3).

    The last part of the path only; nothing invisible; no leading ``.``, ``-`` or ``~``; no device name of
    DOS; at most 200 bytes of UTF-8 with the extension kept; never empty. Whether it is taken is for the
    caller.
    """
    name = s.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    name = unicodedata.normalize("NFC", name)
    name = "".join(" " if c.isspace() else c if c.isprintable() else "_" for c in name)
    name = " ".join(name.split()).lstrip(".-~ ").rstrip(". ")
    if not name:
        return "attachment"
    if _DEVICE.match(name):
        name = "_" + name
    return _cut_to_bytes(name)


def _cut_to_bytes(name: str) -> str:
    if len(name.encode()) <= _FILE_NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not stem or len(extension.encode()) > _EXTENSION_BYTES:
        stem, dot, extension = name, "", ""
    room = _FILE_NAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip(". ") + dot + extension
