"""Two records side by side, to be made one field by field (IDX-12, C-08)."""

from collections.abc import Sequence
from typing import Any

from textual.content import Content

from crm_tui.domain.errors import Conflict, Refused
from crm_tui.domain.text import clean
from crm_tui.i18n import _
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.screens.record.record_values import field_label, value_text
from crm_tui.services.record import merging
from crm_tui.services.record.merging import Difference
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

LEFT, RIGHT, BOTH = "left", "right", "both"
_SIGNS = {LEFT: "<", RIGHT: ">", BOTH: "="}


class MergeScreen(ListScreen[bool]):
    """The record on the left stays. A sign between the values says which one it gets: ``<``, ``>`` or ``=`` for both.

    Answers whether they were merged.
    """

    SCOPES = ("merging",)

    def __init__(self, kind: str, keep_id: int, other_id: int) -> None:
        super().__init__()
        self._kind, self._keep_id, self._other_id = kind, keep_id, other_id
        self._differences: list[Difference] = []
        self._chosen: dict[str, str] = {}

    def list_title(self) -> str:
        return _("Merge: the left record stays, with the values that the signs point to. Ctrl+S merges.")

    def make_list(self) -> RecordList:
        columns = (
            Column("field", _("Field"), width=18, sortable=False),
            Column("left", _("Stays"), flex=1, min_width=14, sortable=False),
            Column("sign", "", width=1, sortable=False),
            Column("right", _("Goes into it"), flex=1, min_width=14, sortable=False),
        )
        return RecordList(
            SmallSource(columns, self._rows),
            Order(""),
            empty=Content(_("They differ in no field. Ctrl+S makes them one.")),
        )

    def command_merging_left(self, argument: str = "") -> None:
        self._choose(LEFT)

    def command_merging_right(self, argument: str = "") -> None:
        self._choose(RIGHT)

    def command_merging_both(self, argument: str = "") -> None:
        """Notes can be kept of both."""
        self._choose(BOTH)

    def command_merging_swap(self, argument: str = "") -> None:
        self._keep_id, self._other_id = self._other_id, self._keep_id
        turned = {LEFT: RIGHT, RIGHT: LEFT, BOTH: BOTH}
        self._chosen = {field: turned[side] for field, side in self._chosen.items()}
        self.reload()

    async def command_merging_save(self, argument: str = "") -> None:
        """Make one record of the two."""
        seen = self._differences
        chosen = {each.field: self._value(each) for each in seen}
        try:
            await self.act(
                merging.COMMAND,
                lambda work: merging.merge(
                    work, self._kind, self._keep_id, self._other_id, chosen, seen=seen
                ),
            )
        except Conflict:  # told, over the values as they are now
            self.reload()
            raise
        self.shell.say(_("They are one record now. u takes it back."))
        self.dismiss(True)

    def _choose(self, side: str) -> None:
        place = self._list.current_id
        if place is None:
            raise Refused("nothing_chosen")
        difference = self._differences[place - 1]
        if side == BOTH and not (difference.field == "notes" and difference.kept and difference.other):
            raise Refused("merge_only_one", field=difference.field)
        self._chosen[difference.field] = side
        self.reload()
        self._list.go_to(place)

    def _side(self, each: Difference) -> str:
        if each.field in self._chosen:
            return self._chosen[each.field]
        if each.proposed == each.kept:
            return LEFT
        return RIGHT if each.proposed == each.other else BOTH

    def _value(self, each: Difference) -> Any:
        side = self._side(each)
        if side == BOTH:
            return f"{each.kept}\n\n{each.other}"
        return each.kept if side == LEFT else each.other

    def _rows(self) -> Sequence[Row]:
        zone = self._zone()
        with self.store.read() as connection:
            self._differences = merging.differences(connection, self._kind, self._keep_id, self._other_id)
            return [
                Row(
                    place,
                    (
                        clean(field_label(connection, self._kind, each.field)),
                        value_text(connection, self._kind, each.field, each.kept, zone) or "–",
                        _SIGNS[self._side(each)],
                        value_text(connection, self._kind, each.field, each.other, zone) or "–",
                    ),
                )
                for place, each in enumerate(self._differences, 1)
            ]
