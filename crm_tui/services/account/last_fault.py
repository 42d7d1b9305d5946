"""What kept an account from its mail at the last try, in words."""

from crm_tui.domain.errors import CrmError
from crm_tui.services import messages
from crm_tui.store.tables import MailAccount


def last_fault(account: MailAccount) -> str:
    """The sentence of it, of which only the code is kept; empty after a success."""
    if not account.last_error:
        return ""
    server = {"host": account.imap_host, "port": account.imap_port, "user": account.imap_user}
    return messages.of_error(CrmError(account.last_error, account=account.address, **server))
