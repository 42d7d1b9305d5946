"""Triggers: what they wait for, what they do, and that they come to an end (BP-02, IDX-31, assurance row 20)."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.route_map import EndPoint, Flow, ProcessKind, Route, StartPoint, Step
from crm_tui.services import messages
from crm_tui.services.account import accounts
from crm_tui.services.document import documents
from crm_tui.services.inquiry import inquiries
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.interest import interests, scenarios
from crm_tui.services.letter import replies
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.process import trigger_run, trigger_tick, triggers
from crm_tui.services.process.trigger_words import SHIPPED, Wanted
from crm_tui.services.record import bulk
from crm_tui.services.route import route_maps
from crm_tui.services.task import tasks
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import (
    Customer,
    Interest,
    JournalEntry,
    Letter,
    MailAccount,
    Notification,
    Outbox,
    Reminder,
    Task,
    User,
)
from crm_tui.store.tables.processes import Process, RouteMap, Trigger
from crm_tui.store.undo import undo
from crm_tui.store.work import Actor, Work
from tests.services.conftest import Office

REMIND = {"do": "reminder", "target": "Look at {{ customer.name }}"}
FROM_SITE = Group("all", (Leaf("source", Operator.EQUALS, "site"),))


def make(office: Office, *wanted: Wanted) -> None:
    with office.store.work(office.actor, "trigger.add") as work:
        for one in wanted:
            triggers.add(work, one)


def rows(office: Office, model: type[Any], **where: Any) -> Sequence[Any]:
    with office.store.work(office.actor, "look") as work:
        return work.all(model, **where)


def customer(work: Work, office: Office, name: str = "Newco", **values: Any) -> Customer:
    return customers.add(work, name, kind="customer", owner_id=office.user.key, **values)


def test_bp_02_event_condition_and_actions(office: Office) -> None:
    make(office, Wanted("Of the site", "customer", "created", condition=FROM_SITE, actions=(REMIND,)))
    with office.store.work(office.actor, "customer.add") as work:
        customer(work, office, "From the site", source="site")
        customer(work, office, "From a fair", source="fair")
    assert [one.text for one in rows(office, Reminder)] == ["Look at From the site"]
    undo(office.store, office.actor)
    assert rows(office, Reminder) == []


def test_bp_02_at_the_end_of_the_unit_all_that_was_written_counts(office: Office) -> None:
    make(office, Wanted("Of the site", "customer", "created", condition=FROM_SITE, actions=(REMIND,)))
    with office.store.work(office.actor, "customer.add") as work:
        made = customer(work, office)
        customers.change(work, made.key, source="site")
    assert len(rows(office, Reminder)) == 1


def test_idx_31_what_can_be_waited_for(office: Office) -> None:
    events = ("created", "changed", "state", "accepted", "held", "task_done")
    letter = office.letter()
    with office.store.work(office.actor, "interest.add") as work:
        key = interests.add(work, "Pumps", owner_id=office.user.key).key
        due = tasks.add(work, "Ring", assignee_id=office.user.key, interest_id=key).key
        second = scenarios.states(work, work.get(Interest, key).scenario_id)[1]
    make(office, *(Wanted(one, "interest", one, actions=({"do": "task", "target": one},)) for one in events))

    def made_by(act: Callable[[Work], object]) -> set[str]:
        before = {one.id for one in rows(office, Task)}
        with office.store.work(office.actor, "test") as work:
            act(work)
        return {one.title for one in rows(office, Task) if one.id not in before}

    whose = Whose.of_interest(rows(office, Interest)[0])
    taken = Acceptance(interest_id=key)
    assert made_by(lambda work: interests.move(work, key, second.key)) == {"state"}
    assert made_by(lambda work: interests.change(work, key, short_status="x")) == {"changed"}
    assert made_by(lambda work: tasks.done(work, due)) == {"task_done"}
    assert made_by(lambda work: interactions.log(work, whose, result="ok")) == {"held"}
    assert "accepted" in made_by(lambda work: inquiries.accept(work, letter.letter_id, taken))
    assert made_by(lambda work: interests.add(work, "Valves", owner_id=office.user.key)) == {
        "created",
        "state",
    }


def test_idx_31_c_11_an_answer_that_arrives_is_acted_on_under_the_name_of_the_rule(office: Office) -> None:
    ours, place = office.letter("Proposal", folder="sent", number=1), office.letter("Re: Proposal", number=2)
    make(
        office,
        Wanted("Answered", "interest", "letter", actions=({"do": "task", "target": "Read the answer"},)),
    )
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(MailAccount, office.account.key), last_complete_pass=1)
        key = interests.add(work, "Pumps", owner_id=office.user.key).key
        interests.link_letter(work, key, ours.letter_id)
    with office.store.arrivals("sync") as work:
        work.change(work.get(Letter, place.letter_id), in_reply_to="<1@newco.example>")
        replies.arrived(work, place.folder_id, [place.key])
    assert [one.title for one in rows(office, Task)] == ["Read the answer"]
    assert [one.command for one in rows(office, JournalEntry, actor="rule:Answered")] == ["trigger.act"]


def test_idx_31_every_kind_of_card(office: Office) -> None:
    task = ({"do": "task", "target": "Look at it"},)
    make(
        office,
        *(Wanted(one, one, next(iter(triggers.events_of(one))), actions=task) for one in triggers.KINDS),
    )
    with office.store.work(office.actor, "add") as work:
        leads.add(work, "Lead", owner_id=office.user.key)
        contacts.add(work, "Person", owner_id=office.user.key)
        customer(work, office)
        interests.add(work, "Interest", owner_id=office.user.key)
        documents.add(work, "proposal", title="Offer")
        interactions.log(work, Whose(), result="Who was it?")
    assert len(rows(office, Task)) == 6


def test_idx_31_a_letter_to_the_client_once(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
        letter_templates.add(
            work, "Thanks", subject="Thank you", body="{{ lead.first_name }}, {{ lead.company }}"
        )
    mail = {"do": "email", "target": "thanks", "to_client": True}
    make(office, Wanted("Thank", "lead", "created", actions=(mail,)))
    with office.store.work(office.actor, "lead.add") as work:
        leads.add(
            work,
            "Olga Kim",
            company="Newco",
            infos=[("email", "olga@newco.example")],
            owner_id=office.user.key,
        )
        leads.add(work, "Mute", company="Newco", owner_id=office.user.key)
        leads.add(work, "Nameless", infos=[("email", "n@newco.example")], owner_id=office.user.key)
    (letter,) = rows(office, Outbox)
    assert letter.automatic
    assert b"Olga, Newco" in letter.raw
    assert letter.dedupe_key.startswith("trigger:1:0:lead:1:")
    assert [(one.facts["name"], one.facts["reason"]) for one in rows(office, Notification)] == [
        ("Mute", "no_email"),
        ("Nameless", "needs_attention"),
    ]
    said = [messages.of_notification(one.code, one.facts) for one in rows(office, Notification)]
    assert said[1] == (
        "The trigger Thank could not act on Nameless: needs attention, not sent: no value for lead.company"
    )


def test_idx_31_only_of_its_scenario_and_only_in_force(office: Office) -> None:
    with office.store.work(office.actor, "look") as work:
        sale = scenarios.by_code(work, "sale").key
    task = ({"do": "task", "target": "{{ interest.name }}", "after": "30min"},)
    make(office, Wanted("Sale", "interest", "created", scenario_id=sale, actions=task))
    with office.store.work(office.actor, "interest.add") as work:
        interests.add(work, "A sale", owner_id=office.user.key)
        interests.add(work, "A complaint", scenario="service", owner_id=office.user.key)
    (made,) = rows(office, Task)
    assert made.title == "A sale"
    assert (made.due_at - made.created_at).total_seconds() == 30 * 60
    with office.store.work(office.actor, "trigger.enable") as work:
        triggers.enable(work, 1, on=False)
    with office.store.work(office.actor, "interest.add") as work:
        interests.add(work, "Another sale", owner_id=office.user.key)
    assert len(rows(office, Task)) == 1


def test_idx_31_what_is_imported_sets_nothing_off(office: Office) -> None:
    make(office, Wanted("All", "customer", "created", actions=(REMIND,)))
    with office.store.work(office.actor, "customers.import") as work:
        customer(work, office)
    assert rows(office, Reminder) == []


def test_assurance_20_triggers_that_set_each_other_off_come_to_an_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each acts once on a card in a unit of work; where cards are made without end, the trigger is switched off."""
    flip, flop = ({"do": "set_field", "target": f"city={city}"} for city in ("Almaty", "Astana"))
    make(office, Wanted("Flip", "customer", "changed", actions=(flip,)))
    make(office, Wanted("Flop", "customer", "changed", actions=(flop,)))
    with office.store.work(office.actor, "customer.change") as work:
        made = customer(work, office)
        customers.change(work, made.key, region="Almaty")
    assert rows(office, Customer)[0].city == "Astana"
    assert [one.enabled for one in rows(office, Trigger)] == [True, True]

    def breed(act: Any) -> None:
        customer(act.work, office, "Child")

    monkeypatch.setitem(trigger_run.ACTS, "task", breed)
    make(office, Wanted("Breeder", "customer", "created", actions=({"do": "task", "target": "x"},)))
    with office.store.work(office.actor, "customer.add") as work:
        customer(work, office)
    assert len(rows(office, Customer)) == 3 + trigger_run.MOST_CHAINED
    assert not rows(office, Trigger, name="Breeder")[0].enabled
    assert [one.code for one in rows(office, Notification)] == ["trigger_stopped"]


