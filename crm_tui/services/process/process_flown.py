"""What came of past Interests on a map: the answers of ``process_replay``, for the screens and the command line."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from crm_tui.domain.route.route_map import RuleAction, StepEvent
from crm_tui.services.process.process_needs import Missing


@dataclass(frozen=True, slots=True)
class Broken:
    """A step that would have been late."""

    step: str
    user_id: int | None
    performer: str
    due_at: datetime
    left_at: datetime | None
    """None where it would be open still."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter or text message that would have been sent, or why not (RM-15)."""

    at: datetime
    step: str
    event: StepEvent
    action: RuleAction
    template: str
    name: str
    address: str
    reason: str
    """Code of ``messages_process.REASONS``; empty when it would have been sent."""


@dataclass(frozen=True, slots=True)
class Flown:
    """A past Interest on the map."""

    interest_id: int
    name: str
    stands: tuple[str, ...]
    """Names of the points where the process would wait; none when it has ended."""
    ended: str
    """``successful``, ``unsuccessful``, ``terminated``, ``stopped``; empty while it runs."""
    state: str
    """Code of the state that the map would have it in."""
    past_state: str
    """Code of the state that it is in."""
    closed: bool
    """In the past it is closed."""
    missing: tuple[Missing, ...]
    """What the steps where it stands demand and do not have."""
    broken: tuple[Broken, ...]
    letters: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of all of them."""

    flown: tuple[Flown, ...]
    cut: bool
    """There were more than were asked for: these are the newest."""

    @property
    def stands(self) -> Counter[str]:
        """Point or ending → how many are there."""
        return Counter(place for one in self.flown for place in (one.stands or (one.ended,)))

    @property
    def broken(self) -> Counter[str]:
        """Step → how many deadlines would have been broken."""
        return Counter(late.step for one in self.flown for late in one.broken)

    @property
    def letters(self) -> Counter[tuple[str, str]]:
        """Template and reason (empty for sent) → how many."""
        return Counter((sent.template, sent.reason) for one in self.flown for sent in one.letters)

    @property
    def missing(self) -> Counter[str]:
        """What is missing → in how many Interests."""
        return Counter(need.name for one in self.flown for need in one.missing)

    @property
    def apart(self) -> int:
        """How many would be in another state than they are."""
        return sum(one.state != one.past_state for one in self.flown)
