"""``crm report stale|velocity|conversion|reasons|activity`` (L-25)."""

from datetime import datetime, timedelta

import pytest

from crm_tui.services import users
from crm_tui.services.interest import interests, scenarios
from crm_tui.store.engine import Store
from crm_tui.store.tables import Interest, State
from tests.calls import log_call
from tests.cli.conftest import Crm
from tests.stores import TestClock


@pytest.fixture
def deals(store: Store) -> dict[str, int]:
    """Made thirty days ago; the first was won after twenty, the second went on after ten and was lost after twenty;
    of the two that stand, the state allows a week, and one was talked about."""
    now = store.clock()
    clock = TestClock(now - timedelta(days=30))
    store.clock = clock
    actor = users.actor_of(users.current(store))
    with store.work(actor, "setup") as work:
        scenarios.ensure_shipped(work)
        sale = scenarios.by_code(work, "sale").key
        codes = {one.code: one.key for one in scenarios.states(work, sale)}
        for state in work.all(State, scenario_id=sale):
            work.change(state, rot_days=7)
        names = ("Won", "Lost", "Old", "Touched")
        made = {name: interests.add(work, name, owner_id=actor.user_id).key for name in names}

    def move(name: str, code: str, reason: str = "") -> None:
        with store.work(actor, "interest.change_state") as work:
            interests.move(work, made[name], codes[code], "said", reason=reason)

    clock.move(days=10)
    move("Won", "proposal")
    move("Lost", "proposal")
    clock.move(days=10)
    move("Won", "won")
    move("Lost", "lost", "price")
    clock.move(days=9)
    with store.work(actor, "interaction.log") as work:
        log_call(work, made["Touched"], result="Waits")
    clock.move(days=1)
    return made


def test_l_25_what_stands_too_long(crm: Crm, deals: dict[str, int]) -> None:
    (old,) = crm("report", "stale", "--json").json
    assert (old["id"], old["days"], old["allowed_days"]) == (deals["Old"], 30.0, 7)
    assert [one[1:3] for one in crm("report", "stale", "--plain").lines] == [[str(deals["Old"]), "Old"]]
    assert [one["name"] for one in crm("report", "stale", "--days", "0.5", "--json").json] == [
        "Old",
        "Touched",
    ]
    assert crm("report", "stale", "--scenario", "service", "--json").json == []
    assert crm("report", "stale", "--scenario", "nonsense").code == 3


def test_l_25_how_fast_interests_go(crm: Crm, deals: dict[str, int], store: Store) -> None:
    found = crm("report", "velocity", "--scenario", "sale", "--json").json
    assert datetime.fromisoformat(found["since"]).tzinfo is not None
    stood = {one["state"]: (one["number"], one["median_days"]) for one in found["states"] if one["number"]}
    assert sorted(stood.values()) == [(2, 10.0), (2, 10.0)]
    assert found["won"] == {"number": 1, "median_days": 20.0, "p90_days": 20.0}
    assert found["lost"]["number"] == 1
    assert crm("report", "velocity", "--plain").lines[-1][1:] == ["1", "20.0", "20.0"]
    assert crm("report", "velocity", "--since", "tomorrow", "--json").json["won"]["number"] == 0
    assert crm("report", "velocity", "--since", "when it rains").code == 2
    assert crm("report", "velocity", "--until", "someday").code == 2
    assert crm("report", "velocity", "--until", "15 days ago", "--json").json["won"]["number"] == 0
    assert crm("report", "velocity", "--until", "yesterday", "--json").json["won"]["number"] == 1
    with store.facts("import") as work:  # of what was closed elsewhere nothing but that is known
        moved = work.get(Interest, deals["Won"])
        work.change(work.get(Interest, deals["Old"]), state_id=moved.state_id, closed_at=work.now)
    assert crm("report", "velocity", "--json").json["won"]["number"] == 2


def test_l_25_how_far_interests_come(crm: Crm, deals: dict[str, int]) -> None:
    states = crm("report", "conversion", "--json").json["states"]
    assert [states[0][name] for name in ("reached", "went_on", "won", "lost", "standing")] == [4, 2, 1, 0, 2]
    proposal = next(one for one in states if one["lost"])
    assert (proposal["reached"], proposal["won"]) == (2, 1)
    assert crm("report", "conversion", "--plain").lines[0][1:] == ["4", "2 (50 %)", "1 (25 %)", "0", "2"]
    assert crm("report", "conversion", "--since", "tomorrow", "--json").json["states"][0]["reached"] == 0


def test_l_25_why_interests_ended_and_what_everybody_did(crm: Crm, deals: dict[str, int]) -> None:
    won, lost = crm("report", "reasons", "--json").json
    assert (won["outcome"], won["number"], won["ids"]) == ("won", 1, [deals["Won"]])
    assert (lost["outcome"], lost["reason"], lost["ids"]) == ("lost", "price", [deals["Lost"]])
    assert crm("report", "reasons", "--plain").lines[1][:3] == ["lost", "Price", "1"]
    assert crm("report", "reasons", "--since", "yesterday", "--json").json == []
    assert crm("report", "reasons", "--until", "15 days ago", "--json").json == []
    (me,) = crm("report", "activity", "--json").json
    assert (me["calls"], me["tasks_done"], me["interests_made"], me["interests_won"]) == (1, 0, 4, 1)
    assert crm("report", "activity", "--plain").lines[0][1:] == ["1", "0", "0", "0", "4", "1"]
