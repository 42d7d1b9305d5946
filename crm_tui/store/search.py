"""Full-text search over letters and records."""

from sqlalchemy import Connection


def refresh(connection: Connection, topics: dict[str, set[int]]) -> None:
    """Bring the search documents of the touched records up to date."""
