"""How the store looks for what it is asked: by an index, or by reading everything."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from crm_tui.store.engine import Store


def plans_of(store: Store, look: Callable[[], object], word: str = "SELECT") -> list[str]:
    """SQLite's plan of each query with the ``word`` that ``look`` makes."""
    asked: list[tuple[str, Any]] = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: Any, *_rest: object
    ) -> None:
        asked.append((statement, parameters))

    event.listen(store._reader, "before_cursor_execute", note)
    look()
    event.remove(store._reader, "before_cursor_execute", note)
    with store.read() as connection:
        return [
            " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))
            for sql, values in asked
            if word in sql
        ]
