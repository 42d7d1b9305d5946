"""Interactions with customers: calls, meetings, conferences, letters and messages, planned and held (C77-09…17).

The moves of planned ones, and those whose time has passed: ``interaction_moves``.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import N_
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.party import contact_info
from crm_tui.services.process import trigger_events
from crm_tui.services.task import reminders
from crm_tui.store.tables import Contact, Interaction, Interest, table_of
from crm_tui.store.work import Work

KINDS = {
    "call": N_("Call"),
    "meeting": N_("Meeting"),
    "conference": N_("Internet conference"),
    "letter": N_("Letter"),
    "message": N_("Message"),
}
"""C77-09."""
REMIND_BEFORE = timedelta(minutes=15)


def plan(
    work: Work,
    *,
    kind: str,
    at: datetime,
    subject: str,
    interest_id: int | None = None,
    customer_id: int | None = None,
    contact_id: int | None = None,
    lead_id: int | None = None,
    owner_id: int | None = None,
    phone: str = "",
    people: Iterable[int] = (),
    remind_minutes: int | None = None,
    previous_id: int | None = None,
) -> Interaction:
    """Plan an interaction, with its reminder to the owner, ``remind_minutes`` before or as is habit.

    ``people`` are contact persons who take part beside the one it names (C77-11). Raises Invalid for an unknown kind.
    """
    interaction = work.add(
        Interaction(
            kind=known_kind(kind),
            status="planned",
            subject=clean(subject),
            phone=clean(phone),
            starts_at=at,
            interest_id=interest_id,
            customer_id=customer_id,
            contact_id=contact_id,
            lead_id=lead_id,
            owner_id=owner_id,
            previous_id=previous_id,
            remind_minutes=remind_minutes,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    if taking_part := list(people):
        set_people(work, interaction.key, taking_part)
    remind(work, interaction)
    trigger_events.happened(work, "interaction", (interaction.key,), "planned")
    return interaction


def hold(work: Work, interaction_id: int, result: str = "") -> Interaction:
    """The planned interaction has taken place, and the Interest's date X with it.

    Raises Refused when it was not planned any more.
    """
    interaction = still_planned(work, interaction_id)
    work.change(interaction, status="held", result=clean(result, multiline=True).strip(), changed_at=work.now)
    reminders.withdraw(work, "interaction", interaction.key)
    follow(work, interaction, interaction.starts_at, None)
    trigger_events.happened_in(work, interaction, "held")
    return interaction


def cancel(work: Work, interaction_id: int) -> Interaction:
    """The planned interaction will not take place. Raises Refused when it was not planned any more."""
    interaction = still_planned(work, interaction_id)
    work.change(interaction, status="cancelled", changed_at=work.now)
    reminders.withdraw(work, "interaction", interaction.key)
    follow(work, interaction, interaction.starts_at, None)
    trigger_events.happened(work, "interaction", (interaction.key,), "cancelled")
    return interaction


def log(
    work: Work,
    whose: Whose,
    *,
    kind: str = "call",
    result: str,
    subject: str = "",
    phone: str = "",
    direction: str = "out",
    at: datetime | None = None,
    owner_id: int | None = None,
    people: Iterable[int] = (),
    next_contact_at: datetime | None = None,
    remind_minutes: int | None = None,
) -> Interaction:
    """An interaction that has been held, now or ``at``; the open planned one of this kind with the same becomes it.

    ``owner_id`` is who made the contact (C77-13), the actor where it is not said. A new number is noted with the
    contact person, lead or customer. ``next_contact_at``, the date X, plans the next one (C77-15), of which is
    reminded ``remind_minutes`` before (C77-16). Raises Invalid for an unknown kind, a number that is none.
    """
    at = at or work.now
    said: dict[str, Any] = {"direction": direction, "phone": clean(phone), "starts_at": at}
    owner_id = owner_id or work.actor.user_id
    planned = _planned(work, whose, known_kind(kind))
    if planned is not None:
        held = hold(work, planned.key, result)
        work.change(held, **said)
    else:
        held = work.add(
            Interaction(
                kind=kind,
                status="held",
                subject=clean(subject),
                result=clean(result, multiline=True).strip(),
                owner_id=owner_id,
                created_at=work.now,
                changed_at=work.now,
                **said,
                **whose.columns,
            )
        )
        trigger_events.happened_in(work, held, "held")
    if taking_part := list(people):
        set_people(work, held.key, taking_part)
    if phone.strip():
        _note_number(work, whose, phone)
    if whose.interest_id is not None:
        work.change(work.get(Interest, whose.interest_id), next_contact_at=None, changed_at=work.now)
    if next_contact_at is not None:
        _plan_next(work, whose, held, next_contact_at, remind_minutes)
    return held


def plan_contact(work: Work, interest_id: int, at: datetime, subject: str = "") -> Interaction:
    """Plan the next contact: the Interest's date X, a planned call and its reminder (C77-12). The one that the date X
    stood for moves there (C77-15)."""
    interest = work.get(Interest, interest_id)
    promised = work.all(
        Interaction, interest_id=interest_id, status="planned", starts_at=interest.next_contact_at
    )
    if interest.next_contact_at is not None and promised:
        interaction = promised[0]
        work.change(interaction, starts_at=at, changed_at=work.now)
        remind(work, interaction)
    else:
        interaction = plan(
            work,
            kind="call",
            at=at,
            subject=subject or interest.name,
            owner_id=interest.owner_id,
            **Whose.of_interest(interest).columns,
        )
    work.change(interest, next_contact_at=at, changed_at=work.now)
    return interaction


def set_people(work: Work, interaction_id: int, people: Iterable[int]) -> None:
    """These contact persons take part, beside the one that the interaction names."""
    from crm_tui.store.tables.deals import InteractionContact  # not read at the start

    wanted = set(people) - {work.get(Interaction, interaction_id).contact_id}
    for row in work.all(InteractionContact, interaction_id=interaction_id):
        if row.contact_id in wanted:
            wanted.remove(row.contact_id)
        else:
            work.remove(row)
    for contact_id in sorted(wanted):
        work.add(
            InteractionContact(interaction_id=interaction_id, contact_id=work.get(Contact, contact_id).key)
        )


def still_planned(work: Work, interaction_id: int) -> Interaction:
    """The interaction, which is still to come. Raises Refused when it is not planned any more."""
    interaction = work.get(Interaction, interaction_id)
    if interaction.status != "planned":
        raise Refused("not_planned", status=interaction.status)
    return interaction


def remind(work: Work, interaction: Interaction) -> None:
    """Write or rewrite the reminder of a planned interaction."""
    if interaction.owner_id is None:
        return
    minutes = interaction.remind_minutes
    before = REMIND_BEFORE if minutes is None else timedelta(minutes=minutes)
    reminders.schedule(
        work,
        user_id=interaction.owner_id,
        subject_kind="interaction",
        subject_id=interaction.key,
        text=interaction.subject,
        due_at=interaction.starts_at - before,
        subject_at=interaction.starts_at,
    )


def follow(work: Work, interaction: Interaction, before: datetime, at: datetime | None) -> None:
    """The date X of the Interest follows the contact that it was set by."""
    if interaction.interest_id is not None:
        interest = work.get(Interest, interaction.interest_id)
        if interest.next_contact_at == before:
            work.change(interest, next_contact_at=at, changed_at=work.now)


def _plan_next(work: Work, whose: Whose, held: Interaction, at: datetime, remind_minutes: int | None) -> None:
    subject, owner_id, kind = held.subject, held.owner_id, held.kind
    if whose.interest_id is not None:
        interest = work.get(Interest, whose.interest_id)
        work.change(interest, next_contact_at=at, changed_at=work.now)
        subject, owner_id, kind = interest.name, interest.owner_id, "call"
    plan(
        work,
        kind=kind if kind in ("call", "meeting", "conference") else "call",
        at=at,
        subject=subject,
        owner_id=owner_id,
        remind_minutes=remind_minutes,
        previous_id=held.key,
        **whose.columns,
    )


def _planned(work: Work, whose: Whose, kind: str) -> Interaction | None:
    """The first open planned one of this kind: within the Interest, else with just these outside of any."""
    if whose.is_nobody:
        return None
    where = {"interest_id": whose.interest_id} if whose.interest_id is not None else whose.columns
    table = table_of(Interaction)
    query = (
        select(table.c.id)
        .where(table.c.kind == kind, table.c.status == "planned")
        .where(*(table.c[name] == value for name, value in where.items() if value is not None))
        .where(*(table.c[name].is_(None) for name, value in where.items() if value is None))
        .order_by(table.c.starts_at, table.c.id)
        .limit(1)
    )
    found = work.connection.execute(query).scalar()
    return None if found is None else work.get(Interaction, found)


def _note_number(work: Work, whose: Whose, phone: str) -> None:
    persons = (("contact", whose.contact_id), ("lead", whose.lead_id), ("customer", whose.customer_id))
    for kind, owner_id in persons:
        if owner_id is not None:
            contact_info.add_phone(work, kind, owner_id, phone)
            return


def known_kind(kind: str) -> str:
    """The kind, when it is one. Raises Invalid."""
    if kind not in KINDS:
        raise Invalid("no_such_interaction_kind", value=clean(kind))
    return kind
