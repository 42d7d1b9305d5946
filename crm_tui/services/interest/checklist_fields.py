"""What a state may ask to be filled in (RM-21): an item of its checklist that is checked by itself."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from crm_tui.i18n import N_
from crm_tui.store.tables import ContactInfo, Interaction, Interest, Task, table_of
from crm_tui.store.tables.deals import InterestLine, Receipt

interest, info = table_of(Interest), table_of(ContactInfo)

FIELDS = {
    "phone": N_("Phone number"),
    "email": N_("E-mail address"),
    "contact": N_("Contact person"),
    "amount": N_("Amount"),
    "expected_close": N_("Expected close"),
    "terms": N_("Terms"),
    "lines": N_("Product lines"),
    "receipts": N_("Planned receipts"),
    "next": N_("Next action"),
    "call": N_("Phone call"),
}
"""Code → what it is called."""


def filled(connection: Connection, interest_ids: Sequence[int], fields: Sequence[str]) -> dict[int, set[str]]:
    """Interest → those of the fields that are filled in."""
    wanted = [one for one in fields if one in FIELDS]
    query = select(interest.c.id, *(_IS_FILLED[one].label(one) for one in wanted))
    query = query.where(interest.c.id.in_(interest_ids))
    return {
        row[0]: {one for one, there in zip(wanted, row[1:], strict=True) if there}
        for row in connection.execute(query)
    }


def _reached_by(*kinds: str) -> ColumnElement[bool]:
    """Whoever the Interest is for has such an address or number."""
    owners = (
        ("customer", interest.c.customer_id),
        ("contact", interest.c.contact_id),
        ("lead", interest.c.lead_id),
    )
    # One question each: of all of them at once SQLite would look through every address there is.
    return or_(
        *(
            exists().where(info.c.owner_kind == kind, info.c.owner_id == column, info.c.kind.in_(kinds))
            for kind, column in owners
        )
    )


def _within(model: type[InterestLine | Receipt | Task | Interaction], **where: str) -> ColumnElement[bool]:
    table = table_of(model)
    same = [table.c[name] == value for name, value in where.items()]
    return exists().where(table.c.interest_id == interest.c.id, *same)


_IS_FILLED: dict[str, ColumnElement[bool]] = {
    "phone": _reached_by("phone", "mobile"),
    "email": _reached_by("email"),
    "contact": interest.c.contact_id.is_not(None),
    "amount": interest.c.amount_minor.is_not(None),
    "expected_close": interest.c.expected_close.is_not(None),
    "terms": interest.c.terms != "",
    "lines": _within(InterestLine),
    "receipts": _within(Receipt),
    "next": or_(
        interest.c.next_contact_at.is_not(None),
        _within(Task, status="open"),
        _within(Interaction, status="planned"),
    ),
    "call": _within(Interaction, kind="call", status="held"),
}
