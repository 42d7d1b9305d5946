"""Completing steps (RM-18…21, BP-08, 09, 13…15) and what the tasks of a process allow."""

import itertools
from datetime import timedelta
from typing import Any

import pytest

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.route.route_map import (
    Duration,
    EndPoint,
    Outcome,
    Performer,
    PerformerRule,
    Requirement,
    Route,
    Step,
    Unit,
)
from crm_tui.services import messages, users
from crm_tui.services.document import documents
from crm_tui.services.interaction import interactions
from crm_tui.services.party import contact_info, leads
from crm_tui.services.process import process_needs, process_state, processes
from crm_tui.services.record import bulk
from crm_tui.services.task import absences, handover, reminder_answers, tasks
from crm_tui.store.tables import Interaction, Interest, Outbox, Reminder, Task, User
from crm_tui.store.tables.processes import ProcessEvent, ProcessToken
from tests.calls import log_call
from tests.services.process_office import Floor, route, sale, way


def one_step(*steps: Step, **more: Any) -> Route:
    """Steps in a row, of a map that owns the state."""
    ids = ["start", *(step.id for step in steps), "sold"]
    settings: dict[str, Any] = {"number": "1.2", "name": "Sale", "start_event": "created", "scenario": "sale"}
    return route(
        *steps,
        EndPoint(id="sold", state="won"),
        flows=way(*itertools.pairwise(ids)),
        **(settings | more),
    )


def letter(floor: Floor, interest_id: int, number: int, **values: object) -> None:
    with floor.work("letter.send") as work:
        row = Outbox(
            account_id=floor.office.account.key, message_id=f"m{number}@x.example", raw=b"", envelope_from="x",
            recipients=["olga@newco.example"], next_try_at=work.now, interest_id=interest_id, created_at=work.now,
            status="queued",
        )  # fmt: skip
        for name, value in values.items():
            setattr(row, name, value)
        work.add(row)


def test_rm_18_documents_of_this_step_entry_are_demanded_and_no_drafts(floor: Floor) -> None:
    needs = (
        Requirement("document", "proposal"),
        Requirement("document", "letter"),
        Requirement("document", "call", 2),
    )
    floor.enforce(one_step(Step(id="proposal", name="Proposal", state="proposal", requirements=needs)))
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    floor.office.clock.move(minutes=1)

    def missing() -> list[tuple[str, int]]:
        with floor.work() as work:
            step = process_state.step_of(work, task)
            assert step is not None
            found = process_needs.missing(work.connection, step.process_id, step.token)
            return [(one.of, one.there) for one in found]

    with floor.work() as work:
        draft = documents.add(work, "proposal", interest_id=interest)
        log_call(work, interest, result="Yes.")
        interactions.plan(
            work, kind="call", at=work.now + timedelta(hours=1), subject="", interest_id=interest
        )
    letter(floor, interest, 1, automatic=True)
    letter(floor, interest, 2, status="cancelled")
    assert missing() == [("proposal", 0), ("letter", 0), ("call", 1)]
    with pytest.raises(Refused) as refused:
        floor.do(task)
    assert refused.value.code == "step_not_ready"
    assert messages.of_error(refused.value) == (
        "Missing on Proposal: Proposal, Outgoing e-mail, Phone call (1 of 2)"
    )
    letter(floor, interest, 3)
    with floor.work() as work:
        documents.change(work, draft.key, status="sent")
        (planned,) = [one for one in work.all(Interaction) if one.status == "planned"]
        interactions.hold(work, planned.key, "Once more.")
    assert missing() == []
    floor.do(task)
    assert floor.state(interest) == "won"


def test_rm_18_what_was_entered_in_an_earlier_step_does_not_count(floor: Floor) -> None:
    call = (Requirement("document", "call"),)
    floor.enforce(
        one_step(
            Step(id="meeting", name="Meeting", state="meeting", requirements=call),
            Step(id="control", name="Control", state="control", requirements=call),
        )
    )
    interest = floor.interest()
    floor.office.clock.move(minutes=1)
    with floor.work() as work:
        log_call(work, interest, result="Yes.")
    floor.office.clock.move(minutes=1)
    floor.do(floor.open_steps(interest)["Meeting"])
    with pytest.raises(Refused, match="step_not_ready"):
        floor.do(floor.open_steps(interest)["Control"])


