"""How processes end: early, with their Interest, with the parent; and what comes of leads, hand-overs and undo."""

from datetime import timedelta

import pytest

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route.route_map import StepEvent
from crm_tui.services import users
from crm_tui.services.document import documents
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import customers, lead_conversion, leads
from crm_tui.services.process import process_hold, process_stopping, process_switch, processes
from crm_tui.services.task import handover, tasks
from crm_tui.store import undo
from crm_tui.store.tables import Interest, Outbox, Reminder, State, Task
from crm_tui.store.tables.processes import Process, ProcessToken
from tests.services.process_office import Floor, approval, contract, lead_to_welcome, sale, welcoming


def at_legal(floor: Floor) -> int:
    """An Interest whose contract waits for the nested approval, beside the reserve."""
    floor.enforce(approval())
    floor.enforce(contract())
    interest = floor.interest()
    floor.do(floor.open_steps(interest)["Contract agreed"])
    assert set(floor.open_steps(interest)) == {"Warehouse reserve", "Approve"}
    return interest


def test_bp_17_early_termination_ends_all_that_waits_and_one_undo_brings_it_back(floor: Floor) -> None:
    interest = at_legal(floor)
    (main,) = floor.processes(interest_id=interest, controlling=True)
    with floor.work() as work:
        tasks.add(work, "Ring", assignee_id=floor.office.user.key, interest_id=interest, due_at=work.now)
    before = floor.everything()
    with pytest.raises(Invalid, match="early_end_needs_reason"), floor.work() as work:
        processes.terminate(work, main.key, "  ")
    with floor.work("process.terminate") as work:
        processes.terminate(work, main.key, "price", "Too dear.")
    assert floor.state(interest) == "lost"
    with floor.work() as work:
        deal = work.get(Interest, interest)
        assert (deal.close_reason, deal.closed_at) == ("price", work.now)
        assert {one.status for one in work.all(Task, interest_id=interest)} == {"done", "cancelled"}
        assert [one.subject_kind for one in work.all(Reminder)] == []
        ended = {(one.status, one.reason, one.held_state_id) for one in work.all(Process)}
        assert ended == {("terminated", "price", None)}
        assert work.all(ProcessToken, left_at=None) == []
    for process in floor.processes():
        stands, played = floor.replayed(process.key)
        assert stands == played
    undo.undo(floor.store, floor.office.actor)
    assert floor.everything() == before
    floor.do(floor.open_steps(interest)["Approve"])
    floor.do(floor.open_steps(interest)["Warehouse reserve"])
    assert floor.state(interest) == "won"


@pytest.mark.parametrize("sent", [False, True])
def test_bp_17_letters_that_wait_are_kept_back_and_come_again_with_the_undo_but_not_those_sent(
    floor: Floor, sent: bool
) -> None:
    floor.enforce(welcoming(sale()))
    floor.interest(lead_id=lead_to_welcome(floor))
    with floor.store.facts("send") as work:
        (row,) = work.all(Outbox)
        if sent:
            work.change(row, status="sent", sent_at=work.now)
    (process,) = floor.processes()
    with floor.work("process.terminate") as work:
        processes.terminate(work, process.key, "price")
        assert work.get(Outbox, row.key).status == ("sent" if sent else "cancelled")
    undo.undo(floor.store, floor.office.actor)
    with floor.work() as work:
        assert work.get(Outbox, row.key).status == ("sent" if sent else "queued")


def test_rm_11_a_step_taken_back_after_its_letter_was_sent_does_not_send_it_again(floor: Floor) -> None:
    floor.enforce(welcoming(sale(), "proposal"))
    interest = floor.interest(lead_id=lead_to_welcome(floor))
    floor.do(floor.open_steps(interest)["Meeting"])
    with floor.store.facts("send") as work:
        (row,) = work.all(Outbox)
        assert row.dedupe_key is not None
        work.change(row, status="sent", sent_at=work.now)
    undo.undo(floor.store, floor.office.actor)
    assert floor.state(interest) == "meeting"
    floor.do(floor.open_steps(interest)["Meeting"])
    with floor.work() as work:
        assert [one.status for one in work.all(Outbox)] == ["sent"]