def test_c_16_in_the_evening_the_owner_is_told_once(office: Office) -> None:
    """19:00 by the owner's clock; the office's day begins at 16:40 in Almaty."""
    make(office, SHIPPED[2])
    with office.store.work(office.actor, "interest.add") as work:
        interests.add(work, "Pumps", owner_id=office.user.key)
        planned = interests.add(work, "Valves", owner_id=office.user.key).key
        interests.add(work, "Of nobody")
        interactions.plan_contact(work, planned, work.now)
    assert trigger_tick.tick(office.store) == 0
    office.clock.move(hours=2, minutes=20)
    assert [trigger_tick.tick(office.store) for _each in range(2)] == [1, 0]
    (told,) = rows(office, Notification)
    assert (told.facts["count"], told.facts["names"]) == (1, "Pumps")
    office.clock.move(days=1)
    assert trigger_tick.tick(office.store) == 1


def test_c_16_at_a_time_of_day_it_can_act_on_each(office: Office) -> None:
    make(office, replace(SHIPPED[2], actions=({"do": "task", "target": "What is next?"},)))
    with office.store.work(office.actor, "interest.add") as work:
        interests.add(work, "Pumps", owner_id=office.user.key)
        # A zone that another program knows hinders nobody here.
        work.add(User(login="ivan", name="Ivan", zone="Europe/New_Town"))
    office.clock.move(hours=3)
    trigger_tick.tick(office.store)
    office.clock.move(days=1)
    trigger_tick.tick(office.store)  # something is planned now
    assert [one.title for one in rows(office, Task)] == ["What is next?"]


