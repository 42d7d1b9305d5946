"""What happened to Interests, read for many at once: for flying them through a map (``process_replay``)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, literal, select

from crm_tui.domain.route.process_past import Happening
from crm_tui.domain.route.route_map import Route, Step
from crm_tui.services.interest import checklist_fields
from crm_tui.services.process.process_needs import LETTER, TALKS
from crm_tui.store.tables import Interaction, Interest, Outbox, Scenario, State, StateChange, table_of
from crm_tui.store.tables.papers import Document

interest, state, change, talk, paper, letter = (
    table_of(one) for one in (Interest, State, StateChange, Interaction, Document, Outbox)
)


@dataclass
class History:
    """One Interest with what happened to it."""

    row: Row[Any]
    """Its record, with the code of its state (``state``) and what that means (``outcome``)."""
    happenings: list[Happening] = field(default_factory=list)
    """In their order."""
    fields: frozenset[str] = frozenset()
    """Codes of the fields that are filled in now."""
    answers: Mapping[str, bool] = field(default_factory=dict)
    """Condition → whether it holds for the Interest now."""


def ids(connection: Connection, scenario: str, since: datetime, until: datetime, limit: int) -> Sequence[int]:
    """The Interests of a scenario (of any, where it is empty) that were made in the period, the newest ``limit``
    of them, in the order in which they were made."""
    query = select(interest.c.id).where(
        interest.c.trashed_at.is_(None), interest.c.created_at >= since, interest.c.created_at < until
    )
    if scenario:
        table = table_of(Scenario)
        query = query.join(table, table.c.id == interest.c.scenario_id).where(table.c.code == scenario)
    newest = query.order_by(interest.c.created_at.desc(), interest.c.id.desc()).limit(limit)
    return list(connection.scalars(newest))[::-1]


def histories(connection: Connection, route: Route, interest_ids: Sequence[int]) -> list[History]:
    """These Interests with their past, in the order of their ids given; a few hundred at a time."""
    query = (
        select(interest, state.c.code.label("state"), state.c.outcome)
        .join(state, state.c.id == interest.c.state_id)
        .where(interest.c.id.in_(interest_ids))
    )
    found = {row.id: History(row) for row in connection.execute(query)}
    for interest_id, happening in _happened(connection, interest_ids):
        found[interest_id].happenings.append(happening)
    filled = checklist_fields.filled(connection, interest_ids, demanded_fields(route))
    for history in found.values():
        if not any(one.state for one in history.happenings):
            # An imported one: of its states nothing is known but where it stands, and since when.
            history.happenings.append(Happening(history.row.state_since, state=history.row.state))
        # Of what was at the same time, what was entered comes before the state that it allowed.
        history.happenings.sort(key=lambda one: (one.at, bool(one.state)))
        history.fields = frozenset(filled.get(history.row.id, ()))
    return [found[one] for one in interest_ids]


def demanded_fields(route: Route) -> list[str]:
    """Codes of the fields that steps of the route demand."""
    needs = (need for point in route.points if isinstance(point, Step) for need in point.requirements)
    return sorted({need.of for need in needs if need.kind == "field"})


def _happened(connection: Connection, interest_ids: Sequence[int]) -> list[tuple[int, Happening]]:
    moved = (
        select(change.c.interest_id, change.c.at, state.c.code)
        .join(state, state.c.id == change.c.to_state_id)
        .where(change.c.interest_id.in_(interest_ids))
        .order_by(change.c.at, change.c.id)
    )
    found = [(row.interest_id, Happening(row.at, state=row.code)) for row in connection.execute(moved)]
    for row in connection.execute(_talks(interest_ids)):
        # Entered is what was noted and has happened.
        at = max(row.created_at, row.starts_at)
        found.append((row.interest_id, Happening(at, document=row.kind)))
    for query in (_letters_from_elsewhere(interest_ids), _papers(interest_ids), _letters(interest_ids)):
        rows = connection.execute(query)
        found += [(interest_id, Happening(at, document=kind)) for interest_id, kind, at in rows]
    return found


def _talks(interest_ids: Sequence[int]) -> Select[Any]:
    return select(talk.c.interest_id, talk.c.kind, talk.c.created_at, talk.c.starts_at).where(
        talk.c.interest_id.in_(interest_ids), talk.c.status == "held", talk.c.kind.in_(list(TALKS))
    )


def _letters_from_elsewhere(interest_ids: Sequence[int]) -> Select[Any]:
    """Letters sent with another program, that joined the Interest."""
    ours = select(letter.c.letter_id).where(letter.c.letter_id.is_not(None))
    return select(talk.c.interest_id, literal(LETTER), talk.c.starts_at).where(
        talk.c.interest_id.in_(interest_ids),
        talk.c.kind == LETTER,
        talk.c.direction == "out",
        talk.c.status == "held",
        talk.c.letter_id.not_in(ours),
    )


def _papers(interest_ids: Sequence[int]) -> Select[Any]:
    return select(paper.c.interest_id, paper.c.kind, paper.c.created_at).where(
        paper.c.interest_id.in_(interest_ids),
        paper.c.status.not_in(("draft", "cancelled")),
        paper.c.trashed_at.is_(None),
        paper.c.kind != LETTER,
    )


def _letters(interest_ids: Sequence[int]) -> Select[Any]:
    return select(letter.c.interest_id, literal(LETTER), letter.c.created_at).where(
        letter.c.interest_id.in_(interest_ids),
        ~letter.c.automatic,
        letter.c.status.not_in(("cancelled", "failed")),
    )
