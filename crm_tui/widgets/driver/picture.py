"""What the terminal shows, what it should show, and the cheapest bytes from one to the other. No input or output."""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterable
from itertools import chain

from crm_tui.widgets.driver.abilities import PROMISES_NOTHING, Abilities
from crm_tui.widgets.driver.cells import Palette
from crm_tui.widgets.driver.columns import lines_down
from crm_tui.widgets.driver.moves import cheapest_move, find_shift
from crm_tui.widgets.driver.stops import set_stops, usual_stops, worthwhile_stops
from crm_tui.widgets.driver.undrawn import Undrawn

MOVE = re.compile(r"\x1b\[(\d+);(\d+)H")
_CELLS_KEPT = 100_000
_GAP = 5  # unchanged cells that cost less to send than a move over them
_ERASED = 12  # blanks that cost more to send than to erase and to move over

Cells = array  # array("I"): an index into the palette's cells


class Picture:
    """The front buffer (what the terminal shows) and the back buffer (what Textual drew)."""

    def __init__(self, width: int, height: int, abilities: Abilities = PROMISES_NOTHING) -> None:
        self.palette = Palette(has_no_colours=abilities.has_no_colours)
        self._abilities = abilities
        self.follows_cursor = True
        """Whether the hidden cursor goes where Textual puts it: for input methods, so only where text is typed."""
        self.is_whole = True
        """False while only a part of what was painted has been sent."""
        self._stops: tuple[int, ...] = ()
        self._has_own_stops = False
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
        self._undrawn = Undrawn()
        self._undrawn.forget()
        self._stops = ()  # tmux forgets them when its window changes
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

    def update(self, room: int | None = None) -> str:
        """The output that makes the terminal show what was painted; "" when it does already.

        Where the line is slow, there is ``room`` for about so many bytes: the rows left come with the next update.
        """
        out: list[str] = []
        candidates, self._dirty = sorted(self._dirty), set()
        front = self._front
        moved = front is None
        if front is None:
            candidates = list(range(self.height))
            fill = self._fill(candidates)
            front = self._front = [self._row_of(fill) for _ in range(self.height)]
            out.append("\x1b[m\x1b[H")
            self._style, self._cursor = 0, (0, 0)
            self._dress(fill, out)
            out.append("\x1b[2J")
        changed = [y for y in candidates if front[y] != self.back[y]]
        if len(changed) > 3 and self._scroll(front, changed, room is not None, out):
            changed, moved = [y for y in range(self.height) if front[y] != self.back[y]], True
        for x, top, bottom in lines_down(front, self.back, changed, self.palette):
            for y in range(top, bottom + 1):
                self._send_run(x, y, self.back[y][x : x + 1], out)
                front[y][x] = self.back[y][x]
        if moved and room is not None and self._abilities.tabs:
            self._set_stops(front, changed, out)
        self.is_whole = self._draw_rows(front, changed, room, out)
        if self.is_whole and self.follows_cursor and self._wanted not in ((0, 0), self._cursor):
            self._move(*self._wanted, out)
        return "".join(out)

    def _draw_rows(
        self, front: "list[array[int]]", changed: list[int], room: int | None, out: list[str]
    ) -> bool:
        """Draw rows, no more than there is room for; True if all were drawn."""
        rows = deque(changed if room is None else self._undrawn.first(changed))
        sent = counted = 0
        while rows:
            if room is not None:
                sent += sum(len(part.encode()) for part in out[counted:])
                counted = len(out)
                if sent >= room:
                    self._dirty.update(rows)
                    return False
            y = rows.popleft()
            row = self._undrawn.row(y, self.back[y])
            self._update_row(y, front[y], row, out)
            front[y] = row[:]
            if row is not self.back[y] and row != self.back[y]:
                rows.append(y)
        self._undrawn.forget()
        return True

    def _set_stops(self, front: "list[array[int]]", changed: list[int], out: list[str]) -> None:
        """Let the tabulator stop where the fields of a list begin: a move to one is a byte."""
        blank = self.palette.bare.__contains__
        stops = worthwhile_stops(front, self.back, changed, blank, self._stops)
        if stops != self._stops:
            out.append(set_stops(stops))
            self._stops, self._has_own_stops = stops, True
            self._cursor = self._cursor and (stops[-1], self._cursor[1])

    def usual_stops(self) -> str:
        """The output that gives the tabulator its usual stops back; "" where it has them."""
        if not self._has_own_stops:
            return ""
        self._stops, self._has_own_stops, self._cursor = (), False, None
        return usual_stops(self.width)

    def _move(self, x: int, y: int, out: list[str]) -> None:
        out.append(cheapest_move(self._cursor, x, y, self._stops))
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
                if gap > 1 and stop + gap in self._stops:
                    break
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

    def _scroll(self, front: "list[array[int]]", changed: list[int], is_slow: bool, out: list[str]) -> bool:
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
            fresh = range(bottom + 1 - count, bottom + 1)
        else:
            out.append((f"\x1b[{top + 1}H" if top else "\x1b[H") + "\x1bM" * count)
            front[top : bottom + 1] = blank + front[top : bottom + 1 - count]
            fresh = range(top, top + count)
        if is_slow:
            self._undrawn.scrolled(top, bottom, shift, {y: self.back[y][:] for y in fresh})
        if not whole:
            out.append("\x1b[r")
        self._cursor = None  # the margins home it, but not on every terminal
        return True
