"""A terminal to compare with: pyte, made to home the cursor on DECSTBM and to fill with a colour as real ones do."""

import pyte
from pyte.screens import Char

Cell = tuple[str, str, str, bool, bool, bool]
"""Character, colours, bold, reversed, underlined."""


class Terminal(pyte.Screen):
    """What a terminal shows after some bytes.

    What it erases and scrolls in gets the background where it ``fills`` (terminfo: ``bce``), else the default
    one; attributes never.
    """

    def __init__(self, width: int, height: int, *, fills: bool = True) -> None:
        self.fills = fills
        super().__init__(width, height)
        self._stream = pyte.ByteStream(self)
        self.feed("\x1b[?7l")

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        super().set_margins(top, bottom)
        self.cursor_position()

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:
        attributes, self.cursor.attrs = self.cursor.attrs, self._filled()
        super().erase_in_line(how, private)
        self.cursor.attrs = attributes

    def erase_characters(self, count: int | None = None) -> None:
        attributes, self.cursor.attrs = self.cursor.attrs, self._filled()
        super().erase_characters(count)
        self.cursor.attrs = attributes

    def erase_in_display(self, how: int = 0, *args: object, **options: object) -> None:
        for y in range(self.lines):
            for x in range(self.columns):
                self.buffer[y][x] = self.buffer[y][x]  # pyte erases only what was written before
        attributes, self.cursor.attrs = self.cursor.attrs, self._filled()
        super().erase_in_display(how, *args, **options)
        self.cursor.attrs = attributes

    def index(self) -> None:
        bottom = self.margins.bottom if self.margins else self.lines - 1
        scrolls = self.cursor.y == bottom
        super().index()
        if scrolls:
            self._fill_row(bottom)

    def reverse_index(self) -> None:
        top = self.margins.top if self.margins else 0
        scrolls = self.cursor.y == top
        super().reverse_index()
        if scrolls:
            self._fill_row(top)

    def _filled(self) -> Char:
        return Char(" ", bg=self.cursor.attrs.bg) if self.fills else self.default_char

    def _fill_row(self, y: int) -> None:
        for x in range(self.columns):
            self.buffer[y][x] = self._filled()

    def feed(self, text: str) -> None:
        """Take output as a tty passes it on (ONLCR)."""
        self.feed_bytes(text.replace("\n", "\r\n").encode())

    def feed_bytes(self, data: bytes) -> None:
        """Take output as it left the tty."""
        self._stream.feed(data)

    def cells(self) -> list[list[Cell]]:
        """Every cell; of a blank only what is seen of it."""
        return [[self._cell(x, y) for x in range(self.columns)] for y in range(self.lines)]

    def _cell(self, x: int, y: int) -> Cell:
        char = self.buffer[y][x]
        if char.data == " " and not (char.reverse or char.underscore):
            return (" ", "", char.bg, False, False, False)
        return (char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)
