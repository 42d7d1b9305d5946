"""How a list reads: its first screen at once in the loop, the whole vector of ids in a thread behind it."""

from array import array
from time import monotonic

from textual.message import Message

from crm_tui.widgets.marking_list import MarkingList
from crm_tui.widgets.row_source import Order, RowSource

FIRST_ROWS = 128


class ReadingList(MarkingList):
    """The reading half of the record list."""

    class VectorRead(Message):
        """The thread's answer: the ids of one request, or what went wrong."""

        bubble = False

        def __init__(self, request: int, answer: "array[int] | Exception") -> None:
            super().__init__()
            self.request = request
            self.answer = answer

    def __init__(
        self, source: RowSource, order: Order, *, header: bool, id: str | None, classes: str | None
    ) -> None:
        super().__init__(source, order, header=header, id=id, classes=classes)
        self._needle = ""
        self._error: Exception | None = None
        self._request = 0
        self._reading = False
        self._asked_at = 0.0
        self._about_to_read = False
        self._complete = False
        self._to_end = self._to_mark = False
        """What was asked of all rows before they were known."""
        self._waits = False
        """For the vector: no first screen was at hand."""
        self._outdated = False
        """The rows read so far, since ``reload``."""
        self._keep: int | None = None

    def is_behind(self, since: float) -> bool:
        """Whether the row under the cursor is not yet the one that a key may act on: the cursor is still to go where
        it was sent, or rows shown are being read anew, asked for after ``since`` (of ``time.monotonic``)."""
        if self._complete:
            return self._reading and (self._keep is not None or self._asked_at >= since)
        return self._keep is not None or self._to_end or self._to_mark or self._waits

    def _completed(self) -> None:
        """The whole vector is known."""
        raise NotImplementedError

    def _is_at_hand(self) -> bool:
        """Whether the whole vector takes a few milliseconds: it is then read in the loop, and no thread is asked."""
        raise NotImplementedError

    def _restart(self, expected: int = 0) -> None:
        """Read the first screen now, or let stand what is shown, and ask for the whole vector, of so many rows where
        that is known."""
        self._error, self._complete, self._keep = None, False, None
        self._to_end = self._to_mark = self._outdated = False
        self._looks = None  # a row may have other cells than before
        self._window.forget()
        try:
            at_hand = self._is_at_hand()
            if at_hand:
                self._window.replace(self._window.source.ids(self._order, self._needle))
            self._waits = not at_hand and not self._window.first(self._order, self._needle, FIRST_ROWS)
        except Exception as error:
            self._fail(error)
            return
        self._request += 1  # what is being read is in the order of before
        if self._waits:
            self._read_rest()
            return
        is_all = at_hand or len(self._window) < FIRST_ROWS
        self._expected = 0 if is_all else expected
        self._place(0)
        self._moved()
        if is_all:
            self._completed()
        elif not self._about_to_read:
            self._about_to_read = True
            self.call_after_refresh(self._read_rest)

    def _read_rest(self) -> None:
        """The first screen is drawn; a thread that reads beside the drawing would make it wait."""
        self._about_to_read = False
        if not self._complete and not self._reading:
            self._read_vector()

    def _read_vector(self) -> None:
        """Ask a thread for the vector; one at a time, the newest request last."""
        self._request += 1
        self._asked_at = monotonic()
        if not self._reading:
            self._reading = True
            request, source, order, needle = self._request, self._window.source, self._order, self._needle
            self.run_worker(
                lambda: self._ask(request, source, order, needle), thread=True, exit_on_error=False
            )

    def _ask(self, request: int, source: RowSource, order: Order, needle: str) -> None:
        """In the thread: answer by a message, whatever happens."""
        answer: array[int] | Exception
        try:
            answer = source.ids(order, needle)
        except Exception as error:
            answer = error
        self.post_message(self.VectorRead(request, answer))

    def _on_reading_list_vector_read(self, message: VectorRead) -> None:
        self._reading = False
        if message.request != self._request:
            if not self._about_to_read:
                self._read_vector()
        elif isinstance(message.answer, Exception):
            self._fail(message.answer)
        else:
            self._take(message.answer)

    def _take(self, ids: "array[int]") -> None:
        keep = self.current_id if self._keep is None and not self._waits else self._keep
        reread = self._waits or self._outdated
        if self._waits:
            self._position = 0
        self._keep, self._waits, self._outdated = None, False, False
        first = self._window.ids
        drawn = not reread and not self._marked and ids[: len(first)] == first
        self._window.replace(ids)
        self._expected = 0
        if reread:
            self._window.forget()
            self._looks = None
        if not self._needle:
            self._marks.keep_only(ids)
        place = self._window.find(keep) if keep is not None else None
        self._place(self._position if place is None else place, drawn=drawn)
        self._completed()
        if self._to_mark:
            self._to_mark = False
            self.mark_all()
        if self._to_end:
            self._to_end = False
            self._step(len(ids))
        self._moved()
