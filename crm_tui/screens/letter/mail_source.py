"""The rows of a list of letters: a folder in an order, or what a search line finds."""

from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.cells import cell_len
from sqlalchemy import Connection

from crm_tui.domain.clock import Clock
from crm_tui.domain.letter.flags import Flag
from crm_tui.domain.wall import zone_of
from crm_tui.i18n import _
from crm_tui.screens.letter.mail_shape import CHOSEN_AT_FIRST, columns_of
from crm_tui.screens.wording import list_date, size_text, span_text
from crm_tui.store.engine import Store
from crm_tui.store.queries import claims, letter_order, letters
from crm_tui.store.queries.claims import ALONE, Shared
from crm_tui.store.queries.letters import LetterRow
from crm_tui.widgets.row_source import Order, Row, RowFlag

if TYPE_CHECKING:
    from crm_tui.screens.lists.looked_rows import Looks

MOST_FOUND = 20_000
NEWEST_FIRST = Order("date", descending=True)
DECISIONS = {"accepted": "A", "declined": "X"}
"""Signs of what was decided about a letter; the reader says it in words."""


class LetterSource:
    """The letters of one folder. A needle is a line of the search language, looked for in headers and text.

    Without a folder: those of all folders that the needle finds, and none without a needle.
    """

    user_id: int | None = None
    """Who looks at the list: their own claims are no news to them."""
    _looks: "Looks | None" = None

    def __init__(
        self,
        store: Store,
        clock: Clock,
        zone: str,
        folder_id: int | None,
        *,
        outgoing: bool = False,
        chosen: Collection[str] = CHOSEN_AT_FIRST,
    ) -> None:
        self._store = store
        self._clock = clock
        self._zone = zone_of(zone)
        self.folder_id = folder_id
        self._outgoing = outgoing
        self.columns = columns_of(outgoing=outgoing, chosen=chosen)
        self._chosen = frozenset(chosen)

    def bear(self, looks: "Looks") -> None:
        """Put these looks on the rows: their marks stand before the signs."""
        self._looks = looks
        signs, *others = self.columns
        self.columns = (replace(signs, width=signs.width + looks.width + 1), *others)

    def first(self, order: Order, needle: str, limit: int) -> Sequence[Row]:
        """The first rows."""
        with self._store.read() as connection:
            ids = self._first_ids(connection, order, needle, limit)
            rows = self._rows(connection, ids)
        return [rows[key] for key in ids if key in rows]

    def ids(self, order: Order, needle: str) -> "array[int]":
        """All ids in their order; of what a needle finds, the newest so many."""
        with self._store.read() as connection:
            if needle or self.folder_id is None:
                return self._found(connection, order, needle, MOST_FOUND)
            return letter_order.in_folder(
                connection, self.folder_id, order.column, descending=order.descending
            )

    def rows(self, ids: Sequence[int]) -> Mapping[int, Row]:
        """The rows of these ids."""
        with self._store.read() as connection:
            return self._rows(connection, ids)

    def _first_ids(self, connection: Connection, order: Order, needle: str, limit: int) -> "array[int]":
        if needle or self.folder_id is None:
            return self._found(connection, order, needle, limit)
        return letter_order.in_folder(
            connection, self.folder_id, order.column, descending=order.descending, limit=limit
        )

    def _rows(self, connection: Connection, ids: Sequence[int]) -> dict[int, Row]:
        found = letters.rows(connection, ids)
        linked: Mapping[int, tuple[str, str]] = {}
        if self._chosen & {"interest", "owner"}:
            linked = letters.interests_of(connection, [row.letter_id for row in found.values()])
        shared = claims.of_places(connection, ids, self.user_id, self._clock())
        rows = {
            key: self._row(row, *linked.get(row.letter_id, ("", "")), shared.get(key, ALONE))
            for key, row in found.items()
        }
        return rows if self._looks is None else _looked(rows, self._looks)

    def _found(self, connection: Connection, order: Order, needle: str, limit: int) -> "array[int]":
        from crm_tui.domain import query
        from crm_tui.store import finding

        if not needle:
            return array("q")
        wanted = query.parse(needle, self._clock(), self._zone)
        folders = None if self.folder_id is None else [self.folder_id]
        found = finding.search_letters(connection, wanted, folder_ids=folders, limit=limit)
        if order == NEWEST_FIRST:
            return found
        return letter_order.in_order(connection, found, order.column, descending=order.descending)

    def _row(self, row: LetterRow, interest: str, owner: str, shared: Shared) -> Row:
        flags = RowFlag.NONE
        if not row.flags & Flag.SEEN:
            flags |= RowFlag.UNREAD
        if row.flags & Flag.FLAGGED:
            flags |= RowFlag.IMPORTANT
        if row.inquiry == "declined" or shared.processed_elsewhere:
            flags |= RowFlag.DIMMED
        who = recipients_text(row) if self._outgoing else row.sender
        date = list_date(row.date, self._clock(), self._zone)
        subject = claim_sign(shared) + (row.subject or _("(no subject)"))
        waits = "" if self._outgoing or not waits_of(row) else span_text(self._clock() - row.date)
        cells = (signs_of(row, shared), date, who, subject, interest, owner, waits, size_text(row.size))
        return Row(row.id, cells, flags)


def _looked(rows: Mapping[int, Row], looks: "Looks") -> dict[int, Row]:
    width, found = looks.width, looks.of(list(rows))
    marked = {}
    for key, row in rows.items():
        look = found.get(key)
        mark = look.text if look is not None else ""
        signs = f"{mark}{' ' * (width - cell_len(mark))} {row.cells[0]}"
        style = look.style if look is not None else ""
        marked[key] = replace(row, cells=(signs, *row.cells[1:]), look=style)
    return marked


def waits_of(row: LetterRow) -> bool:
    """Whether somebody still waits for what becomes of the letter: neither answered nor decided."""
    return not row.inquiry and not row.flags & Flag.ANSWERED


def claim_sign(shared: Shared) -> str:
    """Who has the letter now, before its subject; empty when nobody else has."""
    if not shared.is_held:
        return ""
    return _("✎ {name}: ").format(name=shared.holder or _("somebody"))


def signs_of(row: LetterRow, shared: Shared) -> str:
    """Three cells: decided (``A`` accepted, ``X`` declined, ``P`` processed by another program), ``@`` with files,
    ``^`` not yet on the server, else ``r`` answered."""
    answered = "r" if row.flags & Flag.ANSWERED else " "
    return (
        DECISIONS.get(row.inquiry, "P" if shared.processed_elsewhere else " ")
        + ("@" if row.has_attachments else " ")
        + ("^" if row.pending else answered)
    )


def recipients_text(row: LetterRow, field: str = "to") -> str:
    """The people in a field of recipients (``to``, ``cc``, ``bcc``) by name, or by address where they have none."""
    found = row.recipients.get(field) or [] if isinstance(row.recipients, dict) else []
    return ", ".join(name or address for name, address in found)
