"""For the app: the commands that work in any place, together; each is carried out where its subject lies."""

from crm_tui.screens.account.account_commands import AccountCommands
from crm_tui.screens.interest.sales_commands import SalesCommands
from crm_tui.screens.letter.deletion_commands import DeletionCommands
from crm_tui.screens.letter.mail_fetching import MailFetching
from crm_tui.screens.shell.crm_places import CrmPlaces
from crm_tui.screens.shell.shell_commands import ShellCommands
from crm_tui.screens.shell.show_commands import ShowCommands
from crm_tui.screens.shell.taking_back import TakingBack
from crm_tui.screens.writing.compose_acts import WriteCommands
from crm_tui.screens.writing.template_commands import TemplateCommands


class Everywhere(
    ShellCommands,
    TakingBack,
    ShowCommands,
    AccountCommands,
    DeletionCommands,
    WriteCommands,
    TemplateCommands,
    CrmPlaces,
    SalesCommands,
    MailFetching,
):
    """Modes, records, undo; accounts, mail and writing; the CRM core."""
