"""Commands of the processes of a card, and of triggers."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.processes",
        N_("Processes of the card"),
        N_("List the processes that ran on the record under the cursor: where they stand, how they ended."),
        "g P",
        argument="text",
    ),
    look(
        "everywhere.show_process",
        N_("Show process"),
        N_("Show the way that the process with this number took."),
        argument="id",
    ),
    act(
        "everywhere.start_process",
        N_("Start a process"),
        N_("Start a process of a map in force on the marked records, or on the one under the cursor."),
        "g x",
        argument="text",
        repeatable=False,
    ),
    act(
        "card_processes.start",
        N_("Start a process"),
        N_("Start a process of a map in force on this card."),
        "n",
        argument="text",
        footer=True,
        repeatable=False,
    ),
    act(
        "card_processes.end",
        N_("End early"),
        N_("End the process under the cursor before its time, with a reason, where its map allows it."),
        "E",
        footer=True,
        repeatable=False,
    ),
    act(
        "card_processes.resume",
        N_("Resume the process"),
        N_("Let the process under the cursor, which was stopped, go on once what hindered it was mended."),
        "R",
        footer=True,
        repeatable=False,
    ),
    look(
        "everywhere.triggers",
        N_("Triggers"),
        N_("What is done by itself when something happens: events, conditions, actions."),
        "g w",
    ),
    act(
        "triggers.add",
        N_("New trigger"),
        N_("Make a trigger from nothing."),
        "n",
        footer=True,
        repeatable=False,
    ),
    act(
        "triggers.ready",
        N_("Ready ones"),
        N_("Take one of the triggers that ship with the program; it rests until it is switched on."),
        "r",
        footer=True,
        repeatable=False,
    ),
    act("triggers.change", N_("Change"), N_("Change the trigger under the cursor."), "e", repeatable=False),
    act(
        "triggers.toggle", N_("On or off"), N_("Put the trigger in force, or let it rest."), "x", footer=True
    ),
    look(
        "triggers.try",
        N_("Try"),
        N_("Say for how many records each trigger would act now. Nothing is written."),
        "t",
        footer=True,
    ),
    act("triggers.delete", N_("Delete"), N_("Remove the trigger; what it did stays."), "D", footer=True),
    act("trigger.keep", N_("Keep"), N_("Keep the trigger."), "ctrl+s", "y", footer=True, repeatable=False),
    look("trigger.change", N_("Change"), N_("Change the row under the cursor."), "e"),
    look("trigger.add", N_("Add action"), N_("Let the trigger do something more."), "n", footer=True),
    look("trigger.delete", N_("Delete"), N_("Take the action under the cursor away."), "D", footer=True),
)
