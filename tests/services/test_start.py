"""What the program's start does to the store."""

from pathlib import Path

from crm_tui.services import users
from crm_tui.services.interest import scenarios
from crm_tui.store.tables import Scenario, User
from crm_tui.workstation import open_ports
from tests.stores import new_store


def test_only_the_first_start_writes(tmp_path: Path) -> None:
    path = tmp_path / "crm.db"
    first = open_ports(path)
    with first.store.facts("look") as work:
        assert {one.code for one in work.all(Scenario)} == scenarios.SHIPPED.keys()
    written = first.store.last_change()
    first.store.close()
    again = open_ports(path)
    assert again.store.last_change() == written
    again.store.close()


def test_in_a_store_of_several_an_unknown_login_is_a_new_colleague(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store")
    with store.facts("setup") as work:
        users.ensure(work, "aigul")
    assert users.current(store).login == "aigul", "a store of one person"
    with store.facts("setup") as work:
        users.ensure(work, "olga")
    made = users.current(store, zone="Europe/Kyiv")
    assert made.zone == "Europe/Kyiv"
    assert users.current(store).key == made.key
    with store.facts("look") as work:
        assert len(work.all(User)) == 3
    store.close()
