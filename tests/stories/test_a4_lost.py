"""Story A4: lost on any step, in a scenario that no process controls, and in one that a process does."""

from datetime import timedelta

from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.party import leads
from crm_tui.services.task import tasks
from crm_tui.store.tables import Interaction, Interest, Outbox, Reminder, State, StateChange, Task
from crm_tui.store.tables.processes import Process
from tests.stories.office import Office, Seat
from tests.stories.processes import at_the_interest, deal


def work_under_way(office: Office) -> None:
    """An Interest with a task, a planned call, and two letters that wait for tomorrow: one of a process."""
    store, tomorrow = office.store(), office.clock.now + timedelta(days=1)
    user_id = office.actor.user_id
    assert user_id is not None
    with store.work(office.actor, "plan") as work:
        lead = leads.add(work, "Olga Kim")
        interest = interests.add(work, "Twenty pumps", owner_id=user_id, lead_id=lead.key)
        tasks.add(work, "Call Olga", assignee_id=user_id, due_at=tomorrow, interest_id=interest.key)
        tasks.add(work, "Buy paper", assignee_id=user_id, due_at=tomorrow)
        interactions.plan_contact(work, interest.key, tomorrow)
        for name, automatic in (("welcome", True), ("by-hand", False)):
            work.add(
                Outbox(
                    account_id=office.account_id, message_id=f"{name}@office.example", raw=b"Subject: x\r\n\r\n",
                    envelope_from="me@office.example", recipients=["olga@newco.example"], automatic=automatic,
                    interest_id=interest.key, next_try_at=tomorrow, not_before=tomorrow, created_at=work.now,
                )
            )  # fmt: skip
    store.close()


async def test_a4_lost_with_a_reason_and_taken_back(office: Office, seat: Seat) -> None:
    work_under_way(office)
    async with office.at_desk(seat.size, seat.layout) as desk:

        def stands() -> tuple[str, dict[str, str], str, int, dict[str, str]]:
            interest = desk.row(Interest)
            return (
                desk.row(State, id=interest.state_id).code,
                {task.title: task.status for task in desk.rows(Task)},
                desk.row(Interaction).status,
                len(desk.rows(Reminder)),
                {one.message_id.partition("@")[0]: one.status for one in desk.rows(Outbox)},
            )

        before = stands()
        await desk.press("4")
        await desk.sees("[4 Interests]", "Twenty pumps")
        await desk.press("enter")
        await desk.sees("Call Olga", "To do")
        await desk.press("E")
        await desk.sees("Lost: Twenty pumps", "Reason", "Ctrl+S")
        await desk.press("ctrl+s")
        await desk.sees("Say why it is closed as Lost")
        assert stands() == before, "empty: it stays"
        await desk.press("right")
        await desk.sees("Price")
        await desk.press("tab")
        await desk.write("Too dear")
        await desk.press("ctrl+s")
        await desk.is_rid_of("Reason")
        await desk.until(lambda: stands()[0] == "lost", "closed as lost")
        assert stands() == (
            "lost",
            {"Call Olga": "cancelled", "Buy paper": "open"},
            "cancelled",
            1,
            {"welcome": "cancelled", "by-hand": "queued"},
        )
        assert desk.row(Interest).close_reason == "price"
        assert [change.comment for change in desk.rows(StateChange)] == ["", "Too dear"]
        await desk.sees("Price", "Too dear")
        await desk.press("u")
        await desk.until(lambda: stands() == before, "everything is back")


async def test_a4_bp_17_a_process_is_ended_early_and_taken_back(office: Office) -> None:
    deal(office)
    async with office.at_desk((80, 24), "russian") as desk:

        def stands() -> tuple[object, ...]:
            return (
                desk.row(State, id=desk.row(Interest).state_id).code,
                sorted((task.title, task.status) for task in desk.rows(Task)),
                len(desk.rows(Reminder)),
                sorted((one.status, one.held_state_id is not None) for one in desk.rows(Process)),
            )

        await at_the_interest(desk)
        await desk.press("d")
        await desk.sees("waits for Legal approval")
        before = stands()
        assert before[2] == 1, "of the step with a deadline"
        assert before[3] == [("running", False), ("running", True)]
        await desk.press("E")
        await desk.sees("End early: 5 Deal, Twenty pumps", "Reason")
        await desk.press("ctrl+s")
        await desk.sees("Choose why the process is ended early")
        assert stands() == before, "empty: it stays"
        await desk.press("right")
        await desk.sees("Price")
        await desk.press("tab")
        await desk.write("Too dear")
        await desk.press("ctrl+s")
        await desk.is_rid_of("End early")
        await desk.until(lambda: stands()[0] == "lost", "in the state of early termination")
        assert {task.status for task in desk.rows(Task)} == {"done", "cancelled"}
        assert stands()[2:] == (0, [("terminated", False), ("terminated", False)])
        assert desk.row(Interest).close_reason == "price", "in the report"
        await desk.sees("Price", "Too dear")
        await desk.press("u")
        await desk.until(lambda: stands() == before, "everything is back")
        await desk.sees("waits for Legal approval")
