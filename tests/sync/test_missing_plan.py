"""Letters without a body are found without reading all the others: each pass asks for them."""

import threading
from pathlib import Path

import pytest

from crm_tui.sync import bodies
from crm_tui.sync.passing import Pass
from tests.store.letters import account, folder, letter
from tests.stores import new_store
from tests.sync.plans import plans_of


@pytest.mark.parametrize("missing", [True, False])
def test_missing_bodies_are_found_by_their_index(tmp_path: Path, missing: bool) -> None:
    store = new_store(tmp_path)
    account_id = account(store)
    letter(store, folder(store, account_id), "One")
    with store.facts("setup") as work:
        work.connection.exec_driver_sql(f"UPDATE letter SET body_state = '{'none' if missing else 'full'}'")
        work.connection.exec_driver_sql("UPDATE placement SET srv_uid = 1, srv_folder_id = folder_id")
    run = Pass(store, None, account_id, threading.Event(), lambda progress: None)  # type: ignore[arg-type]
    found: list[object] = []
    plans = plans_of(store, lambda: found.extend(bodies._missing_rows(run)))
    store.close()
    assert len(found) == missing
    assert "ix_letter_body_missing" in plans[0]
    assert ["ix_placement_letter_id" in plan for plan in plans[1:]] == [True] * missing
