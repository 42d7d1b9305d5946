"""Commands of a letter being written, and of the look at it before it is sent."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "compose.review",
        N_("Send …"),
        N_("Show the letter once more; there it is sent, changed or thrown away."),
        "ctrl+s",
        footer=True,
    ),
    look(
        "compose.address_book",
        N_("Address book"),
        N_("Choose people for the field with the cursor, Cc or Bcc, else for To."),
        "ctrl+l",
        footer=True,
    ),
    look(
        "compose.attach",
        N_("Attach"),
        N_("Attach a file; Tab completes its path."),
        "ctrl+o",
        argument="path",
        footer=True,
    ),
    look(
        "compose.template",
        N_("Template"),
        N_("Put the text of a template where the cursor stands."),
        "ctrl+t",
        argument="text",
        footer=True,
    ),
    look(
        "compose.saved_reply",
        N_("Saved reply"),
        N_("Replace the /code before the cursor by its text; without one, choose among the saved replies."),
        "ctrl+k",
    ),
    look(
        "compose.editor",
        N_("Own editor"),
        N_("Write the text with the program that $VISUAL or $EDITOR names."),
        "ctrl+e",
    ),
    look("compose.bold", N_("Bold"), N_("Make what is selected bold, or plain again."), "ctrl+y b"),
    look("compose.italic", N_("Italic"), N_("Make what is selected italic, or plain again."), "ctrl+y i"),
    look("compose.list", N_("List"), N_("Make the selected lines a list, or lines again."), "ctrl+y l"),
    look(
        "compose.link",
        N_("Link"),
        N_("Make what is selected a link to an address that is asked for."),
        "ctrl+y k",
        argument="text",
    ),
    look(
        "compose.picture",
        N_("Picture"),
        N_("Put a picture into the text, where the cursor stands."),
        "ctrl+y p",
        argument="path",
    ),
    look(
        "compose.markdown",
        N_("Markdown"),
        N_("Send the text as Markdown, laid out, or as plain text."),
        "ctrl+y m",
    ),
    look("compose.undo_typing", N_("Undo typing"), N_("Take back what was typed last."), "ctrl+y u"),
    look("compose.redo_typing", N_("Redo typing"), N_("Type again what was taken back."), "ctrl+y r"),
    look("compose.detach", N_("Take off a file"), N_("Take a file off the letter."), "ctrl+y d"),
    act(
        "review.send",
        N_("Send the letter"),
        N_("Send the letter; for some seconds undo calls it back."),
        "y",
        footer=True,
        repeatable=False,
    ),
    look("review.edit", N_("Edit"), N_("Go on writing."), "e", footer=True),
    look("review.template", N_("Template"), N_("Put the text of a template into the letter."), "t"),
    look("review.attach", N_("Attach"), N_("Attach a file."), "a", footer=True),
    look(
        "review.recipients", N_("Recipients"), N_("Show or hide whom the letter goes to."), "i", footer=True
    ),
    look(
        "review.fallback",
        N_("Fill what is empty"),
        N_("Type what stands for the names of a template that have no value."),
        "f",
    ),
    look(
        "review.later",
        N_("Send later"),
        N_("Choose when the letter goes out, in words or figures; nothing typed: at once."),
        "z",
        argument="date",
    ),
    look("review.postpone", N_("Postpone"), N_("Keep the letter as a draft and leave it."), "p", footer=True),
    act(
        "review.discard",
        N_("Throw the letter away"),
        N_("Throw the letter away; undo brings it back as a draft."),
        "D",
        "q",
        footer=True,
        repeatable=False,
    ),
)
