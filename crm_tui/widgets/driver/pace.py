"""How much may be on its way to the terminal: a slow line gets the newest frame, never a queue of stale ones."""

_FIRST_WINDOW = 2048
_LARGEST_WINDOW = 1 << 16
_SMALLEST_WINDOW = 128
_ASK_AFTER = 512  # bytes sent before the terminal is asked
_SHORT_QUEUE, _QUEUE, _LONG_QUEUE = 0.05, 0.1, 0.2  # seconds on the line beyond the round trip
_PATIENCE, _FIRST_PATIENCE = 8.0, 3.0  # seconds; the first answer says whether the terminal answers at all


class Pace:
    """The window of bytes in flight, steered by the answers to cursor position queries (DSR 6).

    The terminal answers when it has drawn all that was sent before the query. A delay over the shortest round
    trip is a queue on the line; it is kept near 0.1 s. A line once found slow is not left idle while an answer is on
    its way back: when it must have carried what was asked about, one more frame may go. Times are in seconds of a
    monotonic clock.
    """

    def __init__(self, answering: bool) -> None:
        self.answering = answering
        self._asked_at: float | None = None
        self._asked_bytes = 0
        self._in_flight = 0
        self._window = _FIRST_WINDOW
        self._round_trip: float | None = None
        self._speed: float | None = None  # bytes a second, of a slow line

    @property
    def is_asking(self) -> bool:
        """True while a query waits for its answer."""
        return self._asked_at is not None

    @property
    def round_trip(self) -> float:
        """The shortest time from a query to its answer, in seconds; 0 while none is known."""
        return self._round_trip or 0.0

    @property
    def patience(self) -> float:
        """How long to wait for an answer before going on without, in seconds."""
        return _FIRST_PATIENCE if self._round_trip is None else _PATIENCE + 3 * self._round_trip

    @property
    def longest_answer(self) -> float:
        """How long to wait for the last answer when the program ends, in seconds."""
        return min(1.0, 0.1 + 2 * (self._round_trip or 0))

    def ask(self, now: float) -> None:
        """A query goes out now."""
        self._asked_at, self._asked_bytes, self._in_flight = now, self._in_flight, 0

    def may_send(self, now: float) -> bool:
        """False while enough is on its way. A terminal that stays silent for too long is not asked again."""
        if self._asked_at is None:
            return True
        if now - self._asked_at > self.patience:
            self.answering, self._asked_at = False, None
            return True
        if self._asked_bytes + self._in_flight <= self._window:
            return True
        return not self._in_flight and self._speed is not None and now >= self._drained_at(self._speed)

    def wait(self, now: float) -> float:
        """How long until more may be sent, in seconds, should no answer come until then."""
        if self._in_flight or self._speed is None:
            return self.patience
        return min(self.patience, max(0.01, self._drained_at(self._speed) - now))

    def _drained_at(self, speed: float) -> float:
        """When there is nearly nothing left on the line of what the terminal was asked about."""
        return (self._asked_at or 0.0) + self._asked_bytes / speed - _QUEUE

    def sent(self, size: int) -> bool:
        """So many bytes went out; True when a query should follow them."""
        self._in_flight += size
        return self.answering and not self.is_asking and self._in_flight > min(self._window // 2, _ASK_AFTER)

    def answered(self, now: float) -> None:
        """The answer came: adapt the window."""
        if self._asked_at is None:
            self.answering = True  # late, but it does answer
            return
        elapsed = now - self._asked_at
        self._asked_at = None
        self._round_trip = elapsed if self._round_trip is None else min(self._round_trip, elapsed)
        queued = elapsed - self._round_trip
        if queued < _SHORT_QUEUE:
            self._window = min(max(self._window, 2 * self._asked_bytes), _LARGEST_WINDOW)
            if self._speed is not None and self._asked_bytes > 2 * _SHORT_QUEUE * self._speed:
                self._speed = None  # faster than it was
        elif queued > _LONG_QUEUE:
            self._speed = self._asked_bytes / queued
            self._window = max(_SMALLEST_WINDOW, int(self._speed * (self._round_trip + _QUEUE)))
