"""Where a process stands, what happens to it, and what is to be done about it: the words of the token game.

``process_moves.advance`` says how one follows from the other.
"""

from dataclasses import dataclass
from enum import StrEnum

from crm_tui.domain.errors import Refused


class Status(StrEnum):
    """Whether a process goes on."""

    RUNNING = "running"
    COMPLETED = "completed"
    """An end point was reached, and no token is left."""
    TERMINATED = "terminated"
    """It was ended early, with a reason (BP-17), or with the process that it is nested in."""
    STOPPED = "stopped"
    """It went in circles without ever waiting, or no flow of a choice holds: the event was not taken, the tokens
    stand where they were (assurance 20). The same event may be tried again, or the process terminated."""


@dataclass(frozen=True, slots=True)
class Token:
    """A mark that stands at a point and waits: at a step, nested point, timer, action or join."""

    id: int
    """Counts up in its process and is never given twice; with the process it names the step entry (RM-11)."""
    point: str
    by: int
    """Number of the flow that it came by; -1 where there is none."""


@dataclass(frozen=True, slots=True)
class Instance:
    """Where a process stands."""

    status: Status = Status.RUNNING
    tokens: tuple[Token, ...] = ()
    """Those that wait, in the order in which they came."""
    last_token: int = 0
    """The highest token id that was given."""
    successful: bool | None = None
    """How it ended; None while it runs, and for one that was terminated or stopped."""
    ended_at: str = ""
    """The end point that ended it."""

    def waiting(self, token: int) -> Token:
        """The token of this number. Raises Refused ``process_ended``, ``token_not_waiting``."""
        if self.status not in (Status.RUNNING, Status.STOPPED):
            raise Refused("process_ended")
        for one in self.tokens:
            if one.id == token:
                return one
        raise Refused("token_not_waiting", token=token)


# what happens


@dataclass(frozen=True, slots=True)
class Started:
    """A token is put at the start point. Only to an instance without tokens."""


@dataclass(frozen=True, slots=True)
class Completed:
    """What a token waited for is there: the step was completed (with an outcome, where it has several), the nested
    process ended, the timer's time came, the action was done."""

    token: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Terminated:
    """The process is ended early, wherever its tokens stand."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The process goes in circles (see ``MOST_ACTIONS``); its tokens stay."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """What hindered a stopped process was mended: it goes on from where its tokens stand."""


Event = Started | Completed | Terminated | Stopped | Resumed


# what is to be done about it, in this order


@dataclass(frozen=True, slots=True)
class Entered:
    """A token came to a point where it waits, or passed one (``token`` 0: start, choice, split, a join that went on,
    an end)."""

    point: str
    token: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """A token went on from where it waited. Those that waited at a join leave it together."""

    point: str
    token: int
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A token is taken away: the process ended while it waited."""

    point: str
    token: int


@dataclass(frozen=True, slots=True)
class StateReached:
    """The Interest goes into this state (BP-12), or stays in it; comes before the point's ``Entered``. Of
    a join: when it goes on."""

    state: str


@dataclass(frozen=True, slots=True)
class Ended:
    """No token is left, or an unsuccessful end was reached, or the process was terminated or stopped."""

    status: Status
    successful: bool | None
    point: str = ""


Effect = Entered | Left | Cancelled | StateReached | Ended


@dataclass(frozen=True, slots=True)
class Advance:
    """Where the process stands now, what is to be done, and what was decided on the way."""

    instance: Instance
    effects: tuple[Effect, ...]
    event: Event
    """What is to be written down: the event that was given, or ``Stopped`` where it was not taken."""
    chosen: tuple[int, ...] = ()
    """Numbers of the flows that choice points went by, in order: with them the event can be played again."""
