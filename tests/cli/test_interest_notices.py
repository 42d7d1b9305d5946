"""``crm interest show``: what a process wrote, and what it could not (RM-15)."""

from pathlib import Path

from crm_tui.domain.route.route_map import EndPoint, ProcessKind, RuleAction, Step, StepEvent, StepRule
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.process import processes
from crm_tui.store.engine import Store
from crm_tui.store.work import Actor
from tests.cli.conftest import Crm
from tests.services.process_office import enforce, route, way


def test_rm_15_what_was_not_sent_is_told_with_the_reason(crm: Crm, store_file: Path) -> None:
    rule = StepRule(StepEvent.ENTERING, RuleAction.EMAIL, None, "Welcome", to_client=True)
    greeting = route(
        Step(id="greet", name="Greet", rules=(rule,)), EndPoint(id="end"),
        flows=way(("start", "greet"), ("greet", "end")), kind=ProcessKind.INDEPENDENT,
    )  # fmt: skip
    store = Store(store_file)
    with store.facts("setup") as work:
        scenarios.ensure_shipped(work)
        made = enforce(work, greeting)
    with store.work(Actor("me", 1), "setup") as work:
        key = interests.add(work, "Pumps", owner_id=1).key
        processes.start(work, made, "interest", key)
    store.close()
    assert "Welcome: not sent: neither a lead nor a contact person" in crm("interest", "show", key).out
    told = next(
        one for one in crm("interest", "show", key, "--json").json["timeline"] if one["kind"] == "notice"
    )
    assert (told["title"], told["detail"].strip(), told["step"]) == ("Welcome", "no_client", "Greet")
