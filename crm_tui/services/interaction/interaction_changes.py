"""What is said of an interaction afterwards: result, people, with whom it was."""

from collections.abc import Iterable
from typing import Any

from crm_tui.domain.errors import Invalid, Refused
from crm_tui.domain.text import clean
from crm_tui.services.interaction import interactions
from crm_tui.services.interaction.whose import Whose
from crm_tui.services.task import reminders
from crm_tui.store.tables import Interaction
from crm_tui.store.work import Work


def change(
    work: Work,
    interaction_id: int,
    *,
    expected_version: int | None = None,
    people: Iterable[int] | None = None,
    **values: Any,
) -> Interaction:
    """Other values of columns, and other people. Time and status have verbs of their own.

    Raises Conflict when it changed since ``expected_version`` was read, Invalid for an unknown kind.
    """
    interaction = work.get(Interaction, interaction_id)
    for name in ("result", "subject", "phone"):
        if name in values:
            values[name] = clean(values[name], multiline=name == "result").strip()
    if "kind" in values:
        interactions.known_kind(values["kind"])
    work.change(interaction, expected_version=expected_version, **values, changed_at=work.now)
    if people is not None:
        interactions.set_people(work, interaction_id, people)
    if interaction.status == "planned":
        if interaction.owner_id is not None:
            reminders.withdraw_of_others(work, "interaction", interaction_id, interaction.owner_id)
        interactions.remind(work, interaction)
    return interaction


def link(work: Work, interaction_id: int, whose: Whose) -> Interaction:
    """Say with whom it was, and within which Interest (IDX-24). Raises Refused where an Interest holds it already,
    Invalid where nothing is said."""
    interaction = work.get(Interaction, interaction_id)
    if interaction.interest_id is not None:
        raise Refused("interaction_linked")
    if whose.is_nobody:
        raise Invalid("interaction_link_nothing")
    work.change(interaction, **whose.columns, changed_at=work.now)
    return interaction
