"""Filters that everybody has from the start (ELMA-31); they lie in no table."""

from typing import Any

from crm_tui.domain.conditions.condition import ME
from crm_tui.i18n import N_

Ready = tuple[tuple[str, dict[str, Any]], ...]


def _is(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "op": "equals", "value": value}


def _all(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(parts)}


_MINE = _is("owner_id", ME)
_NO_OWNER = {"field": "owner_id", "op": "empty"}
_NO_NEXT = _is("no_next", True)
_SILENT = {"not": [_is("last_touch", "last 30 days")]}

READY_MADE: dict[str, Ready] = {
    "letter": (
        (N_("Unread"), _is("unread", True)),
        (N_("Important"), _is("important", True)),
        (
            N_("Not decided, this week"),
            _all({"field": "decision", "op": "empty"}, _is("date", "this week")),
        ),
        (N_("With files, last 30 days"), _all(_is("files", True), _is("date", "last 30 days"))),
    ),
    "customer": (
        (N_("Mine"), _MINE),
        (N_("VIP"), _is("status", "vip")),
        (N_("Partners"), _is("kind", "partner")),
        (N_("Neglected"), _is("neglected", True)),
        (
            N_("With open Interests, nothing planned"),
            _all({"field": "open_count", "op": "greater", "value": 0}, _NO_NEXT),
        ),
        (N_("No touch in 30 days"), _SILENT),
        (N_("Without an owner"), _NO_OWNER),
    ),
    "contact": (
        (N_("Mine"), _MINE),
        (N_("Key persons"), _is("is_key", True)),
        (N_("Without an e-mail address"), {"field": "email", "op": "empty"}),
        (N_("Without a customer"), {"field": "customer_id", "op": "empty"}),
    ),
    "lead": (
        (N_("Mine"), _MINE),
        (N_("Nothing planned"), _NO_NEXT),
        (N_("New this week"), _is("created_at", "this week")),
        (N_("No touch in 30 days"), _SILENT),
        (N_("Without an owner"), _NO_OWNER),
    ),
    "interest": (
        (N_("Mine"), _MINE),
        (N_("No next action"), _NO_NEXT),
        (N_("Closing this month"), _is("expected_close", "this month")),
        (
            N_("Expected close is past"),
            _all(_is("outcome", "open"), {"field": "expected_close", "op": "less", "value": "today"}),
        ),
        (
            N_("Next action is overdue"),
            _all(_is("outcome", "open"), {"field": "next_action", "op": "less", "value": "today"}),
        ),
        (N_("Two weeks in the state"), {"field": "age", "op": "greater", "value": 14}),
        (N_("Won this month"), _all(_is("outcome", "won"), _is("closed_at", "this month"))),
    ),
    "task": (
        (N_("Overdue"), _is("overdue", True)),
        (N_("Due this week"), _is("due_at", "this week")),
        (N_("High priority"), {"field": "priority", "op": "greater", "value": 0}),
        (N_("Without a date"), {"field": "due_at", "op": "empty"}),
    ),
    "document": (
        (N_("Mine"), _MINE),
        (N_("Drafts"), _is("status", "draft")),
        (N_("Waiting for an answer"), _all(_is("kind", "proposal"), _is("status", "sent"))),
        (
            N_("Invoices not paid"),
            _all(
                _is("kind", "invoice"),
                {"field": "status", "op": "in", "value": ["sent", "agreed"]},
            ),
        ),
        (
            N_("Term is over"),
            _all(
                {"field": "valid_until", "op": "less", "value": "today"},
                {"not": [{"field": "status", "op": "in", "value": ["paid", "cancelled"]}]},
            ),
        ),
        (N_("Without an owner"), _NO_OWNER),
    ),
    "interaction": (
        (N_("Mine"), _MINE),
        (N_("Held this week"), _all(_is("status", "held"), _is("starts_at", "this week"))),
        (
            N_("Planned, and the time has passed"),
            _all(_is("status", "planned"), {"field": "starts_at", "op": "less", "value": "today"}),
        ),
        (
            N_("Held without a result"),
            _all(_is("status", "held"), {"field": "result", "op": "empty"}),
        ),
    ),
}
"""Subject → name (a source text) and condition."""