def test_rm_21_a_field_of_whom_the_interest_is_for_is_demanded(floor: Floor) -> None:
    needs = (
        Requirement("field", "phone"),
        Requirement("field", "expected_close"),
        Requirement("field", "gone"),
    )
    floor.enforce(one_step(Step(id="meeting", name="Meeting", state="meeting", requirements=needs)))
    with floor.work() as work:
        lead = leads.add(work, "Olga Kim")
    interest = floor.interest(lead_id=lead.key)
    (task,) = floor.open_steps(interest).values()
    with pytest.raises(Refused) as refused:
        floor.do(task)
    assert messages.of_error(refused.value) == "Missing on Meeting: Phone number, Expected close"
    with floor.work() as work:
        contact_info.add_phone(work, "lead", lead.key, "+7 701 555 12 34")
        work.change(work.get(Interest, interest), expected_close=work.now.date())
    floor.do(task)
    assert floor.state(interest) == "won"


def test_bp_09_one_outcome_is_executed_several_are_chosen_from(floor: Floor) -> None:
    one = Step(id="meeting", name="Meeting", state="meeting", outcomes=(Outcome("done", "Done"),))
    ids = one_step(one)
    floor.enforce(ids)
    first = floor.interest()
    floor.do(floor.open_steps(first)["Meeting"])
    assert floor.state(first) == "won"
    (process,) = floor.processes(interest_id=first)
    assert floor.tokens(process.key) == {"meeting": "done"}


def test_bp_14_the_result_is_asked_for_where_the_step_says_so(floor: Floor) -> None:
    floor.enforce(one_step(Step(id="meeting", name="Meeting", state="meeting", ask_result=True)))
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    with pytest.raises(Invalid, match="step_result_missing"):
        floor.do(task, result="  ")
    with floor.work("task.done") as work:
        tasks.done(work, task, "They want twenty pumps.")
        done = work.get(Task, task)
        (token,) = work.all(ProcessToken)
    assert (done.status, done.result, token.result) == (
        "done",
        "They want twenty pumps.",
        "They want twenty pumps.",
    )


def test_bp_15_the_deadline_counts_working_time_and_the_reminder_follows(floor: Floor) -> None:
    step = Step(id="meeting", name="Meeting", state="meeting", duration=Duration(4, Unit.WORKING_HOURS),
                instruction="Call the client\n\nFind out what is needed.")  # fmt: skip
    floor.enforce(one_step(step))
    interest = floor.interest()
    (title,) = floor.open_steps(interest)
    assert title == "Meeting — Call the client"
    with floor.work() as work:
        (task,) = work.all(Task, interest_id=interest)
        (token,) = work.all(ProcessToken)
        (reminder,) = work.all(Reminder, subject_kind="task", subject_id=task.key)
    assert task.due_at is not None
    # Thursday 16:40 and four hours of work are Friday 11:40 in Almaty.
    assert f"{task.due_at:%a %H:%M}" == "Fri 06:40"
    assert (token.deadline_at, token.due_at, token.performer_id) == (
        task.due_at,
        task.due_at,
        floor.office.user.key,
    )
    assert reminder.due_at == task.due_at - tasks.REMIND_BEFORE
    floor.do(task.key)
    with floor.work() as work:
        assert work.all(Reminder, subject_kind="task", subject_id=task.key) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Performer(), "aliya"),
        (Performer(PerformerRule.HEAD), "head"),
        (Performer(PerformerRule.USER, "lawyer"), "lawyer"),
        (Performer(PerformerRule.USER, "nobody"), "aliya"),
        (Performer(PerformerRule.ROLE, "legal"), "lawyer"),
        (Performer(PerformerRule.ROLE, "none has it"), "aliya"),
        (Performer(PerformerRule.LEAST_LOADED, "seller"), "petrov"),
        (Performer(PerformerRule.PREVIOUS), "petrov"),
    ],
    ids=lambda one: one if isinstance(one, str) else f"{one.rule}-{one.of}",
)
def test_bp_13_who_performs_a_step(floor: Floor, rule: Performer, expected: str) -> None:
    with floor.store.facts("users") as work:
        head = users.ensure(work, "head").key
        lawyer = users.ensure(work, "lawyer")
        petrov = users.ensure(work, "petrov")
        work.change(work.get(User, floor.office.user.key), head_id=head, roles=["seller"])
        work.change(lawyer, roles=["legal"])
        work.change(petrov, roles=["seller", "legal"])
    floor.enforce(
        one_step(
            Step(id="one", name="One", state="meeting"),
            Step(id="two", name="Two", state="proposal", performer=rule),
        )
    )
    interest = floor.interest()
    task = floor.open_steps(interest)["One"]
    with floor.store.work(users.actor_of(petrov), "task.done") as work:
        tasks.add(work, "Of Aliya", assignee_id=floor.office.user.key)
        processes.complete_task(work, task)
    two = floor.open_steps(interest)["Two"]
    with floor.work() as work:
        given = work.get(Task, two)
        assert work.get(User, given.assignee_id).login == expected


