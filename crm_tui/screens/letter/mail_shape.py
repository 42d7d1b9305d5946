"""The shape of the Mail screen: columns of its list, views, and where the letter stands. Imports nothing heavy."""

from collections.abc import Collection

from crm_tui.i18n import _
from crm_tui.widgets.row_source import Column

BESIDE_FROM, BELOW_FROM = 110, 20
"""Columns and lines from which a letter has room beside or below the list."""
WIDE, TALL = 150, 36
"""Columns and lines from which it is shown there unless the person chose otherwise."""

OUTGOING = ("sent", "drafts")
"""Roles of the folders whose list says whom a letter is to."""

CHOSEN_AT_FIRST = frozenset({"size"})
"""Columns shown beside date, sender and subject until the person chooses others."""


def columns_of(*, outgoing: bool, chosen: Collection[str] = CHOSEN_AT_FIRST) -> tuple[Column, ...]:
    """The columns of a list of letters, and what it can be sorted by beside; where they go out, whom they are to."""
    return (
        Column("signs", "", width=3, sortable=False),
        Column("date", _("Date"), width=8),
        Column("sender", _("To") if outgoing else _("From"), flex=2, min_width=14, sortable=not outgoing),
        Column("subject", _("Subject"), flex=5, min_width=26),
        Column("interest", _("Interest"), flex=2, min_width=12, drop=2, shown="interest" in chosen),
        Column("owner", _("Owner"), width=10, drop=3, shown="owner" in chosen),
        Column("waiting", _("Waits"), width=6, drop=1, shown="waiting" in chosen, falling=True),
        Column("size", _("Size"), width=6, align="right", drop=1, shown="size" in chosen, falling=True),
        Column("unread", _("Unread"), shown=False, falling=True),
        Column("important", _("Important"), shown=False, falling=True),
        Column("files", _("With files"), shown=False, falling=True),
    )


CHOOSABLE = ("interest", "owner", "waiting", "size")
"""Columns that are shown where the person wants them."""


def fitting_view(width: int, height: int) -> str:
    """The view of MAIL-22 that fits a window, where the person chose none."""
    if width >= WIDE:
        return "vertical"
    return "horizontal" if height >= TALL else "normal"
