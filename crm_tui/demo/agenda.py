"""The demo's tasks, reminders and recurring events: a week with something due in it."""

import random
from datetime import date, datetime, time, timedelta

from crm_tui.demo.talks import Company
from crm_tui.domain.route.route_map import Step
from crm_tui.domain.text import fold
from crm_tui.domain.wall import to_utc, to_wall
from crm_tui.services.event import calendar
from crm_tui.services.task import reminders
from crm_tui.store.tables import Interest, Task
from crm_tui.store.work import Work

RECURRING = (
    ("FREQ=WEEKLY;BYDAY=MO", 0, time(10), 60),
    ("FREQ=WEEKLY;BYDAY=TU,TH", 1, time(9, 30), 30),
    ("FREQ=WEEKLY;BYDAY=WE", 2, time(17), 60),
    ("FREQ=MONTHLY;BYDAY=-1FR", 4, time(15), 90),
)
"""Rule, first weekday, wall time and minutes of the company's recurring events."""
OVERDUE = 4
DUE_TODAY = 3
SOON = timedelta(minutes=18)
"""The first task is due so long after the demo was made: its reminder comes up while one looks around."""


class Agenda:
    """Writes what the demo's user has to do."""

    def __init__(self, work: Work, company: Company, owner: int) -> None:
        self.work, self.company, self.owner = work, company, owner
        self.rng = random.Random(f"{company.seed} agenda {company.language}")
        self.texts = company.texts
        self._tasks = 0

    def due(self) -> datetime:
        """When the next open task is due: one soon, some overdue, some today, the others within ten days."""
        self._tasks += 1
        now = self.company.now
        if self._tasks == 1:
            return now + SOON
        if self._tasks <= 1 + OVERDUE:
            return self.office(now - timedelta(days=self.rng.uniform(1, 6)), before=now)
        if self._tasks <= 1 + OVERDUE + DUE_TODAY:
            later = now + timedelta(hours=1 + 1.5 * (self._tasks - OVERDUE))
            return later if self._is_waking(later) else self.office(later + timedelta(hours=12))
        return self.office(now + timedelta(days=self.rng.uniform(1, 10)))

    def task(
        self,
        title: str,
        due: datetime,
        interest: Interest | None,
        done: datetime | None = None,
        step: Step | None = None,
    ) -> int:
        """A task of the demo's user, or of a step of a process; one that is open and to come reminds. Its id."""
        due = due.replace(second=0, microsecond=0)
        begun = min(due, done or self.company.now) - timedelta(days=self.rng.randint(1, 6))
        task = self.work.add(
            Task(
                title=title,
                title_fold=fold(title),
                kind="process" if step else "personal",
                notes=step.instruction if step else "",
                status="done" if done else "open",
                priority=self.rng.choice((0, 0, 0, 0, 1, -1)),
                due_at=due,
                assignee_id=self.owner,
                author_id=self.owner,
                interest_id=interest.key if interest else None,
                customer_id=interest.customer_id if interest else None,
                done_at=done,
                created_at=begun,
                changed_at=done or begun,
            )
        )
        if done is None and due > self.company.now:
            self.remind("task", task.key, title, due)
        return task.key

    def remind(self, kind: str, key: int, words: str, at: datetime) -> None:
        """Remind the demo's user a quarter of an hour before."""
        reminders.schedule(
            self.work,
            user_id=self.owner,
            subject_kind=kind,
            subject_id=key,
            text=words,
            due_at=at - timedelta(minutes=15),
            subject_at=at,
        )

    def recurring(self) -> None:
        """What happens every week or month, since a year ago."""
        today = to_wall(self.company.now, self.company.zone).date()
        for (rule, weekday, at, minutes), (summary, place) in zip(RECURRING, self.texts.events, strict=True):
            begins = datetime.combine(_first(today - timedelta(days=360), weekday, "MONTHLY" in rule), at)
            calendar.add(
                self.work,
                summary,
                dtstart=begins,
                dtend=begins + timedelta(minutes=minutes),
                zone=self.texts.zone,
                owner_id=self.owner,
                rrule=rule,
                location=place,
            )

    def today(self) -> None:
        """Two meetings within the next hours, whatever day it is."""
        for hours, what in ((1.5, self.texts.meetings[3]), (4, self.texts.meetings[0])):
            wall = to_wall(self.company.now + timedelta(hours=hours), self.company.zone)
            begins = wall.replace(minute=30 if wall.minute >= 30 else 0, second=0, microsecond=0)
            calendar.add(
                self.work,
                what,
                dtstart=begins,
                dtend=begins + timedelta(minutes=45),
                zone=self.texts.zone,
                owner_id=self.owner,
            )

    def _is_waking(self, moment: datetime) -> bool:
        """Whether somebody may do it on this day: not who opens the demo late at night."""
        wall, now = (to_wall(one, self.company.zone) for one in (moment, self.company.now))
        return wall.date() == now.date() and 7 <= wall.hour < 22

    def office(self, moment: datetime, before: datetime | None = None) -> datetime:
        """The nearest later half hour of office time; an earlier one where that would not be ``before``."""
        wall = to_wall(moment, self.company.zone)
        wall += timedelta(days=max(0, 7 - wall.weekday()) if wall.weekday() > 4 else 0)
        wall = wall.replace(minute=30 if wall.minute >= 30 else 0, second=0, microsecond=0)
        if not 9 <= wall.hour < 18:
            wall = wall.replace(hour=self.rng.randint(9, 17))
        found = to_utc(wall, self.company.zone)
        if before is not None and found >= before:
            return self.office(moment - timedelta(days=2), before)
        return found


def _first(start: date, weekday: int, last_of_month: bool) -> date:
    """The first such weekday since ``start``; the last one of its month when asked so."""
    day = start + timedelta(days=(weekday - start.weekday()) % 7)
    while last_of_month and (day + timedelta(days=7)).month == day.month:
        day += timedelta(days=7)
    return day
