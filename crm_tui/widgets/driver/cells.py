"""Numbers for cells: a character and its style are one int, so that rows compare and copy in C."""

import re
from array import array

from rich.cells import cell_len

from crm_tui.widgets.strip_guard import printable

# an SGR · an OSC 8 hyperlink (dropped) · text · any other control sequence (dropped)
_TOKEN = re.compile(
    r"\x1b\[([0-9;]*)m|\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)|([^\x1b]+)|\x1b\[[^a-zA-Z]*[a-zA-Z]|\x1b.?"
)
# characters that every terminal draws in exactly one cell
_SURE = re.compile(
    r"[ -~\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u058f\u2010-\u2027\u2030-\u205e"
    r"\u20a0-\u20bf\u2100-\u2319\u2500-\u25fc]*\Z"
)
_OFF = {
    "1": "22",
    "2": "22",
    "3": "23",
    "4": "24",
    "5": "25",
    "7": "27",
    "8": "28",
    "9": "29",
    "21": "24",
    "53": "55",
}
_SEEN_ON_BLANKS = frozenset(("4", "5", "7", "9", "21", "53"))
"""Underlined, blinking, reversed, struck out, overlined."""
_RUNS_KEPT = 4000

CellStyle = tuple[str, str, str]
"""Foreground, background and attributes as SGR parameters; "" is the default."""

PLAIN: CellStyle = ("", "", "")


def parse_sgr(sgr: str) -> CellStyle:
    """The style that a complete SGR sets: ``"1;38;5;12;41"`` is ``("38;5;12", "41", "1")``."""
    foreground = background = ""
    attributes = []
    codes = iter(sgr.split(";"))
    for code in codes:
        if code in ("38", "48"):
            kind = next(codes)
            value = ";".join([code, kind, *(next(codes) for _ in range(1 if kind == "5" else 3))])
            foreground, background = (value, background) if code == "38" else (foreground, value)
        elif code in ("39", "49", "0", ""):
            continue  # Textual's styles are complete: they start from the default
        elif len(code) == 2 and code[0] in "39":
            foreground = code
        elif (len(code) == 2 and code[0] == "4") or (len(code) == 3 and code.startswith("10")):
            background = code
        else:
            attributes.append(code)
    return foreground, background, ";".join(sorted(attributes))


def sgr_change(old: CellStyle, new: CellStyle) -> str:
    """The shortest SGR that turns one style into another."""
    if old == new:
        return ""
    full = ";".join(filter(None, (new[2], new[0], new[1])))
    anew = f"\x1b[0;{full}m" if full else "\x1b[m"
    was, will = set(filter(None, old[2].split(";"))), set(filter(None, new[2].split(";")))
    off = {_OFF.get(code, "0") for code in was - will}
    if "0" in off:
        return anew
    codes = sorted(off) + sorted(code for code in will if code not in was or _OFF.get(code) in off)
    if old[0] != new[0]:
        codes.append(new[0] or "39")
    if old[1] != new[1]:
        codes.append(new[1] or "49")
    return min(anew, f"\x1b[{';'.join(codes)}m", key=len)


class _SureCells(dict[str, int]):
    """The numbers of characters of one cell in one style, each made when it is first drawn."""

    def __init__(self, palette: "Palette", style: int) -> None:
        super().__init__()
        self._palette = palette
        self._style = style

    def __missing__(self, char: str) -> int:
        number = self[char] = self._palette.cell(char, self._style)
        return number


