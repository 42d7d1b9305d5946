"""What waits to be sent is found without reading every letter: it is asked for at every change of the store."""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event

from crm_tui.sync.push import to_send
from tests.store.letters import account, folder, letter
from tests.stores import new_store


def test_what_waits_to_be_sent_is_found_by_its_indexes(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    account_id = account(store)
    (placement,) = letter(store, folder(store, account_id), "Not on the server yet")
    asked: list[tuple[str, Any]] = []

    def note(
        _connection: Connection, _cursor: object, statement: str, parameters: Any, *_rest: object
    ) -> None:
        asked.append((statement, parameters))

    event.listen(store._reader, "before_cursor_execute", note)
    assert [found for found, _version in to_send(store, account_id)] == [placement]
    event.remove(store._reader, "before_cursor_execute", note)
    with store.read() as connection:
        plans = [
            " ".join(str(row[3]) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values))
            for sql, values in asked
            if "placement" in sql
        ]
    store.close()
    assert ["ix_placement_pending" in plan for plan in plans] == [True, False]
    assert ["ix_placement_fresh" in plan for plan in plans] == [False, True]
