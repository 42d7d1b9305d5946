"""The intake of inquiries that come by phone or by hand, and who may be asking (KZ-01, KZ-02)."""

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from crm_tui.domain.identity import address
from crm_tui.domain.text import clean
from crm_tui.services.inquiry import askers, intake_interest
from crm_tui.services.inquiry.askers import Candidate
from crm_tui.services.inquiry.inquiries import Accepted
from crm_tui.services.inquiry.intake_interest import Acceptance
from crm_tui.services.party import contact_info
from crm_tui.services.record import duplicates
from crm_tui.services.record.duplicates import Alike
from crm_tui.store.tables import Interaction
from crm_tui.store.work import Work

SAME_DOMAIN = 50
"""Per cent for somebody of whom only the domain of the address is the same: a colleague, or not."""
SURE = 90
"""Per cent from which somebody is taken unless another is chosen."""
MOST = 6
_WEIGHTY = ("same_email", "same_tax_number", "same_phone", "domain", "same_name", "like_name", "same_city")
"""Reasons, the strongest first."""
_SAID = {"same_email": "address", "same_phone": "phone", "domain": "domain"}


def candidates(
    connection: Connection,
    *,
    name: str = "",
    email: str = "",
    phones: Iterable[str] = (),
    tax_number: str = "",
) -> list[Candidate]:
    """Who may be asking: by address, phone, tax number, domain and likeness of the name, the likeliest first."""
    infos = [*([("email", email)] if email else []), *(("phone", phone) for phone in phones)]
    alike = duplicates.alike(connection, name=name, infos=infos, tax_number=tax_number, limit=MOST)
    found = {(one.kind, one.id): _of_alike(one) for one in alike}
    if address.is_valid(email):
        for one in askers.of_domain(connection, email):
            colleague = replace(one, percent=SAME_DOMAIN, reasons=("domain",))
            found.setdefault((one.kind, one.id), colleague)
    return sorted(found.values(), key=lambda one: -one.percent)[:MOST]


def register(
    work: Work, choice: Acceptance, *, kind: str = "call", phone: str = "", result: str = ""
) -> Accepted:
    """An inquiry that came by phone or in person goes into the Interest that is chosen, or into a new one with its
    lead and first task. It stands there as an inbound interaction of ``kind``, held now; a new number is noted
    with whoever asks.

    Raises Invalid for an empty name, an address or number that is none.
    """
    user_id = intake_interest.person(work)
    interest, lead_id, task_id = intake_interest.interest_for(work, choice, user_id)
    if choice.who is not None and phone.strip():
        contact_info.add_phone(work, choice.who.kind, choice.who.id, phone)
    work.add(
        Interaction(
            kind=kind,
            direction="in",
            status="held",
            subject=interest.name,
            result=clean(result, multiline=True).strip(),
            phone=clean(phone),
            starts_at=work.now,
            interest_id=interest.key,
            customer_id=interest.customer_id,
            contact_id=interest.contact_id,
            lead_id=interest.lead_id,
            owner_id=user_id,
            created_at=work.now,
            changed_at=work.now,
        )
    )
    return Accepted(interest.key, lead_id, task_id)


def _of_alike(one: Alike) -> Candidate:
    reasons = tuple(sorted(one.reasons, key=_WEIGHTY.index))
    reason = _SAID.get(reasons[0], "name") if reasons else "name"
    return Candidate(one.kind, one.id, one.name, reason, one.percent, reasons)