def test_c_16_of_documents_the_owner_is_told_which_they_are_too(office: Office) -> None:
    make(office, replace(SHIPPED[2], object_kind="document", condition=Group("all")))
    with office.store.work(office.actor, "document.add") as work:
        documents.add(work, "contract", title="Pumps", owner_id=office.user.key)
    office.clock.move(hours=3)
    assert trigger_tick.tick(office.store) == 1
    (told,) = rows(office, Notification)
    assert told.facts["names"] == "Pumps"


def test_idx_31_for_how_many_it_would_have_acted(office: Office) -> None:
    with office.store.work(office.actor, "customer.add") as work:
        for number in range(5):
            customer(work, office, f"Customer {number}", source="site" if number < 2 else "fair")
    with office.store.read() as connection:
        wanted = Wanted("", "customer", condition=FROM_SITE)
        assert triggers.trial(connection, wanted, office.clock(), office.user.key) == (2, 5)


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (Wanted(" ", actions=(REMIND,)), "name_missing"),
        (Wanted("x", "letter", actions=(REMIND,)), "no_such_card_kind"),
        (Wanted("x", "lead", "state", actions=(REMIND,)), "no_such_event"),
        (Wanted("x", event="at 25:00", actions=(REMIND,)), "no_such_event"),
        (Wanted("x"), "trigger_does_nothing"),
        (Wanted("x", actions=({"do": "delete"},)), "no_such_action"),
        (Wanted("x", actions=({"do": "digest", "target": ""},)), "no_such_action"),
        (Wanted("x", event="at 9:00", actions=({"do": "email", "target": "y"},)), "no_such_action"),
        (Wanted("x", actions=({"do": "email", "target": "y"},)), "no_such_template"),
        (Wanted("x", actions=({"do": "set_field", "target": "state_id=1"},)), "field_not_settable"),
        (Wanted("x", actions=({"do": "start_process", "target": "gone"},)), "no_such_map"),
        (Wanted("x", actions=({"do": "task", "target": "{{ x }}"},)), "template_syntax"),
        (Wanted("x", actions=({"do": "task", "target": "x", "after": "soon"},)), "route_value"),
        (
            Wanted("x", condition=Group("all", (Leaf("gone", Operator.FILLED),)), actions=(REMIND,)),
            "condition_field",
        ),
    ],
)
def test_idx_31_what_is_no_trigger_is_refused(office: Office, wanted: Wanted, code: str) -> None:
    with pytest.raises(CrmError) as raised, office.store.work(office.actor, "trigger.add") as work:
        triggers.add(work, wanted)
    assert raised.value.code == code


