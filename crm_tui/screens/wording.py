"""How kinds of records, dates, times and amounts are written on the screens, short and the same everywhere."""

from datetime import date, datetime, timedelta, tzinfo

from crm_tui.domain.text import clean
from crm_tui.domain.wall import to_wall
from crm_tui.i18n import N_, _

KINDS = {
    "customer": N_("Customer"),
    "contact": N_("Contact person"),
    "lead": N_("Lead"),
    "legal_entity": N_("Legal entity"),
    "user": N_("Colleague"),
    "correspondent": N_("From letters"),
    "folder": N_("Folder"),
    "letter": N_("Letter"),
    "interest": N_("Interest"),
    "interaction": N_("Call or meeting"),
    "call": N_("Call"),
    "meeting": N_("Meeting"),
    "conference": N_("Conference"),
    "message": N_("Message"),
    "task": N_("Task"),
    "event": N_("Event"),
    "state": N_("State"),
    "outgoing": N_("Sent letter"),
    "document": N_("Document"),
    "status": N_("Status"),
    "post": N_("Letter by post"),
    "notice": N_("Notice"),
}


def date_hint() -> str:
    """What can be typed where a date is asked for."""
    return _("For example: tomorrow 15:00, friday 10:00, 30.11 10:00, in 2 hours")


def new_task_hint() -> str:
    """What can be typed as a new task."""
    return _("The date may be written in words: call Olga tomorrow 15:00")


def kind_text(kind: str) -> str:
    """What a kind of record is called."""
    return _(KINDS[kind])


def begun_large(text: str) -> str:
    """A word of a sentence as it stands alone in a cell."""
    return text[:1].upper() + text[1:]


def actor_text(actor: str) -> str:
    """Who did something: a person by name, a rule or a step of a process by its own (C-11), or the program."""
    kind, colon, name = actor.partition(":")
    if colon and kind == "rule":
        return _("rule {name}").format(name=clean(name))
    return _("the program") if colon and kind == "program" else clean(actor)


def due_text(at: datetime | None, now: datetime, zone: tzinfo, *, all_day: bool = False) -> str:
    """A due time as ``today 15:00``, ``Fri 11:40``, ``03.12 09:00`` or ``03.12.25``; the year only when it is
    another one. The due day of a whole-day task is the day before its end."""
    if at is None:
        return ""
    wall = to_wall(at - timedelta(seconds=1) if all_day else at, zone)
    today = to_wall(now, zone).date()
    day = _day_text(wall.date(), today)
    return day if all_day or wall.year != today.year else f"{day} {wall:%H:%M}"


def list_date(at: datetime, now: datetime, zone: tzinfo) -> str:
    """The date of a letter in a list, at most eight cells: the time today, the day this year, else with the year."""
    wall, today = to_wall(at, zone), to_wall(now, zone).date()
    if wall.date() == today:
        return f"{wall:%H:%M}"
    return f"{wall:%d.%m}" if wall.year == today.year else f"{wall:%d.%m.%y}"


def full_date(at: datetime, zone: tzinfo) -> str:
    """A date with weekday, time and offset: ``Thu 19.11.2026 16:40 (+05:00)``."""
    local = at.astimezone(zone)
    offset = local.strftime("%z")
    return f"{weekday(local.date())} {local:%d.%m.%Y %H:%M} ({offset[:3]}:{offset[3:]})"


def size_text(octets: int) -> str:
    """The size of a letter or a file in at most six cells: ``870 B``, ``12 KB``, ``3.4 MB``."""
    if octets < 1000:
        return _("{n} B").format(n=octets)
    if octets < 999_500:
        return _("{n} KB").format(n=round(octets / 1000))
    return _("{n} MB").format(
        n=f"{octets / 1_000_000:.1f}" if octets < 10_000_000 else round(octets / 1_000_000)
    )


def span_text(span: timedelta) -> str:
    """How long something lasts, in one unit and at most six cells: ``25 min``, ``3 h``, ``12 d``."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    return _("{n} h").format(n=minutes // 60) if minutes < 48 * 60 else _("{n} d").format(n=minutes // 1440)


def weekday(day: date) -> str:
    """The short name of a weekday."""
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))[day.weekday()]


def _day_text(day: date, today: date) -> str:
    if day == today:
        return _("today")
    if day == today + timedelta(days=1):
        return _("tomorrow")
    if timedelta(0) < day - today < timedelta(days=7):
        return weekday(day)
    return f"{day:%d.%m}" if day.year == today.year else f"{day:%d.%m.%y}"
