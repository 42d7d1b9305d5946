"""Nothing goes to a client but where it says "to the client" (field.md C-04)."""

from datetime import timedelta
from typing import Any

from crm_tui.domain.route.route_map import (
    ActionPoint,
    EndPoint,
    Flow,
    ProcessKind,
    Route,
    RuleAction,
    StartPoint,
    Step,
    StepEvent,
    StepRule,
)
from crm_tui.services.account import accounts
from crm_tui.services.event import calendar
from crm_tui.services.interaction import interactions
from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers
from crm_tui.services.process import processes, triggers
from crm_tui.services.process.trigger_words import Wanted
from crm_tui.services.route import route_maps
from crm_tui.services.task import reminders, tasks
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Interaction, Outbox, Task, User
from crm_tui.store.tables.processes import ProcessToken
from tests.services.conftest import Office

CLIENT = "olga@newco.example"
LETTER = RuleAction.EMAIL


def desk(office: Office) -> dict[str, Any]:
    """An account that sends, a template, and an Interest with a contact person who has an address for everything."""
    with office.store.work(office.actor, "setup") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
        work.change(work.get(User, office.user.key), email="aliya@office.example")
        letter_templates.add(work, "Notes", subject="Internal notes", body="{{ interest.name }}: they cheat")
        firm = customers.add(work, "Newco", owner_id=office.user.key, infos=[("email", CLIENT)])
        person = contacts.add(
            work,
            "Olga Kim",
            customer_id=firm.key,
            mailing=CLIENT,
            infos=[("email", CLIENT), ("mobile", "+77015550102")],
        )
        wish = interests.add(
            work, "20 pumps", owner_id=office.user.key, customer_id=firm.key, contact_id=person.key
        )
        return {"customer_id": firm.key, "contact_id": person.key, "interest_id": wish.key}


def run(office: Office, interest_id: int, *, to_client: bool) -> None:
    """A process with every kind of rule at every event, and a letter by itself, once through."""
    rules = tuple(
        StepRule(event, action, None, target, to_client=to_client)
        for event in StepEvent
        for action, target in (
            (LETTER, "Notes"),
            (RuleAction.REMINDER, "Ask Olga"),
            (RuleAction.TASK, "Ring Olga"),
            (RuleAction.SET_FIELD, "short_status=met"),
        )
        if action is LETTER or not to_client
    )
    told = {"template": "Notes"} | ({"to": "client"} if to_client else {})
    route = Route(
        "7", f"Notes {to_client}", ProcessKind.INDEPENDENT, "interest",
        points=(
            StartPoint(id="start"), ActionPoint(id="tell", name="Tell", action="send_letter", settings=told),
            Step(id="meet", name="Meet", rules=rules), EndPoint(id="end"),
        ),
        flows=(Flow("start", "tell"), Flow("tell", "meet"), Flow("meet", "end")),
    )  # fmt: skip
    with office.store.work(office.actor, "process.start") as work:
        made = route_maps.add(work, route.name)
        route_maps.save_draft(work, made.key, route)
        route_maps.enforce(work, made.key)
        process = processes.start(work, made.key, "interest", interest_id)
    with office.store.work(office.actor, "process.complete") as work:
        token = next(one for one in work.all(ProcessToken, process_id=process.key) if one.point == "meet")
        processes.complete(work, process.key, token.token)


def recipients(office: Office) -> set[str]:
    with office.store.work(office.actor, "look") as work:
        return {one for row in work.all(Outbox) for one in row.recipients}


def count(office: Office, model: type[Any]) -> int:
    with office.store.work(office.actor, "look") as work:
        return len(work.all(model))


def test_c_04_rules_and_actions_of_a_map_write_to_the_client_only_where_they_say_so(office: Office) -> None:
    there = desk(office)
    run(office, there["interest_id"], to_client=False)
    assert recipients(office) == {"aliya@office.example"}, "the performer has the notes"
    assert count(office, Task) >= 2, "the other rules acted too"
    run(office, there["interest_id"], to_client=True)
    assert recipients(office) == {"aliya@office.example", CLIENT}


def test_c_04_triggers_write_to_the_client_only_where_they_say_so(office: Office) -> None:
    there = desk(office)
    quiet: tuple[dict[str, Any], ...] = (
        {"do": "email", "target": "Notes"},
        {"do": "reminder", "target": "Look"},
        {"do": "task", "target": "Ring"},
    )
    told: tuple[dict[str, Any], ...] = ({"do": "email", "target": "Notes", "to_client": True},)
    for number, actions in enumerate((quiet, told)):
        with office.store.work(office.actor, "trigger.add") as work:
            triggers.add(work, Wanted(f"Notes {number}", "interest", "created", actions=actions))
        with office.store.work(office.actor, "interest.add") as work:
            interests.add(work, "Valves", owner_id=office.user.key, contact_id=there["contact_id"])
        assert (CLIENT in recipients(office)) == bool(number)
    assert "aliya@office.example" in recipients(office)


def test_c_04_meetings_tasks_and_their_reminders_tell_no_client(office: Office) -> None:
    """Planned with the client as participant, moved, reminded of, held: who takes part is not who is written to."""
    there = desk(office)
    at = office.clock() + timedelta(hours=1)
    with office.store.work(office.actor, "plan") as work:
        meeting = interactions.plan(
            work, kind="meeting", at=at, subject="They cheat", owner_id=office.user.key,
            people=[there["contact_id"]], **there,
        ).key  # fmt: skip
        interactions.plan_contact(work, there["interest_id"], at)
        tasks.add(
            work, "They cheat", assignee_id=office.user.key, due_at=at, interest_id=there["interest_id"]
        )
        calendar.add(
            work, "They cheat", dtstart=at, dtend=at + timedelta(hours=1), zone="Asia/Almaty",
            owner_id=office.user.key, **{name: there[name] for name in ("interest_id", "customer_id")},
        )  # fmt: skip
    office.clock.now += timedelta(hours=2)
    assert len(reminders.claim_due(office.store, office.user.key, "screen")) >= 3
    with office.store.work(office.actor, "hold") as work:
        interactions.hold(work, meeting, "Held: they cheat")
    assert count(office, Interaction) >= 2
    assert recipients(office) == set()
