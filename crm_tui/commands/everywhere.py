"""Commands that work in every place."""

from crm_tui.commands.command import look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.today", N_("Today"), N_("Go to the Today screen: what waits for you."), "0", "g d", "f6"
    ),
    look("everywhere.mail", N_("Mail"), N_("Go to the Mail screen."), "1", "g M", "f2"),
    look("everywhere.tasks", N_("My Tasks"), N_("Go to the My Tasks screen."), "2", "g t", "f3"),
    look("everywhere.calendar", N_("Calendar"), N_("Go to the Calendar screen."), "3", "g k", "f4"),
    look("everywhere.interests", N_("Interests"), N_("Go to the Interests screen."), "4", "g i", "f5"),
    look(
        "everywhere.help",
        N_("Help"),
        N_("Show the keys of this place, then those that work everywhere."),
        "?",
        "f1",
        footer=True,
        in_dialogs=True,
    ),
    look(
        "everywhere.palette",
        N_("Find anything"),
        N_("Find a command or a record by a few letters of its name."),
        "ctrl+p",
    ),
    look(
        "everywhere.command_line",
        N_("Command line"),
        N_("Type a command by its name; Tab completes, Up recalls earlier ones."),
        ":",
    ),
    look("everywhere.menu", N_("What can be done here"), N_("List the commands of this place."), "m", "f9"),
    look(
        "everywhere.back",
        N_("Back"),
        N_("Close the top layer, leave a text field, or give up an unfinished key."),
        "esc",
        "q",
        in_dialogs=True,
    ),
    look(
        "everywhere.next_pane",
        N_("Next pane"),
        N_("Move the focus to the next pane."),
        "tab",
        in_dialogs=True,
    ),
    look(
        "everywhere.previous_pane",
        N_("Previous pane"),
        N_("Move the focus to the previous pane."),
        "shift+tab",
        in_dialogs=True,
    ),
    look(
        "everywhere.newest_letter",
        N_("Newest letter"),
        N_("Go to the newest letter or notice that was told of; again: to the one before it."),
        "ctrl+n",
    ),
    look("everywhere.get_mail", N_("Get all mail"), N_("Fetch mail of all accounts now."), "g S"),
    look(
        "everywhere.outbox",
        N_("Outbox"),
        N_("Show what waits for a server: letters to be sent, and what was done with letters."),
        "g o",
        argument="id",
    ),
    look("everywhere.settings", N_("Settings"), N_("Show the personal settings and change them."), "g s"),
    look(
        "everywhere.accounts",
        N_("Mail accounts"),
        N_("Show how each mail account is doing; add one, or stop using one."),
        "g a",
    ),
    look("everywhere.add_account", N_("Add a mail account"), N_("Set up a mail account, step by step.")),
    look(
        "everywhere.password",
        N_("Password"),
        N_("Type the password that an account waits for, or unlock the passwords."),
        argument="text",
    ),
    look("everywhere.undo", N_("Undo"), N_("Take back the last change."), "u"),
    look("everywhere.redo", N_("Redo"), N_("Make the change again that was taken back."), "U"),
    look("everywhere.repeat", N_("Repeat"), N_("Do the last act again, on the row under the cursor."), "."),
    look("everywhere.theme", N_("Theme"), N_("Change the colours for this session."), argument="theme"),
    look("everywhere.reload", N_("Reload"), N_("Read the configuration and the screen anew."), "ctrl+r"),
    look(
        "everywhere.reminders",
        N_("Reminders"),
        N_("Open the reminders that wait for you."),
        "ctrl+g",
        in_dialogs=True,
    ),
    look(
        "everywhere.suspend",
        N_("Suspend"),
        N_("Go back to the shell for a while; `fg` returns here."),
        "ctrl+z",
        in_dialogs=True,
    ),
    look(
        "everywhere.quit",
        N_("Quit"),
        N_("Save where you are and leave the program."),
        "Q",
        "ctrl+q",
        in_dialogs=True,
    ),
    look(
        "everywhere.show_letter", N_("Show letter"), N_("Go to the letter with this number."), argument="id"
    ),
    look(
        "everywhere.show_folder", N_("Show folder"), N_("Go to the folder with this number."), argument="id"
    ),
    look("everywhere.show_task", N_("Show task"), N_("Go to the task with this number."), argument="id"),
    look("everywhere.show_event", N_("Show event"), N_("Go to the event with this number."), argument="id"),
    look(
        "everywhere.show_interest",
        N_("Show Interest"),
        N_("Open the Interest with this number."),
        argument="id",
    ),
    look(
        "everywhere.letters_with",
        N_("Letters with"),
        N_("Show all letters from and to these addresses, in all folders."),
        argument="text",
    ),
    look(
        "everywhere.undecided",
        N_("Inquiries not decided"),
        N_("Show all letters of the inboxes that were neither accepted nor declined: what Today counts."),
    ),
    look(
        "everywhere.show_interaction",
        N_("Show call or meeting"),
        N_("Open the Interest that the call or meeting with this number belongs to."),
        argument="id",
    ),
    look(
        "everywhere.agree_deletions",
        N_("Agree to deletions"),
        N_("Let go here what vanished in numbers from a folder on the server; until then it is kept."),
    ),
)
