"""When we were last in touch with customers: a letter in or out, or an interaction that was held (L-27)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select, union_all

from crm_tui.store.tables import Interaction, Interest, Letter, LetterLink, table_of

interest, interaction = table_of(Interest), table_of(Interaction)
letter, link = table_of(Letter), table_of(LetterLink)

Parties = Sequence[int] | Select[Any]


def of_parties(kind: str, party_ids: Parties) -> Select[Any]:
    """A query for ``(party_id, at, number)`` of every touch of ``customer`` or ``lead`` parties.

    ``at`` is an instant. ``number`` tells touches apart: the same letter may hang on a customer and on its
    Interests. Rows without ``at`` are no touches: outer joins keep SQLite to the way from few parties to many
    letters.
    """
    column = f"{kind}_id"
    of_interest = interest.c[column].in_(party_ids)
    # An interaction that only says that a letter came or went is that letter.
    held: tuple[ColumnElement[bool], ...] = (
        func.coalesce(interaction.c.status, "") == "held",  # not by the index of all that were ever held
        interaction.c.letter_id.is_(None),
    )
    touches = union_all(
        select(link.c.record_id.label("party_id"), letter.c.date.label("at"), letter.c.id.label("number"))
        .outerjoin(letter, letter.c.id == link.c.letter_id)
        .where(link.c.kind == kind, link.c.record_id.in_(party_ids)),
        select(interest.c[column], letter.c.date, letter.c.id)
        .select_from(
            interest.outerjoin(
                link, (link.c.kind == "interest") & (link.c.record_id == interest.c.id)
            ).outerjoin(letter, letter.c.id == link.c.letter_id)
        )
        .where(of_interest),
        select(interaction.c[column], interaction.c.starts_at, -interaction.c.id).where(
            interaction.c[column].in_(party_ids), *held
        ),
        select(interest.c[column], interaction.c.starts_at, -interaction.c.id)
        .select_from(
            interest.outerjoin(
                interaction,
                (interaction.c.interest_id == interest.c.id)
                & interaction.c[column].is_(None)
                & held[0]
                & held[1],
            )
        )
        .where(of_interest),
    ).subquery()
    return select(touches.c.party_id, touches.c.at, touches.c.number)


def last(
    connection: Connection, kind: str, party_ids: Parties, until: datetime | None = None
) -> dict[int, datetime]:
    """The last touch of those of the parties that had any; ``until`` leaves out letters dated later."""
    touches = of_parties(kind, party_ids).subquery()
    query = select(touches.c.party_id, func.max(touches.c.at)).group_by(touches.c.party_id)
    if until is not None:
        query = query.where(touches.c.at <= until)
    return {party_id: at for party_id, at in connection.execute(query) if at is not None}
