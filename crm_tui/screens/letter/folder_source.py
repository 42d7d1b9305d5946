"""The rows of the list of mail folders: a section an account, what is kept of each folder, what is in the way."""

from collections.abc import Sequence

from textual.content import Content

from crm_tui.domain.errors import CrmError
from crm_tui.domain.text import clean
from crm_tui.i18n import N_, _
from crm_tui.screens.letter.mail_folders import ROLE_TITLES
from crm_tui.services import messages
from crm_tui.services.letter.folders import NEW_LETTERS
from crm_tui.services.letter.mail import MASS_DELETE, MASS_DELETE_AGREED
from crm_tui.store.queries.folder_states import FolderState
from crm_tui.widgets.row_source import Column, Row, RowFlag, heading_id

MODES = {"full": N_("all"), "headers": N_("headers"), "none": N_("nothing")}
INTENTS = {
    "create": N_("to be made on the server"),
    "rename": N_("to be renamed on the server"),
    "delete": N_("to be deleted on the server"),
}
ERRORS = {
    MASS_DELETE: N_("much vanished on the server: :agree_deletions"),
    MASS_DELETE_AGREED: N_("what vanished goes with the next fetch"),
    NEW_LETTERS: N_("kept: new letters had come into it"),
}


def columns() -> tuple[Column, ...]:
    """Name, what is kept, how many letters, what is in the way."""
    return (
        Column("name", _("Folder"), flex=3, min_width=20, sortable=False),
        Column("kept", _("Kept here"), flex=1, min_width=14, sortable=False),
        Column("letters", _("Letters"), width=13, align="right", sortable=False),
        Column("note", _("Remark"), flex=3, min_width=16, sortable=False, drop=1),
    )


def rows(states: Sequence[FolderState]) -> list[Row]:
    """A heading an account, a row a folder, moved in by how deep it lies."""
    made: list[Row] = []
    accounts: list[int] = []
    for state in states:
        if state.account_id not in accounts:
            made.append(Row(heading_id(len(accounts)), (clean(state.account), "", "", "")))
            accounts.append(state.account_id)
        flags = RowFlag.NONE if state.sync_mode != "none" else RowFlag.DIMMED
        made.append(Row(state.id, (_name(state), _kept(state), _letters(state), _note(state)), flags))
    return made


def title(state: FolderState) -> str:
    """Its whole name, a folder of a role by what the screens call it."""
    role = ROLE_TITLES.get(state.role)
    return clean(state.name) if role is None else f"{_(role)} ({clean(state.name)})"


def _name(state: FolderState) -> Content:
    depth = state.name.count(state.delimiter) if state.delimiter else 0
    leaf = state.name.rpartition(state.delimiter)[2] if depth else state.name
    title = ROLE_TITLES.get(state.role)
    name = clean(leaf) if title is None else f"{_(title)} ({clean(leaf)})"
    return Content("  " * depth + name)


def _kept(state: FolderState) -> str:
    kept = _(MODES[state.sync_mode])
    if state.age_limit_days and state.sync_mode == "full":
        kept = _("{n} days").format(n=state.age_limit_days)
    return (
        kept if state.subscribed or state.sync_mode == "none" else _("{kept}, unsubscribed").format(kept=kept)
    )


def _letters(state: FolderState) -> str:
    return str(state.here) if state.here == state.srv_count else f"{state.here}/{state.srv_count}"


def _note(state: FolderState) -> str:
    if state.error:
        known = ERRORS.get(state.error)
        return "! " + (_(known) if known else messages.of_error(CrmError(state.error)))
    if state.intent:
        return _(INTENTS[state.intent])
    if state.subscribe_intent is not None:
        return _("the server is to be told")
    return ""
