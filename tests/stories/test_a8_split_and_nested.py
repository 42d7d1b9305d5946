"""Story A8: a branch beside the one that controls the state, and a process nested in that one."""

from pathlib import Path

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.domain.route import route_text
from crm_tui.services import users
from crm_tui.services.interest import scenarios
from crm_tui.services.route import route_maps
from crm_tui.store.tables import Task
from crm_tui.store.tables.processes import Process, ProcessToken
from tests.stores import TestClock, new_store
from tests.stories.office import Desk, Office
from tests.stories.processes import DEAL, LEGAL, at_the_interest, deal, stands_in, state_of


def open_tasks(desk: Desk) -> list[str]:
    return sorted(task.title for task in desk.rows(Task, status="open"))


async def test_a8_bp_04_bp_09_bp_14_bp_19_bp_20_branches_and_a_nested_process(
    office: Office,
) -> None:
    deal(office)
    async with office.at_desk((120, 40), "russian") as desk:
        await at_the_interest(desk)
        await desk.press("d")
        await desk.sees("5 Deal: no step is to be done here now", "waits for Legal approval")
        await desk.sees("beside it: Warehouse reserve")
        await the_side_branch_has_a_form_of_its_own(desk)
        await so_has_the_nested_process(desk)
        await the_join_waits_for_both(desk)


async def the_side_branch_has_a_form_of_its_own(desk: Desk) -> None:
    await desk.press("2")
    await desk.sees("[5] Warehouse reserve", "[6] Approve the contract")
    await desk.press("/")
    await desk.write("reserve")
    await desk.press("enter")
    await desk.is_rid_of("[6] Approve the contract")
    await desk.press("enter")
    await desk.sees("Process: 5 Deal", "For: Twenty pumps", "Put twenty pumps aside", "d: execute")
    await desk.press("d")
    await desk.is_rid_of("Process: 5 Deal")
    assert state_of(desk) == "contract", "it changes no state"
    assert [one.left_at for one in desk.rows(ProcessToken, point="together")] == [None], "the join waits"


async def so_has_the_nested_process(desk: Desk) -> None:
    await desk.press("escape")
    await desk.sees("[6] Approve the contract")
    await desk.press("enter")
    await desk.sees("Process: 6 Legal approval", "For: Twenty pumps", "(with the result)")
    await desk.press("W")
    await desk.sees("Way: 6 Legal approval")
    await desk.press("escape")
    await desk.sees("(with the result)")
    await desk.press("d")
    await desk.sees("6 Legal approval: Approve the contract", "Result")
    await desk.press("ctrl+s")
    await desk.sees("asks for the result")
    await desk.write("Fine by the law")
    await desk.press("ctrl+s")
    await desk.until(lambda: len(desk.rows(Process, status="completed")) == 1, "the nested process has ended")
    assert open_tasks(desk)[0].startswith("Contract agreed")
    assert desk.row(Task, result="Fine by the law").status == "done"


async def the_join_waits_for_both(desk: Desk) -> None:
    await desk.sees("[5] Contract agreed")
    await desk.press("enter")
    await desk.sees("5 Deal: Contract agreed")
    await desk.press("d")
    await stands_in(desk, "Control")
    assert state_of(desk) == "control"
    await desk.press("W")
    await desk.sees("Legal approval (nested process)", "beside: ")


def test_a8_bp_19_a_map_that_owns_interests_is_no_nested_one(tmp_path: Path) -> None:
    wrong = DEAL.replace('"deal"', '"other"').replace('map = "legal"', 'map = "deal"')
    store = new_store(tmp_path, TestClock())
    actor = users.actor_of(users.current(store))
    with store.work(actor, "setup") as work:
        scenarios.ensure_shipped(work)
        for text in (LEGAL, DEAL, wrong):
            found = route_maps.import_route(work, route_text.read(text.encode()))
    with store.work(actor, "setup") as work, pytest.raises(Refused) as refused:
        route_maps.enforce(work, found.key)
    assert refused.value.code == "map_not_sound"
    assert "legal" in str(refused.value.facts)
    store.close()
