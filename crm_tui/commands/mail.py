"""Commands of the Mail screen and of a letter that is open."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "mail.accept",
        N_("Accept inquiry"),
        N_("Take the letter into work: who it is, what it is about, into which Interest."),
        "a",
        footer=True,
        repeatable=False,
    ),
    act(
        "mail.decline",
        N_("Decline inquiry"),
        N_("Say that the letter is not for work, with a reason where one is asked for."),
        "x",
        argument="text",
        footer=True,
        takes_marks=True,
    ),
    act("mail.toggle_read", N_("Read or unread"), N_("Mark as read, or as unread."), "o", takes_marks=True),
    act(
        "mail.toggle_important",
        N_("Important"),
        N_("Mark as important, or take that off."),
        "*",
        takes_marks=True,
    ),
    act(
        "mail.move",
        N_("Move to folder"),
        N_("Move to another folder, here and on the server."),
        "M",
        argument="folder",
        footer=True,
        takes_marks=True,
    ),
    act(
        "mail.delete",
        N_("Delete"),
        N_("Move to Trash; in Trash: delete for good."),
        "D",
        footer=True,
        takes_marks=True,
    ),
    look(
        "mail.reply",
        N_("Reply"),
        N_("Answer the letter; what it says is quoted."),
        "r",
        footer=True,
    ),
    look(
        "mail.reply_all",
        N_("Reply to all"),
        N_("Answer the letter to everybody it went to, or to its mailing list; own addresses are left out."),
        "R",
        argument="choice:all,list",
    ),
    look(
        "mail.forward",
        N_("Forward"),
        N_("Send the letter on: its text and files, or the whole of it as a file."),
        "W",
        argument="choice:inline,attached",
    ),
    look("mail.edit_draft", N_("Go on writing"), N_("Go on with the letter that lies in Drafts."), "e"),
    look(
        "mail.write",
        N_("Write"),
        N_("Write a letter, or go on with one that is not finished."),
        "w",
        argument="text",
    ),
    act("mail.task", N_("Task from this"), N_("Make a task from the letter."), "t", repeatable=False),
    look(
        "mail.save_attachments", N_("Save attachments"), N_("Save all attached files."), "s", argument="path"
    ),
    look(
        "mail.view",
        N_("View"),
        N_("Show the list alone, the letter below it, or beside it."),
        "v",
        argument="choice:normal,horizontal,vertical",
    ),
    look("mail.preview", N_("Preview"), N_("Show or hide the text of the letter under the cursor."), "p"),
    look("mail.toggle_quotes", N_("Quoted text"), N_("Fold or unfold the quoted earlier letters."), "Z"),
    look(
        "mail.headers", N_("All headers"), N_("Show all headers of the letter, or only the main ones."), "H"
    ),
    look(
        "mail.link",
        N_("Open link"),
        N_("Show where a numbered link leads, and copy it."),
        "y",
        argument="text",
    ),
    look("mail.next", N_("Next letter"), N_("Go to the next letter without leaving the reader."), "N"),
    look("mail.previous", N_("Previous letter"), N_("Go to the letter before this one."), "P"),
    look("mail.folder", N_("Go to folder"), N_("Show another folder."), "g f", argument="folder"),
    look(
        "mail.find",
        N_("Search all folders"),
        N_("Find letters in all folders: words, from:olga, subject:price, after:monday, is:unread."),
        "g /",
        argument="text",
    ),
    look("mail.sync", N_("Get mail"), N_("Fetch mail of this account now."), "S"),
    look(
        "mail.fold",
        N_("Fold"),
        N_("Show or hide the folders below this one, or the letters of a thread."),
        "-",
    ),
    act(
        "mail.restore",
        N_("Back to Inbox"),
        N_("Move back to the Inbox of its account."),
        "I",
        footer=True,
        takes_marks=True,
    ),
    look("mail.interest", N_("Its Interest"), N_("Open the Interest that the letter belongs to."), "i"),
    look("mail.next_unread", N_("Next unread"), N_("Go to the next letter that is not read."), "]"),
    look("mail.previous_unread", N_("Previous unread"), N_("Go to the unread letter before this one."), "["),
)
