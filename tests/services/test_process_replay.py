"""Past Interests flown through a map (M-05): beside processes that really ran, and beside a past without a map."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import (
    Duration,
    Performer,
    PerformerRule,
    Requirement,
    Route,
    RuleAction,
    Step,
    StepEvent,
    StepRule,
    Unit,
)
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.party import contacts
from crm_tui.services.process import process_replay
from crm_tui.services.process.process_flown import Replay
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Interest
from crm_tui.store.tables.processes import Process, ProcessToken
from tests.calls import log_call
from tests.services.process_office import Floor, sale
from tests.services.test_process_report import report, ten_deals, timed_sale


def flown(floor: Floor, route: Route, **period: object) -> Replay:
    """The replay as it is now."""
    with floor.store.read() as connection:
        return process_replay.replay(connection, route, floor.office.clock.now, **period)  # type: ignore[arg-type]


def test_m_05_the_past_of_processes_that_ran_lands_where_they_did(floor: Floor) -> None:
    map_id, deals = ten_deals(floor)
    floor.office.clock.move(days=2)
    found = flown(floor, timed_sale())
    assert [one.interest_id for one in found.flown] == deals
    with floor.work() as work:
        for one in found.flown:
            (process,) = work.all(Process, interest_id=one.interest_id)
            waiting = work.all(ProcessToken, process_id=process.key, left_at=None)
            assert [name.lower() for name in one.stands] == [token.point for token in waiting]
            assert (one.ended == "successful") == (process.successful is True)
            assert one.state == one.past_state
    (late,) = report(floor, map_id).late
    assert found.broken == {"Meeting": late.late + late.open_late}
    # Who was lost at the proposal, whether by its outcome or ended early, is lost by its outcome.
    assert found.stands == {"successful": 4, "unsuccessful": 3, "terminated": 1, "Proposal": 1, "Meeting": 1}


def demanding() -> Route:
    """The sale whose meeting demands a call within four hours and a contact person, performed by the head; the
    contact person is written to at the beginning, the performer when it is late."""
    with_contact = {"field": "contact_id", "op": "filled"}
    meeting = Step(
        id="meeting", name="Meeting", state="meeting", duration=Duration(4, Unit.WORKING_HOURS),
        performer=Performer(PerformerRule.HEAD),
        requirements=(Requirement("document", "call"), Requirement("field", "contact")),
        rules=(
            StepRule(StepEvent.ENTERING, RuleAction.EMAIL, with_contact, "Welcome", to_client=True),
            StepRule(StepEvent.OVERDUE, RuleAction.EMAIL, None, "Late"),
            StepRule(StepEvent.COMPLETING, RuleAction.SMS, None, "Welcome", to_client=True),
        ),
    )  # fmt: skip
    drawn = sale()
    points = (drawn.points[0], meeting, *drawn.points[2:])
    return replace(drawn, points=points)


def move(floor: Floor, interest: int, code: str, reason: str = "") -> None:
    """Move the Interest by hand."""
    with floor.work("interest.move") as work:
        state = scenarios.state_by_code(work, work.get(Interest, interest).scenario_id, code)
        interests.move(work, interest, state.key, "said", reason=reason)


def past(floor: Floor) -> list[int]:
    """Three Interests that no map led: one called and moved on, one moved on without a call, one without anybody."""
    with floor.work("setup") as work:
        letter_templates.add(work, "Welcome", subject="Welcome", body="Hello")
        olga = contacts.add(
            work, "Olga", infos=[("email", "olga@newco.example")], mailing="olga@newco.example"
        )
        dana = contacts.add(work, "Dana")
    made = [
        floor.interest("Called", contact_id=olga.key),
        floor.interest("Hurried", contact_id=dana.key),
        floor.interest("Nobody"),
    ]
    floor.office.clock.move(hours=1)
    for interest in (made[0], made[2]):
        with floor.work("interaction.log") as work:
            log_call(work, interest, result="Wants 20")
    floor.office.clock.move(hours=1)
    for interest in made:
        move(floor, interest, "proposal")
    floor.office.clock.move(days=3)
    move(floor, made[2], "lost", reason="price")
    return made


def test_m_05_where_they_would_stand_what_is_missing_what_is_late_and_who_is_written_to(floor: Floor) -> None:
    called, hurried, nobody = past(floor)
    found = flown(floor, demanding())
    by_id = {one.interest_id: one for one in found.flown}
    assert by_id[called].stands == ("Proposal",)
    assert by_id[hurried].stands == ("Meeting",)
    assert [one.name for one in by_id[hurried].missing] == ["Phone call"]
    assert (by_id[hurried].state, by_id[hurried].past_state, found.apart) == ("meeting", "proposal", 1)
    # Ended early: the map lets a person do so from anywhere.
    assert (by_id[nobody].ended, by_id[nobody].closed, by_id[nobody].state) == ("terminated", True, "lost")
    assert [one.step for one in by_id[hurried].broken] == ["Meeting"]
    assert (by_id[called].broken, found.broken) == ((), {"Meeting": 2})
    letters = {
        one.name: [(sent.event.value, sent.template, sent.address, sent.reason) for sent in one.letters]
        for one in found.flown
    }
    assert letters == {
        "Called": [
            ("entering", "Welcome", "olga@newco.example", ""),
            ("completing", "Welcome", "", "no_mobile"),
        ],
        "Hurried": [
            ("entering", "Welcome", "", "no_mailing_email"),
            ("overdue", "Late", "", "no_performer_email"),
        ],
        "Nobody": [("overdue", "Late", "", "no_performer_email")],
    }
    assert found.letters["Welcome", ""] == 1
    assert found.missing == {"Phone call": 1}


def test_m_05_nothing_is_written(floor: Floor) -> None:
    past(floor)
    before = floor.everything()
    with floor.store.read() as connection:
        told: list[tuple[int, int]] = []

        def tell(done: int, of: int) -> bool:
            told.append((done, of))
            return True

        process_replay.replay(connection, demanding(), floor.office.clock.now, told=tell)
        assert told == [(0, 3)]
    assert floor.everything() == before


def test_m_05_only_the_newest_of_a_period_and_only_interests(floor: Floor) -> None:
    made = past(floor)
    with floor.work() as work:
        begin = work.get(Interest, made[0]).created_at
    floor.office.clock.move(days=1)
    newest = floor.interest("Newest")
    found = flown(floor, demanding(), limit=2)
    assert ([one.interest_id for one in found.flown], found.cut) == ([made[2], newest], True)
    since = begin + timedelta(days=1)
    assert [one.interest_id for one in flown(floor, demanding(), since=since).flown] == [newest]
    assert [one.interest_id for one in flown(floor, demanding(), until=since).flown] == made
    assert flown(floor, replace(demanding(), scenario="service")).flown == ()
    with pytest.raises(Refused, match="replay_not_interest"):
        flown(floor, sale(object_kind="customer"))
