"""What the program does at the action points of a map, by the real verbs (ELP-04, KZT-09)."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pytest

from crm_tui.domain.errors import Refused
from crm_tui.domain.route.route_map import ActionPoint, EndPoint, Flow, ProcessKind, Route, StartPoint, Step
from crm_tui.services import messages
from crm_tui.services.account import accounts
from crm_tui.services.interest import interests
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.process import processes
from crm_tui.services.record import custom_fields
from crm_tui.services.route import route_facts, route_maps
from crm_tui.services.writing import letter_templates
from crm_tui.store.tables import Contact, Customer, Interest, Lead, Outbox, Task
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import Process, ProcessNotice
from crm_tui.store.undo import undo
from tests.services.conftest import Office


def rows(office: Office, model: type[Any], **where: Any) -> Sequence[Any]:
    with office.store.work(office.actor, "look") as work:
        return work.all(model, **where)


def enforce(
    office: Office, code: str, *actions: tuple[str, Mapping[str, str]], kind: str = "interest"
) -> int:
    """A map in force that does these actions, then waits at a step."""
    points = [
        ActionPoint(id=f"act{number}", name=f"Action {number}", action=action, settings=settings)
        for number, (action, settings) in enumerate(actions)
    ]
    way = ["start", *(point.id for point in points), "wait", "end"]
    route = Route(
        "7", code, ProcessKind.INDEPENDENT, kind,
        points=(StartPoint(id="start"), *points, Step(id="wait", name="Wait"), EndPoint(id="end")),
        flows=tuple(Flow(one, other) for one, other in pairwise(way)),
    )  # fmt: skip
    with office.store.work(office.actor, "map.enforce") as work:
        made = route_maps.add(work, code)
        route_maps.save_draft(work, made.key, route)
        route_maps.enforce(work, made.key)
        return made.key


def interest(office: Office, **fields: Any) -> int:
    with office.store.work(office.actor, "interest.add") as work:
        return interests.add(work, "20 pumps", owner_id=office.user.key, **fields).key


def start(office: Office, map_id: int, record_id: int, kind: str = "interest") -> Process:
    with office.store.work(office.actor, "process.start") as work:
        return processes.start(work, map_id, kind, record_id)


def test_elp_04_fields_are_set_tasks_and_documents_made_with_one_undo(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        custom_fields.add(work, "interest", "Floor", "number")
    key = interest(office)
    made = enforce(
        office, "Prepare",
        ("set_field", {"field": "short_status", "value": "{{ interest.name }} in work"}),
        ("set_field", {"field": "expected_close", "value": "30.11.2026"}),
        ("set_field", {"field": "custom.floor", "value": "7"}),
        ("set_field", {"field": "owner_id", "value": "aliya"}),
        ("create_task", {"title": "Ring {{ user.first_name }}", "due": "1d", "notes": "Soon"}),
        ("create_document", {"kind": "proposal", "title": "For {{ interest.name }}"}),
    )  # fmt: skip
    start(office, made, key)
    found = rows(office, Interest)[0]
    assert (found.short_status, str(found.expected_close), found.custom) == (
        "20 pumps in work", "2026-11-30", {"floor": 7},
    )  # fmt: skip
    task = rows(office, Task, title="Ring Aliya")[0]
    assert (task.interest_id, task.notes, f"{task.due_at:%d %H:%M}") == (key, "Soon", "20 11:40")
    paper = rows(office, Document)[0]
    assert (paper.kind, paper.title, paper.interest_id, paper.owner_id) == (
        "proposal", "For 20 pumps", key, office.user.key,
    )  # fmt: skip
    undo(office.store, office.actor)
    assert rows(office, Document) == []
    assert rows(office, Process) == []
    assert rows(office, Interest)[0].short_status == ""


def test_elp_04_records_are_made_and_take_their_place(office: Office) -> None:
    key = interest(office)
    made = enforce(
        office, "Found a firm",
        ("create_record", {"kind": "customer", "name": "Newco", "phone": "+77011234567", "city": "Almaty"}),
        ("create_record", {"kind": "contact", "name": "Olga Kim", "email": "olga@newco.example"}),
        ("create_record", {"kind": "lead", "name": "Somebody", "company": "Other", "source": "site"}),
        ("create_record", {"kind": "interest", "name": "Service of {{ interest.name }}", "scenario": "service"}),
    )  # fmt: skip
    start(office, made, key)
    first, second = rows(office, Interest)
    customer, contact = rows(office, Customer)[0], rows(office, Contact)[0]
    assert (first.customer_id, first.contact_id) == (customer.key, contact.key)
    assert (contact.customer_id, rows(office, Lead)[0].company) == (customer.key, "Other")
    assert (second.name, second.customer_id) == ("Service of 20 pumps", customer.key)


@pytest.mark.parametrize(
    ("by", "value"),
    [("email", "OLGA@newco.example"), ("phone", "8 701 123 45 67"), ("name", "олга ким")],
)
def test_elp_04_a_record_is_found(office: Office, by: str, value: str) -> None:
    with office.store.work(office.actor, "setup") as work:
        found = leads.add(
            work, "Олга Ким", infos=[("email", "olga@newco.example"), ("phone", "+77011234567")]
        ).key
    key = interest(office)
    start(office, enforce(office, "Find", ("find_record", {"kind": "lead", "by": by, "value": value})), key)
    assert rows(office, Interest)[0].lead_id == found


def test_elp_04_of_several_none_is_the_one_that_is_meant(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        for _number in range(2):
            customers.add(work, "Newco", kind="customer")
    key = interest(office)
    told = {"kind": "customer", "by": "name", "value": "newco"}
    start(office, enforce(office, "Go on", ("find_record", told)), key)
    assert rows(office, Interest)[0].customer_id is None
    strict = enforce(office, "Stop", ("find_record", {**told, "missing": "stop"}))
    with pytest.raises(Refused):
        start(office, strict, key)
    assert len(rows(office, Process)) == 1


def test_elp_04_kzt_09_a_letter_is_sent_or_that_it_was_not_is_noted(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        accounts.update(work, office.account.key, smtp_host="127.0.0.1")
        letter_templates.add(work, "Thanks", subject="Thank you", body="For {{ interest.name }}")
        person = contacts.add(work, "Olga Kim", mailing="olga@newco.example").key
    made = enforce(office, "Thank", ("send_letter", {"template": "Thanks", "to": "client"}))
    known, unknown = interest(office, contact_id=person), interest(office)
    start(office, made, known)
    start(office, made, unknown)
    (letter,) = rows(office, Outbox)
    assert (letter.recipients, letter.interest_id) == (["olga@newco.example"], known)
    assert [(one.step, one.reason) for one in rows(office, ProcessNotice)] == [
        ("Action 0", ""),
        ("Action 0", "no_client"),
    ]


def test_elp_04_another_process_is_started(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        key = customers.add(work, "Newco", kind="customer", owner_id=office.user.key).key
    inner = enforce(office, "Inner", kind="customer")
    with office.store.work(office.actor, "look") as work:
        code = route_maps.row(work.connection, inner).code
    outer = enforce(office, "Outer", ("start_process", {"map": code}), kind="customer")
    start(office, outer, key, "customer")
    assert sorted(one.map_id for one in rows(office, Process)) == [inner, outer]


@pytest.mark.parametrize(
    ("action", "settings", "because"),
    [
        ("set_field", {"field": "state_id", "value": "3"}, "state_id is no field that a rule may set."),
        ("set_field", {"field": "owner_id", "value": "nobody"}, "There is no user nobody."),
        ("set_field", {"field": "source", "value": "{{ interest.purpose }}"}, "interest.purpose"),
        ("create_task", {"title": "{{ interest.nmae }}"}, "interest.nmae"),
        ("create_document", {"kind": "novel"}, "novel"),
        ("create_record", {"kind": "user", "name": "Root"}, "user is no kind of card"),
        (
            "create_record",
            {"kind": "lead", "name": "x", "email": "no address"},
            "no address is not an e-mail",
        ),
        ("find_record", {"kind": "lead", "by": "version", "value": "1"}, "version is no field"),
    ],
)
def test_elp_04_what_cannot_be_done_is_refused_with_the_name_of_the_action(
    office: Office, action: str, settings: dict[str, str], because: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of it is written. Most of it the check of the map tells before: here it is passed by."""
    monkeypatch.setattr(route_facts, "refuse_unsound", lambda *_given, **_named: None)
    key = interest(office)
    made = enforce(
        office, "Wrong", ("set_field", {"field": "short_status", "value": "x"}), (action, settings)
    )
    with pytest.raises(Refused) as raised:
        start(office, made, key)
    assert raised.value.code == "process_action_failed"
    said = messages.of_error(raised.value)
    assert "“Action 1”" in said
    assert because in said
    assert rows(office, Process) == []