def test_rm_11_a_letter_not_sent_yet_goes_with_the_undo_and_is_queued_anew(floor: Floor) -> None:
    floor.enforce(welcoming(sale(), "proposal"))
    interest = floor.interest(lead_id=lead_to_welcome(floor))
    before = floor.everything()
    for _time in range(2):
        floor.do(floor.open_steps(interest)["Meeting"])
        with floor.work() as work:
            assert [one.status for one in work.all(Outbox)] == ["queued"]
        undo.undo(floor.store, floor.office.actor)
        assert floor.everything() == before


def test_bp_17_without_the_option_it_is_refused_and_nested_ones_end_with_their_parent(floor: Floor) -> None:
    floor.enforce(sale(early_termination=False))
    interest = floor.interest()
    (process,) = floor.processes(interest_id=interest)
    with floor.work() as work:
        assert not processes.may_terminate(work.connection, interest)
        with pytest.raises(Refused, match="no_early_termination"):
            processes.terminate(work, process.key, "price")


def test_bp_19_a_nested_process_is_not_ended_alone(floor: Floor) -> None:
    interest = at_legal(floor)
    (child,) = [one for one in floor.processes(interest_id=interest) if one.parent_id is not None]
    with floor.work() as work:
        assert processes.may_terminate(work.connection, interest)
        with pytest.raises(Refused) as refused:
            processes.terminate(work, child.key, "price")
    assert (refused.value.code, refused.value.facts["process"]) == ("process_is_nested", "1.3 Contract")


def test_bp_19_a_nested_map_that_is_not_in_force_keeps_the_step_open(floor: Floor) -> None:
    floor.enforce(approval(), status="suspended")
    floor.enforce(contract())
    interest = floor.interest()
    before = floor.everything()
    with pytest.raises(Refused, match="map_not_in_force"):
        floor.do(floor.open_steps(interest)["Contract agreed"])
    assert floor.everything() == before


def test_bp_18_an_unsuccessful_end_keeps_its_own_letter_and_drops_the_older_ones(floor: Floor) -> None:
    floor.enforce(welcoming(welcoming(sale()), "proposal", StepEvent.COMPLETING))
    interest = floor.interest(lead_id=lead_to_welcome(floor))
    floor.do(floor.open_steps(interest)["Meeting"])
    floor.do(floor.open_steps(interest)["Proposal"], "lost", reason="price", comment="Too dear.")
    with floor.work() as work:
        assert [one.status for one in work.all(Outbox)] == ["cancelled", "queued"]
        (process,) = work.all(Process)
    assert (process.successful, process.reason, process.comment, process.ended_point) == (
        False, "price", "Too dear.", "gone",
    )  # fmt: skip


def test_an_interest_in_the_trash_has_no_process_and_undo_brings_it_back(floor: Floor) -> None:
    interest = at_legal(floor)
    before = floor.everything()
    with floor.work("interest.trash") as work:
        interests.trash(work, [interest])
    assert {one.status for one in floor.processes()} == {"terminated"}
    assert floor.state(interest) == "control"
    undo.undo(floor.store, floor.office.actor)
    assert floor.everything() == before


def test_an_interest_lost_by_hand_ends_the_processes_that_do_not_control_it(floor: Floor) -> None:
    interest = floor.interest()
    map_id = floor.enforce(approval())
    with floor.work() as work:
        processes.start(work, map_id, "interest", interest)
    with floor.work("interest.move") as work:
        interests.close(work, interest, "lost", reason="price")
    assert [one.status for one in floor.processes()] == ["terminated"]
    assert floor.open_steps(interest) == {}


def test_a_lead_becomes_a_customer_while_the_process_goes_on(floor: Floor) -> None:
    floor.enforce(sale())
    lead_id = lead_to_welcome(floor)
    interest = floor.interest(lead_id=lead_id)
    with floor.work("lead.convert") as work:
        made = lead_conversion.convert(work, lead_id)
    (task,) = floor.open_steps(interest).values()
    with floor.work() as work:
        assert work.get(Task, task).customer_id == made.customer_id
    floor.do(task)
    with floor.work() as work:
        (now,) = work.all(Task, interest_id=interest, status="open")
    assert now.customer_id == made.customer_id


def test_idx_39_steps_go_over_with_the_work_and_come_back_with_the_undo(floor: Floor) -> None:
    floor.enforce(sale())
    with floor.store.facts("users") as work:
        petrov = users.ensure(work, "petrov").key
    interest = floor.interest()
    before = floor.everything()
    with floor.work("handover") as work:
        handover.hand_over(work, floor.office.user.key, petrov, away_until=work.now + timedelta(days=1))
        (token,) = work.all(ProcessToken)
        assert token.performer_id == petrov
    undo.undo(floor.store, floor.office.actor)
    assert floor.everything() == before
    floor.do(floor.open_steps(interest)["Meeting"])


