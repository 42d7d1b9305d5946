"""Records by a few letters, as the palette asks for them."""

import pytest

from crm_tui.commands import registry
from crm_tui.services import tasks
from crm_tui.services.record_search import SHOWN, StoredRecords
from tests.services.conftest import Office


@pytest.fixture
def search(office: Office) -> StoredRecords:
    office.letter("Price of 20 pumps\x1b]0;")
    with office.store.work(office.actor, "task.add") as work:
        tasks.add(work, "Позвонить насчёт насосов", assignee_id=office.user.key)
    return StoredRecords(office.store, "Asia/Almaty")


@pytest.mark.parametrize(
    ("typed", "kinds"), [("насос", ["task"]), ("НАСОСЫ", ["task"]), ("pum", ["letter"]), ("zz", [])]
)
def test_a_few_letters_find_tasks_and_letters(search: StoredRecords, typed: str, kinds: list[str]) -> None:
    assert [found.kind for found in search(typed)] == kinds


def test_what_is_found_is_clean_and_can_be_gone_to(search: StoredRecords) -> None:
    (found,) = search("price")
    assert "\x1b" not in found.text
    assert registry.by_id()[found.command].argument == "id"
    assert {f"everywhere.show_{kind}" for kind in SHOWN} <= set(registry.by_id())


@pytest.mark.parametrize("typed", ['"', "a AND", "x:", "(", "*", "foo-bar", "from:", "-", "  "])
def test_anything_may_be_typed(search: StoredRecords, typed: str) -> None:
    search(typed)
