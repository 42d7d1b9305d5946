"""``crm map report``: how a map runs (CORP-21)."""

from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import process_hold, processes
from crm_tui.store.engine import Store
from crm_tui.store.tables.processes import Process
from tests.cli.conftest import Crm


def test_corp_21_how_a_map_runs_on_the_command_line(crm: Crm, store: Store) -> None:
    assert crm("map", "enforce", "1.2").code == 0
    actor = users.actor_of(users.current(store))
    with store.work(actor, "interest.add") as work:
        ended, running = (interests.add(work, name).key for name in ("Ended", "Running"))
    with store.work(actor, "process.terminate") as work:
        process = work.find(Process, interest_id=ended)
        assert process is not None
        processes.terminate(work, process.key, "price")
        assert process_hold.holders(work.connection, [running])
    told = crm("map", "report", "sale_quick", "--json").json
    assert (told["started"], told["ended"]["terminated"]["number"]) == (2, 1)
    assert told["running"] == [{"version": 1, "status": "running", "number": 1}]
    (meeting,) = told["steps"]
    assert (meeting["name"], meeting["entered"], meeting["cancelled"], meeting["waiting"]) == (
        "Meeting",
        2,
        1,
        1,
    )
    assert [(one["point"], one["reason"], one["number"]) for one in told["deaths"]] == [
        ("Meeting", "Price", 1)
    ]
    drawn = crm("map", "report", "Sale (quick)").out
    assert "failed or ended early at" in drawn
    assert drawn.splitlines()[0].split() == ["1.2", "Sale", "(quick)", "processes"]
    assert crm("map", "report", "1.2", "--since", "tomorrow", "--json").json["started"] == 0
    assert crm("map", "report", "1.2", "--until", "tomorrow", "--json").json["started"] == 2
    assert crm("map", "report", "1.2", "--since", "never").code == 2
    assert crm("map", "report", "nothing").code == 3


def test_m_05_past_interests_are_flown_through_a_map_on_the_command_line(crm: Crm, store: Store) -> None:
    actor = users.actor_of(users.current(store))
    with store.work(actor, "interest.add") as work:
        scenarios.ensure_shipped(work)
        interests.add(work, "Standing")
        lost = interests.add(work, "Lost")
        gone = scenarios.state_by_code(work, lost.scenario_id, "lost")
        interests.move(work, lost.key, gone.key, "said", reason="price")
    past = crm("map", "simulate", "1.2", "--past", "--json").json["past"]
    assert (past["interests"], past["stands"]) == (2, {"Meeting": 1, "terminated": 1})
    drawn = crm("map", "simulate", "1.2", "--past").out
    assert "ended early" in drawn
    assert "Phone call" in drawn
