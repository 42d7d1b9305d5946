"""A slow line in virtual time: the picture and the pace at one end, a terminal that answers at the other."""

import heapq
import math
from collections.abc import Callable, Iterable

from crm_tui.widgets.driver.abilities import Abilities
from crm_tui.widgets.driver.outlet import ASK, Outlet
from crm_tui.widgets.driver.pace import Pace
from crm_tui.widgets.driver.picture import Picture
from tests.widgets.screens_of_pyte import Terminal

WIDTH, HEIGHT = 60, 22
WORDS = ("Поставка", "договор", "invoice", "счёт", "call", "насос")


class SlowLine:
    """Carries so many bytes a second; ``round_trip`` is what a byte and its answer take.

    ``before`` are the bytes on it when the driver begins.
    """

    def __init__(self, speed: float, round_trip: float, *, answers: bool = True, before: int = 0) -> None:
        self.picture = Picture(WIDTH, HEIGHT, Abilities(fills=True, erases=True, tabs=True))
        self.picture.follows_cursor = False
        self.outlet = Outlet(self.picture, Pace(answering=True))
        self.shown = Terminal(WIDTH, HEIGHT)
        self.speed, self.answers = speed, answers
        self.now = self.carried_at = self.idle = 0.0
        self.longest_queue = 0.0
        self.sent = 0
        self.round_trip = round_trip
        self._retry_at = math.inf
        self._waiting: list[tuple[float, int, Callable[[], None]]] = []
        self.carried_at = before / speed
        self.outlet.pace.ask(0.0)
        self._carry(ASK)

    def at(self, when: float, what: Callable[[], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._waiting, (when, len(self._waiting) + 1000 * self.sent, what))

    def play(self, frames: Iterable[str], rate: float) -> None:
        """Paint frames from now on, so many a second, and go on until nothing is left to send."""
        for number, frame in enumerate(frames):
            self.at(self.now + number / rate, lambda frame=frame: self.picture.paint(frame))  # type: ignore[misc]
        while self._waiting:
            self.now, _, happens = heapq.heappop(self._waiting)
            happens()
            output, wait = self.outlet.due(self.now)
            if output:
                self._carry(output)
            if wait is not None and self.now + wait < self._retry_at:
                self._retry_at = self.now + wait
                self.at(self._retry_at, self._retry)

    def rest(self) -> None:
        """Forget what was measured, after some quiet seconds."""
        self.now = self.carried_at = max(self.now, self.carried_at) + 5
        self.idle = self.longest_queue = 0.0
        self.sent = 0

    def _retry(self) -> None:
        self._retry_at = math.inf

    def _carry(self, output: str) -> None:
        size = len(output.encode())
        self.sent += size
        self.idle += max(0.0, self.now - self.carried_at)
        self.carried_at = max(self.carried_at, self.now) + size / self.speed
        self.longest_queue = max(self.longest_queue, self.carried_at - self.now)
        self.shown.feed(output.removesuffix(ASK))
        if output.endswith(ASK) and self.answers:
            answered_at = self.carried_at + self.round_trip
            self.at(answered_at, lambda: self.outlet.pace.answered(answered_at))


def whole(top: int, cursor: int) -> str:
    """A page of a list beside a pane, as Textual writes it."""
    return "".join(_row(y, top + y, cursor) for y in range(HEIGHT))


def _row(y: int, number: int, cursor: int) -> str:
    beside = f"folder {y}  {10 * y}".ljust(14) if y < 3 else " " * 14
    mark = "▌" if number == cursor else " "
    subject = " ".join(WORDS[number * step % len(WORDS)] for step in (1, 3, 5))
    left = f"{mark} {number % 28 + 1:02}.11  {WORDS[number % 4]:10}  {subject}"
    return f"\x1b[{y + 1};1H{beside}\x1b[34m│\x1b[0m{left[:40]:40} 5 KB"


def held_down(presses: int, cursor: int = 0, top: int = 0, jump: int = 8) -> list[str]:
    """The frames of ``down`` pressed so often: a list scrolls by some rows when the cursor leaves it."""
    frames = []
    for _ in range(presses):
        cursor += 1
        if cursor >= top + HEIGHT:
            top += jump
            frames.append(whole(top, cursor))
        else:
            frames.append("".join(_row(one - top, one, cursor) for one in (cursor - 1, cursor) if one >= top))
    return frames


def cells_of(frames: Iterable[str]) -> object:
    """What the frames show where nothing is slow."""
    terminal = Terminal(WIDTH, HEIGHT)
    for frame in frames:
        terminal.feed(frame)
    return terminal.cells()
