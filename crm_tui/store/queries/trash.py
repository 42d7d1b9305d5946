"""Which customers, contact persons and leads a list holds: those that are here, or those that lie in the trash."""

from sqlalchemy import ColumnElement, Table

from crm_tui.domain.text import fold
from crm_tui.store import finding


def clauses(kind: str, table: Table, needle: str, *, in_trash: bool) -> list[ColumnElement[bool]]:
    """Here, or in the trash and not merged into another; with the words of the needle."""
    if not in_trash:
        found: list[ColumnElement[bool]] = [table.c.trashed_at.is_(None)]
        return [*found, table.c.id.in_(finding.records_with(kind, needle))] if needle else found
    # The index of words does not know what lies in the trash.
    words = (table.c.name_fold.contains(word, autoescape=True) for word in fold(needle).split())
    return [table.c.trashed_at.is_not(None), table.c.merged_into_id.is_(None), *words]
