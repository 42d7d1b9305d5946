"""Conditions about documents: of route maps that run on them, of triggers, and of acts on many (RM-13, BP-02)."""

from collections.abc import Callable

import pytest

from crm_tui.domain.conditions.condition import Group, Leaf
from crm_tui.domain.conditions.condition_fields import Operator
from crm_tui.domain.errors import CrmError
from crm_tui.domain.route.route_map import ChoicePoint, EndPoint, Flow, ProcessKind, Step
from crm_tui.services.document import documents
from crm_tui.services.party import customers
from crm_tui.services.process import processes, triggers
from crm_tui.services.process.trigger_words import KINDS, Wanted, events_of
from crm_tui.services.record import bulk
from crm_tui.services.route import route_facts
from crm_tui.store.queries import papers
from crm_tui.store.tables import Task
from crm_tui.store.tables.papers import Document
from crm_tui.store.tables.processes import ProcessToken
from crm_tui.store.undo import undo
from crm_tui.store.work import Work
from tests.services.conftest import Office
from tests.services.process_office import Floor, route

SIGNED = Group("all", (Leaf("kind", Operator.EQUALS, "contract"), Leaf("status", Operator.EQUALS, "signed")))
TASK = {"do": "task", "target": "Send the original"}


def titles(office: Office) -> list[str]:
    """Of all tasks."""
    with office.store.work(office.actor, "look") as work:
        return [one.title for one in work.all(Task)]


def test_bp_02_a_trigger_waits_for_the_status_of_a_contract(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        triggers.add(work, Wanted("Signed", "document", "status", condition=SIGNED, actions=(TASK,)))
        papers = [documents.add(work, kind).key for kind in ("contract", "invoice", "contract")]
    acts: tuple[tuple[Callable[[Work], object], int], ...] = (
        (lambda work: documents.change(work, papers[0], status="sent"), 0),
        (lambda work: documents.change(work, papers[1], status="signed"), 0),
        (lambda work: documents.change(work, papers[0], status="signed"), 1),
        (lambda work: documents.change(work, papers[0], notes="in the safe"), 1),
    )
    for act, tasks in acts:
        with office.store.work(office.actor, "documents.change") as work:
            act(work)
        assert len(titles(office)) == tasks
    with office.store.read() as connection:
        wanted = Wanted("", "document", "status", condition=SIGNED)
        assert triggers.trial(connection, wanted, office.clock(), office.user.key) == (1, 3)


def test_bp_02_a_trigger_writes_a_field_of_a_document_and_one_undo_takes_both_back(office: Office) -> None:
    dear = Group("all", (Leaf("amount_minor", Operator.GREATER, 500),))
    seen = {"do": "set_field", "target": "status=agreed"}
    with office.store.work(office.actor, "setup") as work:
        triggers.add(work, Wanted("Dear", "document", "created", condition=dear, actions=(seen,)))
    with office.store.work(office.actor, "documents.new") as work:
        keys = [documents.add(work, "proposal", amount_minor=amount).key for amount in (400_00, 600_00)]
    with office.store.work(office.actor, "look") as work:
        assert [work.get(Document, key).status for key in keys] == ["draft", "agreed"]
    undo(office.store, office.actor)
    with office.store.read() as connection:
        assert papers.newest(connection) == []


def test_idx_31_each_kind_of_card_has_its_own_events(office: Office) -> None:
    assert "status" in events_of("document")
    assert "state" not in events_of("document")
    for kind in KINDS:
        assert ("state" in events_of(kind)) is (kind == "interest")
        assert ({"created", "changed"} <= events_of(kind).keys()) is (kind != "interaction")
    assert events_of("interaction").keys() == {"held", "planned", "cancelled"}
    for kind, event in (("customer", "status"), ("document", "held"), ("document", "state")):
        with (
            pytest.raises(CrmError, match="no_such_event"),
            office.store.work(office.actor, "trigger.add") as work,
        ):
            triggers.add(work, Wanted("x", kind, event, actions=(TASK,)))


def test_rm_13_a_map_that_runs_on_documents_chooses_its_way_by_what_the_document_says(office: Office) -> None:
    floor = Floor(office)
    dear = {
        "all": [
            {"field": "kind", "op": "equals", "value": "contract"},
            {"field": "amount_minor", "op": "greater", "value": 500},
            {"field": "customer_id", "op": "begins", "value": "new"},
        ]
    }
    drawn = route(
        Step(id="read", name="Read"),
        ChoicePoint(id="dear"),
        Step(id="head", name="Approve by the head"),
        EndPoint(id="done", name="Approved"),
        flows=(
            Flow("start", "read"), Flow("read", "dear"), Flow("dear", "head", condition=dear),
            Flow("dear", "done"), Flow("head", "done"),
        ),
        name="Approval", kind=ProcessKind.INDEPENDENT, object_kind="document",
    )  # fmt: skip
    with office.store.read() as connection:
        assert route_facts.problems(connection, drawn) == ()
        gone = route_facts.known(connection, drawn).subject
        assert gone is not None
        assert gone.id == "document"
    map_id = floor.enforce(drawn)
    reached: dict[int, set[str]] = {}
    for amount in (400_00, 600_00):
        with floor.work("documents.new") as work:
            newco = customers.add(work, f"Newco {amount}").key
            paper = documents.add(work, "contract", amount_minor=amount, customer_id=newco)
            process = processes.start(work, map_id, "document", paper.key)
        with floor.work("task.done") as work:
            (token,) = work.all(ProcessToken, process_id=process.key, left_at=None)
            processes.complete(work, process.key, token.token)
        reached[amount] = {point for point, told in floor.tokens(process.key).items() if told == "waits"}
    assert reached == {400_00: set(), 600_00: {"head"}}


def test_c_09_a_task_for_each_document_hangs_on_its_customer(office: Office) -> None:
    with office.store.work(office.actor, "setup") as work:
        newco = customers.add(work, "Newco").key
        keys = [documents.add(work, "act", customer_id=newco).key, documents.add(work, "act").key]
    verb = bulk.task_of("document", "Scan it", office.user.key, None, all_day=True)
    with office.store.work(office.actor, "document.task") as work:
        assert bulk.each(work, keys, verb).done == keys
        assert [one.customer_id for one in work.all(Task)] == [newco, None]
