"""``crm mail folder``: what is wanted of folders, from a script."""

import pytest

from crm_tui.store.engine import Store
from tests.cli.conftest import Crm
from tests.store import letters


@pytest.fixture
def mailbox(store: Store) -> Store:
    """Accounts ``work`` and ``home`` with an inbox each; ``work`` has a folder with a letter in it."""
    work, home = letters.account(store, "work"), letters.account(store, "home")
    letters.folder(store, work)
    letters.letter(store, letters.folder(store, work, "Клиенты", ""), "price")
    letters.folder(store, home)
    return store


def names(crm: Crm) -> list[tuple[str, str, str | None]]:
    listed = crm("mail", "folder", "ls", "--account", "work", "--json").json
    return [(one["folder"], one["keeps"], one["intent"]) for one in listed if one["role"] != "inbox"]


def test_mail_06_folders_are_managed_by_commands(crm: Crm, mailbox: Store) -> None:
    assert crm("mail", "folder", "create", "Ivy", "--under", "клиенты").code == 0
    assert names(crm) == [("Клиенты", "full", None), ("Клиенты/Ivy", "full", "create")]
    assert crm("mail", "folder", "move", "Клиенты/Ivy", "--account", "work").code == 0
    assert crm("mail", "folder", "rename", "ivy", "Oak").code == 0
    assert crm("mail", "folder", "keep", "headers", "oak", "клиенты", "--days", 30).code == 0
    assert names(crm) == [("Oak", "headers", "create"), ("Клиенты", "headers", None)]
    assert crm("mail", "folder", "unsubscribe", "oak").code == 0
    assert crm("mail", "folder", "ls", "--plain", "--account", "work").lines[1][:2] == ["no", "none"]
    assert crm("mail", "folder", "delete", "oak").code == 0
    refused = crm("mail", "folder", "delete", "клиенты")
    assert refused.code != 0
    assert "1" in refused.err
    assert crm("mail", "folder", "delete", "клиенты", "--yes").code == 0
    assert names(crm) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["rename", "nowhere", "x"], 3),
        (["delete", "inbox"], 2),
        (["create", "x", "--account", "nobody"], 3),
        (["keep", "none", "inbox", "--account", "home"], 1),
    ],
)
def test_what_cannot_be_done_is_said(crm: Crm, mailbox: Store, arguments: list[str], code: int) -> None:
    done = crm("mail", "folder", *arguments)
    assert (done.code, done.out, bool(done.err)) == (code, "", True)
