"""Interactions with customers: calls and meetings, planned and held."""

from datetime import datetime, timedelta

from crm_tui.domain.errors import Refused
from crm_tui.domain.text import clean
from crm_tui.services import contact_info, reminders
from crm_tui.store.tables import Interaction, Interest
from crm_tui.store.work import Work

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
) -> Interaction:
    """Plan a call, meeting or message, with its reminder to the owner."""
    interaction = work.add(
        Interaction(
            kind=kind,
            status="planned",
            subject=clean(subject),
            phone=clean(phone),
            starts_at=at,
            interest_id=interest_id,
            customer_id=customer_id,
            contact_id=contact_id,
            lead_id=lead_id,
            owner_id=owner_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    _remind(work, interaction)
    return interaction


def hold(work: Work, interaction_id: int, result: str = "") -> Interaction:
    """The planned interaction has taken place, and the Interest's date X with it.

    Raises Refused when it was not planned any more.
    """
    interaction = _still_planned(work, interaction_id)
    work.change(interaction, status="held", result=clean(result, multiline=True).strip(), changed_at=work.now)
    reminders.withdraw(work, "interaction", interaction.key)
    _follow(work, interaction, interaction.starts_at, None)
    return interaction


def reschedule(work: Work, interaction_id: int, at: datetime) -> Interaction:
    """Give a planned interaction another time, with its reminder and the Interest's date X.

    Raises Refused when it was not planned any more.
    """
    interaction = _still_planned(work, interaction_id)
    before = interaction.starts_at
    ends_at = interaction.ends_at and at + (interaction.ends_at - before)
    work.change(interaction, starts_at=at, ends_at=ends_at, changed_at=work.now)
    _remind(work, interaction)
    _follow(work, interaction, before, at)
    return interaction


def cancel(work: Work, interaction_id: int) -> Interaction:
    """The planned interaction will not take place. Raises Refused when it was not planned any more."""
    interaction = _still_planned(work, interaction_id)
    work.change(interaction, status="cancelled", changed_at=work.now)
    reminders.withdraw(work, "interaction", interaction.key)
    _follow(work, interaction, interaction.starts_at, None)
    return interaction


def log_call(
    work: Work,
    interest_id: int,
    *,
    result: str,
    phone: str = "",
    direction: str = "out",
    next_contact_at: datetime | None = None,
) -> Interaction:
    """A call within an Interest that has just been held; the open planned call of the Interest becomes this one.

    A new number is noted with the lead, contact person or customer. ``next_contact_at`` plans the next contact.
    Raises Invalid for a number that is none.
    """
    interest = work.get(Interest, interest_id)
    planned = _planned_call(work, interest_id)
    result = clean(result, multiline=True).strip()
    if planned is not None:
        held = hold(work, planned.key, result)
        work.change(held, direction=direction, phone=clean(phone), starts_at=work.now)
    else:
        held = work.add(
            Interaction(
                kind="call",
                direction=direction,
                status="held",
                subject=interest.name,
                result=result,
                phone=clean(phone),
                starts_at=work.now,
                interest_id=interest.key,
                customer_id=interest.customer_id,
                contact_id=interest.contact_id,
                lead_id=interest.lead_id,
                owner_id=work.actor.user_id,
                created_at=work.now,
                changed_at=work.now,
            )
        )
    if phone.strip():
        _note_number(work, interest, phone)
    work.change(interest, next_contact_at=None, changed_at=work.now)
    if next_contact_at is not None:
        plan_contact(work, interest_id, next_contact_at)
    return held


def plan_contact(work: Work, interest_id: int, at: datetime, subject: str = "") -> Interaction:
    """Plan the next contact: the Interest's date X, a planned call and its reminder (C77-12)."""
    interest = work.get(Interest, interest_id)
    interaction = plan(
        work,
        kind="call",
        at=at,
        subject=subject or interest.name,
        interest_id=interest.key,
        customer_id=interest.customer_id,
        lead_id=interest.lead_id,
        contact_id=interest.contact_id,
        owner_id=interest.owner_id,
    )
    work.change(interest, next_contact_at=at, changed_at=work.now)
    return interaction


def _still_planned(work: Work, interaction_id: int) -> Interaction:
    interaction = work.get(Interaction, interaction_id)
    if interaction.status != "planned":
        raise Refused("not_planned", status=interaction.status)
    return interaction


def _remind(work: Work, interaction: Interaction) -> None:
    if interaction.owner_id is not None:
        reminders.schedule(
            work,
            user_id=interaction.owner_id,
            subject_kind="interaction",
            subject_id=interaction.key,
            text=interaction.subject,
            due_at=interaction.starts_at - REMIND_BEFORE,
            subject_at=interaction.starts_at,
        )


def _follow(work: Work, interaction: Interaction, before: datetime, at: datetime | None) -> None:
    """The date X of the Interest follows the contact that it was set by."""
    if interaction.interest_id is not None:
        interest = work.get(Interest, interaction.interest_id)
        if interest.next_contact_at == before:
            work.change(interest, next_contact_at=at, changed_at=work.now)


def _planned_call(work: Work, interest_id: int) -> Interaction | None:
    planned = work.all(Interaction, interest_id=interest_id, kind="call", status="planned")
    return min(planned, key=lambda call: call.starts_at, default=None)


def _note_number(work: Work, interest: Interest, phone: str) -> None:
    for kind, owner_id in (
        ("contact", interest.contact_id),
        ("lead", interest.lead_id),
        ("customer", interest.customer_id),
    ):
        if owner_id is not None:
            contact_info.add_phone(work, kind, owner_id, phone)
            return
