"""What the terminal shows, what it should show, and the cheapest bytes from one to the other. No input or output."""

import re
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from crm_tui.widgets.driver.abilities import PROMISES_NOTHING, Abilities
from crm_tui.widgets.driver.cells import Palette
from crm_tui.widgets.driver.moves import cheapest_move, find_shift

MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_CELLS_KEPT = 100_000
_GAP = 5  # unchanged cells that cost less to send than a move over them
_ERASED = 12  # blanks that cost more to send than to erase and to move over
_COLUMN = 3  # rows from which on a line downwards is drawn as one

Cells = array  # array("I"): an index into the palette's cells


class Picture:
    """The front buffer (what the terminal shows) and the back buffer (what Textual drew)."""

    def __init__(self, width: int, height: int, abilities: Abilities = PROMISES_NOTHING) -> None:
        self.palette = Palette()
        self._abilities = abilities
        self.follows_cursor = True
        """Whether the hidden cursor goes where Textual puts it: for input methods, so only where text is typed."""
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
            candidates = list(range(self.height))
            fill = self._fill(candidates)
            front = self._front = [self._row_of(fill) for _ in range(self.height)]
            out.append("\x1b[m\x1b[H")
            self._style, self._cursor = 0, (0, 0)
            self._dress(fill, out)
            out.append("\x1b[2J")
        changed = [y for y in candidates if front[y] != self.back[y]]
        if len(changed) > 3 and self._scroll(front, changed, out):
            changed = [y for y in range(self.height) if front[y] != self.back[y]]
        self._draw_columns(front, changed, out)
        for y in changed:
            self._update_row(y, front[y], self.back[y], out)
            front[y] = self.back[y][:]
        if self.follows_cursor and self._wanted != (0, 0) and self._cursor != self._wanted:
            self._move(*self._wanted, out)
        return "".join(out)

    def _move(self, x: int, y: int, out: list[str]) -> None:
        out.append(cheapest_move(self._cursor, x, y))
        self._cursor = (x, y)

    def _dress(self, cell: int, out: list[str]) -> None:
        """Be in a style in which this cell can be sent, or erased to."""
        style = self.palette.dressed(self._style, cell)
        if style != self._style:
            out.append(self.palette.change(self._style, style))
            self._style = style

    def _can_erase(self, cell: int) -> bool:
        return cell == 0 or (self._abilities.fills and cell in self.palette.bare)

    def _fill(self, rows: Iterable[int]) -> int:
        """The blank to erase to: the one that there is most of in these rows."""
        counted = Counter(chain.from_iterable(self.back[y] for y in rows))
        return max(filter(self._can_erase, counted), key=counted.__getitem__, default=0)

    def _row_of(self, cell: int) -> "array[int]":
        return array("I", [cell]) * self.width

    def _draw_columns(self, front: "list[array[int]]", changed: list[int], out: list[str]) -> None:
        """Draw lines downwards as such: row by row, each cell of one would be a change of colour and another back."""
        odd = self.palette.odd
        for first, last in _blocks(changed):
            for y in (first, last):  # new rows stand at one end of what was scrolled
                row, shown = self.back[y], front[y]
                for x in range(1, self.width - 1):
                    if row[x] != shown[x] and row[x] not in odd and self._is_apart(row, x):
                        self._draw_column(x, y, first, last, front, out)

    def _is_apart(self, row: "array[int]", x: int) -> bool:
        """Whether a sign differs in style from the signs on both sides of it."""
        cells = self.palette.cells
        char, style = cells[row[x]]
        if char in (" ", "") or style in (cells[row[x - 1]][1], cells[row[x + 1]][1]):
            return False
        before = next((cells[cell] for cell in reversed(row[:x]) if cells[cell][0] != " "), None)
        after = next((cells[cell] for cell in row[x + 1 :] if cells[cell][0] != " "), None)
        return all(one is None or one[1] != style for one in (before, after))

    def _draw_column(
        self, x: int, y: int, first: int, last: int, front: "list[array[int]]", out: list[str]
    ) -> None:
        """Draw the line through a cell, within some rows, if it is long enough."""
        cell = self.back[y][x]
        top = bottom = y
        while top > first and self.back[top - 1][x] == cell != front[top - 1][x]:
            top -= 1
        while bottom < last and self.back[bottom + 1][x] == cell != front[bottom + 1][x]:
            bottom += 1
        if bottom - top + 1 >= _COLUMN:
            for line in range(top, bottom + 1):
                self._send_run(x, line, self.back[line][x : x + 1], out)
                front[line][x] = cell

    def _update_row(self, y: int, old: "array[int]", new: "array[int]", out: list[str]) -> None:
        end = self._end_of_text(new)
        tail = new[-1]
        # blanks at the end are erased at once, if that is less than drawing them
        erase = self.width - end > 3 and sum(1 for cell in old[end:] if cell != tail) > 3
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
            self._dress(tail, out)
            out.append("\x1b[K")

    def _end_of_text(self, row: "array[int]") -> int:
        """Where the blanks at the end of a row begin, if they are such as can be erased."""
        end, tail = self.width, row[-1]
        while end and row[end - 1] == tail and self._can_erase(tail):
            end -= 1
        return end

    def _end_of_run(self, x: int, limit: int, old: "array[int]", new: "array[int]") -> int:
        """Where a run of changes that begins at x ends, short gaps that need no other style included."""
        cells, dressed = self.palette.cells, self.palette.dressed
        style = dressed(self._style, new[x])
        stop, gap = x + 1, 0
        while stop + gap < limit and gap < _GAP:
            here = new[stop + gap]
            needed = style if cells[here][1] == style else dressed(style, here)
            if old[stop + gap] != here:
                stop += gap + 1
                gap, style = 0, needed
            elif needed != style:
                break
            else:
                gap += 1
        while stop < self.width and not cells[new[stop]][0]:
            stop += 1
        return stop

    def _send_run(self, x: int, y: int, run: "array[int]", out: list[str]) -> None:
        """Send cells that stand beside each other."""
        self._move(x, y, out)
        cells, odd = self.palette.cells, self.palette.odd
        certain, erased = True, False
        same, count = run[0], 0
        for cell in (*run, -1):
            if cell == same:
                count += 1
                continue
            erases = count >= _ERASED and self._abilities.erases and self._can_erase(same)
            if erased or (erases and not certain):
                self._cursor = self._cursor if erased else None
                self._move(x, y, out)
                certain = True
            char, style = cells[same]
            if style != self._style:
                self._dress(same, out)
            if erases:
                self._cursor = (x, y)
                out.append(f"\x1b[{count}X")
            else:
                out.append(char * count)
                certain = certain and same not in odd
            x += count
            erased, same, count = erases, cell, 1
        if not erased:
            # after an odd character, or in the last column, nobody knows where the cursor is
            self._cursor = (x, y) if certain and x < self.width else None

    def _scroll(self, front: "list[array[int]]", changed: list[int], out: list[str]) -> bool:
        """If a block of rows moved, move it on the terminal (DECSTBM and index). True if it did."""
        found = find_shift(front, self.back, changed, self._row_of(self._fill(changed)))
        if found is None:
            return False
        top, bottom, shift = found
        count = abs(shift)
        fill = self._fill(range(bottom + 1 - count, bottom + 1) if shift > 0 else range(top, top + count))
        self._dress(fill, out)
        blank = [self._row_of(fill) for _ in range(count)]
        whole = top == 0 and bottom == self.height - 1
        if not whole:
            out.append(f"\x1b[{top + 1};{bottom + 1}r")
        if shift > 0:
            out.append(f"\x1b[{bottom + 1}H" + "\v" * count)
            front[top : bottom + 1] = front[top + count : bottom + 1] + blank
        else:
            out.append((f"\x1b[{top + 1}H" if top else "\x1b[H") + "\x1bM" * count)
            front[top : bottom + 1] = blank + front[top : bottom + 1 - count]
        if not whole:
            out.append("\x1b[r")
        self._cursor = None  # the margins home it, but not on every terminal
        return True


def _blocks(rows: list[int]) -> Iterator[tuple[int, int]]:
    """The first and the last of each rows that follow one another, where they are enough for a line."""
    for _, group in groupby(enumerate(rows), key=lambda one: one[1] - one[0]):
        block = [row for _, row in group]
        if len(block) >= _COLUMN:
            yield block[0], block[-1]
