"""Reads of the unread: by their own index, and of the mailboxes in use."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from crm_tui.domain.letter.flags import Flag
from crm_tui.services.account import accounts
from crm_tui.store.engine import Store
from crm_tui.store.queries import folders, letters, today
from crm_tui.store.work import Actor
from tests.store.letters import account, folder, letter
from tests.stores import new_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = new_store(tmp_path / "store")
    yield made
    made.close()


@pytest.mark.parametrize(
    "read",
    [
        lambda connection: letters.unread_ids(connection, 1),
        lambda connection: letters.unread_ids(connection, None),
        folders.rows,
    ],
    ids=["of a folder", "of all", "counts"],
)
def test_the_unread_are_found_by_their_index(store: Store, read: Callable[[Connection], object]) -> None:
    inbox = folder(store, account(store))
    letter(store, inbox, "new")
    with store.read() as connection:
        said: list[str] = []
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.set_trace_callback(said.append)
        read(connection)
        raw.set_trace_callback(None)
        about = [
            line for line in said if line.startswith("SELECT") and "unread" in line.partition("WHERE")[2]
        ]
        plans = [
            " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {line}"))
            for line in about
        ]
    assert plans
    assert all("ix_placement_unread" in plan for plan in plans), plans


def test_letters_of_an_account_given_up_wait_for_nobody(store: Store) -> None:
    used, given_up = account(store, "used"), account(store, "given up")
    letter(store, folder(store, used), "asked")
    letter(store, folder(store, used, "Archive", role="archive"), "filed")
    letter(store, folder(store, given_up), "asked long ago")
    letter(store, folder(store, used, "Sent", role="sent"), "read", flags=int(Flag.SEEN))
    with store.work(Actor.program("test"), "account.remove") as work:
        accounts.remove(work, given_up)
    with store.read() as connection:
        count, lines = today.inquiries(connection, 5)
        assert (count, [line.text for line in lines]) == (1, ["asked"])
        assert today.has_account(connection)
    with store.work(Actor.program("test"), "account.remove") as work:
        accounts.remove(work, used)
    with store.read() as connection:
        assert today.inquiries(connection, 5) == (0, [])
        assert not today.has_account(connection)
