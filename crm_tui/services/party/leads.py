"""Verbs of the lead (KZ-03): add, change, lose, trash. What makes a customer of it: ``lead_conversion``."""

from collections.abc import Sequence
from typing import Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean, fold
from crm_tui.services.party import contact_info, parties
from crm_tui.services.party.contact_info import Info
from crm_tui.services.process import process_hold, trigger_events
from crm_tui.store.tables import Lead
from crm_tui.store.work import Work


def add(work: Work, name: str, *, company: str = "", infos: Sequence[Info] = (), **values: Any) -> Lead:
    """A new lead; ``values`` are columns of it, ``infos`` its addresses and numbers.

    Raises Invalid for an empty name, an address or number that is none.
    """
    name = parties.one_name(name, "lead")
    company = " ".join(clean(company).split())
    lead = work.add(
        Lead(
            name=name,
            name_fold=fold(f"{name} {company}"),
            company=company,
            created_at=work.now,
            changed_at=work.now,
            **parties.cleaned(values),
        )
    )
    contact_info.set_all(work, "lead", lead.key, infos)
    trigger_events.happened(work, "lead", [lead.key], "created")
    return lead


def change(
    work: Work,
    lead_id: int,
    *,
    infos: Sequence[Info] | None = None,
    expected_version: int | None = None,
    **values: Any,
) -> Lead:
    """Other values of columns, and of addresses and numbers when there are ``infos``.

    Raises Invalid as ``add``, Conflict when the lead changed since ``expected_version`` was read.
    """
    lead = work.get(Lead, lead_id)
    values = parties.cleaned(values)
    if "name" in values or "company" in values:
        values["name"] = parties.one_name(values.get("name", lead.name), "lead")
        values["company"] = " ".join(values.get("company", lead.company).split())
        values["name_fold"] = fold(f"{values['name']} {values['company']}")
    parties.change(work, lead, values, infos=infos, expected_version=expected_version)
    return lead


def lose(work: Work, lead_id: int, reason: str) -> Lead:
    """Nothing will come of the lead. ``reason`` is a code of the list ``lost_reason``, or said in words.

    Raises Refused when it is not open, Invalid without a reason.
    """
    lead = still_open(work, lead_id)
    reason = clean(reason).strip()
    if not reason:
        raise Invalid("lead_needs_reason")
    process_hold.end_of_card(work, "lead", lead_id)
    work.change(lead, status="lost", close_reason=reason, changed_at=work.now)
    return lead


def reopen(work: Work, lead_id: int) -> Lead:
    """Something may come of a lost lead after all. Raises Refused when it is not lost."""
    lead = work.get(Lead, lead_id)
    if lead.status != "lost":
        raise Refused("lead_not_lost", name=lead.name)
    work.change(lead, status="open", close_reason="", changed_at=work.now)
    return lead


def trash(work: Work, lead_id: int) -> Lead:
    """Put the lead into the trash. Raises Refused when it is there."""
    lead = work.get(Lead, lead_id)
    parties.trash(work, lead)
    return lead


def restore(work: Work, lead_id: int) -> Lead:
    """Take the lead out of the trash. Raises Refused when it is not there, or was merged."""
    lead = work.get(Lead, lead_id)
    parties.restore(work, lead)
    return lead


def still_open(work: Work, lead_id: int) -> Lead:
    """The lead, of which something may still come. Raises Refused when it is lost or a customer already."""
    lead = work.get(Lead, lead_id)
    if lead.status != "open":
        raise Refused("lead_not_open", name=lead.name, status=lead.status)
    return lead
