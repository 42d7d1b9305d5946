"""Events, rules and lead times in words, as the calendar shows and reads them."""

from datetime import date, datetime, timedelta

from crm_tui.domain.errors import Invalid
from crm_tui.domain.event import rule_parts
from crm_tui.domain.event.event_line import last_day
from crm_tui.domain.event.recurrence import Rule, Weekday
from crm_tui.domain.event.reminder import lead_in_words
from crm_tui.i18n import N_, _, ngettext
from crm_tui.screens.wording import weekday

MONDAY = date(2024, 1, 1)
WORKING_DAYS = tuple(Weekday(day) for day in range(5))
MINUTE, HOUR, DAY = 1, 60, 24 * 60
ORDINALS = {1: N_("first"), 2: N_("second"), 3: N_("third"), 4: N_("fourth"), -1: N_("last")}


def span_text(start: datetime, end: datetime, today: date, *, all_day: bool) -> str:
    """``Fri 20.11 15:00–16:00``; both days where it ends on another; the year only when it is another."""
    if all_day:
        last = last_day(end)
        days = day_text(start.date(), today)
        if last > start.date():
            days += f" – {day_text(last, today)}"
        return _("{days}, all day").format(days=days)
    begins = f"{day_text(start.date(), today)} {start:%H:%M}"
    if end == start:
        return begins
    if end.date() == start.date():
        return f"{begins}–{end:%H:%M}"
    return f"{begins} – {day_text(end.date(), today)} {end:%H:%M}"


def day_text(day: date, today: date) -> str:
    """``Fri 20.11``, with the year when it is not the present one."""
    return f"{weekday(day)} {day:%d.%m}" if day.year == today.year else f"{weekday(day)} {day:%d.%m.%Y}"


def rule_text(rule: Rule) -> str:
    """A rule in words; one that says more than words here can is shown as it stands in iCalendar."""
    told = rule_parts.human(rule)
    if not told.is_whole or (told.months and told.frequency != "YEARLY") or told.frequency == "HOURLY":
        return str(rule)
    text = _as_typed(told) or _in_parts(told)
    if told.until is not None:
        text += ", " + _("until {date}").format(date=f"{told.until:%d.%m.%Y}")
    if told.count is not None:
        text += ", " + ngettext("{n} time", "{n} times", told.count).format(n=told.count)
    return text


def lead_text(minutes: int | None) -> str:
    """A lead time as it may be typed: ``15 min``, ``2 h``, ``1 d``; empty for none."""
    if minutes is None:
        return ""
    for size, words, letter in ((DAY, _("{n} d"), "d"), (HOUR, _("{n} h"), "h"), (MINUTE, _("{n} min"), "m")):
        if minutes and minutes % size == 0:
            number, said = minutes // size, words.format(n=minutes // size)
            # A word may mean something else in another language: "год" is an hour, and a year.
            return said if lead_in_words(said) == timedelta(minutes=minutes) else f"{number}{letter}"
    return "0"


def lead_minutes(typed: str) -> int | None:
    """The lead time typed, in minutes; None for an empty field. Raises Invalid."""
    typed = typed.strip()
    if not typed:
        return None
    if typed.rstrip("mмхin. ") == "0":
        return 0
    found = lead_in_words(typed)
    if found is None:
        raise Invalid("lead", value=typed)
    return found // timedelta(minutes=1)


def before_text(minutes: int | None) -> str:
    """When an event reminds: ``15 minutes before``."""
    if minutes is None:
        return _("no reminder")
    if minutes == 0:
        return _("at the start")
    if minutes % DAY == 0:
        return ngettext("{n} day before", "{n} days before", minutes // DAY).format(n=minutes // DAY)
    if minutes % HOUR == 0:
        return ngettext("{n} hour before", "{n} hours before", minutes // HOUR).format(n=minutes // HOUR)
    return ngettext("{n} minute before", "{n} minutes before", minutes).format(n=minutes)


def _as_typed(told: rule_parts.Description) -> str:
    """An ordinary rule in a phrase that ``recurrence_words`` understands again; empty for others."""
    days, dates = told.weekdays, told.month_days
    if told.interval != 1 or told.months:
        return ""
    if told.frequency == "WEEKLY" and days == WORKING_DAYS:
        return _("every weekday")
    if told.frequency == "WEEKLY" and days and not any(one.which for one in days):
        names = ", ".join(_weekday(one) for one in days)
        return ngettext("every {days}", "every {days}", len(days)).format(days=names)
    if told.frequency == "MONTHLY" and len(days) == 1 and days[0].which in ORDINALS and not dates:
        return _("every month on the {day}").format(day=_weekday(days[0]))
    if told.frequency == "MONTHLY" and len(dates) == 1 and dates[0] > 0 and not days:
        return _("every month on the {number}").format(number=dates[0])
    return ""


def _in_parts(told: rule_parts.Description) -> str:
    text = _period(told.frequency, told.interval)
    if told.weekdays:
        text += ": " + ", ".join(_weekday(one) for one in told.weekdays)
    if told.month_days:
        days = ", ".join(_("the last day") if day == -1 else str(day) for day in told.month_days)
        text += ": " + _("day {days}").format(days=days)
    if told.months:
        text += ": " + _("month {months}").format(months=", ".join(map(str, told.months)))
    return text


def _period(frequency: str, n: int) -> str:
    if n == 1:
        each = {
            "DAILY": _("every day"),
            "WEEKLY": _("every week"),
            "MONTHLY": _("every month"),
            "YEARLY": _("every year"),
        }
        return each[frequency]
    many = {
        "DAILY": ngettext("every {n} day", "every {n} days", n),
        "WEEKLY": ngettext("every {n} week", "every {n} weeks", n),
        "MONTHLY": ngettext("every {n} month", "every {n} months", n),
        "YEARLY": ngettext("every {n} year", "every {n} years", n),
    }
    return many[frequency].format(n=n)


def _weekday(one: Weekday) -> str:
    name = weekday(MONDAY + timedelta(days=one.day))
    if one.which == 0:
        return name
    which = _(ORDINALS[one.which]) if one.which in ORDINALS else f"{one.which}."
    return f"{which} {name}"
