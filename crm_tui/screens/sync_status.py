"""What the top line says of the mail: one short text for all accounts, trouble first."""

from collections.abc import Sequence

from crm_tui.i18n import _
from crm_tui.services import messages
from crm_tui.services.ports import SyncState


def sync_text(states: Sequence[SyncState]) -> str:
    """Empty when all is well and nothing is under way."""
    for state in states:
        if state.state == "trouble" and state.error is not None:
            if state.error.code in ("password_missing", "vault_locked"):
                return _("{account}: password wanted (:password)").format(account=state.name)
            return _("! {account}: {trouble}").format(
                account=state.name, trouble=messages.of_error(state.error)
            )
    busy = [state for state in states if state.state == "syncing" and state.total]
    if busy:
        done, total = sum(state.done for state in busy), sum(state.total for state in busy)
        return _("mail {done}/{total}").format(done=done, total=total)
    if any(state.state == "syncing" for state in states):
        return _("mail …")
    return ""
