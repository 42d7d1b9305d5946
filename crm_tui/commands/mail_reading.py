"""Commands of reading: the order of the list, threads, files, what a letter is about."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "mail.order",
        N_("Sort by …"),
        N_("Sort the letters by anything known of them: who waits longest, what has files, what is unread."),
        "g b",
        argument="text",
    ),
    look(
        "mail.columns",
        N_("Columns"),
        N_("Choose what the list shows beside date, sender and subject."),
        argument="choice:interest,owner,waiting,size",
    ),
    look(
        "mail.row_looks",
        N_("Looks of rows"),
        N_("How letters are marked in the list: conditions, each with a mark and a style."),
    ),
    look("mail.threads", N_("By threads"), N_("One row for each thread, or for each letter."), "J"),
    look(
        "mail.linkage",
        N_("Document linkage structure"),
        N_("Show the chain of letters as a tree, with the tasks, events and Interests made from them."),
        "T",
    ),
    act(
        "mail.create",
        N_("Create …"),
        N_("Make a task, an assignment to somebody or an event from the letter, which stays its source."),
        "n",
        argument="choice:task,assignment,event",
        repeatable=False,
    ),
    look(
        "mail.correspondence",
        N_("Correspondence"),
        N_("Show all letters from and to this person or customer, in all folders."),
        "h",
    ),
    look(
        "mail.files",
        N_("Attachments"),
        N_("List the files of the letter: look at them, open, save, pipe."),
        "A",
    ),
    look(
        "mail.pipe",
        N_("Pipe into a program"),
        N_("Give the whole letter to a program as its input, and show what it prints."),
        "|",
        "\\",
        argument="text",
    ),
    look(
        "mail.save_letter",
        N_("Save the letter"),
        N_("Save the whole letter as it was sent, into a file (.eml)."),
        "g e",
        argument="path",
    ),
    act(
        "mail.to_calendar",
        N_("Into the calendar"),
        N_("Take the meeting that the letter invites to into the calendar; a cancelled one out of it."),
        "C",
        repeatable=False,
    ),
    act(
        "mail.answer_invitation",
        N_("Answer the invitation"),
        N_("Tell the organiser of the meeting who comes: accept, perhaps, decline; a question comes before."),
        "Y",
        argument="choice:accept,tentative,decline",
        repeatable=False,
    ),
    look(
        "mail.unsubscribe",
        N_("Unsubscribe"),
        N_("Leave the mailing list that the letter came by: by a letter, after a question, or on its page."),
        "g u",
    ),
    look("mail.source", N_("As it was sent"), N_("Show the whole letter as it was sent."), "g v"),
)
