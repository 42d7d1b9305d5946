"""Where a letter is gone on with: its draft on the screen of writing, with the accounts that can send it."""

from typing import TYPE_CHECKING, Any

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import fold
from crm_tui.services.writing import drafts
from crm_tui.store.queries import accounts
from crm_tui.store.tables import MailAccount

if TYPE_CHECKING:
    from textual.app import App

    from crm_tui.store.engine import Store


async def open_draft(
    app: "App[Any]", store: "Store", draft_id: int, *, files_at_first: int | None = None
) -> None:
    """Go on with a letter that is not finished. Raises NotFound, and Refused where no account can send."""
    from crm_tui.screens.writing.compose import ComposeScreen

    able = sending_accounts(store)
    with store.read() as connection:
        writing = drafts.draft(connection, draft_id)
    await app.push_screen(ComposeScreen(writing, able, draft_id=draft_id, files_at_first=files_at_first))


def sending_accounts(store: "Store", first: int | None = None, primary: str = "") -> list[MailAccount]:
    """The accounts that can send: the one with the id ``first`` first, else the ``primary`` one, by name or address
    (MAIL-17). Raises Refused where there is none."""
    with store.read() as connection:
        able = [one for one in accounts.in_use(connection) if one.smtp_host]
    if not able:
        raise Refused("nothing_sends")
    return sorted(
        able, key=lambda one: (one.key != first, fold(primary) not in (fold(one.name), fold(one.address)))
    )
