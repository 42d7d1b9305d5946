"""What the top line says of the mail: one short text for all accounts, trouble first."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from crm_tui.i18n import _
from crm_tui.screens.wording import list_date
from crm_tui.services import messages
from crm_tui.services.ports import SyncState

UNREACHABLE = frozenset({"connection_failed", "timeout", "unknown_host"})
"""Codes of errors that say nothing of the account: the machine has no network, or the server is away."""


def sync_text(states: Sequence[SyncState], now: datetime, zone: tzinfo) -> str:
    """Empty when all is well and nothing is under way."""
    if states and all(state.error is not None and state.error.code in UNREACHABLE for state in states):
        return _offline(states, now, zone)
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


def _offline(states: Sequence[SyncState], now: datetime, zone: tzinfo) -> str:
    """No account is reached: from when the oldest mail is that can be looked at meanwhile."""
    last = [state.last_success_at for state in states if state.last_success_at is not None]
    if len(last) < len(states):
        return _("offline")
    return _("offline · mail as of {time}").format(time=list_date(min(last), now, zone))