def test_bp_13_who_is_away_is_stood_in_for_and_gets_the_step_back(floor: Floor) -> None:
    with floor.store.facts("users") as work:
        petrov, deputy = (users.ensure(work, name).key for name in ("petrov", "deputy"))
        absence = absences.add(work, petrov, deputy, work.now, work.now + timedelta(days=3))
    floor.enforce(one_step(Step(id="one", name="One", state="meeting")))
    interest = floor.interest(owner_id=petrov)
    (process,) = floor.processes(interest_id=interest)

    def performer() -> tuple[int | None, int]:
        with floor.work() as work:
            (token,) = work.all(ProcessToken, process_id=process.key)
            return token.performer_id, work.get(Task, token.task_id or 0).assignee_id

    assert performer() == (deputy, deputy)
    with floor.work() as work:
        absences.end(work, absence.key)
    assert performer() == (petrov, petrov)


def test_bp_08_a_step_is_given_to_another_and_that_is_written_down(floor: Floor) -> None:
    floor.enforce(sale())
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    with floor.store.facts("users") as work:
        petrov, ivanov = (users.ensure(work, name).key for name in ("petrov", "ivanov"))
    (process,) = floor.processes(interest_id=interest)
    with floor.work("process.assign") as work:
        processes.assign(work, process.key, 1, petrov)
    with floor.work("task.give") as work:
        bulk.each(work, [task], bulk.give("task", ivanov))
    with floor.work("handover") as work:
        handover.hand_over(work, ivanov, petrov, ["tasks"])
    with floor.work() as work:
        (token,) = work.all(ProcessToken, process_id=process.key)
        given = [
            (one.facts["before"], one.facts["after"], one.actor)
            for one in work.all(ProcessEvent, process_id=process.key, kind="assigned")
        ]
        assert work.get(Task, task).assignee_id == token.performer_id == petrov
    me = floor.office.user
    assert given == [(me.key, petrov, "Aliya"), (petrov, ivanov, "Aliya"), (ivanov, petrov, "Aliya")]
    stands, played = floor.replayed(process.key)
    assert stands == played


def test_bp_09_a_task_of_a_process_is_completed_wherever_it_is_ticked_off_and_never_cancelled(
    floor: Floor,
) -> None:
    step = Step(id="meeting", name="Meeting", state="meeting", duration=Duration(1, Unit.WORKING_DAYS),
                requirements=(Requirement("document", "call"),))  # fmt: skip
    floor.enforce(one_step(step, Step(id="two", name="Two", state="proposal")))
    interest = floor.interest()
    (task,) = floor.open_steps(interest).values()
    with floor.work() as work:
        (reminder,) = work.all(Reminder, subject_kind="task", subject_id=task)
        outcome = bulk.each(work, [task], tasks.done)
        assert [error.code for error in outcome.failed.values()] == ["step_not_ready"]
        for refuse, verb in (
            ("step_not_ready", lambda: reminder_answers.done(work, reminder.key)),
            ("task_of_process", lambda: tasks.cancel(work, task)),
            ("due_by_process", lambda: tasks.reschedule(work, task, work.now)),
        ):
            with pytest.raises(Refused) as refused:
                verb()
            assert refused.value.code == refuse
        tasks.reschedule(work, task, work.get(Task, task).due_at)  # the form writes what it was given
        log_call(work, interest, result="Yes.")
        reminder_answers.done(work, reminder.key)
    assert floor.state(interest) == "proposal"
    with pytest.raises(Refused, match="task_not_open"), floor.work() as work:
        tasks.done(work, task)
    with pytest.raises(Refused, match="token_not_waiting"):
        floor.do(task)
