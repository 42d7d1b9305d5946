"""A filter of letters as the form answers it and the Mail screen applies it."""

from dataclasses import dataclass

from crm_tui.domain.conditions.condition import Condition


@dataclass(frozen=True, slots=True)
class Filtering:
    """A filter in force: what it asks for, over all folders or over one, and its name when it was saved."""

    condition: Condition
    everywhere: bool = False
    name: str = ""
