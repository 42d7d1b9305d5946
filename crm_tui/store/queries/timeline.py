"""The timeline of an Interest: everything made within it in one place, in time order (RM-03)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, exists, literal, select, union_all

from crm_tui.store.queries.outbox import subjects
from crm_tui.store.tables import (
    Event,
    Interaction,
    Letter,
    LetterLink,
    Outbox,
    State,
    StateChange,
    Task,
    found,
    table_of,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing on the timeline."""

    kind: str
    """``letter``, ``call``, ``meeting``, ``message``, ``task``, ``event``, ``state``, ``outgoing``, ``document``,
    ``notice``."""
    id: int
    at: datetime
    title: str
    detail: str
    """Of a move the comment, and in a second line the short status; of a letter on its way ``automatic`` or empty."""
    status: str
    """As stored; of a letter ``automatic`` or empty; of a move who made it; of a notice what it would have been."""
    step: str = ""
    """Of a letter or notice that a process sent: the step that it stood at."""


def of_interest(connection: Connection, interest_id: int) -> list[Entry]:
    """Everything within an Interest, the newest first."""
    parts = (_letters, _interactions, _tasks, _events, _moves, _outgoing, _documents, _notices)
    query = union_all(*(part(interest_id) for part in parts))
    entries = [Entry(*row) for row in connection.execute(query)]
    titles = subjects(connection, [entry.id for entry in entries if entry.kind == "outgoing"])
    entries = [
        replace(entry, title=titles.get(entry.id, "")) if entry.kind == "outgoing" else entry
        for entry in entries
    ]
    steps = _steps(connection, interest_id)
    entries = [
        replace(entry, step=steps[entry.kind, entry.id]) if (entry.kind, entry.id) in steps else entry
        for entry in entries
    ]
    return sorted(entries, key=lambda entry: (entry.at, entry.kind, entry.id), reverse=True)


def _letters(interest_id: int) -> Select[Any]:
    letter, link, outbox = table_of(Letter), table_of(LetterLink), table_of(Outbox)
    return (
        select(
            literal("letter"),
            letter.c.id,
            letter.c.date,
            letter.c.subject,
            letter.c.sender_name + literal(" ") + letter.c.sender_address,
            _automatic(exists().where(outbox.c.letter_id == letter.c.id, outbox.c.automatic)),
        )
        .join(link, link.c.letter_id == letter.c.id)
        .where(link.c.kind == "interest", link.c.record_id == interest_id)
    )


def _interactions(interest_id: int) -> Select[Any]:
    interaction = table_of(Interaction)
    return select(
        interaction.c.kind,
        interaction.c.id,
        interaction.c.starts_at,
        interaction.c.subject,
        interaction.c.result,
        interaction.c.status,
    ).where(interaction.c.interest_id == interest_id, interaction.c.letter_id.is_(None))


def _tasks(interest_id: int) -> Select[Any]:
    task = table_of(Task)
    return select(
        literal("task"), task.c.id, task.c.created_at, task.c.title, task.c.result, task.c.status
    ).where(task.c.interest_id == interest_id)


def _events(interest_id: int) -> Select[Any]:
    event = table_of(Event)
    return select(
        literal("event"), event.c.id, event.c.starts_at, event.c.summary, event.c.location, literal("")
    ).where(event.c.interest_id == interest_id)


def _moves(interest_id: int) -> Select[Any]:
    change, state = table_of(StateChange), table_of(State)
    said = case(
        (change.c.short_status != "", change.c.comment + literal("\n") + change.c.short_status),
        else_=change.c.comment,
    )
    return (
        select(literal("state"), change.c.id, change.c.at, state.c.name, said, change.c.actor)
        .join(state, state.c.id == change.c.to_state_id)
        .where(change.c.interest_id == interest_id)
    )


def _outgoing(interest_id: int) -> Select[Any]:
    outbox = table_of(Outbox)
    return select(
        literal("outgoing"),
        outbox.c.id,
        outbox.c.created_at,
        literal(""),
        _automatic(outbox.c.automatic),
        outbox.c.status,
    ).where(outbox.c.interest_id == interest_id, outbox.c.letter_id.is_(None))


def _documents(interest_id: int) -> Select[Any]:
    document = found("document")
    return select(
        literal("document"),
        document.c.id,
        document.c.created_at,
        document.c.title,
        literal(""),
        document.c.status,
    ).where(document.c.interest_id == interest_id, document.c.trashed_at.is_(None))


def _notices(interest_id: int) -> Select[Any]:
    """What a process notified of otherwise than by a letter, and why it notified of nothing (RM-15)."""
    notice, process = found("process_notice"), found("process")
    return (
        select(
            literal("notice"),
            notice.c.id,
            notice.c.at,
            notice.c.target,
            notice.c.reason + literal("\n") + notice.c.detail,
            notice.c.action,
        )
        .join(process, process.c.id == notice.c.process_id)
        .where(process.c.interest_id == interest_id, notice.c.outbox_id.is_(None))
    )


def _steps(connection: Connection, interest_id: int) -> dict[tuple[str, int], str]:
    """The steps whose rules sent letters or notices: by kind and id of their entries."""
    notice, process, outbox = found("process_notice"), found("process"), table_of(Outbox)
    query = (
        select(notice.c.id, notice.c.outbox_id, outbox.c.letter_id, notice.c.step)
        .join(process, process.c.id == notice.c.process_id)
        .outerjoin(outbox, outbox.c.id == notice.c.outbox_id)
        .where(process.c.interest_id == interest_id)
    )
    steps: dict[tuple[str, int], str] = {}
    for row in connection.execute(query):
        if row.outbox_id is None:
            steps["notice", row.id] = row.step
        elif row.letter_id is None:
            steps["outgoing", row.outbox_id] = row.step
        else:
            steps["letter", row.letter_id] = row.step
    return steps


def _automatic(holds: ColumnElement[bool]) -> ColumnElement[str]:
    """Said of a letter that nobody wrote: a process or a rule sent it (RM-17)."""
    return case((holds, "automatic"), else_="")


def about_letters(connection: Connection, interaction_ids: Sequence[int]) -> set[int]:
    """Those of the interactions that only say that a letter came or went."""
    interaction = table_of(Interaction)
    query = select(interaction.c.id).where(
        interaction.c.id.in_(interaction_ids), interaction.c.letter_id.is_not(None)
    )
    return set(connection.scalars(query)) if interaction_ids else set()
