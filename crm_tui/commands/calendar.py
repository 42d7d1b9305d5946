"""Commands of the Calendar screen."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "calendar.new",
        N_("New event"),
        N_("Add an event in one line, or in a form when nothing is typed."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act("calendar.edit", N_("Edit"), N_("Change the event."), "e", footer=True, repeatable=False),
    act(
        "calendar.move", N_("Move"), N_("Move the event to another time."), "z", argument="date", footer=True
    ),
    act("calendar.delete", N_("Delete"), N_("Delete the event, or one occurrence of it."), "D"),
    look("calendar.previous_day", N_("Day before"), N_("Go one day back."), "h"),
    look("calendar.next_day", N_("Day after"), N_("Go one day on."), "l"),
    look("calendar.previous_week", N_("Week before"), N_("Go one week back."), "H"),
    look("calendar.next_week", N_("Week after"), N_("Go one week on."), "L"),
    look("calendar.today", N_("Today"), N_("Go to today."), "T"),
    look(
        "calendar.go", N_("Go to date"), N_("Go to a date given in words or figures."), "J", argument="date"
    ),
    look(
        "calendar.view",
        N_("Week or agenda"),
        N_("Show the week, or a list of what comes."),
        "v",
        argument="choice:week,agenda",
        footer=True,
    ),
)
