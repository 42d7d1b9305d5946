"""How much a task presses (L-22): each term does what its name says, and no more than its weight."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_tui.config.table import Urgency
from crm_tui.domain.task import urgency
from crm_tui.domain.task.urgency import Facts

NOW = datetime(2026, 11, 19, 11, 40, tzinfo=UTC)
CALM = Facts(None, 0, is_step=False, customer_waits=False, created_at=NOW, is_blocked=False)
WEIGHTS = Urgency()

spans = st.timedeltas(timedelta(days=-900), timedelta(days=900))
facts = st.builds(
    Facts,
    due_at=st.none() | spans.map(lambda by: NOW + by),
    priority=st.sampled_from((-1, 0, 1)),
    is_step=st.booleans(),
    customer_waits=st.booleans(),
    created_at=spans.map(lambda by: NOW - abs(by)),
    is_blocked=st.booleans(),
)
weights = st.builds(
    Urgency, *[st.floats(0, 50) for _name in ("due", "important", "step", "waits", "age", "blocked")]
)


@pytest.mark.parametrize(
    ("task", "terms"),
    [
        (CALM, {}),
        (replace(CALM, due_at=NOW + timedelta(days=90)), {"due": 2.4}),
        (replace(CALM, due_at=NOW + timedelta(days=14)), {"due": 2.4}),
        (replace(CALM, due_at=NOW), {"due": 8.8}),
        (replace(CALM, due_at=NOW - timedelta(days=7)), {"overdue": 12.0}),
        (replace(CALM, due_at=NOW - timedelta(days=70)), {"overdue": 12.0}),
        (replace(CALM, priority=1, is_step=True), {"important": 6.0, "step": 3.0}),
        (replace(CALM, priority=-1), {"low": -3.0}),
        (replace(CALM, customer_waits=True, is_blocked=True), {"waits": 5.0, "blocked": -5.0}),
        (replace(CALM, created_at=NOW - timedelta(days=73)), {"age": 0.4}),
        (replace(CALM, created_at=NOW + timedelta(days=1)), {}),
    ],
)
def test_l_22_the_terms_of_urgency(task: Facts, terms: dict[str, float]) -> None:
    found = urgency.of(task, NOW, WEIGHTS)
    assert dict(found.terms) == pytest.approx(terms)
    assert found.figure == pytest.approx(sum(terms.values()))


@given(facts, weights, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_l_22_urgency_is_monotone_in_each_of_its_facts(
    task: Facts, weights: Urgency, later: timedelta
) -> None:
    def figure(one: Facts, now: datetime = NOW) -> float:
        return urgency.of(one, now, weights).figure

    almost = 1e-9
    here = figure(task)
    assert figure(task, NOW + later) >= here - almost
    if task.due_at is not None:
        assert figure(replace(task, due_at=task.due_at + later)) <= here + almost
        assert figure(replace(task, due_at=None)) <= here + almost
    assert figure(replace(task, created_at=task.created_at - later)) >= here - almost
    assert figure(replace(task, priority=min(task.priority + 1, 1))) >= here - almost
    assert figure(replace(task, is_step=True)) >= here - almost
    assert figure(replace(task, customer_waits=True)) >= here - almost
    assert figure(replace(task, is_blocked=True)) <= here + almost
