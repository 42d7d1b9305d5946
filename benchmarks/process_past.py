"""A past of thousands of Interests, made up: states, calls, letters, proposals, for ``benchmarks.process``."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from crm_tui.services import users
from crm_tui.services.account import accounts
from crm_tui.services.interest import scenarios
from crm_tui.services.route import shipped_maps
from crm_tui.store.engine import Store
from crm_tui.store.tables import (
    Contact,
    ContactInfo,
    Interaction,
    Interest,
    Outbox,
    State,
    StateChange,
    table_of,
)
from crm_tui.store.tables.papers import Document

WAY = ("meeting", "proposal", "waiting", "contract", "control", "won")
STAYS = {"meeting": 30, "proposal": 50, "waiting": 120, "contract": 60, "control": 90}
"""Hours in each state, at most."""


def fill(store: Store, count: int) -> None:
    """Interests of the sale that went as far as chance let them, most with what the quick sale demands."""
    user, chance = users.current(store), random.Random(20261122)
    with store.facts("fill") as work:
        scenarios.ensure_shipped(work)
        shipped_maps.ensure(work)
        scenario = scenarios.by_code(work, "sale")
        states = {one.code: one.key for one in work.all(State, scenario_id=scenario.key)}
        account = accounts.add(work, "office", "office@firm.example", imap_host="127.0.0.1")
        rows: dict[Any, list[dict[str, Any]]] = {
            model: []
            for model in (Contact, ContactInfo, Interest, StateChange, Interaction, Document, Outbox)
        }
        for number in range(1, count + 1):
            _one(rows, states, chance, number, work.now, user.key, scenario.key, account.key)
        for model, values in rows.items():
            for start in range(0, len(values), 5000):
                work.connection.execute(insert(table_of(model)), values[start : start + 5000])


def _one(
    rows: dict[Any, list[dict[str, Any]]],
    states: dict[str, int],
    chance: random.Random,
    number: int,
    now: Any,
    user_id: int,
    scenario_id: int,
    account_id: int,
) -> None:
    begun = now - timedelta(hours=chance.randrange(200, 24 * 400))
    base = {"created_at": begun, "changed_at": begun}
    name = f"Person {number}"
    rows[Contact].append({"name": name, "name_fold": name.lower(), **base})
    for kind, value in (("email", f"p{number}@firm.example"), ("phone", f"+7701{number:07}")):
        rows[ContactInfo].append(
            {
                "owner_kind": "contact", "owner_id": number, "kind": kind, "value": value, "normal": value,
                "for_mailing": kind == "email" and chance.random() < 0.8,
            }
        )  # fmt: skip
    at, before = begun, None
    way = WAY[: chance.randrange(1, len(WAY) + 1)]
    if way[-1] != "won" and chance.random() < 0.5:
        way = (*way, "lost")
    for code in way:
        rows[StateChange].append(
            {
                "interest_id": number,
                "from_state_id": before,
                "to_state_id": states[code],
                "actor": "a",
                "at": at,
            }
        )
        before = states[code]
        since = at
        for kind in ("call", "letter", "proposal", "invoice") if code in STAYS else ():
            if chance.random() < 0.7:
                when = since + timedelta(minutes=chance.randrange(1, 60 * STAYS[code] // 2))
                _entered(rows, number, kind, when, user_id, account_id)
        at += timedelta(hours=chance.randrange(1, STAYS.get(code, 1) + 1))
    rows[Interest].append(
        {
            "name": f"Deal {number}", "name_fold": f"deal {number}", "scenario_id": scenario_id,
            "state_id": before, "contact_id": number, "owner_id": user_id, "state_since": at,
            "closed_at": at if way[-1] in ("won", "lost") else None, **base,
        }
    )  # fmt: skip


def _entered(
    rows: dict[Any, list[dict[str, Any]]], number: int, kind: str, when: Any, user_id: int, account_id: int
) -> None:
    made = {"interest_id": number, "created_at": when}
    if kind == "call":
        rows[Interaction].append(
            {
                **made,
                "kind": kind,
                "status": "held",
                "starts_at": when,
                "changed_at": when,
                "owner_id": user_id,
            }
        )
    elif kind == "letter":
        rows[Outbox].append(
            {
                **made, "account_id": account_id, "message_id": f"{len(rows[Outbox])}@x", "raw": b"x",
                "envelope_from": "a@x", "recipients": [], "results": {}, "status": "sent", "next_try_at": when,
            }
        )  # fmt: skip
    else:
        rows[Document].append(
            {
                **made, "kind": kind, "title": kind, "title_fold": kind, "status": "sent", "custom": {},
                "changed_at": when,
            }
        )  # fmt: skip
