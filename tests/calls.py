"""A call that a test needs to have taken place."""

from datetime import datetime

from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.store.tables import Interaction, Interest
from crm_tui.store.work import Work


def log_call(
    work: Work,
    interest_id: int,
    *,
    result: str,
    phone: str = "",
    direction: str = "out",
    next_contact_at: datetime | None = None,
) -> Interaction:
    """A call within an Interest that has just been held."""
    interest = work.get(Interest, interest_id)
    return interactions.log(
        work,
        Whose.of_interest(interest),
        result=result,
        subject=interest.name,
        phone=phone,
        direction=direction,
        next_contact_at=next_contact_at,
    )
