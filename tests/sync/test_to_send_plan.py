"""What waits to be sent is found without reading every letter: it is asked for at every change of the store."""

import threading
from pathlib import Path

from sqlalchemy import select, update

from crm_tui.sync.passing import FOLDER, Pass
from crm_tui.sync.push import to_send
from crm_tui.sync.waking import wake_targets
from tests.store.letters import account, folder, letter
from tests.stores import new_store
from tests.sync.plans import plans_of


def test_what_waits_to_be_sent_is_found_by_its_indexes(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    account_id = account(store)
    (placement,) = letter(store, folder(store, account_id), "Not on the server yet")
    found: list[int] = []
    plans = plans_of(
        store, lambda: found.extend(key for key, _ in to_send(store, account_id)), "FROM placement"
    )
    store.close()
    assert found == [placement]
    assert ["ix_placement_pending" in plan for plan in plans] == [True, False]
    assert ["ix_placement_fresh" in plan for plan in plans] == [False, True]


def test_folders_that_something_is_put_into_are_found_by_the_same_indexes(tmp_path: Path) -> None:
    store = new_store(tmp_path)
    account_id = account(store)
    asleep = folder(store, account_id, "Old", "")
    letter(store, asleep, "Put here and not on the server yet")
    with store.facts("setup") as work:
        work.connection.execute(update(FOLDER).values(sync_mode="none"))
    run = Pass(store, None, account_id, threading.Event(), lambda progress: None)  # type: ignore[arg-type]
    plans = plans_of(store, lambda: wake_targets(run), "FROM placement")
    with store.read() as connection:
        assert connection.scalar(select(FOLDER.c.sync_mode)) == "full"
    store.close()
    assert ["ix_placement_pending" in plan for plan in plans] == [True, False]
    assert ["ix_placement_fresh" in plan for plan in plans] == [False, True]
