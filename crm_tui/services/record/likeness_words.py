"""Why two records are thought to be one, in words."""

from collections.abc import Iterable

from crm_tui.i18n import N_, _

REASONS = {
    "same_name": N_("same name"),
    "like_name": N_("similar name"),
    "same_email": N_("same address"),
    "same_phone": N_("same number"),
    "same_tax_number": N_("same tax number"),
    "same_city": N_("same city"),
}
"""By `domain.identity.likeness.Likeness.reasons`."""


def reasons_text(reasons: Iterable[str]) -> str:
    """The reasons, the weightiest first as they are given."""
    return ", ".join(_(REASONS[reason]) for reason in reasons)
