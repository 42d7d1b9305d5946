"""Commands of processing rules: made from a letter, their list, and one of them."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    act(
        "mail.make_rule",
        N_("Make a rule"),
        N_("Make a processing rule for letters like this one: who it is from, which list it is of."),
        "K",
        argument="folder",
        repeatable=False,
    ),
    look(
        "everywhere.rules",
        N_("Processing rules"),
        N_("The rules of a mailbox: their order, what they ask for and what they do."),
        "g K",
    ),
    act("rules.add", N_("New rule"), N_("Make a rule from nothing."), "n", footer=True, repeatable=False),
    act("rules.change", N_("Change"), N_("Change the rule under the cursor."), "e", repeatable=False),
    act("rules.toggle", N_("On or off"), N_("Put the rule in force, or let it rest."), "x", footer=True),
    act("rules.up", N_("Earlier"), N_("Move the rule up: the first that holds acts."), "K", footer=True),
    act("rules.down", N_("Later"), N_("Move the rule down."), "J", footer=True),
    look(
        "rules.try",
        N_("Try"),
        N_("Say how many letters of a folder each rule would act on."),
        "t",
        footer=True,
    ),
    act(
        "rules.run", N_("Run now"), N_("Apply the rules to a folder now."), "r", footer=True, repeatable=False
    ),
    act("rules.delete", N_("Delete"), N_("Remove the rule; what it did stays."), "D", footer=True),
    act(
        "rule.run",
        N_("Keep and run now"),
        N_("Keep the rule and apply it to the folder at once; one undo takes both back."),
        "y",
        footer=True,
        repeatable=False,
    ),
    act(
        "rule.keep",
        N_("Keep"),
        N_("Keep the rule, for letters to come."),
        "ctrl+s",
        footer=True,
        repeatable=False,
    ),
    look("rule.change", N_("Change"), N_("Change the row under the cursor."), "e"),
    look("rule.add", N_("Add action"), N_("Let the rule do something more."), "n", footer=True),
    look("rule.delete", N_("Delete"), N_("Take the action under the cursor away."), "D", footer=True),
)
