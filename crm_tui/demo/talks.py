"""A year of conversations of the demo company, planned: who writes when about what. The words come later."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from crm_tui.demo.content import LANGUAGES
from crm_tui.demo.content.language import LOST_STEPS, SALE_STEPS, SERVICE_STEPS, Language
from crm_tui.demo.people import Firm, Human, colleagues, firms

HISTORY = timedelta(days=365)
SALES = {"meeting": 14, "proposal": 16, "waiting": 14, "contract": 10, "control": 8, "won": 18, "lost": 10}
SERVICES = {"new": 6, "in_work": 8, "check": 4, "solved": 9, "refused": 3}
STEPS_TO = {
    "meeting": 1, "proposal": 2, "waiting": 4, "contract": 6, "control": 8, "won": 9, "lost": 4,
    "new": 1, "in_work": 3, "check": 5, "solved": 6, "refused": 2,
}  # fmt: skip
"""How many letters have passed when an Interest stands in a state."""
CLOSED = ("won", "lost", "solved", "refused")
INTERESTS = sum(SALES.values()) + sum(SERVICES.values())
FRESH = 12
NEWCOMERS = 10_000_000
"""Talks with these numbers and more begin after the demo was made."""
EVERYDAY = {
    "sale": 22,
    "lost": 8,
    "service": 12,
    "note": 22,
    "newsletter": 24,
    "auto": 4,
    "invitation": 4,
    "junk": 4,
}


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: the letter of step ``n`` was written at ``times[n]`` (seconds of Unix time)."""

    id: int
    kind: str
    """``sale``, ``lost``, ``service``, ``note``, ``newsletter``, ``auto``, ``invitation``, ``junk``, ``bounce``."""
    language: str
    firm: int
    person: int
    choice: int
    """Which product, note, newsletter … of its language's lists."""
    quantity: int
    times: tuple[int, ...]
    state: str = ""
    """State of the Interest that it is about; empty when it is about none."""
    fresh: bool = False
    """Just arrived, nobody has decided about it."""

    @property
    def steps(self) -> tuple[str, ...]:
        """Names of the letters in order."""
        names = {"sale": SALE_STEPS, "lost": LOST_STEPS, "service": SERVICE_STEPS, "note": ("ask", "reply")}
        return names.get(self.kind, (self.kind,))[: len(self.times)]


@dataclass(frozen=True)
class Company:
    """The demo company: its people, those around it, and what they write."""

    language: str
    seed: str
    now: datetime
    firms: list[Firm]
    colleagues: list[Human]
    talks: list[Talk]

    @property
    def texts(self) -> Language:
        return LANGUAGES[self.language]

    @property
    def user(self) -> Human:
        return self.colleagues[0]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.texts.zone)

    def schedule(self) -> list[tuple[int, int, int]]:
        """(time, talk, step) of every letter, oldest first."""
        return sorted((when, talk.id, step) for talk in self.talks for step, when in enumerate(talk.times))


def plan(language: str, size: int, now: datetime, seed: str = "jelken") -> Company:
    """The demo company with ``size`` letters, the newest a little before ``now``; the same for the same arguments."""
    company = Company(language, seed, now, firms(seed), colleagues(LANGUAGES[language]), [])
    left = size
    for talk in _Planner(company).talks():
        if left <= 0:
            break
        company.talks.append(talk if len(talk.times) <= left else _cut(talk, left))
        left -= len(talk.times)
    return company


def _cut(talk: Talk, letters: int) -> Talk:
    from dataclasses import replace

    return replace(talk, times=talk.times[:letters])


