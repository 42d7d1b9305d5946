"""The shape of the Mail screen: columns of its list, views, and where the letter stands. Imports nothing heavy."""

from crm_tui.i18n import _
from crm_tui.widgets.row_source import Column

BESIDE_FROM, BELOW_FROM = 110, 20
"""Columns and lines from which a letter has room beside or below the list."""
WIDE, TALL = 150, 36
"""Columns and lines from which it is shown there unless the person chose otherwise."""


def columns_of(*, outgoing: bool) -> tuple[Column, ...]:
    """The columns of a list of letters; where they go out, whom they are to."""
    return (
        Column("signs", "", width=3, sortable=False),
        Column("date", _("Date"), width=8),
        Column("sender", _("To") if outgoing else _("From"), flex=2, min_width=14, sortable=not outgoing),
        Column("subject", _("Subject"), flex=5, min_width=26),
        Column("size", _("Size"), width=6, align="right", sortable=False, drop=1),
    )


def fitting_view(width: int, height: int) -> str:
    """The view of MAIL-22 that fits a window, where the person chose none."""
    if width >= WIDE:
        return "vertical"
    return "horizontal" if height >= TALL else "normal"
