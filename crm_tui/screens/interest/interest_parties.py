"""Who an Interest is for, as a person types it: a name, a part of it, or #number."""

from collections.abc import Sequence

from sqlalchemy import Connection

from crm_tui.domain.errors import Invalid
from crm_tui.domain.text import fold
from crm_tui.screens.wording import kind_text
from crm_tui.store.queries import party_names
from crm_tui.store.queries.party_names import Named

PARTIES = ("customer", "lead")


def party(connection: Connection, typed: str) -> Named | None:
    """The customer or lead; None for nobody. Raises Invalid when it is not sure who is meant."""
    return _one(party_names.named(connection, typed, *PARTIES), typed) if typed.strip() else None


def customer(connection: Connection, typed: str) -> Named | None:
    """The customer; None for nobody. Raises Invalid when it is not sure who is meant."""
    return _one(party_names.named(connection, typed, "customer"), typed) if typed.strip() else None


def person(connection: Connection, typed: str, customer_id: int | None) -> Named | None:
    """The contact person, of the customer first; None for nobody. Raises Invalid when it is not sure who is meant."""
    if not typed.strip():
        return None
    theirs = party_names.named(connection, typed, "contact", customer_id=customer_id)
    return _one(theirs or party_names.named(connection, typed, "contact"), typed)


def said(found: Named | None) -> str:
    """What is understood, for the note below the field."""
    return "" if found is None else f"{kind_text(found.kind)}: {found.name}"


def _one(found: Sequence[Named], typed: str) -> Named:
    if not found:
        raise Invalid("no_such_party", value=typed.strip())
    if len(found) > 1:
        names = [f"{one.name} #{one.id}" for one in found]
        raise Invalid("many_such_parties", value=typed.strip(), names=", ".join(names))
    return found[0]


def same(typed: str, shown: str) -> bool:
    """Whether what stands in the field is still what was put there."""
    return fold(typed) == fold(shown)
