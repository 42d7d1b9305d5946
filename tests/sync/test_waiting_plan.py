"""Letters that wait for a place are looked for by what came, not among all of a mailbox: each batch asks for them."""

import threading
from pathlib import Path
from types import SimpleNamespace

from crm_tui.sync.arrive import Arrivals
from crm_tui.sync.passing import Pass
from crm_tui.sync.pull import NewLetters
from tests.store.letters import account, folder, letter
from tests.stores import new_store
from tests.sync.plans import plans_of


def test_letters_that_wait_are_found_by_their_indexes(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    account_id = account(store)
    inbox = folder(store, account_id)
    for number in range(4):
        letter(store, inbox, f"Letter {number}")
    with store.facts("setup") as work:
        work.connection.exec_driver_sql("UPDATE placement SET limbo = 1 WHERE letter_id = 2")
        work.connection.exec_driver_sql("UPDATE placement SET intent = 'append' WHERE letter_id = 3")
    run = Pass(store, None, account_id, threading.Event(), lambda progress: None)  # type: ignore[arg-type]
    found: list[int] = []

    def look() -> None:
        with store.read() as connection:
            work = SimpleNamespace(connection=connection)
            arrivals = Arrivals(run, work, NewLetters(inbox, 1, 1, 9))  # type: ignore[arg-type]
            found.extend(row.letter_id for row in arrivals._waiting({1, 2}))

    (plan,) = plans_of(store, look)
    store.close()
    assert found == [3, 2], "our own appends first, whatever came; then what vanished and came"
    assert "ix_placement_letter_id" in plan
    assert "ix_placement_intent" in plan
    assert "ix_placement_by" not in plan
