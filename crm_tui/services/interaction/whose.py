"""With whom an interaction is, and within which Interest: said together wherever one is made or found."""

from dataclasses import dataclass
from typing import Any

from crm_tui.store.tables import Interest


@dataclass(frozen=True, slots=True)
class Whose:
    """With whom an interaction is, and within which Interest; nothing for one that is linked later (IDX-24)."""

    interest_id: int | None = None
    customer_id: int | None = None
    contact_id: int | None = None
    lead_id: int | None = None

    @classmethod
    def of_interest(cls, interest: Interest) -> "Whose":
        """Within an Interest, with whom it is for."""
        return cls(interest.key, interest.customer_id, interest.contact_id, interest.lead_id)

    @property
    def columns(self) -> dict[str, Any]:
        """As columns of an interaction."""
        return {name: getattr(self, name) for name in Whose.__dataclass_fields__}

    @property
    def is_nobody(self) -> bool:
        """Whether it says nothing."""
        return all(value is None for value in self.columns.values())
