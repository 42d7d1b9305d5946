"""Finding records by a few letters, for the palette and the command line."""

from crm_tui.domain.text import clean
from crm_tui.services.ports import Found
from crm_tui.store.engine import Store
from crm_tui.store.finding import search_records

OPENS = {
    "interest": "everywhere.show_interest",
    "task": "everywhere.show_task",
    "event": "everywhere.show_event",
    "interaction": "everywhere.show_interaction",
}
"""The command that opens a record of a kind; others are reached by the Interest they belong to."""


def find_records(store: Store, text: str, limit: int = 30) -> list[Found]:
    """The records with these words that can be opened, the best first."""
    with store.read() as connection:
        rows = search_records(connection, text, limit * 2)
    return [
        Found(
            row.kind,
            clean(f"{row.title} — {row.subtitle}" if row.subtitle else row.title),
            command,
            str(row.id),
        )
        for row in rows
        if (command := OPENS.get(row.kind)) is not None
    ][:limit]
