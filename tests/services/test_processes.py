"""Processes by their verbs: start, steps, one writer of the state, ends, nesting, switching off (RM, BP)."""

import itertools

import pytest

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route.route_map import (
    ActionPoint,
    ChoicePoint,
    EndPoint,
    Flow,
    JoinPoint,
    RuleAction,
    SplitPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.services import messages
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.interest import interests
from crm_tui.services.party import customers
from crm_tui.services.process import processes
from crm_tui.services.record import merging
from crm_tui.services.task import tasks
from crm_tui.store import undo
from crm_tui.store.tables import JournalEntry, Notification, Outbox, State, StateChange, Task
from crm_tui.store.tables.processes import Process
from tests.services.process_office import (
    CREATED,
    Floor,
    approval,
    contract,
    lead_to_welcome,
    route,
    sale,
    way,
    welcoming,
)


def test_rm_06_a_new_interest_starts_the_process_in_its_own_transaction(floor: Floor) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    (process,) = floor.processes(interest_id=interest)
    assert (process.status, process.controlling, floor.state(interest)) == ("running", True, "meeting")
    (task,) = floor.open_steps(interest).values()
    floor.do(task)
    assert floor.state(interest) == "proposal"
    (task,) = floor.open_steps(interest).values()
    with pytest.raises(Invalid, match="outcome_missing"):
        floor.do(task)
    with pytest.raises(Invalid, match="lost_needs_reason"):
        floor.do(task, "lost")
    ended = floor.do(task, "lost", reason="price")
    assert (ended.status, ended.successful, ended.held_state_id, ended.reason) == (
        "completed",
        False,
        None,
        "price",
    )
    assert floor.state(interest) == "lost"
    stands, played = floor.replayed(process.key)
    assert stands == played


def test_bp_19_bp_20_the_side_branch_leaves_the_state_and_the_parent_waits_for_the_nested_one(
    floor: Floor,
) -> None:
    floor.enforce(approval())
    floor.enforce(contract())
    interest = floor.interest()
    assert floor.state(interest) == "contract"
    steps = floor.open_steps(interest)
    assert set(steps) == {"Contract agreed", "Warehouse reserve"}
    floor.do(steps["Warehouse reserve"])
    assert floor.state(interest) == "contract"
    floor.do(steps["Contract agreed"])
    assert floor.state(interest) == "control"
    steps = floor.open_steps(interest)
    assert set(steps) == {"Approve"}
    floor.do(steps["Approve"])
    assert floor.state(interest) == "won"
    assert {one.status for one in floor.processes(interest_id=interest)} == {"completed"}


def test_rm_07_bp_12_steps_that_share_a_state_leave_it_and_each_other_step_moves_it(floor: Floor) -> None:
    states = ("proposal", "proposal", "contract")
    steps = [Step(id=f"s{at}", name=f"S{at}", state=state) for at, state in enumerate(states)]
    ids = ["start", *(step.id for step in steps), "end"]
    floor.enforce(
        route(*steps, EndPoint(id="end", state="won"), flows=way(*itertools.pairwise(ids)), **CREATED)
    )
    interest = floor.interest()
    for step in steps:
        floor.do(floor.open_steps(interest)[step.name])
    with floor.work() as work:
        moves = [work.get(State, one.to_state_id).code for one in work.all(StateChange, interest_id=interest)]
    assert moves == ["meeting", "proposal", "contract", "won"]


def test_rm_06_an_inquiry_is_one_transaction_with_its_process_and_no_second_task(floor: Floor) -> None:
    floor.enforce(welcoming(sale()))
    lead_to_welcome(floor)
    letter = floor.office.letter()
    with floor.store.read() as connection:
        before = connection.exec_driver_sql("SELECT max(id) FROM journal_entry").scalar_one()
    with floor.work("inquiry.accept") as work:
        accepted = inquiries.accept(work, letter.letter_id, Acceptance(purpose="purchase"))
    with floor.work() as work:
        entries = [one.key for one in work.all(JournalEntry) if one.key > before]
        (task,) = work.all(Task, interest_id=accepted.interest_id)
        (queued,) = work.all(Outbox)
        (process,) = work.all(Process)
    assert len(entries) == 1
    assert (task.title, task.kind, task.key, task.letter_id) == (
        "Meeting", "process", accepted.task_id, letter.letter_id,
    )  # fmt: skip
    assert (queued.recipients, queued.interest_id) == (["olga@newco.example"], accepted.interest_id)
    assert (process.interest_id, floor.state(accepted.interest_id)) == (accepted.interest_id, "meeting")
    before_undo = floor.everything()
    undo.undo(floor.store, floor.office.actor)
    assert floor.processes() == []
    undo.redo(floor.store, floor.office.actor)
    assert floor.everything() == before_undo


def test_bp_03_a_new_customer_starts_what_its_map_says_and_an_import_nothing(floor: Floor) -> None:
    floor.enforce(approval(object_kind="customer", start_event="created"))
    with floor.work("customer.add") as work:
        customer = customers.add(work, "Newco")
    with floor.work("customer.import") as work:
        customers.add(work, "Oldco")
    (process,) = floor.processes()
    assert (process.object_kind, process.object_id, process.controlling) == ("customer", customer.key, False)
    with floor.work() as work:
        (task,) = work.all(Task)
        assert task.customer_id == customer.key
        tasks.done(work, task.key)
    assert floor.processes()[0].status == "completed"


def test_c_08_processes_of_merged_records_go_to_the_one_that_stays(floor: Floor) -> None:
    map_id = floor.enforce(approval())
    with floor.work() as work:
        one, other = (customers.add(work, name).key for name in ("Newco", "Newco Ltd"))
        processes.start(work, map_id, "customer", other)
    with floor.work(merging.COMMAND) as work:
        merging.merge(work, "customer", one, other)
    assert [each.object_id for each in floor.processes()] == [one]
    merging.apart(floor.store, floor.office.actor, "customer", other)
    assert [each.object_id for each in floor.processes()] == [other]


def test_bp_18_bp_19_what_is_started_by_hand_is_refused_where_it_does_not_belong(floor: Floor) -> None:
    owning = floor.enforce(sale(start_event=""))
    leads_only = floor.enforce(approval(object_kind="lead"), "lead_approval")
    other = floor.enforce(sale(start_event="", scenario="service", name="Service"))
    interest = floor.interest()
    with floor.work() as work:
        customer = customers.add(work, "Newco").key
        closed = interests.add(work, "Closed", state="won").key
        for code, arguments in (
            ("map_of_other_kind", (owning, "customer", customer)),
            ("map_of_other_kind", (leads_only, "interest", interest)),
            ("map_of_other_scenario", (other, "interest", interest)),
            ("interest_is_closed", (owning, "interest", closed)),
        ):
            with pytest.raises(Refused) as refused:
                processes.start(work, *arguments)
            assert refused.value.code == code
        processes.start(work, owning, "interest", interest)
        with pytest.raises(Refused, match="state_held"):
            processes.start(work, owning, "interest", interest)


def test_a_stopped_process_goes_on_once_what_hindered_it_is_mended(floor: Floor) -> None:
    """A choice of which no way holds stops it; then the field is filled in."""
    ways = (
        Flow("start", "ring"), Flow("ring", "which"),
        Flow("which", "sold", condition={"field": "source", "op": "filled"}),
    )  # fmt: skip
    drawn = route(
        Step(id="ring", name="Ring", state="meeting"), ChoicePoint(id="which"), EndPoint(id="sold", state="won"),
        flows=ways, **CREATED,
    )  # fmt: skip
    floor.enforce(drawn)
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    stopped = floor.do(task)
    assert (stopped.status, floor.open_steps(interest)) == ("stopped", {"Ring": task})
    with floor.work() as work:
        assert processes.resume(work, stopped.key).status == "running"
        interests.change(work, interest, source="site")
    assert floor.do(task).status == "completed"
    assert floor.state(interest) == "won"
    stands, played = floor.replayed(stopped.key)
    assert stands == played
    with floor.work() as work, pytest.raises(Refused, match="process_not_stopped"):
        processes.resume(work, stopped.key)


def test_an_action_behind_which_no_way_holds_is_carried_out_once(floor: Floor) -> None:
    act = ActionPoint(id="note", name="Note", action="create_task", settings={"title": "Send the catalogue"})
    ways = (
        Flow("start", "ring"), Flow("ring", "note"), Flow("note", "which"),
        Flow("which", "sold", condition={"field": "source", "op": "filled"}),
    )  # fmt: skip
    drawn = route(
        Step(id="ring", name="Ring", state="meeting"), act, ChoicePoint(id="which"), EndPoint(id="sold", state="won"),
        flows=ways, **CREATED,
    )  # fmt: skip
    floor.enforce(drawn)
    interest = floor.interest()
    stopped = floor.do(floor.open_steps(interest)["Ring"])
    assert (stopped.status, floor.tokens(stopped.key)) == ("stopped", {"ring": "", "note": "waits"})
    with floor.work("process.resume") as work:
        assert [one.title for one in work.all(Task, status="open")] == []
        interests.change(work, interest, source="site")
        assert processes.resume(work, stopped.key).status == "completed"
        assert [one.title for one in work.all(Task, status="open")] == ["Send the catalogue"]
        assert len(work.all(Notification)) == 1
    stands, played = floor.replayed(stopped.key)
    assert stands == played


def test_bp_20_a_branch_that_was_stopped_goes_on_when_a_step_of_another_is_completed(floor: Floor) -> None:
    """Else it would wait for ever: a process that runs again cannot be resumed."""
    never = {"field": "name", "op": "equals", "value": "Turbines"}
    floor.enforce(
        route(
            SplitPoint(id="split", state="meeting"),
            Step(id="ring", name="Ring"), Step(id="pack", name="Pack"),
            ActionPoint(id="note", action="set_field", settings={"field": "purpose", "value": "x"}),
            ChoicePoint(id="choice"), JoinPoint(id="join"), EndPoint(id="sold", state="won"),
            flows=(
                Flow("start", "split"), Flow("split", "ring", controls=True), Flow("split", "pack"),
                Flow("ring", "note"), Flow("note", "choice"), Flow("choice", "join", condition=never),
                Flow("pack", "join"), Flow("join", "sold"),
            ),
            **CREATED,
        )
    )  # fmt: skip
    interest = floor.interest()
    steps = floor.open_steps(interest)
    assert floor.do(steps["Ring"]).status == "stopped"
    assert floor.do(steps["Pack"]).status == "stopped"
    with floor.work("interest.change") as work:
        interests.change(work, interest, name="Turbines")
    with floor.work("process.resume") as work:
        assert processes.resume(work, 1).status == "completed"
    stands, played = floor.replayed(1)
    assert stands == played


def test_rm_06_an_action_that_fails_at_the_beginning_keeps_nobody_from_entering_an_interest(
    floor: Floor,
) -> None:
    floor.enforce(
        route(
            ActionPoint(id="note", name="Note", action="create_task", settings={"title": "{{ interest.purpose }}"}),
            Step(id="ring", name="Ring", state="meeting"), EndPoint(id="sold", state="won"),
            flows=way(("start", "note"), ("note", "ring"), ("ring", "sold")), **CREATED,
        )
    )  # fmt: skip
    interest = floor.interest()
    assert [one.status for one in floor.processes()] == ["stopped"]
    assert floor.open_steps(interest) == {}
    with floor.work("process.resume") as work:
        (told,) = work.all(Notification)
        assert "at “Note”" in messages.of_notification(told.code, told.facts)
        assert "interest.purpose" in messages.of_notification(told.code, told.facts)
        with pytest.raises(Refused, match="process_action_failed"):
            processes.start(work, 1, "interest", interests.add(work, "Valves", starts=False).key)
        interests.change(work, interest, purpose="Purchase")
        assert processes.resume(work, 1).status == "running"
    assert set(floor.open_steps(interest)) == {"Ring"}
    stands, played = floor.replayed(1)
    assert stands == played


def test_rm_10_a_choice_sees_what_the_rules_on_completing_wrote(floor: Floor) -> None:
    rule = StepRule(StepEvent.COMPLETING, RuleAction.SET_FIELD, None, "source=site")
    ways = (
        Flow("start", "ring"), Flow("ring", "which"),
        Flow("which", "sold", condition={"field": "source", "op": "filled"}), Flow("which", "ring"),
    )  # fmt: skip
    drawn = route(
        Step(id="ring", name="Ring", state="meeting", rules=(rule,)), ChoicePoint(id="which"),
        EndPoint(id="sold", state="won"), flows=ways, **CREATED,
    )  # fmt: skip
    floor.enforce(drawn)
    interest = floor.interest()
    assert floor.do(floor.open_steps(interest)["Ring"]).status == "completed"
    assert floor.state(interest) == "won"
