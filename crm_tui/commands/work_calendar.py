"""Commands of the working calendars."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.work_calendar",
        N_("Working calendar"),
        N_("Show when the company, or a colleague, works: the week, holidays, moved and shortened days."),
    ),
    act(
        "work_calendar.add",
        N_("New day"),
        N_("Write a day off, a shortened or a moved working day into the calendar."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "work_calendar.change",
        N_("Edit"),
        N_("Change the week, the country or the day under the cursor."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "work_calendar.remove",
        N_("Take back"),
        N_("Take what was written about the day back: it is as the week and the country say."),
        "x",
        footer=True,
        repeatable=False,
    ),
    act(
        "work_calendar.days",
        N_("Many days"),
        N_("Write or paste many days at once, one a line."),
        "i",
        repeatable=False,
    ),
    act(
        "work_calendar.import",
        N_("Days off from a file"),
        N_(
            "Take days off from a calendar file (.ics): events of whole days, those of each year for ten years."
        ),
        "I",
        repeatable=False,
    ),
    look(
        "work_calendar.whose",
        N_("Whose"),
        N_("Show the company's calendar or a colleague's."),
        "o",
        footer=True,
    ),
    look("work_calendar.later", N_("Next year"), N_("Show the days of the next year."), "]", footer=True),
    look("work_calendar.earlier", N_("Year before"), N_("Show the days of the year before."), "["),
    act(
        "work_calendar.drop",
        N_("As the company"),
        N_("Delete the calendar of one's own: the person works as the company does."),
        "D",
        repeatable=False,
    ),
)
