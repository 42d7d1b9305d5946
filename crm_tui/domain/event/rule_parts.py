"""What a rule of recurrence says, in parts that a screen can put into words."""

from dataclasses import dataclass
from datetime import date

from crm_tui.domain.event.recurrence import Rule, Weekday


@dataclass(frozen=True)
class Description:
    """What a rule says in parts that the screen can put into words; ``is_whole`` is False when it says more."""

    frequency: str
    interval: int
    weekdays: tuple[Weekday, ...]
    month_days: tuple[int, ...]
    months: tuple[int, ...]
    count: int | None
    until: date | None
    is_whole: bool


def human(rule: Rule) -> Description:
    """The rule in parts, for the screen to put into words."""
    numbers = dict(rule.numbers)
    said = {"BYMONTHDAY", "BYMONTH"}
    return Description(
        frequency=rule.frequency,
        interval=rule.interval,
        weekdays=rule.weekdays,
        month_days=numbers.get("BYMONTHDAY", ()),
        months=numbers.get("BYMONTH", ()),
        count=rule.count,
        until=rule.until.date() if rule.until else None,
        is_whole=set(numbers) <= said,
    )