class Palette:
    """The number of each (character, style), and memos of all that is computed from strings.

    Number 0 is a blank in the default style. The second cell of a wide character holds the character "". A blank has
    the style that is seen of it: its background alone, where it is not underlined or the like.
    """

    def __init__(self, *, has_no_colours: bool = False) -> None:
        self._has_no_colours = has_no_colours
        self.clear()

    def clear(self) -> None:
        """Forget all numbers; rows that hold some must be drawn anew."""
        self.cells: list[tuple[str, int]] = []
        self.odd: set[int] = set()
        """Cells after which the place of the terminal's cursor is not certain."""
        self.bare: set[int] = set()
        """Blanks that are nothing but a background: they can be made by erasing."""
        self.ground: list[int] = []
        """For each style what a blank shows of it: the number of a style."""
        self._index: dict[tuple[str, int], int] = {}
        self._sure: dict[int, _SureCells] = {}
        self._styles: list[CellStyle] = []
        self._style_index: dict[CellStyle, int] = {}
        self._sgr: dict[str, int] = {}
        self._changes: dict[tuple[int, int], str] = {}
        self._dressed: dict[tuple[int, int], int] = {}
        self._runs: dict[str, array[int]] = {}
        self.style(PLAIN)
        self.cell(" ", 0)

    def style(self, style: CellStyle) -> int:
        """The number of a style."""
        if self._has_no_colours:
            style = ("", "", style[2])
        number = self._style_index.get(style)
        if number is None:
            number = self._style_index[style] = len(self._styles)
            self._styles.append(style)
            seen = style if _SEEN_ON_BLANKS.intersection(style[2].split(";")) else ("", style[1], "")
            self.ground.append(number if seen == style else -1)
            if seen != style:
                self.ground[number] = self.style(seen)
        return number

    def cell(self, char: str, style: int) -> int:
        """The number of a cell."""
        if char == " ":
            style = self.ground[style]
        number = self._index.get((char, style))
        if number is None:
            number = self._index[char, style] = len(self.cells)
            self.cells.append((char, style))
            if not _SURE.match(char):
                self.odd.add(number)
            if char == " " and self._styles[style] == ("", self._styles[style][1], ""):
                self.bare.add(number)
        return number

    def dressed(self, style: int, cell: int) -> int:
        """The style to be in for sending a cell when one is in ``style``: for a blank, what is not seen may stay."""
        found = self._dressed.get((style, cell))
        if found is None:
            found = self.cells[cell][1]
            if cell in self.bare:
                foreground, _, attributes = self._styles[style]
                kept = ";".join(one for one in attributes.split(";") if one not in _SEEN_ON_BLANKS)
                found = self.style((foreground, self._styles[found][1], kept))
            self._dressed[style, cell] = found
        return found

    def change(self, old: int, new: int) -> str:
        """The SGR from one style's number to another's."""
        found = self._changes.get((old, new))
        if found is None:
            found = self._changes[old, new] = sgr_change(self._styles[old], self._styles[new])
        return found

    def run(self, text: str) -> "array[int]":
        """The cells of a piece of a row as Textual wrote it: text with SGR. Do not change the result."""
        cells = self._runs.get(text)
        if cells is None:
            if len(self._runs) > _RUNS_KEPT:
                self._runs.clear()
            cells = self._runs[text] = array("I", self._parse(text))
        return cells

    def _parse(self, text: str) -> list[int]:
        out: list[int] = []
        style = 0
        for sgr, plain in _TOKEN.findall(text):
            if plain:
                self._draw(printable(plain), style, out)
            else:
                if sgr not in self._sgr:
                    self._sgr[sgr] = self.style(parse_sgr(sgr))
                style = self._sgr[sgr]
        return out

    def _draw(self, text: str, style: int, out: list[int]) -> None:
        if _SURE.match(text):
            cells = self._sure.get(style)
            if cells is None:
                cells = self._sure[style] = _SureCells(self, style)
            out.extend(map(cells.__getitem__, text))
            return
        for char in text:
            size = 1 if char < "\u0300" else cell_len(char)
            if size:
                out.append(self.cell(char, style))
            elif out:  # combining: part of the cell before it
                last = -2 if len(out) > 1 and not self.cells[out[-1]][0] else -1
                out[last] = self.cell(self.cells[out[last]][0] + char, style)
            if size == 2:
                out.append(self.cell("", style))