class _Planner:
    def __init__(self, company: Company) -> None:
        self.company = company
        self.zone = company.zone
        self.now = int(company.now.timestamp())
        self.rng = random.Random(f"{company.seed} {company.language}")
        others = [code for code in LANGUAGES if code != company.language]
        self.languages = [company.language] * 5 + others + [others[0]]
        self.firms: dict[tuple[str, str], list[int]] = {}
        for place, firm in enumerate(company.firms):
            self.firms.setdefault((firm.language, firm.known), []).append(place)

    def talks(self) -> Iterator[Talk]:
        """Interests first, then what has just come, then everyday life without end."""
        number = 0
        for wanted in (SALES, SERVICES):
            for state, count in wanted.items():
                for _each in range(count):
                    yield self._interest(number, state, "sale" if wanted is SALES else "service")
                    number += 1
        for place in range(FRESH):
            yield self._fresh(number, place)
            number += 1
        yield self._talk(number, "bounce", "customer", self._moment(3, 6), 1)
        kinds, weights = list(EVERYDAY), list(EVERYDAY.values())
        while True:
            number += 1
            kind = self.rng.choices(kinds, weights)[0]
            last = self._moment(0.02, HISTORY.days)
            longest = {"sale": 9, "lost": 4, "service": 6, "note": 2}.get(kind, 1)
            yield self._talk(number, kind, "customer", last, min(longest, self.rng.randint(1, 9)))

    def _interest(self, number: int, state: str, kind: str) -> Talk:
        known = "lead" if state in ("meeting", "new") and number % 2 else "customer"
        last = self._moment(14, HISTORY.days - 40) if state in CLOSED else self._moment(0.1, 24)
        return self._talk(
            number, "lost" if state == "lost" else kind, known, last, STEPS_TO[state], state=state
        )

    def _fresh(self, number: int, place: int) -> Talk:
        kind = "service" if place % 3 == 2 else "sale"
        when = self.now - 600 - place * 2400 - self.rng.randrange(1200)
        when = when if place < FRESH // 3 else self._in_office(when - place * 3 * 3600)
        return self._talk(number, kind, "" if place % 2 else "customer", when, 1, fresh=True)

    def _talk(
        self,
        number: int,
        kind: str,
        known: str,
        last: int,
        letters: int,
        state: str = "",
        fresh: bool = False,
    ) -> Talk:
        language = self.rng.choice(self.languages)
        firm = self.rng.choice(self.firms[language, known])
        person = self.rng.randrange(len(self.company.firms[firm].people))
        times = self._times(last, letters)
        quantity = self.rng.choice((1, 1, 2, 2, 3, 4, 5, 6, 8, 10))
        return Talk(
            number, kind, language, firm, person, self.rng.randrange(1000), quantity, times, state, fresh
        )

    def _moment(self, least_days: float, most_days: float) -> int:
        """A moment of office hours, some days back."""
        back = self.rng.uniform(least_days, most_days) * 86400
        return self._in_office(int(self.now - back))

    def _times(self, last: int, letters: int) -> tuple[int, ...]:
        """Moments of a conversation, backwards from its last letter."""
        times = [last]
        while len(times) < letters:
            before = self._in_office(times[-1] - int(self.rng.uniform(1.5, 60) * 3600))
            times.append(min(before, times[-1] - 1800))
        return tuple(reversed(times))

    def _in_office(self, moment: int) -> int:
        """The moment, or one of the office hours before it."""
        wall = datetime.fromtimestamp(moment, UTC).astimezone(self.zone)
        if wall.weekday() > 4:
            wall -= timedelta(days=wall.weekday() - 4)
        if not 9 <= wall.hour < 18:
            wall = wall.replace(hour=self.rng.randint(9, 17), minute=self.rng.randrange(60))
        found = int(wall.timestamp())
        return found if found < self.now - 300 else found - 86400


def newcomer(company: Company, count: int) -> Talk:
    """The first letter of somebody whom nobody knows, written a minute ago; another one for another ``count``."""
    places = [
        place
        for place, firm in enumerate(company.firms)
        if firm.language == company.language and firm.known == ""
    ]
    firm = places[count % len(places)]
    person = count // len(places) % len(company.firms[firm].people)
    when = int(company.now.timestamp()) - 60
    return Talk(
        NEWCOMERS + count,
        "sale",
        company.language,
        firm,
        person,
        7 * count + 10,
        2 + count % 4,
        (when,),
        fresh=True,
    )
