"""The tree of saved filters of a kind of list: apply, keep, rename, move, delete (ELMA-29…31, CORP-45)."""

from dataclasses import dataclass

from crm_tui.commands.command import Command
from crm_tui.domain.conditions import condition_words
from crm_tui.domain.conditions.condition import Condition, Group
from crm_tui.domain.conditions.condition_fields import FieldOf, Subject
from crm_tui.domain.errors import Refused
from crm_tui.i18n import _
from crm_tui.screens.forms.prompt import Choice, Prompt
from crm_tui.screens.lists.condition_fields import References
from crm_tui.screens.lists.list_screen import ListScreen
from crm_tui.screens.lists.small_source import SmallSource
from crm_tui.services.record import saved_filters
from crm_tui.services.record.saved_filters import Node
from crm_tui.widgets.record_list import RecordList
from crm_tui.widgets.row_source import Column, Order, Row

_TITLES = (-1, -2, -3)
"""Ids of the headings: one's own, everybody's, ready-made."""
_READY = 1 << 40
"""Ids of rows are positive: a ready-made filter has this less its own."""


@dataclass(frozen=True, slots=True)
class Applied:
    """The filter chosen, and whether it is to look everywhere."""

    condition: Condition
    name: str
    everywhere: bool = False


class SavedFilters(ListScreen[Applied]):
    """Answers the filter to apply, or None. ``current`` is the condition in force, which can be kept.

    ``places``: the list shows one place of several (a folder), so a filter can also be applied to all.
    """

    SCOPES = ("filters",)
    TABLES = frozenset({"saved_filter"})

    def __init__(
        self, subject: Subject, current: Condition | None, references: References, *, places: bool = False
    ) -> None:
        super().__init__()
        self._subject = subject
        self._current = current
        self._references = references
        self._places = places
        self._filters: dict[int, Node] = {}

    def list_title(self) -> str:
        return _("Saved filters. Enter applies, n keeps the filter in force.")

    def make_list(self) -> RecordList:
        columns = (
            Column("name", _("Filter"), flex=1, min_width=24, sortable=False),
            Column("what", _("Asks for"), flex=2, min_width=30, sortable=False),
        )
        return RecordList(SmallSource(columns, self._rows), Order(""))

    def on_record_list_opened(self, event: RecordList.Opened) -> None:
        self._apply(event.id, everywhere=False)

    def commands_here(self, *, at_foot: bool = False) -> list[Command]:
        there = super().commands_here(at_foot=at_foot)
        return there if self._places else [one for one in there if one.id != "filters.apply_everywhere"]

    def can_filters_apply_everywhere(self) -> bool:
        return self._places

    def command_filters_apply_everywhere(self, argument: str = "") -> None:
        if self._list.current_id is not None:
            self._apply(self._list.current_id, everywhere=True)

    def _apply(self, key: int, *, everywhere: bool) -> None:
        node = self._filters.get(key)
        if node is None:  # deleted elsewhere a moment ago
            raise Refused("nothing_chosen")
        if node.condition is None:
            raise Refused("filter_is_folder" if node.is_folder else "filter_unknown", name=node.name)
        self.dismiss(Applied(node.condition, node.name, everywhere))

    # Changing the tree

    async def command_filters_save(self, argument: str = "") -> None:
        """Keep the filter in force, in the folder under the cursor."""
        if self._current is None:
            raise Refused("filter_nothing_to_save")
        wanted = self._current
        name = argument or await self.app.push_screen_wait(
            Prompt(_("Name of the filter"), hint=condition_words.said(wanted, self._subject, self._name_of))
        )
        if name:
            parent_id, shared = self._here()
            row = await self.act(
                "filter.save",
                lambda work: saved_filters.save(
                    work, self._subject, name, wanted, parent_id=parent_id, shared=shared
                ),
            )
            self._go_to(row.key)

    async def command_filters_folder(self, argument: str = "") -> None:
        name = argument or await self.app.push_screen_wait(Prompt(_("Name of the folder")))
        if name:
            parent_id, shared = self._here()
            row = await self.act(
                "filter.folder",
                lambda work: saved_filters.add_folder(
                    work, self._subject, name, parent_id=parent_id, shared=shared
                ),
            )
            self._go_to(row.key)

    async def command_filters_change(self, argument: str = "") -> None:
        """What it asks for, in the editor of conditions."""
        from crm_tui.screens.lists.condition_editor import ConditionEditor

        node = self._chosen()
        if node.is_folder:
            await self.command_filters_rename()
            return
        editor = ConditionEditor(self._subject, node.condition or Group("all"), self._references)
        changed = await self.app.push_screen_wait(editor)
        if changed is not None:
            await self.act("filter.change", lambda work: saved_filters.change(work, node.id, changed))

    async def command_filters_rename(self, argument: str = "") -> None:
        node = self._chosen()
        name = argument or await self.app.push_screen_wait(Prompt(_("Another name"), node.name))
        if name:
            await self.act("filter.rename", lambda work: saved_filters.rename(work, node.id, name))

    async def command_filters_move(self, argument: str = "") -> None:
        node = self._chosen()
        folders = [one for one in self._filters.values() if one.is_folder and one.id != node.id]
        options = [("own", _("My filters")), ("shared", _("Everybody's filters"))]
        options += [(str(one.id), "  " * one.depth + one.name) for one in folders]
        chosen = await self.app.push_screen_wait(Choice(_("Move to"), options))
        if chosen is not None:
            parent_id = int(chosen) if chosen.isdecimal() else None
            await self.act(
                "filter.move",
                lambda work: saved_filters.move(work, node.id, parent_id, shared=chosen == "shared"),
            )

    async def command_filters_delete(self, argument: str = "") -> None:
        node = self._chosen()
        await self.act("filter.delete", lambda work: saved_filters.delete(work, node.id))
        self.shell.say(_("{name} deleted. u takes it back.").format(name=node.name))

    # Rows

    def _rows(self) -> list[Row]:
        with self.store.read() as connection:
            nodes = saved_filters.tree(connection, self._subject, self.actor.user_id)
        self._filters = {one.id if one.id > 0 else _READY + one.id: one for one in nodes}
        parts: tuple[list[Row], ...] = ([], [], [])
        for key, node in self._filters.items():
            parts[2 if node.id < 0 else int(node.shared)].append(self._row(key, node))
        titles = (_("My filters"), _("Everybody's filters"), _("Ready-made"))
        return [
            row
            for title, key, rows in zip(titles, _TITLES, parts, strict=True)
            if rows
            for row in (Row(key, (title, "")), *rows)
        ]

    def _row(self, key: int, node: Node) -> Row:
        name = "  " * node.depth + (f"{node.name}/" if node.is_folder else node.name)
        if node.condition is not None:
            what = condition_words.said(node.condition, self._subject, self._name_of)
        else:
            what = "" if node.is_folder else _("asks for what this program does not know")
        return Row(key, (name, what))

    def _name_of(self, field: FieldOf, key: int) -> str:
        return dict(self._references(field.of)).get(str(key), str(key))

    def _here(self) -> tuple[int | None, bool]:
        """The folder at the cursor, or the one that the filter there lies in; whether it is everybody's."""
        node = self._filters.get(self._list.current_id or 0)
        if node is None or node.id < 0:
            return None, False
        return (node.id if node.is_folder else node.parent_id), node.shared

    def _chosen(self) -> Node:
        node = self._filters.get(self._list.current_id or 0)
        if node is None:
            raise Refused("nothing_chosen")
        if node.id < 0:
            raise Refused("filter_ready_made")
        return node

    def _go_to(self, row_id: int) -> None:
        self._list.reload()
        self._list.go_to(row_id)
