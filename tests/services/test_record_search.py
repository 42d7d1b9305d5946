"""Records by a few letters, as the palette asks for them."""

import pytest

from crm_tui.commands import registry
from crm_tui.services.interest import interests
from crm_tui.services.party import customers
from crm_tui.services.record.record_search import SHOWN, StoredRecords
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interest, State
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


def test_a_customer_is_gone_to_and_their_interests_open_ones_first(office: Office) -> None:
    with office.store.work(office.actor, "interest.new") as work:
        firm = customers.add(work, "Oakfield Brewery")
        for name in ("Old pumps", "New pumps", "Oakfield valves"):
            interests.add(work, name, customer_id=firm.key, owner_id=office.user.key)
    with office.store.work(office.actor, "interest.change_state") as work:
        lost = next(one for one in work.all(Interest) if one.name == "New pumps")
        state = next(one for one in work.all(State, scenario_id=lost.scenario_id) if one.outcome == "won")
        work.change(lost, state_id=state.key)
    found = StoredRecords(office.store, "Asia/Almaty")("oakf")
    assert [one.text for one in found] == [
        "Oakfield Brewery",
        "Oakfield valves · Oakfield Brewery",
        "Old pumps · Oakfield Brewery",
        "New pumps · Oakfield Brewery",
    ]


def test_letters_are_told_apart_by_sender_and_day(search: StoredRecords) -> None:
    assert [found.text for found in search("pumps")] == ["Price of 20 pumps␛]0; · Olga Kim, 19.11.26"]


@pytest.mark.parametrize("typed", ['"', "a AND", "x:", "(", "*", "foo-bar", "from:", "-", "  "])
def test_anything_may_be_typed(search: StoredRecords, typed: str) -> None:
    search(typed)