def test_rm_05_a_map_out_of_force_starts_nothing_and_what_runs_goes_on(floor: Floor) -> None:
    map_id = floor.enforce(sale())
    running = floor.interest()
    with floor.store.facts("suspend") as work:
        work.connection.exec_driver_sql("UPDATE route_map SET status = 'suspended'")
    untouched = floor.interest()
    assert floor.open_steps(untouched) == {}
    with floor.work() as work:
        with pytest.raises(Refused, match="map_not_in_force"):
            processes.start(work, map_id, "interest", untouched)
        state = scenarios.state_by_code(work, work.get(Interest, untouched).scenario_id, "contract")
        interests.move(work, untouched, state.key)
    floor.do(floor.open_steps(running)["Meeting"])
    assert floor.state(running) == "proposal"


def test_rm_06_saved_again_it_starts_no_second_and_a_closed_one_of_an_import_none(floor: Floor) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    with floor.work() as work:
        interests.change(work, interest, name="Other name")
        interests.add(work, "Old", state="won", closed_at=work.now - timedelta(days=9))
        interests.add(work, "On its way", state="contract", starts=False)
        interests.add(work, "Service", scenario="service")
        assert len(work.all(Process)) == 1


def test_rm_01_switched_off_nothing_starts_or_goes_on_and_states_are_moved_by_hand(floor: Floor) -> None:
    floor.enforce(sale())
    running, closed = floor.interest("Running"), floor.interest("Closed")

    def switch(on: bool) -> None:
        with floor.work("processes.switch") as work:
            process_switch.switch(work, on)

    switch(False)
    assert floor.open_steps(floor.interest("New")) == {}
    with floor.work() as work:
        assert not process_hold.are_used(work.connection)
        with pytest.raises(Refused, match="processes_off"):
            processes.complete_task(work, work.all(Task)[0].key)
        interests.move(work, running, work.find(State, code="contract").key)
        interests.close(work, closed, "won")
    before = floor.everything()
    switch(False)
    assert floor.everything() == before
    switch(True)
    assert {one.interest_id: one.status for one in floor.processes()} == {
        running: "running",
        closed: "terminated",
    }
    with floor.work() as work, pytest.raises(Refused, match="state_held"):
        interests.close(work, running, "won")
    floor.do(floor.open_steps(running)["Meeting"])
    assert floor.state(running) == "proposal"


@pytest.mark.parametrize("kind", ["customer", "lead", "lost lead", "document"])
def test_processes_end_with_the_card_that_is_thrown_away_or_lost(floor: Floor, kind: str) -> None:
    map_id = floor.enforce(approval())
    with floor.work() as work:
        card = {
            "customer": lambda: customers.add(work, "Newco").key,
            "document": lambda: documents.add(work, "contract").key,
        }.get(kind, lambda: leads.add(work, "Olga Kim").key)()
        processes.start(work, map_id, kind.split()[-1], card)
    before = floor.everything()
    with floor.work("trash") as work:
        match kind:
            case "customer":
                customers.trash(work, card)
            case "lead":
                leads.trash(work, card)
            case "lost lead":
                leads.lose(work, card, "price")
            case _:
                documents.trash(work, card)
        assert [one.status for one in work.all(Task)] == ["cancelled"]
    assert [one.status for one in floor.processes()] == ["terminated"]
    undo.undo(floor.store, floor.office.actor)
    assert floor.everything() == before


def test_bp_17_an_interest_that_stays_open_keeps_what_is_planned_in_it(floor: Floor) -> None:
    """A map without early termination has no state for it: a stopped process of it ends, and a person goes on."""
    floor.enforce(sale(early_termination=False, termination_state=""))
    interest = floor.interest()
    with floor.work("task.add") as work:
        tasks.add(work, "Ring again", assignee_id=floor.office.user.key, interest_id=interest)
        process_stopping.stop(work, 1)
        processes.terminate(work, 1, "price")
    with floor.work() as work:
        assert work.get(Interest, interest).closed_at is None
        assert [one.title for one in work.all(Task, status="open")] == ["Ring again"]
