"""A terminal to compare with: pyte, made to home the cursor on DECSTBM as real ones do."""

import pyte


class Terminal(pyte.Screen):
    """What a terminal shows after some bytes."""

    def __init__(self, width: int, height: int) -> None:
        super().__init__(width, height)
        self._stream = pyte.ByteStream(self)
        self.feed("\x1b[?7l")

    def set_margins(self, top: int | None = None, bottom: int | None = None) -> None:
        super().set_margins(top, bottom)
        self.cursor_position()

    def feed(self, text: str) -> None:
        """Take output as a tty passes it on (ONLCR)."""
        self.feed_bytes(text.replace("\n", "\r\n").encode())

    def feed_bytes(self, data: bytes) -> None:
        """Take output as it left the tty."""
        self._stream.feed(data)

    def cells(self) -> list[list[tuple[str, str, str, bool, bool, bool]]]:
        """Character, colours and attributes of every cell."""
        return [[self._cell(x, y) for x in range(self.columns)] for y in range(self.lines)]

    def _cell(self, x: int, y: int) -> tuple[str, str, str, bool, bool, bool]:
        char = self.buffer[y][x]
        return (char.data, char.fg, char.bg, char.bold, char.reverse, char.underscore)