def test_bp_02_what_acts_on_everybodys_cards_is_said_by_whoever_may(office: Office) -> None:
    """The first user of a store may; a colleague needs the right that putting a map in force needs."""
    make(office, Wanted("First", actions=(REMIND,)))
    with office.store.work(office.actor, "setup") as work:
        colleague = work.add(User(login="ivan", name="Ivan"))
    actor = Actor(colleague.name, colleague.key)
    acts: Sequence[Callable[[Work], object]] = (
        lambda work: triggers.add(work, Wanted("Second", actions=(REMIND,))),
        lambda work: triggers.change(work, 1, Wanted("Other", actions=(REMIND,))),
        lambda work: triggers.enable(work, 1, on=False),
        lambda work: triggers.remove(work, 1),
    )
    for act in acts:
        with (
            pytest.raises(CrmError, match="needs_an_administrator"),
            office.store.work(actor, "trigger") as work,
        ):
            act(work)
    with office.store.work(office.actor, "setup") as work:
        work.change(work.get(User, colleague.key), rights=[route_maps.RIGHT])
    for act in acts:
        with office.store.work(actor, "trigger") as work:
            act(work)
    assert [row.name for row in rows(office, Trigger)] == ["Second"]


def test_bp_02_triggers_look_at_what_happened_to_many_cards_together(office: Office) -> None:
    """What is asked of the store before a trigger acts does not grow with the cards."""
    ring = {"do": "task", "target": "Ring"}
    make(office, Wanted("Ring", condition=FROM_SITE, actions=(ring,), event="changed"))
    counts = []
    for many in (4, 40):
        with office.store.work(office.actor, "setup") as work:
            ids = [interests.add(work, f"Pumps {one}", owner_id=office.user.key).key for one in range(many)]
        asked: list[str] = []
        with office.store.work(office.actor, "bulk") as work:
            engine = work.connection.engine

            def note(
                _connection: Any, _cursor: Any, statement: str, *_more: Any, to: list[str] = asked
            ) -> None:
                to.append(statement)

            event.listen(engine, "before_cursor_execute", note)
            bulk.each(work, ids[1:], bulk.change("interest", source="site"))
        event.remove(engine, "before_cursor_execute", note)
        counts.append(sum("process_trigger" in one or "FROM list_item" in one for one in asked))
        with office.store.work(office.actor, "look") as work:
            assert [len(work.all(Task, interest_id=one)) for one in ids] == [0, *[1] * (many - 1)]
    assert counts[0] == counts[1]


