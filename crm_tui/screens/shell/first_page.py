"""A picture of the Mail screen while the program is being loaded, where no last frame fits the window.

The modes and the newest letters, where the list will show them; keys are remembered, and answered by the program
itself. Imports nothing heavy, as ``last_frame``.
"""

import getpass
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crm_tui.domain.clock import Clock
from crm_tui.domain.text import clean, shorten
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.screens.letter.mail_shape import (
    BELOW_FROM,
    BESIDE_FROM,
    CHOSEN_AT_FIRST,
    OUTGOING,
    columns_of,
    fitting_view,
)
from crm_tui.screens.shell.first_keys import Track
from crm_tui.screens.shell.modes import MODES
from crm_tui.screens.wording import list_date
from crm_tui.store import first_page
from crm_tui.store.first_page import FirstPage
from crm_tui.widgets.column_layout import Placed, lay_out
from crm_tui.widgets.glyphs import GlyphSet

_BOLD, _PLAIN = "\x1b[1m", "\x1b[m"
_FOLDERS = ((200, 32), (120, 26), (80, 20), (0, 0))
"""From so many columns on the folders take so many (``mail.tcss``)."""
_SMALLEST = (60, 16)
_GUTTER = 5
_SHARE_OF_LIST = 1 / 2.4
"""What the list keeps of the height with the letter below it."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What to write to the terminal, lines apart by CR LF, and where the cursor of its list can go."""

    text: str = ""
    track: Track | None = None


def picture(
    database: Path, width: int, height: int, clock: Clock, glyphs: GlyphSet, *, restore: bool
) -> Picture:
    """The picture for a window of so many cells, in signs that its terminal has; empty in one too small for the
    program. Its one look is bold, which every terminal and theme has."""
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        return Picture()
    page = first_page.read(database, getpass.getuser(), height)
    mode = page.mode if page is not None and restore else ""
    lines, track = [_modes(mode or MODES[0].name, width)], None
    if page is not None and mode == "mail" and _is_usual(page):
        letters, track = _letters(page, width, height, clock, glyphs)
        lines += letters
    lines += [""] * (height - 1 - len(lines))
    text = "\r\n".join([*lines, _cut(_("Opening…"), width)])
    return Picture(text.translate(glyphs.substitutes), track)


def _is_usual(page: FirstPage) -> bool:
    """Whether the Mail screen will begin with the newest letters of a folder."""
    state = page.state
    narrowed = state.get("threads") or state.get("needle") or state.get("filter")
    return not narrowed and state.get("order", ["date", True]) == ["date", True]


def _modes(current: str, width: int) -> str:
    """The top line as ``StatusLine`` draws it, with nothing at its right end."""
    left = ""
    shown = 0
    for mode in MODES:
        if not mode.digit and mode.name != current:
            continue
        title = f"{mode.digit} {_(mode.title)}".strip()
        tab = f"[{title}]" if mode.name == current else f" {title} "
        shown += len(tab)
        if shown <= width:
            left += f"{_BOLD}{tab}{_PLAIN}" if mode.name == current else tab
    return left


def _letters(
    page: FirstPage, width: int, height: int, clock: Clock, glyphs: GlyphSet
) -> tuple[list[str], Track | None]:
    """The list with its titles, and where its cursor can go."""
    left = next(columns for least, columns in _FOLDERS if width >= least)
    room, rows = width - left, height - 3
    view = page.state.get("view") or fitting_view(width, height)
    if (page.state.get("previews") or {"normal": False}).get(view, True) and height >= BELOW_FROM:
        if view == "vertical" and width >= BESIDE_FROM:
            room //= 2
        else:
            rows = int((height - 2) * _SHARE_OF_LIST) - 1
    chosen = page.state.get("columns")
    outgoing = page.role in OUTGOING
    columns = columns_of(outgoing=outgoing, chosen=CHOSEN_AT_FIRST if chosen is None else chosen)
    placed = lay_out(columns, room - _GUTTER - (len(page.rows) > rows))  # the scrollbar
    indent = " " * (left + _GUTTER)
    lines = [indent + _line(placed, {one.column.id: one.column.title for one in placed})]
    shown = [row.id for row in page.rows[:rows]]
    kept = page.state.get("letter")
    at = 0 if kept is None else shown.index(kept) if kept in shown else None
    now, zone = clock(), zone_of(page.zone)
    for row in page.rows[:rows]:
        date = list_date(datetime.fromtimestamp(row.date, UTC), now, zone)
        subject = row.subject or _("(no subject)")
        cursor = " " * left + (glyphs.cursor if len(lines) - 1 == at else " ")
        cells = {"date": date, "sender": row.recipients if outgoing else row.sender, "subject": subject}
        lines.append(cursor + " " * (_GUTTER - 1) + _line(placed, cells))
    track = None if at is None or len(shown) < 2 else Track(left, 2, len(shown), at, glyphs.cursor, " ")
    return lines, track


def _line(placed: Sequence[Placed], cells: dict[str, str]) -> str:
    return " ".join(
        _cut(cells.get(one.column.id, ""), one.width, one.column.align) for one in placed
    ).rstrip()


def _cut(text: str, width: int, align: str = "left") -> str:
    """Exactly so many cells, whatever the text is."""
    from rich.cells import cell_len, set_cell_size

    text = shorten(clean(text), width)
    return " " * (width - cell_len(text)) + text if align == "right" else set_cell_size(text, width)
