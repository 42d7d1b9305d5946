"""Commands of the list of mail accounts."""

from crm_tui.commands.command import act, look
from crm_tui.i18n import N_

COMMANDS = (
    look("accounts.new", N_("Add an account"), N_("Set up a mail account, step by step."), "n", footer=True),
    act(
        "accounts.edit",
        N_("Settings"),
        N_("How the account works: its name, what happens to inquiries, how much is kept."),
        "e",
        footer=True,
        repeatable=False,
    ),
    act(
        "accounts.servers",
        N_("Servers"),
        N_("Where mail is fetched and sent, and under which login."),
        "v",
        repeatable=False,
    ),
    act("accounts.signature", N_("Signature"), N_("What stands below each letter."), "i", repeatable=False),
    look("accounts.password", N_("Password"), N_("Type the password of the account."), "p", footer=True),
    act(
        "accounts.fetch",
        N_("Get mail"),
        N_("Fetch mail of the marked accounts, or of this one."),
        "S",
        footer=True,
        takes_marks=True,
    ),
    act(
        "accounts.stop",
        N_("Stop using"),
        N_("Use the account no longer; its letters stay."),
        "D",
        repeatable=False,
    ),
)
