"""A customer, contact person or lead out of one typed line (CORP-04)."""

from crm_tui.domain.errors import Invalid
from crm_tui.domain.identity import quick_line
from crm_tui.domain.identity.quick_line import QuickLine
from crm_tui.domain.text import fold
from crm_tui.services.party import contacts, customers, leads
from crm_tui.services.party.contact_info import REGION
from crm_tui.store.tables import Customer
from crm_tui.store.work import Work


def understood(line: str) -> QuickLine:
    """The parts of the line. Raises Invalid where it names nobody."""
    parts = quick_line.parse(line, REGION)
    if not parts.person and not parts.company:
        raise Invalid("quick_line_without_name")
    return parts


def enter(work: Work, kind: str, line: str, owner_id: int | None) -> list[tuple[str, int]]:
    """Make the record of ``kind`` that the line says; answers kind and id of each that was made, the wanted one
    first. Raises Invalid where it names nobody.

    A customer is the firm, and the person its contact person; without a firm the customer is a person. A contact
    person goes to the customer that is called like the firm, which is made where there is none.
    """
    parts = understood(line)
    notes = "\n".join(parts.rest)
    if kind == "lead":
        name = parts.person or parts.company
        company = parts.company if parts.person else ""
        lead = leads.add(
            work, name, company=company, source="hand", notes=notes, owner_id=owner_id, infos=parts.infos
        )
        return [("lead", lead.key)]
    if kind == "contact":
        firm = _firm(work, parts.company) if parts.company and parts.person else None
        new_firm = None
        if firm is None and parts.company and parts.person:
            firm = new_firm = customers.add(work, parts.company, owner_id=owner_id)
        person = contacts.add(
            work,
            parts.person or parts.company,
            customer_id=firm.key if firm else None,
            notes=notes,
            owner_id=owner_id,
            infos=parts.infos,
        )
        return [("contact", person.key), *([("customer", new_firm.key)] if new_firm else [])]
    has_person = bool(parts.person and parts.company)
    customer = customers.add(
        work,
        parts.company or parts.person,
        is_person=not parts.company,
        source="hand",
        notes=notes,
        owner_id=owner_id,
        infos=() if has_person else parts.infos,
    )
    if not has_person:
        return [("customer", customer.key)]
    person = contacts.add(work, parts.person, customer_id=customer.key, owner_id=owner_id, infos=parts.infos)
    return [("customer", customer.key), ("contact", person.key)]


def _firm(work: Work, name: str) -> Customer | None:
    """The customer that is called so."""
    return work.find(Customer, name_fold=fold(name), trashed_at=None)
