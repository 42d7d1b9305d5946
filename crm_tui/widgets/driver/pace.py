"""How much may be on its way to the terminal: a slow line gets the newest frame, never a queue of stale ones."""

_FIRST_WINDOW = 2048
_LARGEST_WINDOW = 1 << 16
_SMALLEST_WINDOW = 128
_ASK_AFTER = 512  # bytes sent before the terminal is asked
_SHORT_QUEUE, _QUEUE, _LONG_QUEUE = 0.05, 0.1, 0.2  # seconds on the line beyond the round trip
_OVERDUE = 0.2  # seconds; an answer later than that says that the line has become slower
_LEAST_SPEED = 30.0  # bytes a second: 300 bits
_LEAST_ROOM = 32  # bytes
_MOST_SLOWER = 0.25
_NOISE = 0.02  # seconds
_LITTLE = 64  # bytes that take no time to speak of
_ANEW = 60.0  # seconds after which a slow line may be a longer or shorter one
_PATIENCE, _FIRST_PATIENCE = 8.0, 3.0  # seconds; the first answer says whether the terminal answers at all


class Pace:
    """What may be in flight, steered by the answers to cursor position queries (DSR 6).

    The terminal answers when it has drawn all that was sent before the query. A delay over the shortest round
    trip is a queue on the line. While it is short, there is a window of bytes, which grows. When it was long once,
    the line is slow: then its speed is reckoned from the answers, and with it when the line will be idle; just before
    that it is given more, so that it is never idle and never holds much more than 0.2 s. Times are in seconds of a
    monotonic clock.
    """

    def __init__(self, answering: bool) -> None:
        self.answering = answering
        self._asked_at: float | None = None
        self._given_up_at = 0.0  # when it was asked what it did not answer in time
        self._asked_bytes = 0
        self._in_flight = 0
        self._since: list[tuple[float, int]] = []  # what went out after the query, and when
        self._window = _FIRST_WINDOW
        self._round_trip: float | None = None
        self._measured_at: float | None = None  # with little on the line
        self._is_first = True  # before it, others may have sent much
        self._measures = self._renews = False
        self._heaviest = (0, 0.0)  # bytes, and how long their answer took, while the round trip was not known
        self._speed: float | None = None  # bytes a second, of a slow line
        self._idle_at = 0.0  # when a slow line will have carried all that was sent
        self._busy_since = 0.0
        self._expected = 0.0  # how long it will be busy with what was sent before the query
        self._busy_before = 0.0  # how long it had been busy then

    @property
    def is_asking(self) -> bool:
        """True while a query waits for its answer."""
        return self._asked_at is not None

    @property
    def is_slow(self) -> bool:
        """True while the line is known to carry less than is drawn."""
        return self._speed is not None and self.answering

    @property
    def has_to_ask(self) -> bool:
        """True while the line is not known and much went out since the terminal was asked."""
        asks = self.answering and not self.is_asking and self._measured_at is None
        return asks and self._in_flight > self._ask_after()

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
        self._measures = self._asked_bytes <= _LITTLE and not self._is_first
        self._is_first = False
        self._since.clear()
        self._expected = max(0.0, self._idle_at - now)
        self._busy_before = max(0.0, now - self._busy_since)

    def may_send(self, now: float) -> bool:
        """False while enough is on its way. A terminal that stays silent for too long is not asked again."""
        if self._asked_at is None:
            return not self.is_slow or now >= self._idle_at - _QUEUE
        if now - self._asked_at > self.patience:
            self.answering, self._given_up_at, self._asked_at = False, self._asked_at, None
            return True
        if self.is_slow:
            return self._idle_at - _QUEUE <= now <= self._overdue_at()
        return self._asked_bytes + self._in_flight <= self._window

    def wait(self, now: float) -> float:
        """How long until more may be sent, in seconds, should no answer come until then."""
        if self._asked_at is None or (self.is_slow and now <= self._overdue_at()):
            return max(0.01, self._idle_at - _QUEUE - now)
        return max(0.01, self._asked_at + self.patience - now)

    def room(self, now: float) -> int | None:
        """How many bytes may go at once; None where the line need not be spared."""
        if self._speed is None or not self.answering:
            return None
        queue = max(0.0, self._idle_at - now)
        return max(_LEAST_ROOM, int(self._speed * (_LONG_QUEUE - queue)))

    def _overdue_at(self) -> float:
        return (self._asked_at or 0.0) + self._expected + self.round_trip + _OVERDUE

    def sent(self, size: int, now: float) -> bool:
        """So many bytes went out; True when a query should follow them."""
        self._in_flight += size
        if self.is_asking:
            self._since.append((now, size))
        else:
            self._renews = self._is_old(now) and size <= _LITTLE
        if self._speed is not None:
            self._add(size / self._speed, now)
        if not self.answering or self.is_asking:
            return False
        return self._measured_at is None or self._renews or self._in_flight > self._ask_after()

    def answered(self, now: float) -> None:
        """The answer came: adapt what may be in flight."""
        if self._asked_at is None:
            self.answering = True  # late, but it does answer
            self._weigh(now - self._given_up_at)
            return
        elapsed = now - self._asked_at
        self._asked_at = None
        self._weigh(elapsed)
        before, is_first = self._round_trip, self._measured_at is None
        self._measure(elapsed, now)
        if is_first and before is not None and before - self.round_trip > _LONG_QUEUE:
            self._begin()
        elif self._speed is None:
            self._widen(elapsed - self.round_trip)
        else:
            self._correct(self._speed, elapsed - self.round_trip)
        if self._speed is not None:
            self._idle_at = self._busy_since = now - self.round_trip
            for at, size in self._since:
                self._add(size / self._speed, at)

    def _measure(self, elapsed: float, now: float) -> None:
        """Learn the round trip: it is known when little was on the line."""
        if self._round_trip is None or elapsed < self._round_trip or self._renews:
            self._round_trip = elapsed
        if self._measures or self._renews:
            self._measured_at, self._renews = now, False

    def _begin(self) -> None:
        """What was taken for the round trip was a queue: begin with the speed that it speaks for."""
        size, took = self._heaviest
        is_slow = size > _LITTLE and took - self.round_trip > _LONG_QUEUE
        self._speed = max(_LEAST_SPEED, size / (took - self.round_trip)) if is_slow else None

    def _weigh(self, elapsed: float) -> None:
        """Keep what the most bytes took, until it is known how much of it is the round trip."""
        if self._measured_at is None:
            self._heaviest = max(self._heaviest, (self._asked_bytes, elapsed))

    def _is_old(self, now: float) -> bool:
        """Whether the round trip is to be measured again, now that nothing is on a slow line."""
        measured_at = self._measured_at
        return (
            self._speed is not None
            and measured_at is not None
            and now - max(measured_at + _ANEW, self._idle_at) > 0
        )

    def _ask_after(self) -> float:
        if self._speed is None:
            return min(self._window // 2, _ASK_AFTER)
        return min(max(2 * _LEAST_ROOM, self._speed * _LONG_QUEUE), _ASK_AFTER)

    def _add(self, takes: float, now: float) -> None:
        """The line is given what takes so long."""
        if self._idle_at < now:
            self._idle_at = self._busy_since = now
        self._idle_at += takes

    def _widen(self, queued: float) -> None:
        """The line was not slow so far."""
        if queued < _SHORT_QUEUE:
            self._window = min(max(self._window, 2 * self._asked_bytes), _LARGEST_WINDOW)
        elif queued > _LONG_QUEUE:
            self._speed = max(_LEAST_SPEED, self._asked_bytes / queued)

    def _correct(self, speed: float, queued: float) -> None:
        """The line carried what it was given sooner or later than reckoned: so it is faster, or slower."""
        if queued < _SHORT_QUEUE and self._expected > _QUEUE:
            self._speed, self._window = None, max(_SMALLEST_WINDOW, 2 * self._asked_bytes)
            return
        if max(queued, self._busy_before + self._expected) < _SHORT_QUEUE:
            return  # too little to tell
        before = self._busy_before + _NOISE
        times = (before + self._expected) / (before + queued)
        self._speed = max(_LEAST_SPEED, speed * max(_MOST_SLOWER, times))
