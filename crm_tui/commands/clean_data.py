"""Commands that keep the base clean: the history of a record, duplicates, merging two records into one."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look(
        "everywhere.history",
        N_("History of changes"),
        N_("Show who changed what in the record under the cursor, and when."),
        "g h",
        argument="text",
    ),
    look(
        "everywhere.duplicates",
        N_("Duplicates"),
        N_("Look for customers, contact persons or leads that stand in the base twice."),
        "g 2",
        argument="choice:customer,contact,lead",
    ),
    look(
        "everywhere.merge",
        N_("Merge"),
        N_("Make one record of two that are marked, or of this one and another like it, field by field."),
        argument="text",
    ),
    act(
        "everywhere.unmerge",
        N_("Take a merge apart"),
        N_("Bring back a record that was merged into this one, also when either was edited since."),
        argument="text",
        repeatable=False,
    ),
    look(
        "everywhere.personal_data",
        N_("Personal data"),
        N_("Show how much is held of the person under the cursor."),
        argument="text",
    ),
    look(
        "everywhere.personal_copy",
        N_("Copy of personal data"),
        N_("Write all that is held of the person into a zip: records, letters and files."),
        argument="text",
    ),
    act(
        "everywhere.erase_person",
        N_("Erase a person"),
        N_(
            "Erase all that is held of the person, from the journal and the search too; no undo brings it back."
        ),
        argument="text",
        repeatable=False,
    ),
    act(
        "history.put_back",
        N_("Put back"),
        N_("Give the field the value again that it had before this change."),
        "r",
        footer=True,
        repeatable=False,
    ),
    look(
        "history.whole",
        N_("Whole values"),
        N_("Show the whole of a change that does not fit into a line."),
        "p",
    ),
    look(
        "duplicates.compare",
        N_("Compare"),
        N_("Put the two side by side, to make them one."),
        "M",
        footer=True,
    ),
    look(
        "duplicates.which",
        N_("Which records"),
        N_("Look among customers, contact persons or leads."),
        "o",
        footer=True,
    ),
    act(
        "duplicates.are_two",
        N_("They are two"),
        N_("Say that the two are not the same, so that they are not told of again."),
        "x",
        footer=True,
        takes_marks=True,
    ),
    look("merging.left", N_("The left one"), N_("Take the value on the left."), "h", "left", footer=True),
    look("merging.right", N_("The right one"), N_("Take the value on the right."), "l", "right", footer=True),
    look("merging.both", N_("Both"), N_("Take both texts, one below the other."), "b", footer=True),
    look("merging.swap", N_("Exchange"), N_("Let the other record be the one that stays."), "x", footer=True),
    act(
        "merging.save",
        N_("Merge"),
        N_("Make one record of the two."),
        "ctrl+s",
        footer=True,
        repeatable=False,
    ),
)
