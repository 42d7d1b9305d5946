"""Commands of reading: the order of the list, threads, files, what a letter is about."""

from crm_tui.commands.command import look
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
    look("mail.threads", N_("By threads"), N_("One row for each thread, or for each letter."), "J"),
    look(
        "mail.linkage",
        N_("Document linkage structure"),
        N_("Show the chain of letters as a tree, with the tasks, events and Interests made from them."),
        "T",
    ),
)
