"""What becomes of the rule of a series when all of it moves."""

from dataclasses import replace

from crm_tui.domain.errors import Refused
from crm_tui.domain.event.recurrence import Rule, Weekday


def moved(rule: Rule, days: int) -> Rule:
    """The rule of a series whose occurrences all move by some days: of a weekly one, on other weekdays.

    Raises Refused when the rule names days that cannot simply be counted on.
    """
    if days == 0:
        return rule
    if rule.frequency == "WEEKLY" and not rule.numbers:
        weekdays = sorted(Weekday((one.day + days) % 7) for one in rule.weekdays)
        return replace(rule, weekdays=tuple(weekdays))
    if rule.weekdays or rule.numbers:
        raise Refused("rule_names_the_day", rule=str(rule))
    return rule
