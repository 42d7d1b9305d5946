"""With whom an interaction was, or within which Interest, as a person types it: a name, or a part of it."""

from collections.abc import Sequence

from sqlalchemy import Connection

from crm_tui.domain.errors import Invalid
from crm_tui.screens.wording import kind_text
from crm_tui.services.interaction.whose import Whose
from crm_tui.store.queries import interest_card, party_names
from crm_tui.store.queries import interests as interest_queries

_MOST = 8


def named(connection: Connection, typed: str) -> Sequence[tuple[Whose, str]]:
    """Who or which open Interest may be meant by a typed name, with what it is called."""
    found = [
        (_whose_of(connection, one.kind, one.id), f"{kind_text(one.kind)}: {one.name}")
        for one in party_names.named(connection, typed, "customer", "contact", "lead")
    ]
    wanted = interest_queries.ids(connection, "changed", descending=True, needle=typed, limit=_MOST)
    for key, row in interest_queries.rows(connection, wanted).items():
        title = " · ".join(filter(None, (f"{kind_text('interest')}: {row.name}", row.party)))
        found.append((_whose_of(connection, "interest", key), title))
    return found


def one_named(connection: Connection, typed: str) -> tuple[Whose, str]:
    """The one that is meant. Raises Invalid when it is nobody, or not sure who."""
    found = named(connection, typed)
    if not found:
        raise Invalid("no_such_party", value=typed.strip())
    if len(found) > 1:
        names = ", ".join(title for _whose, title in found)
        raise Invalid("many_such_parties", value=typed.strip(), names=names)
    return found[0]


def _whose_of(connection: Connection, kind: str, key: int) -> Whose:
    if kind == "interest":
        card = interest_card.card(connection, key)
        return Whose(key, card.customer_id, card.contact_id, card.lead_id)
    if kind == "contact":
        from crm_tui.store.queries import party_cards

        found = party_cards.card(connection, "contact", key)
        return Whose(contact_id=key, customer_id=found.values["customer_id"] if found else None)
    return Whose(customer_id=key) if kind == "customer" else Whose(lead_id=key)
