"""What the terminal shows, what it should show, and the cheapest bytes from one to the other. No input or output."""

import re
from array import array

from crm_tui.widgets.driver.cells import Palette
from crm_tui.widgets.driver.moves import cheapest_move, find_shift

MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_CELLS_KEPT = 100_000
_GAP = 5  # unchanged cells that cost less to send than a move over them

Cells = array  # array("I"): an index into the palette's cells


class Picture:
    """The front buffer (what the terminal shows) and the back buffer (what Textual drew)."""

    def __init__(self, width: int, height: int) -> None:
        self.palette = Palette()
        self.resize(width, height)

    def resize(self, width: int, height: int) -> None:
        """Start anew with a blank picture of this size."""
        if len(self.palette.cells) > _CELLS_KEPT:
            self.palette.clear()
        self.width, self.height = width, height
        self._blank: array[int] = array("I", [0] * width)
        self.back: list[array[int]] = [self._blank[:] for _ in range(height)]
        self.forget()

    def forget(self) -> None:
        """What the terminal shows is not known any more: the next update clears it."""
        self._front: list[array[int]] | None = None
        self._dirty = set(range(self.height))
        self._style = 0
        self._cursor: tuple[int, int] | None = None
        self._wanted = (0, 0)  # where Textual put the hidden cursor; (0, 0) is nowhere

    def paint(self, frame: str) -> None:
        """Draw a frame as Textual wrote it: moves, SGR and text."""
        parts = MOVE.split(frame)
        for index in range(1, len(parts), 3):
            y, x, text = int(parts[index]) - 1, int(parts[index + 1]) - 1, parts[index + 2].removesuffix("\n")
            if not text:
                self._wanted = (x, y)
            elif y < self.height and x < self.width:
                self._paint_run(x, y, self.palette.run(text))

    def _paint_run(self, x: int, y: int, cells: "array[int]") -> None:
        if x + len(cells) > self.width:
            cells = cells[: self.width - x]
        row = self.back[y]
        if row[x : x + len(cells)] != cells:
            row[x : x + len(cells)] = cells
            self._dirty.add(y)

    def update(self) -> str:
        """The output that makes the terminal show what was painted; "" when it does already."""
        out: list[str] = []
        candidates, self._dirty = sorted(self._dirty), set()
        front = self._front
        if front is None:
            front = self._front = [self._blank[:] for _ in range(self.height)]
            candidates = list(range(self.height))
            out.append("\x1b[m\x1b[H\x1b[2J")
            self._style, self._cursor = 0, (0, 0)
        changed = [y for y in candidates if front[y] != self.back[y]]
        if len(changed) > 3 and self._scroll(front, changed, out):
            changed = [y for y in range(self.height) if front[y] != self.back[y]]
        for y in changed:
            self._update_row(y, front[y], self.back[y], out)
            front[y] = self.back[y][:]
        if self._wanted != (0, 0) and self._cursor != self._wanted:
            self._move(*self._wanted, out)
        return "".join(out)

    def _move(self, x: int, y: int, out: list[str]) -> None:
        out.append(cheapest_move(self._cursor, x, y))
        self._cursor = (x, y)

    def _set_style(self, style: int, out: list[str]) -> None:
        if style != self._style:
            out.append(self.palette.change(self._style, style))
            self._style = style

    def _update_row(self, y: int, old: "array[int]", new: "array[int]", out: list[str]) -> None:
        end = self._end_of_text(new)
        # a tail of default blanks is erased at once, if that is less than drawing it
        erase = self.width - end > 3 and sum(1 for cell in old[end:] if cell) > 3
        limit = end if erase else self.width
        x = 0
        while x < limit:
            if old[x] == new[x]:
                x += 1
                continue
            if x and not self.palette.cells[new[x]][0]:  # half of a wide character: draw it whole
                x -= 1
            stop = self._end_of_run(x, limit, old, new)
            self._send_run(x, y, new[x:stop], out)
            x = stop
        if erase:
            self._move(end, y, out)
            self._set_style(0, out)
            out.append("\x1b[K")

    def _end_of_text(self, row: "array[int]") -> int:
        end = self.width
        while end and not row[end - 1]:
            end -= 1
        return end

    def _end_of_run(self, x: int, limit: int, old: "array[int]", new: "array[int]") -> int:
        """Where a run of changes that begins at x ends, short gaps of the same style included."""
        cells = self.palette.cells
        stop, gap = x + 1, 0
        while stop + gap < limit and gap < _GAP:
            here = new[stop + gap]
            if old[stop + gap] != here:
                stop += gap + 1
                gap = 0
            elif cells[here][1] != cells[new[stop - 1]][1]:
                break
            else:
                gap += 1
        while stop < self.width and not cells[new[stop]][0]:
            stop += 1
        return stop

    def _send_run(self, x: int, y: int, run: "array[int]", out: list[str]) -> None:
        self._move(x, y, out)
        cells, odd = self.palette.cells, self.palette.odd
        certain = True
        for cell in run:
            char, style = cells[cell]
            self._set_style(style, out)
            out.append(char)
            certain = certain and cell not in odd
        # after an odd character, or in the last column, nobody knows where the cursor is
        x += len(run)
        self._cursor = (x, y) if certain and x < self.width else None

    def _scroll(self, front: "list[array[int]]", changed: list[int], out: list[str]) -> bool:
        """If a block of rows moved, move it on the terminal (DECSTBM and index). True if it did."""
        found = find_shift(front, self.back, changed)
        if found is None:
            return False
        top, bottom, shift = found
        self._set_style(0, out)
        whole = top == 0 and bottom == self.height - 1
        if not whole:
            out.append(f"\x1b[{top + 1};{bottom + 1}r")
        count = abs(shift)
        blank = [self._blank[:] for _ in range(count)]
        if shift > 0:
            out.append(f"\x1b[{bottom + 1}H" + "\n" * count)
            front[top : bottom + 1] = front[top + count : bottom + 1] + blank
        else:
            out.append((f"\x1b[{top + 1}H" if top else "\x1b[H") + "\x1bM" * count)
            front[top : bottom + 1] = blank + front[top : bottom + 1 - count]
        if not whole:
            out.append("\x1b[r")
        self._cursor = None  # the margins home it, but not on every terminal
        return True