def test_assurance_20_a_chain_over_many_cards_is_no_circle(office: Office) -> None:
    called = Group("all", (Leaf("short_status", Operator.EQUALS, "x"),))
    put, ring = {"do": "set_field", "target": "short_status=x"}, {"do": "task", "target": "Ring"}
    make(
        office,
        Wanted("Then", condition=called, actions=(ring,), event="changed"),
        Wanted("First", actions=(put,), event="changed"),
    )
    with office.store.work(office.actor, "setup") as work:
        ids = [interests.add(work, f"Pumps {one}", owner_id=office.user.key).key for one in range(120)]
    with office.store.work(office.actor, "bulk") as work:
        bulk.each(work, ids, bulk.change("interest", source="site"))
    assert [one.enabled for one in rows(office, Trigger)] == [True, True]
    assert len(rows(office, Task)) == 120


def service(work: Work) -> RouteMap:
    """A map of one step for any card, in force."""
    route = Route(
        "3.2", "Service", ProcessKind.INDEPENDENT, "",
        points=(StartPoint(id="start"), Step(id="look", name="Look at it"), EndPoint(id="done", name="Done")),
        flows=(Flow("start", "look"), Flow("look", "done")),
    )  # fmt: skip
    made = route_maps.add(work, "Service")
    route_maps.save_draft(work, made.key, route)
    route_maps.enforce(work, made.key)
    return work.get(RouteMap, made.key)


def test_bp_02_a_call_of_a_kind_starts_a_process_and_makes_a_task(office: Office) -> None:
    """Of calls from the client alone; undone with the call. The process is about the card of the call."""
    from_client = Group(
        "all", (Leaf("kind", Operator.EQUALS, "call"), Leaf("direction", Operator.EQUALS, "in"))
    )
    with office.store.work(office.actor, "setup") as work:
        drawn = service(work)
        whose = Whose(customer_id=customer(work, office).key)
    make(
        office,
        Wanted(
            "Called", "interaction", "held", condition=from_client,
            actions=(
                {"do": "task", "target": "Call {{ customer.name }} back", "after": "1h"},
                {"do": "start_process", "target": drawn.code},
            ),
        ),
        Wanted("Off", "interaction", "cancelled", actions=({"do": "task", "target": "Ask why"},)),
    )  # fmt: skip
    with office.store.work(office.actor, "interaction.log") as work:
        interactions.log(work, whose, result="We called", direction="out")
    assert not rows(office, Task, title="Call Newco back")
    with office.store.work(office.actor, "interaction.log") as work:
        interactions.log(work, whose, result="The pump leaks", direction="in")
    (task,) = rows(office, Task, title="Call Newco back")
    assert task.customer_id == whose.customer_id
    (process,) = rows(office, Process)
    assert (process.object_kind, process.object_id) == ("customer", whose.customer_id)
    undo(office.store, office.actor)
    assert not rows(office, Process)
    with office.store.work(office.actor, "interaction.plan") as work:
        planned = interactions.plan(
            work, kind="meeting", at=work.now, subject="Fair", owner_id=office.user.key, **whose.columns
        )
        interactions.cancel(work, planned.key)
    assert len(rows(office, Task, title="Ask why")) == 1
    with office.store.read() as connection:
        wanted = Wanted("", "interaction", "held", condition=from_client)
        assert triggers.trial(connection, wanted, office.store.clock(), office.user.key) == (0, 2)


def test_bp_02_a_call_of_no_card_starts_nothing_and_says_so(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        drawn = service(work)
    start = {"do": "start_process", "target": drawn.code}
    make(office, Wanted("Called", "interaction", "held", actions=(start,)))
    with office.store.work(office.actor, "interaction.log") as work:
        interactions.log(work, Whose(), result="Who was it?", subject="Nobody")
    assert not rows(office, Process)
    (told,) = [one for one in rows(office, Notification) if one.code == trigger_run.FAILED]
    assert told.facts["reason"] == "talk_of_no_card"
